package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
   * @param limits the same for limits
   */
  public static Figure losses(
      String title, String yTitle, Map<String, double[]> ways, Map<String, double[]> limits) {
    Map<String, double[]> all = new LinkedHashMap<>(ways);
    all.putAll(limits);
    return Figures.of(
        title, Figures.linear("pairs removed"), Figures.log(yTitle), Figures.positive(0, all));
  }

  /**
   * Ratios over the number r of removed pairs, with a line at 1. Numbers that are not positive are
   * left out.
   *
   * @param title what the figure shows
   * @param yTitle the quantity
   * @param ways by the name of a way to choose, one number for each r = 0, 1, …
   */
  public static Figure ratios(String title, String yTitle, Map<String, double[]> ways) {
    List<Trace> traces = new ArrayList<>(Figures.positive(0, ways));
    traces.add(
        Figures.one(0, ways.values().stream().mapToInt(way -> way.length - 1).max().orElse(0)));
    return Figures.of(title, Figures.linear("pairs removed"), Figures.linear(yTitle), traces);
  }
}
