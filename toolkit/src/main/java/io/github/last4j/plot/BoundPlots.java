package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of losses and of the bounds on them (Sec. 3, App. B). */
public final class BoundPlots {
  private static final double SIDE_BY_SIDE = 0.2;

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
   * Ratios of left sides to right sides over the number of states, with a line at 1.
   *
   * @param title what the figure shows
   * @param states numbers of states, one at least
   * @param ratios by the name of the line, one for each number of states
   * @throws IllegalArgumentException if a line has another length than the states
   */
  public static Figure ratios(String title, double[] states, Map<String, double[]> ratios) {
    List<Trace> traces = new ArrayList<>(Figures.lines("ratios", states, ratios));
    traces.add(Figures.one(states[0], states[states.length - 1]));
    return Figures.of(
        title, Figures.linear("states removed"), Figures.linear("left side / right side"), traces);
  }

  /**
   * A value of each state as a dot on a logarithmic axis, which leaves zeros out, in the order of
   * Fig. 1. A bar would need a zero to stand on. The layers' dots stand side by side.
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
              double aside = SIDE_BY_SIDE * (traces.size() - (values.size() - 1) / 2.0);
              double[] y = values.get(name);
              double[] x = IntStream.rangeClosed(1, y.length).mapToDouble(i -> i + aside).toArray();
              traces.add(Figures.points(name, x, y, style));
            });
    return Figures.of(
        title, Figures.linear("state, by rank in its layer"), Figures.log(yTitle), traces);
  }
}
