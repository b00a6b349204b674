package io.github.last4j.sweep;

import java.util.LinkedHashSet;
import java.util.Locale;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables of sweeps, in brief. */
public final class Summary {
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
    for (String criterion : new LinkedHashSet<>(sweep.stringColumn("criterion").asList())) {
      StringColumn column = StringColumn.create(criterion);
      for (double ratio : ratios) {
        DoubleColumn accuracy =
            sweep
                .where(
                    sweep
                        .stringColumn("criterion")
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
}
