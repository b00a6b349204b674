package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace.Mode;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about discretisation and stability (Sec. 2.2, App. A). */
public final class StabilityPlots {
  private static final int BINS = 20;

  private StabilityPlots() {}

  /**
   * The coefficients of stable polynomials z² + a₁z + a₂ (Fig. 5): all of them, the Schur-Cohn
   * triangle; those that Montel's constraint allows, the diamond; and zero initialisation.
   */
  public static Figure region() {
    double[] zero = {0};
    return Figures.of(
        "Stable second-order systems",
        Axis.builder().title("a₁").range(-2.3, 2.3).build(),
        Axis.builder().title("a₂").range(-1.3, 1.3).build(),
        List.of(
            Figures.area(
                    new double[] {-2, 2, 0, -2},
                    new double[] {1, 1, -1, 1},
                    Palette.BLUE,
                    Mode.LINE)
                .name("stable")
                .build(),
            Figures.area(
                    new double[] {0, 1, 0, -1, 0},
                    new double[] {1, 0, -1, 0, 1},
                    Palette.OCHRE,
                    Mode.LINE)
                .name("Montel")
                .build(),
            Figures.points("zero initialisation", zero, zero, Palette.GUIDE)));
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
    return Figures.of(
        title,
        Axis.builder().title(xTitle).type(type).build(),
        Axis.builder().title(yTitle).type(type).build(),
        Figures.lines("lines", x, lines));
  }

  /**
   * Phases of discrete poles over the frequencies of continuous ones, both in radians a step.
   *
   * @param title what the figure shows
   * @param frequency ascending
   * @param phases one number in [-π, π] for each frequency by the name of the line; NaN leaves a
   *     gap
   * @throws IllegalArgumentException if a line has another length than the frequencies
   */
  public static Figure warping(String title, double[] frequency, Map<String, double[]> phases) {
    return Figures.of(
        title,
        Figures.angles("Im λ · Δ (radians a step)", frequency[0], frequency[frequency.length - 1]),
        Figures.angles("phase of the discrete pole (radians)", -Math.PI, Math.PI),
        Figures.lines("phases", frequency, phases));
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
    Palette.of(samples.keySet())
        .forEach(
            (name, style) ->
                traces.add(
                    HistogramTrace.builder(samples.get(name))
                        .nBinsX(BINS)
                        .opacity(0.55)
                        .marker(Marker.builder().color(style.colour()).build())
                        .name(name)
                        .build()));
    traces.add(Figures.guide(markName, new double[] {mark, mark}, new double[] {0, height}));
    Layout layout =
        Figures.layout(title, Figures.linear(xTitle), Figures.linear("states"))
            .barMode(Layout.BarMode.OVERLAY)
            .build();
    return new Figure(layout, traces.toArray(Trace[]::new));
  }
}
