package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.sweep.Result.Cell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** What can be said by hand of small sweeps. */
class SweptRatiosTest {
  private static final double[] RATIOS = {0, 0.1, 0.2, 0.3};
  // Sums of a few percentages.
  private static final double TOLERANCE = 1e-9;

  private final List<Result> results = new ArrayList<>();

  private SweptRatiosTest add(String model, long seed, String method, double... percent) {
    for (int i = 0; i < percent.length; i++) {
      Cell cell = new Cell("digits", "S5", model, seed, method, RATIOS[i], "0");
      results.add(new Result(cell, percent[i] / 100, 0, 1000, List.of(10, 10), 0));
    }
    return this;
  }

  /** LAST: 20, 10 and 0 %; mine: 30, 30 and 10 %, and of the second kind it has no second seed. */
  private Table ratios() {
    add("a", 0, "LAST", 98, 90, 97, 30).add("a", 0, "mine", 98, 98, 98, 97);
    add("a", 1, "LAST", 96, 95, 94.9, 90).add("a", 1, "mine", 96, 96, 94, 96);
    add("b", 0, "LAST", 80, 78.9, 70, 60).add("b", 0, "mine", 80, 79, 78.9, 60);
    add("b", 1, "LAST", 80, 80, 80, 80);
    return SweptRatios.of(Results.table(results), 1);
  }

  @Test
  void aRatioIsTheLargestOneWithinTheTolerance() {
    Table ratios = ratios();
    assertEquals(List.of(0.2, 0.3, 0.1, 0.3, 0.0, 0.1, 0.3), ratios.doubleColumn("ratio").asList());
    assertEquals(0.97, ratios.doubleColumn("accuracy").get(0), TOLERANCE);
    assertEquals(List.of(0L, 0L, 1L, 1L, 0L, 0L, 1L), ratios.longColumn("seed").asList());
  }

  @Test
  void meansAreOverSeedsAndThenOverModels() {
    Table byModel = SweptRatios.byModel(ratios());
    assertEquals(List.of("method", "a", "b", "all (%)"), byModel.columnNames());
    assertRow(byModel.row(0), "LAST", 15, 15, 15);
    assertRow(byModel.row(1), "mine", 30, 10, 20);
  }

  private static void assertRow(Row row, String method, double... means) {
    assertEquals(method, row.getString(0));
    for (int i = 0; i < means.length; i++) {
      assertEquals(means[i], row.getDouble(i + 1), TOLERANCE);
    }
  }

  /** Differences 10, 20 and 10: the mean is 40/3, and its error 10/3. */
  @Test
  void methodsArePairedByModelAndSeed() {
    Row row = SweptRatios.beside(ratios(), "LAST").row(0);
    assertEquals("mine", row.getString("method"));
    assertEquals(3, row.getInt("pairs"));
    assertEquals(70 / 3.0, row.getDouble("ratio (%)"), TOLERANCE);
    assertEquals(10, row.getDouble("reference (%)"), TOLERANCE);
    assertEquals(40 / 3.0, row.getDouble("difference (%)"), TOLERANCE);
    assertEquals(10 / 3.0, row.getDouble("error (%)"), TOLERANCE);
    assertEquals("mine", row.getString("ahead"));
    assertEquals("mine", SweptRatios.beside(ratios(), "mine").row(0).getString("ahead"));
  }

  @Test
  void aDifferenceWithinTwiceItsErrorIsNone() {
    add("a", 0, "LAST", 98, 98, 90, 90).add("a", 0, "mine", 98, 98, 98, 90);
    add("a", 1, "LAST", 98, 98, 90, 90).add("a", 1, "mine", 98, 98, 90, 90);
    Table ratios = SweptRatios.of(Results.table(results), 1);
    assertEquals("neither", SweptRatios.beside(ratios, "LAST").row(0).getString("ahead"));
  }

  @Test
  void whatIsMissingIsNamed() {
    Table ratios = ratios();
    refused("reference", () -> SweptRatios.beside(ratios, "yours"));
    Table sweep = Results.table(results);
    refused("tolerance", () -> SweptRatios.of(sweep, -1));
    Table pruned = sweep.where(sweep.doubleColumn("ratio").isGreaterThan(0));
    refused("results", () -> SweptRatios.of(pruned, 1));
  }

  private static void refused(String argument, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(argument + ": expected"), message);
  }
}
