package io.github.last4j.plot;

import io.github.last4j.norm.HinfNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.Symbol;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about the gains and norms of layers (Sec. 2.3, App. B.1). */
public final class NormPlots {
  private static final List<String> COLOURS =
      List.of("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b");

  private NormPlots() {}

  /**
   * Gains over frequency, with the peaks that were certified.
   *
   * @param title what the figure shows
   * @param theta angles in radians a step, positive, for the logarithmic axis
   * @param gains one gain for each angle by the name of the line
   * @param peaks norms by name; one named like a line has its colour
   * @throws IllegalArgumentException if a line has another length than theta
   */
  public static Figure gains(
      String title, double[] theta, Map<String, double[]> gains, Map<String, HinfNorm> peaks) {
    List<Trace> traces = new ArrayList<>();
    List<String> names = new ArrayList<>(gains.keySet());
    for (String name : names) {
      traces.add(line(name, theta, gains.get(name), colour(names.indexOf(name))));
    }
    peaks.forEach(
        (name, peak) ->
            traces.add(
                ScatterTrace.builder(
                        new double[] {peak.peakFrequency()}, new double[] {peak.lower()})
                    .mode(ScatterTrace.Mode.MARKERS)
                    .marker(
                        Marker.builder()
                            .size(9)
                            .symbol(Symbol.DIAMOND)
                            .color(names.contains(name) ? colour(names.indexOf(name)) : "#444444")
                            .build())
                    .name("‖G‖∞" + (names.contains(name) ? ", " + name : ""))
                    .build()));
    return figure(title, "θ (radians a step)", Axis.Type.LOG, "gain", Axis.Type.LOG, traces);
  }

  /**
   * The norms of conjugate pairs in units of their single states' norms (Eq. 5), against how far
   * the pole is from the real axis, and the two limits between which they lie for small margins.
   *
   * @param title what the figure shows
   * @param distance by the name of the layer, each state's distance in units of its margin
   * @param ratio by the name of the layer, each state's ratio
   */
  public static Figure pairRatios(
      String title, Map<String, double[]> distance, Map<String, double[]> ratio) {
    List<Trace> traces = new ArrayList<>();
    List<String> names = new ArrayList<>(ratio.keySet());
    for (String name : names) {
      traces.add(
          ScatterTrace.builder(distance.get(name), ratio.get(name))
              .mode(ScatterTrace.Mode.MARKERS)
              .marker(Marker.builder().size(5).color(colour(names.indexOf(name))).build())
              .name(name)
              .build());
    }
    double[] a = IntStream.rangeClosed(-20, 40).mapToDouble(i -> Math.pow(10, i / 10.0)).toArray();
    double[] upper = Arrays.stream(a).map(x -> 1 + 1 / Math.hypot(1, x)).toArray();
    double[] lower = Arrays.stream(a).map(x -> 1 - 1 / Math.hypot(1, 2 * x)).toArray();
    traces.add(dashed("most", a, upper));
    traces.add(dashed("least", a, lower));
    return figure(
        title,
        "distance of the pole from the real axis, in margins",
        Axis.Type.LOG,
        "norm of the pair / Eq. 5",
        Axis.Type.LINEAR,
        traces);
  }

  /**
   * Shares of the norm that inputs of finite length reach.
   *
   * @param title what the figure shows
   * @param length numbers of steps
   * @param share one share for each length by the name of the line
   */
  public static Figure shares(String title, double[] length, Map<String, double[]> share) {
    return figure(
        title,
        "length of the input (steps)",
        Axis.Type.LOG,
        "gain / ‖G‖∞",
        Axis.Type.LINEAR,
        lines(length, share, ScatterTrace.Mode.LINE_AND_MARKERS));
  }

  /**
   * Hankel singular values in their order on a logarithmic axis; those that are zero are left out.
   *
   * @param title what the figure shows
   * @param values descending numbers by the name of the line
   */
  public static Figure hankel(String title, Map<String, double[]> values) {
    List<Trace> traces = new ArrayList<>();
    List<String> names = new ArrayList<>(values.keySet());
    for (String name : names) {
      double[] positive = Arrays.stream(values.get(name)).filter(v -> v > 0).toArray();
      double[] rank = IntStream.rangeClosed(1, positive.length).asDoubleStream().toArray();
      traces.add(line(name, rank, positive, colour(names.indexOf(name))));
    }
    return figure(title, "i", Axis.Type.LINEAR, "σᵢ / ‖G‖∞", Axis.Type.LOG, traces);
  }

  private static List<Trace> lines(
      double[] x, Map<String, double[]> values, ScatterTrace.Mode mode) {
    List<Trace> traces = new ArrayList<>();
    values.forEach(
        (name, y) -> {
          String colour = colour(traces.size());
          traces.add(
              ScatterTrace.builder(x, y)
                  .mode(mode)
                  .line(Line.builder().color(colour).build())
                  .marker(Marker.builder().size(6).color(colour).build())
                  .name(name)
                  .build());
        });
    return traces;
  }

  private static ScatterTrace line(String name, double[] x, double[] y, String colour) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "gains: expected " + x.length + " numbers in " + name + ", got " + y.length);
    }
    return ScatterTrace.builder(x, y)
        .mode(ScatterTrace.Mode.LINE)
        .line(Line.builder().color(colour).width(1.5).build())
        .name(name)
        .build();
  }

  private static ScatterTrace dashed(String name, double[] x, double[] y) {
    return ScatterTrace.builder(x, y)
        .mode(ScatterTrace.Mode.LINE)
        .line(Line.builder().color("#444444").dash(Line.Dash.DASH).build())
        .name(name)
        .build();
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static Figure figure(
      String title,
      String xTitle,
      Axis.Type xType,
      String yTitle,
      Axis.Type yType,
      List<Trace> traces) {
    return new Figure(
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title(xTitle).type(xType).build())
            .yAxis(Axis.builder().title(yTitle).type(yType).build())
            .build(),
        traces.toArray(new Trace[0]));
  }
}
