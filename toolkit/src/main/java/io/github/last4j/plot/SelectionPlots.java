package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about what a layer loses with its states, by the way they are chosen. */
public final class SelectionPlots {
  private static final List<String> COLOURS =
      List.of("#d62728", "#ff7f0e", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b");
  private static final List<String> GREYS = List.of("#222222", "#777777", "#aaaaaa");

  private SelectionPlots() {}

  /**
   * Losses over the number r of removed pairs on a logarithmic axis. Numbers that are not positive,
   * as for r = 0, have no place on it and are left out.
   *
   * @param title what the figure shows
   * @param yTitle the quantity
   * @param ways by the name of a way to choose, one number for each r = 0, 1, …
   * @param limits the same for limits, drawn dashed
   */
  public static Figure losses(
      String title, String yTitle, Map<String, double[]> ways, Map<String, double[]> limits) {
    List<Trace> traces = new ArrayList<>();
    addWays(ways, traces);
    limits.forEach(
        (name, y) -> {
          String grey = GREYS.get((traces.size() - ways.size()) % GREYS.size());
          traces.add(line(name, y, grey, Line.Dash.DASH));
        });
    return figure(title, yTitle, Axis.Type.LOG, traces);
  }

  /**
   * Ratios over the number r of removed pairs. Numbers that are not positive are left out.
   *
   * @param title what the figure shows
   * @param yTitle the quantity
   * @param ways by the name of a way to choose, one number for each r = 0, 1, …
   */
  public static Figure ratios(String title, String yTitle, Map<String, double[]> ways) {
    List<Trace> traces = new ArrayList<>();
    addWays(ways, traces);
    return figure(title, yTitle, Axis.Type.LINEAR, traces);
  }

  private static void addWays(Map<String, double[]> ways, List<Trace> traces) {
    ways.forEach(
        (name, y) ->
            traces.add(
                line(name, y, COLOURS.get(traces.size() % COLOURS.size()), Line.Dash.SOLID)));
  }

  private static Figure figure(String title, String yTitle, Axis.Type type, List<Trace> traces) {
    Layout layout =
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title("pairs removed").build())
            .yAxis(Axis.builder().title(yTitle).type(type).build())
            .build();
    return new Figure(layout, traces.toArray(new Trace[0]));
  }

  private static ScatterTrace line(String name, double[] y, String colour, Line.Dash dash) {
    int[] shown = IntStream.range(0, y.length).filter(r -> y[r] > 0).toArray();
    double[] places = IntStream.of(shown).asDoubleStream().toArray();
    double[] values = IntStream.of(shown).mapToDouble(r -> y[r]).toArray();
    return ScatterTrace.builder(places, values)
        .mode(ScatterTrace.Mode.LINE)
        .line(Line.builder().color(colour).width(1.5).dash(dash).build())
        .name(name)
        .build();
  }
}
