package io.github.last4j.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Tables of sweeps, in brief. Models are told apart by their names, and the same name with other
 * seeds is one model trained several times. Accuracies, losses and ratios are in percent and
 * percentage points here; a spread is the standard deviation over the seeds with n - 1 in the
 * denominator, and zero of one seed.
 */
public final class Summary {
  /** What the paper's tables call a model that nothing was removed from. */
  public static final String FULL_MODEL = "Full model";

  private static final String TIE = "tie";
  // Far below a sample of any test set, far above the rounding of sums of percentages.
  private static final double ROUNDING = 1e-9;

  private Summary() {}

  /**
   * Accuracy by ratio and criterion, over the models.
   *
   * @param sweep a table that a sweep made
   * @return one row for each ratio, in ascending order, and one column for each criterion, with the
   *     mean and the standard deviation of the accuracy in percent, as text
   */
  public static Table accuracy(Table sweep) {
    DoubleColumn ratios = sweep.doubleColumn("ratio").unique();
    ratios.sortAscending();
    DoubleColumn removed = DoubleColumn.create("removed (%)");
    ratios.forEach(ratio -> removed.append(Math.rint(100 * ratio)));
    Table summary = Table.create("accuracy (%), mean ± standard deviation", removed);
    for (String criterion : new LinkedHashSet<>(sweep.stringColumn("method").asList())) {
      StringColumn column = StringColumn.create(criterion);
      for (double ratio : ratios) {
        DoubleColumn accuracy =
            sweep
                .where(
                    sweep
                        .stringColumn("method")
                        .isEqualTo(criterion)
                        .and(sweep.doubleColumn("ratio").isEqualTo(ratio)))
                .doubleColumn("accuracy");
        double deviation = accuracy.size() > 1 ? accuracy.standardDeviation() : 0;
        column.append(
            String.format(Locale.ROOT, "%.1f ± %.1f", 100 * accuracy.mean(), 100 * deviation));
      }
      summary.addColumns(column);
    }
    return summary;
  }

  /**
   * Losses of accuracy, as Tables 1, 5 and 6 are made: each model is pruned by the largest ratio at
   * which the mean accuracy of the reference is no more than the tolerance below the whole model's,
   * and all criteria by this one.
   *
   * @param results a table that a sweep made, which has the ratio 0
   * @param reference the title of the criterion that the ratios are chosen by; the paper's is LAST
   * @param tolerance in percentage points; the paper's is 1
   * @return one row for each model: its name, the ratio in percent, and for each criterion the mean
   *     and the spread of the loss, as text, empty where a model has not been pruned by it; then
   *     the means over all models and over the compressible ones, whose ratio is not 0, of the
   *     criteria that all models have
   * @throws IllegalArgumentException if a column, the reference or the ratio 0 is missing, a
   *     criterion has other seeds than the reference, or the tolerance is negative or not finite
   */
  public static Table losses(Table results, String reference, double tolerance) {
    List<Pruned> models = pruned(Accuracies.of(results), reference, tolerance);
    StringColumn model = StringColumn.create("model");
    DoubleColumn removed = DoubleColumn.create("removed (%)");
    Table table = Table.create("accuracy lost (percentage points)", model, removed);
    models.forEach(
        pruned -> {
          model.append(pruned.model());
          removed.append(pruned.percent());
        });
    List<Pruned> compressible = models.stream().filter(pruned -> pruned.ratio() > 0).toList();
    model.append("Average").append("Average, compressible");
    removed.append(mean(models, Pruned::percent)).append(mean(compressible, Pruned::percent));
    for (String criterion : criteria(models)) {
      StringColumn column = StringColumn.create(criterion);
      for (Pruned pruned : models) {
        Seeds lost = pruned.losses().get(criterion);
        column.append(lost == null ? "" : lost.text("%.2f ± %.2f"));
      }
      for (List<Pruned> group : List.of(models, compressible)) {
        column.append(
            isOfAll(criterion, models) && !group.isEmpty()
                ? String.format(Locale.ROOT, "%.2f", mean(group, p -> p.loss(criterion)))
                : "");
      }
      table.addColumns(column);
    }
    return table;
  }

