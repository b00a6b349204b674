package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.model.Family;
import io.github.last4j.prune.Criterion;
import io.github.last4j.sweep.Result.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Summaries say of small tables what can be said by hand, and of random ones what loops say. */
class SummaryTest {
  private static final double[] RATIOS = {0, 0.1, 0.2, 0.3};
  private static final List<String> METHODS = List.of("Random", "LAST");
  // Sums of a few percentages.
  private static final double TOLERANCE = 1e-9;

  private final List<Result> results = new ArrayList<>();

  @TempDir private Path folder;

  /** Accuracies in percent by ratio, of two layers of which the first is never pruned. */
  private SummaryTest add(String model, long seed, String method, double... percent) {
    for (int i = 0; i < percent.length; i++) {
      int second = (int) Math.round(10 * (1 - 2 * RATIOS[i]));
      results.add(
          new Result(
              new Cell("digits", "S5", model, seed, method, RATIOS[i], "0"),
              percent[i] / 100,
              0,
              1000,
              List.of(10, second),
              0));
    }
    return this;
  }

  private Table table() {
    return Results.table(results);
  }

  /** The first model can lose 20 % for one point, though not 10 %; the second nothing. */
  private Table twoModels() {
    add("tame", 0, "Random", 98, 90, 60, 30).add("tame", 0, "LAST", 98, 96.5, 97.5, 90);
    add("tame", 1, "Random", 96, 90, 50, 30).add("tame", 1, "LAST", 96, 94.5, 94.5, 90);
    add("wild", 0, "Random", 80, 70, 60, 50).add("wild", 0, "LAST", 80, 78.9, 70, 60);
    add("wild", 1, "Random", 80, 70, 60, 50).add("wild", 1, "LAST", 80, 79, 70, 60);
    return table();
  }

  @Test
  void lossesAreAtTheLargestRatioWithinTheTolerance() {
    Table losses = Summary.losses(twoModels(), "LAST", 1);
    assertEquals(List.of("model", "ratio (%)", "Random", "LAST"), losses.columnNames());
    assertEquals(
        List.of("tame", "wild", "Average", "Average, compressible"),
        losses.stringColumn("model").asList());
    assertEquals(List.of(20.0, 0.0, 10.0, 20.0), losses.doubleColumn(1).asList());
    // Losses of LAST 0.5 and 1.5, of Random 38 and 46.
    assertEquals(
        List.of("1.00 ± 0.71", "0.00 ± 0.00", "0.50", "1.00"), losses.stringColumn(3).asList());
    assertEquals(
        List.of("42.00 ± 5.66", "0.00 ± 0.00", "21.00", "42.00"), losses.stringColumn(2).asList());
  }

