package io.github.last4j.plot;

import io.github.last4j.prune.UnstructuredRandom;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of the tables that sweeps make. */
public final class SweepPlots {
  private SweepPlots() {}

  /**
   * Accuracy against the share that is removed, as in the paper's Fig. 2: for each method the mean
   * over the models as a line, and if there are several, each of them as a thin one.
   *
   * @param sweep a table that a sweep made
   */
  public static Figure accuracy(Table sweep, String title) {
    List<Trace> each = new ArrayList<>();
    List<Trace> means = new ArrayList<>();
    Palette.of(methods(sweep))
        .forEach(
            (method, style) -> {
              Table rows = rows(sweep, method);
              Map<List<Object>, SortedMap<Double, Double>> models = byModel(rows);
              if (models.size() > 1) {
                each.add(Figures.thin(method, models.values(), style));
              }
              SortedMap<Double, DoubleSummaryStatistics> accuracy = byRatio(rows, "accuracy", 100);
              double[] mean = each(accuracy, DoubleSummaryStatistics::getAverage);
              means.add(Figures.line(method, percent(accuracy), mean, style));
            });
    each.addAll(means);
    return Figures.of(title, removed(methods(sweep)), Figures.linear("accuracy (%)"), each);
  }

  /** By model and seed the accuracies in percent, by the percentage removed. */
  private static Map<List<Object>, SortedMap<Double, Double>> byModel(Table rows) {
    Map<List<Object>, SortedMap<Double, Double>> models = new LinkedHashMap<>();
    rows.stream()
        .forEach(
            row ->
                models
                    .computeIfAbsent(model(row), one -> new TreeMap<>())
                    .put(100 * row.getDouble("ratio"), 100 * row.getNumber("accuracy")));
    return models;
  }

  /**
   * The accuracy that models lose against the share of states removed: for each method the mean
   * over all models, in percentage points below the ratio 0. Bands of many kinds of model would
   * cover each other; {@link #accuracy} shows those of one.
   *
   * @param sweep a table that a sweep made
   * @throws IllegalArgumentException if a method lacks the ratio 0 of a model
   */
  public static Figure losses(Table sweep, String title) {
    List<Trace> traces = new ArrayList<>();
    Palette.of(methods(sweep))
        .forEach(
            (method, style) -> {
              Map<List<Object>, Double> whole = new HashMap<>();
              Table rows = rows(sweep, method);
              rows.stream()
                  .filter(row -> row.getDouble("ratio") == 0)
                  .forEach(row -> whole.put(model(row), row.getNumber("accuracy")));
              SortedMap<Double, DoubleSummaryStatistics> lost =
                  byRatio(rows, row -> 100 * (whole(whole, row) - row.getNumber("accuracy")));
              double[] mean = each(lost, DoubleSummaryStatistics::getAverage);
              traces.add(Figures.line(method, percent(lost), mean, style));
            });
    return Figures.of(
        title, removed(methods(sweep)), Figures.linear("accuracy lost (points)"), traces);
  }

  private static List<Object> model(Row row) {
    return List.of(row.getString("model"), (long) row.getNumber("seed"));
  }

  private static double whole(Map<List<Object>, Double> whole, Row row) {
    Double accuracy = whole.get(model(row));
    if (accuracy == null) {
      throw new IllegalArgumentException(
          "sweep: expected the ratio 0 of " + model(row) + " by " + row.getString("method"));
    }
    return accuracy;
  }

  /**
   * The states that each layer keeps against the share of states removed, as in the lower part of
   * the paper's Fig. 3: the mean over the models.
   *
   * @param sweep a table that a sweep made
   * @param method the title of the method to show
   * @throws IllegalArgumentException if the sweep has no such method
   */
  public static Figure remainingStates(Table sweep, String method, String title) {
    Table rows = rows(sweep, method);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "method: expected one of " + methods(sweep) + ", got " + method);
    }
    List<String> layers =
        rows.columnNames().stream().filter(name -> name.startsWith("layer ")).toList();
    List<Trace> traces = new ArrayList<>();
    Palette.of(layers)
        .forEach(
            (layer, style) -> {
              SortedMap<Double, DoubleSummaryStatistics> kept = byRatio(rows, layer, 1);
              double[] mean = each(kept, DoubleSummaryStatistics::getAverage);
              traces.add(Figures.line(layer, percent(kept), mean, style));
            });
    return Figures.of(title, removed(Set.of(method)), Figures.linear("states kept"), traces);
  }

  private static Axis removed(Set<String> methods) {
    boolean elements =
        UnstructuredRandom.TABLE_5.stream().anyMatch(each -> methods.contains(each.title()));
    return Figures.linear(elements ? "states or elements removed (%)" : "states removed (%)");
  }

  private static Set<String> methods(Table sweep) {
    return new LinkedHashSet<>(sweep.stringColumn("method").asList());
  }

  private static Table rows(Table sweep, String method) {
    return sweep.where(sweep.stringColumn("method").isEqualTo(method));
  }

  private static SortedMap<Double, DoubleSummaryStatistics> byRatio(
      Table rows, String column, double unit) {
    return byRatio(rows, row -> unit * row.getNumber(column));
  }

  private static SortedMap<Double, DoubleSummaryStatistics> byRatio(
      Table rows, ToDoubleFunction<Row> number) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getDouble("ratio"), TreeMap::new, Collectors.summarizingDouble(number)));
  }

  private static double[] percent(SortedMap<Double, ?> byRatio) {
    return byRatio.keySet().stream().mapToDouble(ratio -> 100 * ratio).toArray();
  }

  private static double[] each(
      SortedMap<Double, DoubleSummaryStatistics> byRatio,
      ToDoubleFunction<DoubleSummaryStatistics> number) {
    return byRatio.values().stream().mapToDouble(number).toArray();
  }
}