  /**
   * The averages of {@link #losses} as numbers, in the form of Tables 1, 5 and 6.
   *
   * @param results as there
   * @param reference as there
   * @param tolerance as there
   * @return one row for each criterion that all models have: method, pruning_ratio,
   *     pruning_ratio_compressible, accuracy_loss, accuracy_loss_compressible; those of
   *     compressible models are missing if there are none
   * @throws IllegalArgumentException as there
   */
  public static Table averages(Table results, String reference, double tolerance) {
    List<Pruned> models = pruned(Accuracies.of(results), reference, tolerance);
    List<Pruned> compressible = models.stream().filter(pruned -> pruned.ratio() > 0).toList();
    Table table =
        Table.create(
            "averages over " + models.size() + " models",
            StringColumn.create("method"),
            DoubleColumn.create("pruning_ratio"),
            DoubleColumn.create("pruning_ratio_compressible"),
            DoubleColumn.create("accuracy_loss"),
            DoubleColumn.create("accuracy_loss_compressible"));
    for (String criterion : criteria(models)) {
      if (isOfAll(criterion, models)) {
        table.stringColumn(0).append(criterion);
        table.doubleColumn(1).append(mean(models, Pruned::percent));
        table.doubleColumn(2).append(mean(compressible, Pruned::percent));
        table.doubleColumn(3).append(mean(models, pruned -> pruned.loss(criterion)));
        table.doubleColumn(4).append(mean(compressible, pruned -> pruned.loss(criterion)));
      }
    }
    return table;
  }

  /**
   * Every model whole, and pruned by the ratio that {@link #losses} chooses, in the form of Tables
   * 7 and 9.
   *
   * @param results as there
   * @param reference as there
   * @param tolerance as there
   * @return for each model a row {@value #FULL_MODEL}, and one for each criterion: model, method,
   *     pruning_ratio, state_dim, accuracy, spread. The state dimension is that of a layer, two for
   *     each stored pair, as a mean over layers and seeds
   * @throws IllegalArgumentException as there
   */
  public static Table models(Table results, String reference, double tolerance) {
    Accuracies accuracies = Accuracies.of(results);
    Table table =
        Table.create(
            "pruned models",
            StringColumn.create("model"),
            StringColumn.create("method"),
            DoubleColumn.create("pruning_ratio"),
            DoubleColumn.create("state_dim"),
            DoubleColumn.create("accuracy"),
            DoubleColumn.create("spread"));
    for (Pruned pruned : pruned(accuracies, reference, tolerance)) {
      Map<Double, Seeds> own = accuracies.of(pruned.model(), reference);
      append(table, pruned.model(), FULL_MODEL, 0, own.get(0.0));
      for (String criterion : pruned.losses().keySet()) {
        Seeds seeds = accuracies.of(pruned.model(), criterion).get(pruned.ratio());
        append(table, pruned.model(), criterion, pruned.percent(), seeds);
      }
    }
    return table;
  }

  private static void append(
      Table table, String model, String method, double percent, Seeds accuracy) {
    table.stringColumn(0).append(model);
    table.stringColumn(1).append(method);
    table.doubleColumn(2).append(percent);
    table.doubleColumn(3).append(accuracy.states());
    table.doubleColumn(4).append(accuracy.mean());
    table.doubleColumn(5).append(accuracy.spread());
  }

  /**
   * Which of some criteria is the best at each ratio, and whether that is more than chance.
   *
   * <p>It is a tie if the means of the best and of the second best differ by no more than the
   * larger of the two standard errors, s/√n with the spread s over n seeds; of less than two seeds
   * no error is known, and everything is a tie. This is a low bar: of three equal criteria and a
   * few seeds, one will often pass it.
   *
   * @param results a table that a sweep made
   * @param criteria the titles of at least two criteria
   * @return one row for each model and ratio but 0 and 100 %, where all criteria keep the same:
   *     model, removed (%), winner or "tie", best, second, lead and error in percentage points; the
   *     error is missing where it is unknown
   * @throws IllegalArgumentException if a column is missing, there are less than two criteria, one
   *     has not been applied to a model, or has other seeds than the first
   */
  public static Table winners(Table results, List<String> criteria) {
    if (criteria.stream().distinct().count() < 2) {
      throw new IllegalArgumentException("criteria: expected at least two, got " + criteria);
    }
    Accuracies accuracies = Accuracies.of(results);
    Table table =
        Table.create(
            "the best criterion",
            StringColumn.create("model"),
            DoubleColumn.create("removed (%)"),
            StringColumn.create("winner"),
            StringColumn.create("best"),
            StringColumn.create("second"),
            DoubleColumn.create("lead"),
            DoubleColumn.create("error"));
    for (String model : accuracies.models()) {
      for (double ratio : accuracies.of(model, criteria.get(0)).keySet()) {
        if (ratio > 0 && ratio < 1) {
          List<String> ranking = new ArrayList<>(criteria);
          Map<String, Seeds> at = accuracies.at(model, criteria.get(0), criteria, ratio);
          ranking.sort(Comparator.comparingDouble((String c) -> at.get(c).mean()).reversed());
          Seeds best = at.get(ranking.get(0));
          Seeds second = at.get(ranking.get(1));
          double lead = best.mean() - second.mean();
          double error = Math.max(best.standardError(), second.standardError());
          table.stringColumn(0).append(model);
          table.doubleColumn(1).append(percent(ratio));
          table.stringColumn(2).append(lead > error + ROUNDING ? ranking.get(0) : TIE);
          table.stringColumn(3).append(ranking.get(0));
          table.stringColumn(4).append(ranking.get(1));
          table.doubleColumn(5).append(lead);
          table.doubleColumn(6).append(Double.isFinite(error) ? error : Double.NaN);
        }
      }
    }
    return table;
  }

