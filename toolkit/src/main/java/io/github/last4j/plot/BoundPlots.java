package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of losses and of the bounds on them (Sec. 3, App. B). */
public final class BoundPlots {
  private static final List<String> COLOURS =
      List.of("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b");

  private BoundPlots() {}

  /**
   * Energies over the share of states removed, on a logarithmic axis, which leaves zeros out.
   *
   * @param title what the figure shows
   * @param percent shares of the states removed
   * @param energies by the name of the line, one for each share
   * @throws IllegalArgumentException if a line has another length than the shares
   */
  public static Figure energies(String title, double[] percent, Map<String, double[]> energies) {
    return figure(
        title, "states removed (%)", "energy", Axis.Type.LOG, lines("energies", percent, energies));
  }

  /**
   * Ratios of left sides to right sides over the number of states.
   *
   * @param title what the figure shows
   * @param states numbers of states
   * @param ratios by the name of the line, one for each number of states
   * @throws IllegalArgumentException if a line has another length than the states
   */
  public static Figure ratios(String title, double[] states, Map<String, double[]> ratios) {
    return figure(
        title,
        "states removed",
        "left side / right side",
        Axis.Type.LINEAR,
        lines("ratios", states, ratios));
  }

  /**
   * A value of each state as bars on a logarithmic axis, the layers side by side, as in Fig. 1.
   *
   * @param title what the figure shows
   * @param yTitle the value
   * @param values by the name of the layer, from the first state of its order to the last
   */
  public static Figure states(String title, String yTitle, Map<String, double[]> values) {
    List<Trace> traces = new ArrayList<>();
    values.forEach(
        (name, bars) -> {
          Object[] ranks =
              IntStream.rangeClosed(1, bars.length).mapToObj(String::valueOf).toArray();
          traces.add(
              BarTrace.builder(ranks, bars)
                  .marker(Marker.builder().color(colour(traces.size())).build())
                  .name(name)
                  .build());
        });
    Layout layout =
        StabilityPlots.layout(title)
            .barMode(Layout.BarMode.GROUP)
            .xAxis(Axis.builder().title("state, by rank in its layer").build())
            .yAxis(Axis.builder().title(yTitle).type(Axis.Type.LOG).build())
            .build();
    return new Figure(layout, traces.toArray(new Trace[0]));
  }

  private static List<Trace> lines(String argument, double[] x, Map<String, double[]> values) {
    List<Trace> traces = new ArrayList<>();
    values.forEach(
        (name, y) -> {
          if (y.length != x.length) {
            throw new IllegalArgumentException(
                argument + ": expected " + x.length + " numbers in " + name + ", got " + y.length);
          }
          String colour = colour(traces.size());
          traces.add(
              ScatterTrace.builder(x, y)
                  .mode(ScatterTrace.Mode.LINE_AND_MARKERS)
                  .line(Line.builder().color(colour).build())
                  .marker(Marker.builder().size(6).color(colour).build())
                  .name(name)
                  .build());
        });
    return traces;
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static Figure figure(
      String title, String xTitle, String yTitle, Axis.Type yType, List<Trace> traces) {
    Layout layout =
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title(xTitle).build())
            .yAxis(Axis.builder().title(yTitle).type(yType).build())
            .build();
    return new Figure(layout, traces.toArray(new Trace[0]));
  }
}
