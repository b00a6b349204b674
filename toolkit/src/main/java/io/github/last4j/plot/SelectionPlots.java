package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about what a layer loses with its states, by the way they are chosen. */
public final class SelectionPlots {
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
    List<Trace> traces = new ArrayList<>(Figures.positive(0, ways));
    Palette.guides(limits.keySet())
        .forEach((name, style) -> traces.add(Figures.positive(name, 0, limits.get(name), style)));
    return Figures.of(title, Figures.linear("pairs removed"), Figures.log(yTitle), traces);
  }

  /**
   * Ratios over the number r of removed pairs. Numbers that are not positive are left out.
   *
   * @param title what the figure shows
   * @param yTitle the quantity
   * @param ways by the name of a way to choose, one number for each r = 0, 1, …
   */
  public static Figure ratios(String title, String yTitle, Map<String, double[]> ways) {
    return Figures.of(
        title, Figures.linear("pairs removed"), Figures.linear(yTitle), Figures.positive(0, ways));
  }
}