  /**
   * How often each criterion is the {@linkplain #winners winner}.
   *
   * @param results as there
   * @param criteria as there
   * @return one row for each model, and one for all: model, the number of ratios at which each
   *     criterion wins, and the number of ties
   * @throws IllegalArgumentException as there
   */
  public static Table wins(Table results, List<String> criteria) {
    Table winners = winners(results, criteria);
    StringColumn model = StringColumn.create("model");
    Table table = Table.create("ratios at which a criterion is clearly the best", model);
    List<String> names = winners.stringColumn("model").asList().stream().distinct().toList();
    names.forEach(model::append);
    model.append("All");
    List<String> columns = new ArrayList<>(criteria);
    columns.add(TIE);
    for (String winner : columns) {
      IntColumn count = IntColumn.create(winner);
      Table won = winners.where(winners.stringColumn("winner").isEqualTo(winner));
      for (String name : names) {
        count.append(won.stringColumn("model").countOccurrences(name));
      }
      table.addColumns(count.append(won.rowCount()));
    }
    return table;
  }

  /** What the criteria make of a model at the ratio chosen for it. */
  private record Pruned(String model, double ratio, Map<String, Seeds> losses) {
    double percent() {
      return Summary.percent(ratio);
    }

    double loss(String criterion) {
      return losses.get(criterion).mean();
    }
  }

