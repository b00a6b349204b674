package io.github.last4j.sweep;

import io.github.last4j.data.DataFolder;
import io.github.last4j.table.Rows;
import io.github.last4j.table.Tablesaw;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** The paper's published figures, as printed. */
public final class Published {
  private static final List<String> TEXTS = List.of("task", "family", "method", "norm", "pre-norm");

  /** Of each of the paper's models. */
  private static final int SEEDS = 3;

  private Published() {}

  /**
   * One of the paper's tables.
   *
   * @param number from 1 to 10
   * @return the columns that data/paper/README.md lists, figures as doubles
   * @throws IllegalArgumentException if there is no such table
   * @throws IOException if it can't be read
   */
  public static Table table(int number) throws IOException {
    if (number < 1 || number > 10) {
      throw new IllegalArgumentException("number: expected one from 1 to 10, got " + number);
    }
    Tablesaw.ready();
    Path file = DataFolder.locate().resolve("paper/table" + number + ".csv");
    return Table.read()
        .usingOptions(
            CsvReadOptions.builder(file.toFile())
                .tableName("the paper's Table " + number)
                .columnTypes(name -> TEXTS.contains(name) ? ColumnType.STRING : ColumnType.DOUBLE));
  }

  /**
   * Every model of the paper, whole and pruned: Tables 7, 9 and, as the task Speech, 10 at 16 kHz.
   *
   * @return one row for each model and method: task, family, method, ratio (%), state dimension,
   *     accuracy (%), spread (%)
   * @throws IOException if a table can't be read
   */
  public static Table models() throws IOException {
    Table models = table(7).append(table(9)).setName("the paper's Tables 7, 9 and 10");
    Table speech = table(10);
    speech = speech.where(speech.doubleColumn("sampling rate (kHz)").isEqualTo(16));
    speech.addColumns(
        StringColumn.create("task", Collections.nCopies(speech.rowCount(), "Speech")));
    return models.append(speech.selectColumns(models.columnNames().toArray(String[]::new)));
  }

  /**
   * Which of the three methods is the best on each model that is pruned at all, and whether that is
   * more than chance, by the rule of {@link Summary#winners}. What the seeds gave one by one is not
   * published: the error of a lead is that of independent means, √((s² + t²)/n) with the printed
   * spreads s and t over n = 3 seeds, and the test samples, whose number the tables lack, are not
   * in it. What counts as pruned is the state dimension: S4D on Path-X is whole, whatever ratio is
   * printed.
   *
   * @return one row for each such model: task, family, ratio (%), winner (or "tie"), best, second,
   *     lead (%), error (%)
   * @throws IOException if a table can't be read
   */
  public static Table winners() throws IOException {
    Rows rows =
        Rows.of("the best in print", "task", "family", "ratio (%)", "winner", "best", "second")
            .and(List.of("lead (%)", "error (%)"));
    Table models = models();
    for (Row whole : Results.where(models, "method", Summary.FULL_MODEL)) {
      String task = whole.getString("task");
      String family = whole.getString("family");
      Table own = Results.where(Results.where(models, "task", task), "family", family);
      double states = whole.getDouble("state dimension");
      Table pruned =
          own.where(own.doubleColumn("state dimension").isLessThan(states))
              .sortDescendingOn("accuracy (%)");
      if (!pruned.isEmpty()) {
        rows.add(task, family, pruned.row(0).getDouble("ratio (%)"), lead(pruned).values());
      }
    }
    return rows.table();
  }

  /** Of the first of some rows against the second. */
  private static Lead lead(Table ranking) {
    Row best = ranking.row(0);
    Row second = ranking.row(1);
    return Lead.published(
        best.getString("method"),
        second.getString("method"),
        best.getDouble("accuracy (%)") - second.getDouble("accuracy (%)"),
        best.getDouble("spread (%)"),
        second.getDouble("spread (%)"),
        SEEDS);
  }
}