  @Test
  void averagesAreThoseOfTheLosses() {
    Table averages = Summary.averages(twoModels(), "LAST", 1);
    assertEquals(METHODS, averages.stringColumn("method").asList());
    assertEquals(List.of("S5", "S5"), averages.stringColumn("family").asList());
    double[][] expected = {{10, 20, 21, 42}, {10, 20, 0.5, 1}};
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertEquals(expected[i][j], averages.doubleColumn(j + 2).get(i), TOLERANCE);
      }
    }
  }

  @Test
  void withoutCompressibleModelsTheirAveragesAreMissing() {
    add("stiff", 0, "LAST", 90, 10, 10, 10);
    Table averages = Summary.averages(table(), "LAST", 1);
    assertEquals(0, averages.doubleColumn("accuracy loss (%)").get(0));
    assertTrue(averages.doubleColumn("compressible accuracy loss (%)").isMissing(0));
    Table losses = Summary.losses(table(), "LAST", 1);
    assertTrue(losses.doubleColumn(1).isMissing(2));
    assertEquals("", losses.stringColumn("LAST").get(2));
  }

  @Test
  void averagesAreOfWhatAllModelsHave() {
    add("one", 0, "LAST", 90, 90, 90, 90).add("one", 0, "Other", 90, 80, 70, 60);
    add("two", 0, "LAST", 90, 90, 90, 90);
    assertEquals(
        List.of("LAST"), Summary.averages(table(), "LAST", 1).stringColumn("method").asList());
    assertEquals(
        List.of("30.00", "", "", ""),
        Summary.losses(table(), "LAST", 1).stringColumn("Other").asList());
  }

  @Test
  void modelsAreWholeAndPruned() {
    Table models = Summary.models(twoModels(), "LAST", 1);
    assertEquals(6, models.rowCount());
    StringColumn methods = models.stringColumn("method");
    assertEquals(List.of("Full model", "Random", "LAST"), methods.asList().subList(0, 3));
    // Layers of 10 and 6 pairs at 20 %.
    assertEquals(
        List.of("digits", "S5", "tame"),
        models.columnNames().subList(0, 3).stream().map(c -> models.getString(1, c)).toList());
    double[][] expected = {
      {0, 20, 97, Math.sqrt(2)}, {20, 16, 55, Math.sqrt(50)}, {20, 16, 96, Math.sqrt(4.5)}
    };
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertEquals(expected[i][j], models.doubleColumn(j + 4).get(i), TOLERANCE);
      }
    }
  }

  @Test
  void choicesAreAveragesByEveryReference() {
    Table table = twoModels();
    Table choices = Summary.choices(table, 1, 10);
    assertEquals(
        List.of("family", "reference", "tolerance (%)", "ratio (%)", "Random", "LAST"),
        choices.columnNames());
    assertEquals(4, choices.rowCount());
    for (Row row : choices) {
      Table averages =
          Summary.averages(table, row.getString("reference"), row.getDouble("tolerance (%)"));
      for (Row average : averages) {
        assertEquals(average.getDouble("ratio (%)"), row.getDouble("ratio (%)"));
        assertEquals(
            average.getDouble("accuracy loss (%)"), row.getDouble(average.getString("method")));
      }
    }
  }

  /** Means and deviations by hand, and nothing where a model has not been pruned by a method. */
  @Test
  void accuracyIsByModelAndRatio() {
    add("tame", 0, "LAST", 98, 96).add("tame", 1, "LAST", 96, 93);
    add("wild", 0, "Random", 80, 70);
    Table accuracy = Summary.accuracy(table());
    assertEquals(List.of("tame", "tame", "wild", "wild"), accuracy.stringColumn("model").asList());
    assertEquals(List.of(0.0, 10.0, 0.0, 10.0), accuracy.doubleColumn("ratio (%)").asList());
    assertEquals(
        List.of("97.0 ± 1.4", "94.5 ± 2.1", "", ""), accuracy.stringColumn("LAST").asList());
    // Of one seed there is no spread.
    assertEquals(List.of("", "", "80.0", "70.0"), accuracy.stringColumn("Random").asList());
    assertEquals("accuracy (%) on 1000 samples, mean ± spread over seeds", accuracy.name());
  }

  @Test
  void rowsAreSelectedByWhatIsThere() {
    Table table = twoModels();
    Table wild = Results.models(table, "wild");
    assertEquals(List.of("wild"), wild.stringColumn("model").unique().asList());
    assertEquals(16, wild.rowCount());
    assertEquals(16, Results.methods(table, List.of(Criterion.LAST)).rowCount());
    assertEquals(32, Results.family(table, Family.S5).rowCount());
    assertNamed("model: expected one of [tame, wild]", () -> Results.models(table, "mild"));
    assertNamed("method", () -> Results.methods(table, Criterion.HINF));
    assertNamed("family", () -> Results.family(table, Family.S4D));
  }

  /** What differs from seed to seed is common to both: leads of 2, 4 and 3 points. */
  @Test
  void leadsArePairedBySeed() {
    add("m", 0, "A", 95, 92, 70, 51).add("m", 0, "B", 95, 90, 67, 50);
    add("m", 1, "A", 95, 64, 70, 90).add("m", 1, "B", 95, 60, 67, 92);
    add("m", 2, "A", 95, 93, 70, 80).add("m", 2, "B", 95, 90, 67, 76);
    Table winners = Summary.winners(table());
    assertEquals(List.of(10.0, 20.0, 30.0), winners.doubleColumn("ratio (%)").asList());
    assertEquals(List.of("A", "A", "tie"), winners.stringColumn("winner").asList());
    assertEquals(List.of("A", "A", "A"), winners.stringColumn("best").asList());
    assertEquals(List.of("B", "B", "B"), winners.stringColumn("second").asList());
    double[] leads = {3, 3, 1};
    // Deviations 1, 0 and 3 over the seeds; of 1,000 samples each at least √(d(1 - d)/1000).
    double[] seeds = {1 / Math.sqrt(3), 0, 3 / Math.sqrt(3)};
    for (int i = 0; i < 3; i++) {
      double samples = 100 * Math.sqrt(leads[i] / 100 * (1 - leads[i] / 100) / 1000);
      assertEquals(leads[i], winners.doubleColumn("lead (%)").get(i), TOLERANCE);
      double error = Math.hypot(seeds[i], samples);
      assertEquals(error, winners.doubleColumn("error (%)").get(i), TOLERANCE);
    }
    Table wins = Summary.wins(table());
    assertEquals(List.of("m", "All"), wins.stringColumn("model").asList());
    assertEquals(List.of("A", "B", "tie"), wins.columnNames().subList(1, 4));
    for (int row = 0; row < 2; row++) {
      assertEquals(2, wins.intColumn("A").get(row));
      assertEquals(0, wins.intColumn("B").get(row));
      assertEquals(1, wins.intColumn("tie").get(row));
    }
  }

  /** Three of 1,000 samples, the same for each seed: seeds agree, other samples might not. */
  @Test
  void aFewSamplesAreNoLead() {
    for (int seed = 0; seed < 3; seed++) {
      add("m", seed, "A", 95, 90.3, 90.5).add("m", seed, "B", 95, 90, 90);
    }
    assertEquals(List.of("tie", "A"), Summary.winners(table()).stringColumn("winner").asList());
  }

  /** By hand: B is 2, 4 and 3 points better than A on m, 0 and -2 on n. */
  @Test
  void differencesArePairedByModelAndSeed() {
    add("m", 0, "A", 95, 80).add("m", 0, "B", 95, 82);
    add("m", 1, "A", 95, 60).add("m", 1, "B", 95, 64);
    add("m", 2, "A", 95, 70).add("m", 2, "B", 95, 73);
    add("n", 0, "A", 95, 80).add("n", 0, "B", 95, 80);
    add("n", 1, "A", 95, 80).add("n", 1, "B", 95, 78);
    Table differences = Summary.differences(table(), "B", "A");
    assertEquals(List.of("model", "10 %"), differences.columnNames());
    assertEquals(List.of("m", "n", "All"), differences.stringColumn("model").asList());
    // Seeds 1/√3 = 0.577, 1 and √5.8/√5 = 1.077; samples 0.539, 0.315 and 0.372.
    assertEquals(
        List.of("+3.0 ± 0.8 *", "-1.0 ± 1.0", "+1.4 ± 1.1"),
        differences.stringColumn("10 %").asList());
  }

  @Test
  void wholeModelsAreWithTheErrorOfTheirSamples() {
    Table whole = Summary.whole(twoModels());
    assertEquals(List.of("tame", "wild"), whole.stringColumn("model").asList());
    assertEquals(List.of(20L, 20L), whole.longColumn("states").asList());
    assertEquals(List.of(2, 2), whole.intColumn("seeds").asList());
    assertEquals(List.of(1000L, 1000L), whole.longColumn("samples").asList());
    assertEquals(List.of(97.0, 80.0), whole.doubleColumn("accuracy (%)").asList());
    assertEquals(Math.sqrt(2), whole.doubleColumn("spread (%)").get(0), TOLERANCE);
    // √(0.97·0.03/1000) and √(0.8·0.2/1000).
    assertEquals(0.539444, whole.doubleColumn("sample error (%)").get(0), 1e-6);
    assertEquals(1.264911, whole.doubleColumn("sample error (%)").get(1), 1e-6);
  }

  @Test
  void modelsStayInTheirOrder() {
    List<String> names = List.of("z", "a", "m", "b");
    for (String name : names) {
      add(name, 0, "A", 95, 90, 90, 90).add(name, 0, "B", 95, 90, 90, 90);
    }
    Table wins = Summary.wins(table());
    assertEquals(names, wins.stringColumn("model").asList().subList(0, 4));
    assertEquals(List.of(3, 3, 3, 3, 12), wins.intColumn("tie").asList());
    Table losses = Summary.losses(table(), "A", 1);
    assertEquals(names, losses.stringColumn("model").asList().subList(0, 4));
  }

  @Test
  void oneSeedTellsNoWinner() {
    add("m", 0, "A", 95, 92, 91, 90).add("m", 0, "B", 95, 10, 10, 10);
    Table winners = Summary.winners(table());
    assertEquals(List.of("tie", "tie", "tie"), winners.stringColumn("winner").asList());
    assertTrue(winners.doubleColumn("error (%)").isMissing(0));
  }

  /** Another way to the same numbers: queries to the table. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomTablesAgreeWithQueries(long seed) {
    Random random = new Random(seed);
    for (String method : METHODS) {
      for (long s = 0; s < 3; s++) {
        // All start from the same model.
        add("m", s, method, random.doubles(4, 88, 92).toArray());
      }
    }
    results.replaceAll(
        r ->
            r.cell().ratio() > 0
                ? r
                : new Result(r.cell(), 0.9 + r.cell().seed() / 100.0, 0, 1000, r.layers(), 0));
    Table table = table();
    double whole = mean(table, "LAST", 0);
    TreeSet<Double> allowed = new TreeSet<>();
    for (double ratio : RATIOS) {
      if (whole - mean(table, "LAST", ratio) <= 1.5) {
        allowed.add(ratio);
      }
    }
    Table averages = Summary.averages(table, "LAST", 1.5);
    assertEquals(100 * allowed.last(), averages.doubleColumn("ratio (%)").get(0), TOLERANCE);
    for (int i = 0; i < METHODS.size(); i++) {
      double loss = whole - mean(table, METHODS.get(i), allowed.last());
      assertEquals(loss, averages.doubleColumn("accuracy loss (%)").get(i), TOLERANCE);
    }
  }

  private static double mean(Table table, String method, double ratio) {
    double sum = 0;
    int count = 0;
    for (Row row : table) {
      if (row.getString("method").equals(method) && row.getDouble("ratio") == ratio) {
        sum += 100 * row.getDouble("accuracy");
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void badInputIsNamed() {
    Table table = twoModels();
    assertNamed("tolerance", () -> Summary.losses(table, "LAST", -1));
    assertNamed("tolerance", () -> Summary.losses(table, "LAST", Double.NaN));
    assertNamed("reference", () -> Summary.losses(table, "FIRST", 1));
    Table last = table.where(table.stringColumn("method").isEqualTo("LAST"));
    assertNamed("results: expected at least two methods", () -> Summary.winners(last));
    assertNamed("results", () -> Summary.losses(table.emptyCopy(), "LAST", 1));
    assertNamed("results", () -> Summary.models(table.rejectColumns("accuracy"), "LAST", 1));
    Table pruned = table.where(table.doubleColumn("ratio").isGreaterThan(0));
    assertNamed(
        "results: expected the seeds [0, 1] of tame, pruned by LAST at ratio 0.0",
        () -> Summary.losses(pruned, "LAST", 1));
    Table twice = table.copy().append(table);
    assertNamed("results: expected one row", () -> Summary.averages(twice, "LAST", 1));
    add("tame", 2, "LAST", 96, 95, 95, 95);
    assertNamed("results: expected the seeds", () -> Summary.losses(table(), "LAST", 1));
    assertNamed("results: expected the seeds", () -> Summary.wins(table()));
  }

  private static void assertNamed(String argument, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(argument), message);
  }

  @Test
  void filesOfModelsWithOtherNumbersOfLayersMakeOneTable() throws IOException {
    Path three = folder.resolve("three.csv");
    Cell cell = new Cell("digits", "S5", "deep", 0, "LAST", 0.5, "0");
    try (ResultsFile file = ResultsFile.open(three, 3)) {
      file.append(new Result(cell, 0.5, 1, 10, List.of(1, 2, 3), 0));
    }
    add("tame", 0, "LAST", 98);
    Path two = folder.resolve("two.csv");
    try (ResultsFile file = ResultsFile.open(two, 2)) {
      file.append(results.get(0));
    }
    Table table = Results.read(List.of(two, three));
    assertEquals(List.of("tame", "deep"), table.stringColumn("model").asList());
    assertTrue(table.intColumn("layer 3").isMissing(0));
    assertEquals(3, table.intColumn("layer 3").get(1));
    Files.delete(two);
    assertThrows(IOException.class, () -> Results.read(List.of(three, two)));
  }
}