  private static List<Pruned> pruned(Accuracies all, String reference, double tolerance) {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException(
          "tolerance: expected percentage points, at least 0, got " + tolerance);
    }
    List<Pruned> result = new ArrayList<>();
    for (String model : all.models()) {
      TreeMap<Double, Seeds> own = all.of(model, reference);
      Seeds whole = own.get(0.0);
      if (whole == null) {
        throw new IllegalArgumentException(
            "results: expected the ratio 0 of " + model + ", got " + own.keySet());
      }
      double ratio =
          own.descendingMap().entrySet().stream()
              .filter(entry -> whole.mean() - entry.getValue().mean() <= tolerance + ROUNDING)
              .findFirst()
              .orElseThrow()
              .getKey();
      Map<String, Seeds> losses = new LinkedHashMap<>();
      all.at(model, reference, all.criteria(model), ratio)
          .forEach((criterion, accuracy) -> losses.put(criterion, whole.minus(accuracy)));
      result.add(new Pruned(model, ratio, losses));
    }
    return result;
  }

  private static List<String> criteria(List<Pruned> models) {
    return models.stream().flatMap(pruned -> pruned.losses().keySet().stream()).distinct().toList();
  }

  private static boolean isOfAll(String criterion, List<Pruned> models) {
    return models.stream().allMatch(pruned -> pruned.losses().containsKey(criterion));
  }

  /** NaN, which tables show as missing, of none. */
  private static double mean(List<Pruned> models, ToDoubleFunction<Pruned> value) {
    return models.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private static double percent(double ratio) {
    return Math.rint(1e6 * ratio) / 1e4;
  }

  /** Percentages by seed, and the mean state dimension of a layer. */
  private record Seeds(TreeMap<Long, Double> values, double states) {
    double mean() {
      return values.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    double spread() {
      if (values.size() < 2) {
        return 0;
      }
      double mean = mean();
      double squares =
          values.values().stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
      return Math.sqrt(squares / (values.size() - 1));
    }

    double standardError() {
      return values.size() < 2 ? Double.POSITIVE_INFINITY : spread() / Math.sqrt(values.size());
    }

    Seeds minus(Seeds other) {
      TreeMap<Long, Double> differences = new TreeMap<>();
      values.forEach((seed, value) -> differences.put(seed, value - other.values.get(seed)));
      return new Seeds(differences, other.states);
    }

    String text(String format) {
      return String.format(Locale.ROOT, format, mean(), spread());
    }
  }

  /** Accuracies by model, criterion and ratio, in the order of the table. */
  private record Accuracies(Map<String, Map<String, TreeMap<Double, Seeds>>> byModel) {
    static Accuracies of(Table results) {
      requireColumns(results);
      Map<String, Map<String, TreeMap<Double, List<Row>>>> rows = new LinkedHashMap<>();
      for (int i = 0; i < results.rowCount(); i++) {
        Row row = results.row(i);
        rows.computeIfAbsent(row.getString("model"), model -> new LinkedHashMap<>())
            .computeIfAbsent(row.getString("method"), criterion -> new TreeMap<>())
            .computeIfAbsent(row.getDouble("ratio"), ratio -> new ArrayList<>())
            .add(row);
      }
      Map<String, Map<String, TreeMap<Double, Seeds>>> byModel = new LinkedHashMap<>();
      rows.forEach(
          (model, criteria) ->
              criteria.forEach(
                  (criterion, ratios) ->
                      ratios.forEach(
                          (ratio, some) ->
                              byModel
                                  .computeIfAbsent(model, m -> new LinkedHashMap<>())
                                  .computeIfAbsent(criterion, c -> new TreeMap<>())
                                  .put(ratio, seeds(some)))));
      return new Accuracies(byModel);
    }

    private static void requireColumns(Table results) {
      Map<String, ColumnType> expected =
          Map.of(
              "model", ColumnType.STRING,
              "seed", ColumnType.LONG,
              "method", ColumnType.STRING,
              "ratio", ColumnType.DOUBLE,
              "accuracy", ColumnType.DOUBLE);
      expected.forEach(
          (name, type) -> {
            if (!results.containsColumn(name) || !results.column(name).type().equals(type)) {
              throw new IllegalArgumentException(
                  "results: expected a column "
                      + name
                      + " of type "
                      + type
                      + ", got "
                      + results.columnNames());
            }
          });
      if (results.isEmpty()) {
        throw new IllegalArgumentException("results: expected at least one row, got none");
      }
    }

    private static Seeds seeds(List<Row> rows) {
      TreeMap<Long, Double> values = new TreeMap<>();
      for (Row row : rows) {
        if (values.put(row.getLong("seed"), 100 * row.getDouble("accuracy")) != null) {
          throw new IllegalArgumentException(
              String.format(
                  "results: expected one row for each seed, got two for %s, seed %d, %s, ratio %s",
                  row.getString("model"),
                  row.getLong("seed"),
                  row.getString("method"),
                  row.getDouble("ratio")));
        }
      }
      double states = rows.stream().mapToDouble(Accuracies::states).average().orElseThrow();
      return new Seeds(values, states);
    }

    /** Of a layer, two for each stored pair; NaN if the table does not say. */
    private static double states(Row row) {
      return row.columnNames().stream()
          .filter(name -> name.startsWith(Results.LAYER) && !row.isMissing(name))
          .mapToInt(name -> 2 * row.getInt(name))
          .average()
          .orElse(Double.NaN);
    }

    Iterable<String> models() {
      return byModel.keySet();
    }

    Iterable<String> criteria(String model) {
      return byModel.get(model).keySet();
    }

    TreeMap<Double, Seeds> of(String model, String criterion) {
      Map<String, TreeMap<Double, Seeds>> own = byModel.get(model);
      if (!own.containsKey(criterion)) {
        throw new IllegalArgumentException(
            "criterion: expected one of " + own.keySet() + ", got " + criterion + " for " + model);
      }
      return own.get(criterion);
    }

    /** Some criteria at a ratio, all with the seeds of the reference. */
    Map<String, Seeds> at(String model, String reference, Iterable<String> criteria, double ratio) {
      Map<String, Seeds> result = new LinkedHashMap<>();
      Seeds expected = of(model, reference).get(ratio);
      for (String criterion : criteria) {
        Seeds seeds = of(model, criterion).get(ratio);
        if (seeds == null || !seeds.values().keySet().equals(expected.values().keySet())) {
          throw new IllegalArgumentException(
              String.format(
                  "results: expected the seeds %s for %s, %s, ratio %s, got %s",
                  expected.values().keySet(),
                  model,
                  criterion,
                  ratio,
                  seeds == null ? "none" : seeds.values().keySet()));
        }
        result.put(criterion, seeds);
      }
      return result;
    }
  }
}
