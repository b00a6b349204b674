package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The paper's figures under data/paper: averages agree with their rows, and what its README says
 * does not agree, does not.
 */
class PublishedFiguresTest {
  // Half a unit of the last digit printed, and a little for sums of decimals in binary.
  private static final double ROUNDING = 0.005 + 1e-9;
  private static final String FULL = Summary.FULL_MODEL;
  private static final List<String> PRUNED = List.of("Uniform H∞", "Global H∞", "LAST");

  /** What the tables say of one model, pruned by one method, on one task. */
  private record Result(
      String task, String family, String method, double ratio, double states, double accuracy) {}

  private final List<Result> results = new ArrayList<>();

  PublishedFiguresTest() throws IOException {
    for (Row row : Published.models()) {
      results.add(
          new Result(
              row.getString("task"),
              row.getString("family"),
              row.getString("method"),
              row.getDouble("ratio (%)"),
              row.getDouble("state dimension"),
              row.getDouble("accuracy (%)")));
    }
  }

  private Result result(String task, String family, String method) {
    return results.stream()
        .filter(
            r -> r.task().equals(task) && r.family().equals(family) && r.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  private List<Result> results(String family, String method) {
    return results.stream()
        .filter(r -> r.family().equals(family) && r.method().equals(method))
        .toList();
  }

  private double loss(Result result) {
    return result(result.task(), result.family(), FULL).accuracy() - result.accuracy();
  }

  /** By its state dimension: S4D on Path-X is whole, whatever ratio Table 9 prints. */
  private boolean pruned(Result result) {
    return result.states() < result(result.task(), result.family(), FULL).states();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void everyTableIsWhole() throws IOException {
    int[] rows = {6, 56, 8, 10, 2, 7, 16, 6, 48, 16};
    for (int number = 1; number <= rows.length; number++) {
      assertEquals(rows[number - 1], Published.table(number).rowCount(), "rows of table " + number);
    }
    assertEquals(72, results.size());
    assertEquals(72, new HashSet<>(results).size());
  }

  /** Table 1 is the mean of the rows of Tables 7, 9 and 10. */
  @Test
  void averagesOfTable1FollowFromTheRows() throws IOException {
    for (Row row : Published.table(1)) {
      List<Result> all = results(row.getString("family"), row.getString("method"));
      List<Result> compressible = all.stream().filter(this::pruned).toList();
      String name = row.getString("family") + ", " + row.getString("method");
      // Path-X is the only row whose printed ratio is not what was done.
      double ratio = mean(all.stream().map(r -> pruned(r) ? r.ratio() : 0).toList());
      assertEquals(row.getDouble("ratio (%)"), ratio, ROUNDING, name);
      assertEquals(
          row.getDouble("compressible ratio (%)"),
          mean(compressible.stream().map(Result::ratio).toList()),
          ROUNDING,
          name);
      assertEquals(
          row.getDouble("accuracy loss (%)"),
          mean(all.stream().map(this::loss).toList()),
          ROUNDING,
          name);
      assertEquals(
          row.getDouble("compressible accuracy loss (%)"),
          mean(compressible.stream().map(this::loss).toList()),
          ROUNDING,
          name);
    }
  }

  /** The text's 26.25 % counts Path-X by the ratio that Table 9 prints. */
  @Test
  void averageRatioOfS4dInTheText() {
    List<Result> all = results("S4D", "LAST");
    assertEquals(26.25, mean(all.stream().map(Result::ratio).toList()), 0);
    Result pathX = result("Path-X", "S4D", "LAST");
    assertEquals(10, pathX.ratio());
    assertEquals(result("Path-X", "S4D", FULL).states(), pathX.states());
    assertEquals(result("Path-X", "S4D", FULL).accuracy(), pathX.accuracy());
  }

  @Test
  void tables5And6AgreeWithEachOtherAndWithTable1() throws IOException {
    Table criteria = Published.table(6);
    assertEquals(
        figures(Published.table(5), "method", "Structured random"),
        figures(criteria, "method", "Random"));
    Table s5 = Published.table(1);
    s5 = s5.where(s5.stringColumn("family").isEqualTo("S5"));
    for (String method : PRUNED) {
      assertEquals(figures(s5, "method", method), figures(criteria, "method", method), method);
    }
  }

  /** Without the non-compressible cases an average grows by the share of the cases. */
  @ParameterizedTest
  @CsvSource({"1, S4D", "1, S5", "5, S5", "6, S5"})
  void figuresInParenthesesFollow(int number, String family) throws IOException {
    double factor = family.equals("S4D") ? 8 / 6.0 : 10 / 9.0;
    for (Row row : Published.table(number)) {
      if (number == 1 && !row.getString("family").equals(family)) {
        continue;
      }
      for (String column : List.of("ratio (%)", "accuracy loss (%)")) {
        // Both figures are rounded.
        assertEquals(
            row.getDouble("compressible " + column),
            factor * row.getDouble(column),
            (1 + factor) * ROUNDING,
            "table " + number + ", " + row.getString("method") + ", " + column);
      }
    }
  }

  private static List<Double> figures(Table table, String column, String value) {
    List<Double> figures = new ArrayList<>();
    for (Row row : table.where(table.stringColumn(column).isEqualTo(value))) {
      for (String figure : List.of("ratio (%)", "accuracy loss (%)")) {
        figures.add(row.getDouble(figure));
        figures.add(row.getDouble("compressible " + figure));
      }
    }
    assertEquals(4, figures.size());
    return figures;
  }

  @Test
  void averagesOfTable2FollowFromTheRowsButForTwo() throws IOException {
    Set<String> wrong = new TreeSet<>();
    Table table = Published.table(2);
    for (Row row : table.where(table.stringColumn("task").isEqualTo("Average"))) {
      String family = row.getString("family");
      String method = row.getString("method");
      double printed = row.getDouble("accuracy (%)");
      double computed = averageOnLra(family, method);
      if (Math.abs(printed - computed) > ROUNDING) {
        wrong.add(
            family + ", " + method + ": " + printed + " for " + Math.rint(100 * computed) / 100);
      }
    }
    assertEquals(Set.of("S5, Full model: 87.09 for 87.07", "S5, Uniform H∞: 75.5 for 80.5"), wrong);
  }

  private double averageOnLra(String family, String method) {
    List<String> lra = List.of("ListOps", "Text", "Retrieval", "Image", "Pathfinder", "Path-X");
    return mean(lra.stream().map(task -> result(task, family, method).accuracy()).toList());
  }

  /** Sec. 5.1's losses on LRA follow from the printed average of the full model only. */
  @Test
  void lossOnLraInTheText() {
    double pruned = averageOnLra("S5", "LAST");
    assertEquals(0.56, 87.09 - pruned, ROUNDING);
    assertEquals(0.67, (87.09 - pruned) * 6 / 5, 2 * ROUNDING);
    double loss = averageOnLra("S5", FULL) - pruned;
    assertEquals(0.54, loss, ROUNDING);
    assertEquals(0.65, loss * 6 / 5, ROUNDING);
  }

  @Test
  void table2AgreesWithTable9ButForOneRatio() throws IOException {
    Set<String> differences = new TreeSet<>();
    for (Row row : Published.table(2)) {
      if (row.getString("task").equals("Average")) {
        continue;
      }
      Result full = result(row.getString("task"), row.getString("family"), row.getString("method"));
      assertEquals(full.accuracy(), row.getDouble("accuracy (%)"), 0, full.toString());
      if (full.ratio() != row.getDouble("ratio (%)")) {
        differences.add(full.family() + ", " + full.task());
      }
    }
    assertEquals(Set.of("S4D, Path-X"), differences);
  }

  @Test
  void ratiosOfTable8AreThoseOfTable9() throws IOException {
    for (Row row : Published.table(8)) {
      Result result = result(row.getString("task"), "S5", "LAST");
      assertEquals(result.ratio(), row.getDouble("ratio (%)"), result.task());
    }
  }

  @Test
  void stateDimensionsAreRoundedAndOftenOdd() {
    Set<Integer> odd = new TreeSet<>();
    for (Result result : results) {
      if (pruned(result)) {
        double full = result(result.task(), result.family(), FULL).states();
        assertEquals(full * (1 - result.ratio() / 100), result.states(), 0.5, result.toString());
        if (result.states() % 2 == 1) {
          odd.add((int) result.states());
        }
      }
    }
    assertEquals(Set.of(13, 45, 77, 179, 269), odd);
  }

  @Test
  void stateDimensionsAgreeWithTheConfigurationsButForImage() throws IOException {
    for (Row row : Published.table(3)) {
      String task = row.getString("task");
      assertEquals(row.getDouble("state dimension"), result(task, "S4D", FULL).states(), task);
    }
    for (Row row : Published.table(4)) {
      String task = row.getString("task");
      double states = row.getDouble("state dimension");
      assertEquals(task.equals("Image") ? 384 : result(task, "S5", FULL).states(), states, task);
      assertEquals(0, states % (2 * row.getDouble("blocks")), task + ": blocks of whole pairs");
    }
    assertEquals(256, result("Image", "S5", FULL).states());
  }

  /** The rule by which the ratios were chosen: less than one point lost by LAST. */
  @Test
  void lossesOfLastStayBelowOnePointButForOne() {
    Set<String> reached = new TreeSet<>();
    for (Result result : results) {
      // The printed accuracies have two decimals.
      if (result.method().equals("LAST") && Math.rint(100 * loss(result)) >= 100) {
        reached.add(result.family() + ", " + result.task());
      }
    }
    assertEquals(Set.of("S4D, Retrieval"), reached);
  }

  @ParameterizedTest
  @CsvSource({"S5, 5, 9", "S4D, 4, 6"})
  void howOftenLastIsTheBestOfThree(String family, int best, int compared) throws IOException {
    List<Result> last = results(family, "LAST").stream().filter(this::pruned).toList();
    assertEquals(compared, last.size());
    Table inPrint = Results.where(Published.winners(), "family", family);
    assertEquals(compared, inPrint.rowCount());
    assertEquals(best, inPrint.stringColumn("best").countOccurrences("LAST"));
    assertEquals(
        best,
        last.stream()
            .filter(
                r ->
                    PRUNED.stream()
                        .allMatch(
                            m -> m.equals("LAST") || loss(result(r.task(), family, m)) > loss(r)))
            .count());
  }

  /** Leads by the spreads of both means, over three seeds. */
  @ParameterizedTest
  @CsvSource({"S5, LAST, 3", "S5, Global H∞, 1", "S5, tie, 5", "S4D, LAST, 1", "S4D, tie, 5"})
  void howOftenALeadIsClear(String family, String winner, int times) throws IOException {
    Table inPrint = Results.where(Published.winners(), "family", family);
    assertEquals(times, inPrint.stringColumn("winner").countOccurrences(winner));
    for (Row row : inPrint) {
      boolean clear = row.getDouble("lead (%)") > 2 * row.getDouble("error (%)");
      assertEquals(clear ? row.getString("best") : "tie", row.getString("winner"));
    }
  }

  /** psMNIST: 98.09 ± 0.30 against 96.32 ± 0.19. */
  @Test
  void aLeadByHand() throws IOException {
    Row row = Results.where(Published.winners(), "task", "psMNIST").row(0);
    assertEquals("LAST", row.getString("winner"));
    assertEquals("Uniform H∞", row.getString("second"));
    assertEquals(1.77, row.getDouble("lead (%)"), 1e-9);
    assertEquals(Math.sqrt((0.30 * 0.30 + 0.19 * 0.19) / 3), row.getDouble("error (%)"), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"LAST, 0.54", "Uniform H∞, 1.40", "Global H∞, 0.45"})
  void lossesWithoutTheThreeTasksThatDecide(String method, double expected) {
    List<String> three = List.of("psMNIST", "Pathfinder", "Path-X");
    List<Result> others =
        results("S5", method).stream().filter(r -> !three.contains(r.task())).toList();
    assertEquals(7, others.size());
    assertEquals(expected, mean(others.stream().map(this::loss).toList()), ROUNDING);
  }

  /** Table 5's loss of unstructured pruning is within a point that of guessing on every task. */
  @Test
  void unstructuredPruningIsChanceInPrint() throws IOException {
    List<Double> losses = new ArrayList<>();
    for (Result result : results("S5", "LAST")) {
      double chance =
          switch (result.task()) {
            case "Text", "Retrieval", "Pathfinder", "Path-X" -> 50;
            case "Speech" -> 100 / 35.0;
            default -> 10;
          };
      double full = result(result.task(), "S5", FULL).accuracy();
      losses.add(pruned(result) ? full - chance : 0);
    }
    assertEquals(60.10, mean(losses), ROUNDING);
    List<Double> printed = figures(Published.table(5), "method", "Unstructured random");
    assertEquals(59.92, printed.get(2), 0);
    assertEquals(66.58, printed.get(3), 0);
    assertEquals(66.77, mean(losses) * 10 / 9, ROUNDING);
  }

  @Test
  void pruningNeverGainsAccuracyInPrint() {
    assertTrue(results.stream().allMatch(r -> loss(r) >= 0));
  }
}
