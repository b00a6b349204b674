package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of losses and of the bounds on them (Sec. 3, App. B). */
public final class BoundPlots {
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
    return Figures.of(
        title,
        Figures.linear("states removed (%)"),
        Figures.log("energy"),
        Figures.lines("energies", percent, energies));
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
    return Figures.of(
        title,
        Figures.linear("states removed"),
        Figures.linear("left side / right side"),
        Figures.lines("ratios", states, ratios));
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
    Palette.of(values.keySet())
        .forEach(
            (name, style) -> {
              double[] bars = values.get(name);
              Object[] ranks =
                  IntStream.rangeClosed(1, bars.length).mapToObj(String::valueOf).toArray();
              traces.add(
                  BarTrace.builder(ranks, bars)
                      .marker(Marker.builder().color(style.colour()).build())
                      .name(name)
                      .build());
            });
    Layout layout =
        Figures.layout(title, Figures.linear("state, by rank in its layer"), Figures.log(yTitle))
            .barMode(Layout.BarMode.GROUP)
            .build();
    return new Figure(layout, traces.toArray(Trace[]::new));
  }
}
