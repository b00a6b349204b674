package io.github.last4j.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * What a sweep says of one model, trained with several seeds.
 *
 * @param task what for
 * @param family S5 or S4D
 * @param name the model's
 * @param seeds all of them
 * @param byMethod accuracies by method and ratio
 */
record SweptModel(
    String task,
    String family,
    String name,
    Set<Long> seeds,
    Map<String, NavigableMap<Double, Seeds>> byMethod) {
  // Far below a sample of any test set, far above the rounding of sums of percentages.
  static final double ROUNDING = 1e-9;

  private static final List<String> COLUMNS =
      List.of(
          "task", "family", "model", "seed", "method", "ratio", "accuracy", "samples", "states");

  /** Models and their methods in the order of a table. */
  static List<SweptModel> of(Table results) {
    if (results.isEmpty() || !results.columnNames().containsAll(COLUMNS)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "results: expected rows with the columns %s, got %d with %s",
              COLUMNS,
              results.rowCount(),
              results.columnNames()));
    }
    Map<String, SweptModel> models = new LinkedHashMap<>();
    for (Row row : results) {
      models.computeIfAbsent(row.getString("model"), name -> empty(row)).add(row);
    }
    return List.copyOf(models.values());
  }

  private static SweptModel empty(Row row) {
    return new SweptModel(
        row.getString("task"),
        row.getString("family"),
        row.getString("model"),
        new TreeSet<>(),
        new LinkedHashMap<>());
  }

  private void add(Row row) {
    long seed = (long) row.getNumber("seed");
    String method = row.getString("method");
    double ratio = row.getNumber("ratio");
    seeds.add(seed);
    Seeds at =
        byMethod
            .computeIfAbsent(method, m -> new TreeMap<>())
            .computeIfAbsent(ratio, r -> new Seeds());
    Seeds.Seed result =
        new Seeds.Seed(
            100 * row.getNumber("accuracy"), row.getNumber("states"), row.getNumber("samples"));
    if (at.bySeed().put(seed, result) != null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "results: expected one row for each seed, got two for %s, seed %d, %s, ratio %s",
              name,
              seed,
              method,
              ratio));
    }
  }

  /** The methods that any of the models has. */
  static List<String> methods(List<SweptModel> models) {
    return models.stream().flatMap(model -> model.byMethod.keySet().stream()).distinct().toList();
  }

  static double percent(double ratio) {
    return Math.rint(1e6 * ratio) / 1e4;
  }

  /** What tables call it: task, family, model. */
  List<String> labels() {
    return List.of(task, family, name);
  }

  /** The accuracies of a method by ratio; none if it has not been applied. */
  NavigableMap<Double, Seeds> of(String method) {
    return byMethod.getOrDefault(method, Collections.emptyNavigableMap());
  }

  /** The accuracies of a method at a ratio, of all seeds. */
  Seeds at(String method, double ratio) {
    Seeds at = of(method).get(ratio);
    if (at == null || !at.seeds().equals(seeds)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "results: expected the seeds %s of %s, pruned by %s at ratio %s, got %s",
              seeds,
              name,
              method,
              ratio,
              at == null ? "none" : at.seeds()));
    }
    return at;
  }
}
