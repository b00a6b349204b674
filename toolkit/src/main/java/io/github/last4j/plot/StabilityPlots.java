package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about discretisation and stability (Sec. 2.2, App. A). */
public final class StabilityPlots {
  private static final int WIDTH = 700;
  private static final int HEIGHT = 420;
  private static final int BINS = 20;

  private StabilityPlots() {}

  /**
   * The coefficients of stable polynomials z² + a₁z + a₂ (Fig. 5): all of them, the Schur-Cohn
   * triangle; those that Montel's constraint allows, the diamond; and zero initialisation.
   */
  public static Figure region() {
    ScatterTrace triangle =
        area("stable", new double[] {-2, 2, 0, -2}, new double[] {1, 1, -1, 1}, "31,119,180");
    ScatterTrace diamond =
        area("Montel", new double[] {0, 1, 0, -1, 0}, new double[] {1, 0, -1, 0, 1}, "255,127,14");
    ScatterTrace origin =
        ScatterTrace.builder(new double[] {0}, new double[] {0})
            .mode(ScatterTrace.Mode.MARKERS)
            .marker(Marker.builder().size(10).color("#2ca02c").build())
            .name("zero initialisation")
            .build();
    Layout layout =
        layout("Stable second-order systems")
            .xAxis(Axis.builder().title("a₁").range(-2.3, 2.3).build())
            .yAxis(Axis.builder().title("a₂").range(-1.3, 1.3).build())
            .build();
    return new Figure(layout, triangle, diamond, origin);
  }

  /**
   * Lines over one axis.
   *
   * @param title what the figure shows
   * @param xTitle the quantity along the axis, with its unit
   * @param yTitle the quantity of the lines, with its unit
   * @param type the type of both axes
   * @param x the places along the axis
   * @param lines one number for each place by the name of the line; NaN leaves a gap
   * @throws IllegalArgumentException if a line has another length than x
   */
  public static Figure lines(
      String title,
      String xTitle,
      String yTitle,
      Axis.Type type,
      double[] x,
      Map<String, double[]> lines) {
    List<Trace> traces = new ArrayList<>();
    lines.forEach(
        (name, y) -> {
          if (y.length != x.length) {
            throw new IllegalArgumentException(
                "lines: expected " + x.length + " numbers in " + name + ", got " + y.length);
          }
          traces.add(ScatterTrace.builder(x, y).mode(ScatterTrace.Mode.LINE).name(name).build());
        });
    Layout layout =
        layout(title)
            .xAxis(Axis.builder().title(xTitle).type(type).build())
            .yAxis(Axis.builder().title(yTitle).type(type).build())
            .build();
    return new Figure(layout, traces.toArray(new Trace[0]));
  }

  /**
   * Histograms over each other, and an upright line.
   *
   * @param title what the figure shows
   * @param xTitle the quantity, with its unit
   * @param samples the values by the name of the histogram
   * @param markName what the line marks
   * @param mark its place
   * @param height how high it reaches
   */
  public static Figure histograms(
      String title,
      String xTitle,
      Map<String, double[]> samples,
      String markName,
      double mark,
      double height) {
    List<Trace> traces = new ArrayList<>();
    samples.forEach(
        (name, values) ->
            traces.add(
                HistogramTrace.builder(values).nBinsX(BINS).opacity(0.55).name(name).build()));
    traces.add(
        ScatterTrace.builder(new double[] {mark, mark}, new double[] {0, height})
            .mode(ScatterTrace.Mode.LINE)
            .line(Line.builder().color("#444444").dash(Line.Dash.DASH).build())
            .name(markName)
            .build());
    Layout layout =
        layout(title)
            .barMode(Layout.BarMode.OVERLAY)
            .xAxis(Axis.builder().title(xTitle).build())
            .yAxis(Axis.builder().title("states").build())
            .build();
    return new Figure(layout, traces.toArray(new Trace[0]));
  }

  static Layout.LayoutBuilder layout(String title) {
    return Layout.builder().title(title).width(WIDTH).height(HEIGHT).showLegend(true);
  }

  private static ScatterTrace area(String name, double[] x, double[] y, String rgb) {
    return ScatterTrace.builder(x, y)
        .mode(ScatterTrace.Mode.LINE)
        .fill(ScatterTrace.Fill.TO_SELF)
        .fillColor("rgba(" + rgb + ",0.25)")
        .line(Line.builder().color("rgb(" + rgb + ")").build())
        .name(name)
        .build();
  }
}
