package io.github.last4j.sweep;

import io.github.last4j.table.Rows;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** What the study of when to prune came to ({@code make study}), over models and seeds. */
public final class WhenToPrune {
  private static final String WHOLE = "Whole";

  private WhenToPrune() {}

  /**
   * The bill: each method beside the whole model of the same kind and seed.
   *
   * @param study a table as {@code make study} writes it, of one kind of model or several, and of
   *     one number of epochs and samples
   * @return one row for each method, in its order: method, models (kinds times seeds), states
   *     (mean), and as texts mean ± standard deviation over the models of accuracy (%) and points
   *     lost (to the whole one, where both are there); processor time and multiplications of the
   *     training as shares of the whole model's, means over the models
   * @throws IllegalArgumentException if no whole model is there, or a method has a seed twice
   */
  public static Table bill(Table study) {
    SortedMap<Key, Row> whole = rows(study, WHOLE);
    if (whole.isEmpty()) {
      throw new IllegalArgumentException("study: expected rows of " + WHOLE + ", got none");
    }
    Rows table =
        Rows.of(
            "when to prune",
            "method",
            "models",
            "states",
            "accuracy (%)",
            "points lost",
            "processor time",
            "multiplications");
    for (String method : new LinkedHashSet<>(study.stringColumn("method").asList())) {
      SortedMap<Key, Row> rows = rows(study, method);
      DoubleColumn accuracy = DoubleColumn.create("accuracy");
      DoubleColumn lost = DoubleColumn.create("lost");
      DoubleColumn states = DoubleColumn.create("states");
      DoubleColumn time = DoubleColumn.create("time");
      DoubleColumn work = DoubleColumn.create("work");
      rows.forEach(
          (key, row) -> {
            accuracy.append(100 * number(row, "accuracy"));
            states.append(number(row, "states"));
            Row beside = whole.get(key);
            if (beside != null) {
              lost.append(100 * (number(beside, "accuracy") - number(row, "accuracy")));
              time.append(number(row, "cpu seconds") / number(beside, "cpu seconds"));
              work.append(number(row, "multiplications") / number(beside, "multiplications"));
            }
          });
      table.add(
          method,
          rows.size(),
          rounded(states, 0),
          spread(accuracy),
          spread(lost),
          rounded(time, 2),
          rounded(work, 2));
    }
    return table.table();
  }

  /**
   * Whether models that were not looked at rank the methods as the others do.
   *
   * @param study as for {@link #bill}, with two models at least
   * @return one row for each of them: model, seed, methods (how many all models have), and
   *     Spearman's rank correlation of their accuracies with the means over the other models, in
   *     [-1, 1]
   * @throws IllegalArgumentException if there are fewer than two, or a method has one twice
   */
  public static Table agreement(Table study) {
    SortedMap<String, SortedMap<Key, Row>> methods = new TreeMap<>();
    for (String method : study.stringColumn("method").unique()) {
      methods.put(method, rows(study, method));
    }
    SortedSet<Key> keys = new TreeSet<>();
    methods.values().forEach(rows -> keys.addAll(rows.keySet()));
    if (keys.size() < 2) {
      throw new IllegalArgumentException("study: expected two models at least, got " + keys);
    }
    methods.values().removeIf(rows -> !rows.keySet().equals(keys));
    Rows table =
        Rows.of("ranks by one model and by the others", "model", "seed", "methods", "correlation");
    for (Key key : keys) {
      DoubleColumn own = DoubleColumn.create("own");
      DoubleColumn others = DoubleColumn.create("others");
      for (SortedMap<Key, Row> rows : methods.values()) {
        own.append(number(rows.get(key), "accuracy"));
        others.append(
            rows.entrySet().stream()
                .filter(row -> !row.getKey().equals(key))
                .mapToDouble(row -> number(row.getValue(), "accuracy"))
                .average()
                .orElseThrow());
      }
      table.add(key.model, key.seed, methods.size(), own.spearmans(others));
    }
    return table.table();
  }

  /** Which training a row is of. */
  private record Key(String model, long seed) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return Comparator.comparing(Key::model).thenComparing(Key::seed).compare(this, other);
    }
  }

  private static SortedMap<Key, Row> rows(Table study, String method) {
    SortedMap<Key, Row> rows = new TreeMap<>();
    Table own = study.where(study.stringColumn("method").isEqualTo(method));
    for (int i = 0; i < own.rowCount(); i++) {
      Row row = own.row(i);
      Key key = new Key(row.getString("model"), (long) number(row, "seed"));
      if (rows.put(key, row) != null) {
        throw new IllegalArgumentException(
            "study: expected each model and seed once, got " + key + " twice of " + method);
      }
    }
    return rows;
  }

  private static double number(Row row, String column) {
    return row.getNumber(column);
  }

  /** NaN, which tables show as missing, of none. */
  private static double rounded(DoubleColumn values, int decimals) {
    double unit = Math.pow(10, decimals);
    return values.isEmpty() ? Double.NaN : Math.round(values.mean() * unit) / unit;
  }

  private static String spread(DoubleColumn values) {
    if (values.isEmpty()) {
      return "";
    }
    double deviation = values.size() < 2 ? 0 : values.standardDeviation();
    return String.format(Locale.ROOT, "%.1f ± %.1f", values.mean(), deviation);
  }
}
