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
   * The best method of each model that is pruned at all, by the printed means and whatever their
   * spread. What counts is the state dimension: S4D on Path-X is whole, whatever ratio is printed.
   *
   * @return one row for each such model: task, family, method, accuracy loss (%)
   * @throws IOException if a table can't be read
   */
  public static Table best() throws IOException {
    Rows rows = Rows.of("best in print", "task", "family", "method", "accuracy loss (%)");
    Table models = models();
    for (Row whole : Results.where(models, "method", Summary.FULL_MODEL)) {
      String task = whole.getString("task");
      String family = whole.getString("family");
      Table own = Results.where(Results.where(models, "task", task), "family", family);
      Table pruned =
          own.where(
                  own.doubleColumn("state dimension")
                      .isLessThan(whole.getDouble("state dimension")))
              .sortDescendingOn("accuracy (%)");
      if (!pruned.isEmpty()) {
        Row best = pruned.row(0);
        double loss = whole.getDouble("accuracy (%)") - best.getDouble("accuracy (%)");
        rows.add(task, family, best.getString("method"), loss);
      }
    }
    return rows.table();
  }
}
