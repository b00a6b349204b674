package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.Models;
import io.github.last4j.data.Task;
import io.github.last4j.prune.Criterion;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The committed results beside the paper's: each figure is that of its table. */
class BesideTest {
  // Sums of a few percentages.
  private static final double TOLERANCE = 1e-9;

  private final Table results;
  private final Table published;

  BesideTest() throws IOException {
    results = Results.methods(Models.results(), Criterion.HINF);
    published = Published.models();
  }

  private static double figure(Table table, Row row, String name, String... keys) {
    for (String key : keys) {
      table = Results.where(table, key, row.getString(key));
    }
    assertEquals(1, table.rowCount());
    return table.doubleColumn(name).get(0);
  }

  @Test
  void averagesAreThoseOfBothTables() throws IOException {
    Table averages = Published.table(1);
    Table ours = Summary.averages(results, "LAST", 1);
    Table both = Beside.averages(results);
    assertEquals(6, both.rowCount());
    for (Row row : both) {
      for (String name : averages.columnNames().subList(2, 6)) {
        assertEquals(figure(averages, row, name, "family", "method"), row.getDouble(name));
        assertEquals(figure(ours, row, name, "family", "method"), row.getDouble("our " + name));
      }
    }
  }

  @Test
  void modelsAreThoseOfTasksThatBothHave() throws IOException {
    Table ours = Summary.models(results, "LAST", 1);
    Table both = Beside.models(results);
    assertEquals(
        Set.of("sMNIST", "psMNIST", "ListOps"), both.stringColumn("task").unique().asSet());
    // Three tasks of S5, one of them in three kinds, and ListOps of S4D, whole and by three
    // methods.
    assertEquals(4 * 6, both.rowCount());
    for (Row row : both) {
      assertEquals(
          row.getString("task"),
          Task.of(row.getString("model").replaceFirst("-.*", "")).paper().orElseThrow());
      for (String name : List.of("ratio (%)", "accuracy (%)", "spread (%)")) {
        assertEquals(figure(published, row, name, "task", "family", "method"), row.getDouble(name));
        assertEquals(figure(ours, row, name, "model", "method"), row.getDouble("our " + name));
      }
    }
  }

  @Test
  void lossesAreAtThePapersRatios() throws IOException {
    Table losses = Beside.losses(results);
    assertEquals(3 * 6, losses.rowCount());
    for (Row row : losses) {
      Table same = Results.where(published, "task", row.getString("task"));
      same = Results.where(same, "family", row.getString("family"));
      Table whole = Results.where(same, "method", Summary.FULL_MODEL);
      Table pruned = Results.where(same, "method", row.getString("method"));
      assertEquals(
          whole.doubleColumn("accuracy (%)").get(0) - pruned.doubleColumn("accuracy (%)").get(0),
          row.getDouble("accuracy loss (%)"),
          TOLERANCE);
      double ratio = pruned.doubleColumn("ratio (%)").get(0);
      assertEquals(ratio, row.getDouble("ratio (%)"));
      Table own = Results.where(results, "model", row.getString("model"));
      own = Results.where(own, "method", row.getString("method"));
      double lost =
          own.where(own.doubleColumn("ratio").isEqualTo(0)).doubleColumn("accuracy").mean()
              - own.where(own.doubleColumn("ratio").isEqualTo(ratio / 100))
                  .doubleColumn("accuracy")
                  .mean();
      assertEquals(100 * lost, row.getDouble("our accuracy loss (%)"), TOLERANCE);
    }
  }

  @Test
  void tablesThatThePaperDoesNotHaveAreNamed() {
    for (int number : new int[] {0, 11}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Published.table(number)).getMessage();
      assertTrue(message.startsWith("number:"), message);
    }
  }
}
