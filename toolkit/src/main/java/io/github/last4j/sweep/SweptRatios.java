package io.github.last4j.sweep;

import io.github.last4j.table.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The largest ratios that a sweep has tried with a tolerable loss of accuracy: {@link
 * LargestRatios} without a search, on the samples of the sweep itself.
 */
public final class SweptRatios {
  private SweptRatios() {}

  /**
   * For each model, seed and method the largest ratio whose accuracy is no more than a tolerance
   * below that of the ratio 0. A smaller ratio may be worse.
   *
   * @param results a table that a sweep made; select rows before
   * @param tolerance in percentage points, as in {@link Summary#losses}
   * @return task, family, model, seed, method, ratio, accuracy
   * @throws IllegalArgumentException if the tolerance is negative, or a method lacks the ratio 0
   */
  public static Table of(Table results, double tolerance) {
    Pruned.requireTolerance(tolerance);
    Map<List<Object>, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : results) {
      Row here = new Row(results, row.getRowNumber());
      groups.computeIfAbsent(labels(row), labels -> new ArrayList<>()).add(here);
    }
    Rows rows =
        Rows.of("largest ratios of a sweep", "task", "family", "model", "seed", "method")
            .and(List.of("ratio", "accuracy"));
    groups.forEach(
        (labels, swept) -> {
          double whole = percent(at(labels, swept));
          Row largest = at(labels, swept);
          for (Row row : swept) {
            boolean tolerable = percent(row) >= whole - tolerance - SweptModel.ROUNDING;
            largest = tolerable && ratio(row) > ratio(largest) ? row : largest;
          }
          rows.add(labels, ratio(largest), largest.getNumber("accuracy"));
        });
    return rows.table();
  }

  private static List<Object> labels(Row row) {
    return List.of(
        row.getString("task"),
        row.getString("family"),
        row.getString("model"),
        (long) row.getNumber("seed"),
        row.getString("method"));
  }

  private static Row at(List<Object> labels, List<Row> swept) {
    return swept.stream()
        .filter(row -> ratio(row) == 0)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("results: expected the ratio 0 of " + labels));
  }

  private static double ratio(Row row) {
    return row.getNumber("ratio");
  }

  private static double percent(Row row) {
    return 100 * row.getNumber("accuracy");
  }

  /**
   * The means over the seeds.
   *
   * @param ratios a table that {@link #of} made
   * @return one row for each method: method, for each model the mean in percent, and all (%), the
   *     mean of these; missing where a method lacks a model
   */
  public static Table byModel(Table ratios) {
    List<String> models = ratios.stringColumn("model").asList().stream().distinct().toList();
    Rows rows = Rows.of("largest ratio (%), mean over seeds", "method").and(models);
    Rows wide = rows.and(List.of("all (%)"));
    for (String method : methods(ratios)) {
      double[] means =
          models.stream()
              .mapToDouble(
                  model ->
                      byPair(Results.where(ratios, "model", model), method).values().stream()
                          .mapToDouble(Double::doubleValue)
                          .average()
                          .orElse(Double.NaN))
              .toArray();
      wide.add(method, means, DoubleStream.of(means).average().orElse(Double.NaN));
    }
    return wide.table();
  }

  /**
   * Methods against one of them, paired by model and seed: the mean difference of the largest
   * ratios, and its standard error over the pairs, which takes them for independent. One method is
   * ahead of another where the difference is more than twice its error.
   *
   * @param ratios a table that {@link #of} made
   * @param reference the title of the method that all are compared with
   * @return one row for each other method: method, pairs (that both have), ratio (%), reference
   *     (%), difference (%), error (%), and who is ahead
   * @throws IllegalArgumentException if there is no such method
   */
  public static Table beside(Table ratios, String reference) {
    Map<String, Double> base = byPair(ratios, reference);
    if (base.isEmpty()) {
      throw new IllegalArgumentException(
          "reference: expected one of " + methods(ratios) + ", got " + reference);
    }
    Rows rows =
        Rows.of("largest ratios beside " + reference, "method", "pairs", "ratio (%)")
            .and(List.of("reference (%)", "difference (%)", "error (%)", "ahead"));
    for (String method : methods(ratios)) {
      Map<String, Double> own = byPair(ratios, method);
      own.keySet().retainAll(base.keySet());
      if (method.equals(reference) || own.size() < 2) {
        continue;
      }
      DoubleColumn difference = DoubleColumn.create("difference");
      DoubleColumn other = DoubleColumn.create("reference");
      own.keySet().forEach(pair -> other.append(base.get(pair)));
      own.forEach((pair, ratio) -> difference.append(ratio - base.get(pair)));
      double mean = difference.mean();
      double error = difference.standardDeviation() / Math.sqrt(own.size());
      boolean clear = Lead.isClear(mean, error);
      String ahead = !clear ? "neither" : mean > 0 ? method : reference;
      double ratio = DoubleColumn.create("ratio", own.values()).mean();
      rows.add(method, own.size(), ratio, other.mean(), mean, error, ahead);
    }
    return rows.table();
  }

  private static Set<String> methods(Table ratios) {
    return new LinkedHashSet<>(ratios.stringColumn("method").asList());
  }

  /** The ratios in percent by model and seed. */
  private static Map<String, Double> byPair(Table ratios, String method) {
    Map<String, Double> byPair = new LinkedHashMap<>();
    for (Row row : Results.where(ratios, "method", method)) {
      String pair = row.getString("model") + "-" + (long) row.getNumber("seed");
      byPair.put(pair, SweptModel.percent(row.getDouble("ratio")));
    }
    return byPair;
  }
}
