package io.github.last4j.sweep;

import io.github.last4j.table.Rows;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** What the study of when to prune came to ({@code make study}), over the seeds. */
public final class WhenToPrune {
  private static final String WHOLE = "Whole";

  private WhenToPrune() {}

  /**
   * The bill: each method beside the whole model, seed by seed.
   *
   * @param study a table as {@code make study} writes it, of one kind of model and one number of
   *     epochs and samples
   * @return one row for each method, in its order: method, seeds, states (mean), and as texts mean
   *     ± standard deviation over the seeds of accuracy (%) and points lost (to the whole model of
   *     the same seed, where both are there); processor time and multiplications of the training as
   *     shares of the whole model's, means over the seeds
   * @throws IllegalArgumentException if no whole model is there, or a method has a seed twice
   */
  public static Table bill(Table study) {
    SortedMap<Long, Row> whole = rows(study, WHOLE);
    if (whole.isEmpty()) {
      throw new IllegalArgumentException("study: expected rows of " + WHOLE + ", got none");
    }
    Rows table =
        Rows.of(
            "when to prune",
            "method",
            "seeds",
            "states",
            "accuracy (%)",
            "points lost",
            "processor time",
            "multiplications");
    for (String method : new LinkedHashSet<>(study.stringColumn("method").asList())) {
      SortedMap<Long, Row> rows = rows(study, method);
      DoubleColumn accuracy = DoubleColumn.create("accuracy");
      DoubleColumn lost = DoubleColumn.create("lost");
      DoubleColumn states = DoubleColumn.create("states");
      DoubleColumn time = DoubleColumn.create("time");
      DoubleColumn work = DoubleColumn.create("work");
      rows.forEach(
          (seed, row) -> {
            accuracy.append(100 * number(row, "accuracy"));
            states.append(number(row, "states"));
            Row beside = whole.get(seed);
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

  private static SortedMap<Long, Row> rows(Table study, String method) {
    SortedMap<Long, Row> rows = new TreeMap<>();
    Table own = study.where(study.stringColumn("method").isEqualTo(method));
    for (int i = 0; i < own.rowCount(); i++) {
      Row row = own.row(i);
      if (rows.put((long) number(row, "seed"), row) != null) {
        throw new IllegalArgumentException(
            "study: expected each seed once, got " + number(row, "seed") + " twice of " + method);
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
