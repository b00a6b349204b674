package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.bound.Ledger;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.data.DataFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** The ledger, and calculations of its counterexamples that share no code with it. */
class LedgerTest {
  // Certified norms are 1e-6 wide, and a claim of two layers has four of them.
  private static final double ROUNDING = 2e-5;

  private static Table committed() throws IOException {
    return Table.read()
        .csv(
            CsvReadOptions.builder(DataFolder.locate().resolve("ledger.csv").toFile())
                .columnTypesPartial(Map.of("id", ColumnType.STRING, "verdict", ColumnType.STRING)));
  }

  private static List<Row> rows(Table table) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < table.rowCount(); i++) {
      rows.add(table.row(i));
    }
    return rows;
  }

  /** A short search comes to the same verdicts as the long one whose results are kept. */
  @Test
  void verdictsAreRemade() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Table small = new Ledger(500, 2, 5, 0).table(manager, List.of(), List.of(), () -> {});
      Table kept = committed();
      assertEquals(Ledger.size(), kept.rowCount());
      for (int i = 0; i < kept.rowCount(); i++) {
        String id = kept.row(i).getString("id");
        assertEquals(id, small.row(i).getString("id"));
        assertEquals(
            kept.row(i).getString("verdict"), small.row(i).getString("verdict"), "claim " + id);
      }
    }
  }

  @Test
  void whatFailsHasACounterexampleAndARepair() throws IOException {
    for (Row row : rows(committed())) {
      String id = row.getString("id");
      boolean holds = row.getString("verdict").equals("holds");
      assertEquals(holds, row.getString("counterexample").isEmpty(), id);
      if (!holds) {
        assertFalse(row.getString("repaired").isEmpty(), id);
        assertTrue(row.getDouble("repaired worst ratio") <= 1 + ROUNDING, id);
      }
      // What was seen on systems is not worse than what was searched for, where verdicts depend on
      // it.
      if (holds && !row.isMissing("trained largest")) {
        assertTrue(row.getDouble("trained largest") <= 1 + ROUNDING, id);
      }
    }
  }

  private static Map<String, String> verdicts() throws IOException {
    return StreamSupport.stream(committed().spliterator(), false)
        .collect(Collectors.toMap(row -> row.getString("id"), row -> row.getString("verdict")));
  }

  private static double pair(
      double re, double im, double theta, double residueRe, double residueIm) {
    // |r/(z - λ) + r*/(z - λ*)| at z = exp(jθ), by real arithmetic of (2Re(r)z - 2Re(r
    // λ*))/((z-λ)(z-λ*)).
    double zRe = Math.cos(theta);
    double zIm = Math.sin(theta);
    double constant = 2 * (residueRe * re + residueIm * im);
    double numerator = Math.hypot(2 * residueRe * zRe - constant, 2 * residueRe * zIm);
    double denominatorRe = zRe * zRe - zIm * zIm - 2 * re * zRe + re * re + im * im;
    double denominatorIm = 2 * zRe * zIm - 2 * re * zIm;
    return numerator / Math.hypot(denominatorRe, denominatorIm);
  }

  private static double largest(double re, double im, double residueRe, double residueIm) {
    double best = 0;
    for (int k = 0; k <= 200_000; k++) {
      best = Math.max(best, pair(re, im, Math.PI * k / 200_000, residueRe, residueIm));
    }
    return best;
  }

  /** Eq. 1: λ̄ = 0.1, CB̄ = 1, D = -1: gains 1.909 as printed, 0.111 as built. */
  @Test
  void indexShift() throws IOException {
    double printed = 0;
    double built = 0;
    for (int k = 0; k <= 10_000; k++) {
      double theta = Math.PI * k / 10_000;
      // 1/(z - 0.1) and z/(z - 0.1).
      double re = Math.cos(theta) - 0.1;
      double im = Math.sin(theta);
      double square = re * re + im * im;
      printed = Math.max(printed, Math.hypot(re / square - 1, im / square));
      double zRe = (Math.cos(theta) * re + im * im) / square;
      double zIm = (im * re - Math.cos(theta) * im) / square;
      built = Math.max(built, Math.hypot(zRe - 1, zIm));
    }
    assertEquals(1 + 1 / 1.1, printed, 1e-9);
    assertEquals(0.1 / 0.9, built, 1e-9);
    assertEquals("fails", verdicts().get("1a"));
  }

  /** Eq. 4: two states λ̄ = 1/2, CB̄ = 1/2, u = (1, 1, 1): 1 + 9/4 + 49/16 = 6.3125 above 2·3. */
  @Test
  void squaresAreNoTriangle() throws IOException {
    double state = 0;
    double energy = 0;
    for (int t = 0; t < 3; t++) {
      state = 0.5 * state + 1;
      energy += (2 * 0.5 * state) * (2 * 0.5 * state);
    }
    double norm = 0.5 / (1 - 0.5);
    assertEquals(6.3125, energy);
    assertTrue(energy > 2 * norm * norm * 3);
    assertEquals("fails", verdicts().get("4"));
    assertEquals("fails", verdicts().get("B.2 d"));
  }

  /** Eq. 5 of a pair: nearly real poles have nearly twice the norm of one state. */
  @Test
  void aPairIsMoreThanAState() throws IOException {
    double re = 0.9 * Math.cos(0.01);
    double im = 0.9 * Math.sin(0.01);
    double ratio = largest(re, im, 1, 0) / (1 / 0.1);
    assertEquals(1.983, ratio, 1e-3);
    assertEquals("holds with a constant", verdicts().get("5a"));
  }

  /** Eq. 9: with CB̄ = j at a real pole the pair's states cancel, and the norm is nothing. */
  @Test
  void statesMayCancel() throws IOException {
    assertEquals(0, largest(0.5, 0, 0, 1), 1e-12);
    assertEquals("fails", verdicts().get("9b"));
    // With CB̄ = 1 they add up to twice the norm, four times its square against two.
    assertEquals(4, largest(0.5, 0, 1, 0), 1e-6);
    assertEquals("fails", verdicts().get("9a"));
  }

  /** One direction's output matrix equal to the other's, a real pole: both peaks add up. */
  @Test
  void bidirectionalGainsAdd() throws IOException {
    double both = 1 / (1 - 0.5) + 1 / (1 - 0.5);
    double averaged = Math.sqrt((1 + 1) / 2.0) / (1 - 0.5);
    assertEquals(4, both * both / (averaged * averaged), 1e-12);
    assertEquals("holds with a constant", verdicts().get("6a"));
  }

  /** λ = -1/2, Δ = 0.001: B̄ is about Δ and not 1. */
  @Test
  void fixedB() throws IOException {
    assertEquals(1e-3, -Math.expm1(-0.0005) / 0.5, 1e-6);
    assertEquals("fails", verdicts().get("6b"));
  }

  /** App. A.1: the mean of (a₁, a₂) over the region of the Schur-Cohn conditions is (0, 1/3). */
  @Test
  void centreOfTheStableRegion() throws IOException {
    double first = 0;
    double second = 0;
    int inside = 0;
    for (double a1 = -1.9975; a1 < 2; a1 += 0.005) {
      for (double a2 = -0.9975; a2 < 1; a2 += 0.005) {
        if (a2 * a2 < 1 && (1 + a2) * (1 + a2) - a1 * a1 > 0) {
          first += a1;
          second += a2;
          inside++;
        }
      }
    }
    // Cells of 0.005 along the edges.
    assertEquals(0, first / inside, 0.005);
    assertEquals(1 / 3.0, second / inside, 0.005);
    assertEquals("fails", verdicts().get("A.1 c"));
    assertEquals("fails", verdicts().get("A.1 b"));
    assertEquals("holds", verdicts().get("A.1 a"));
  }

  /** Φ(√2) + √2 φ(√2), Φ by Simpson's rule. */
  @Test
  void slopeOfTheGelu() throws IOException {
    double root = Math.sqrt(2);
    int panels = 1000;
    double sum = 0;
    for (int k = 0; k <= panels; k++) {
      double x = root * k / panels;
      sum += Math.exp(-x * x / 2) * (k == 0 || k == panels ? 1 : k % 2 == 1 ? 4 : 2);
    }
    double density = 1 / Math.sqrt(2 * Math.PI);
    double slope = 0.5 + sum * root / (3 * panels) * density + root * density * Math.exp(-1);
    assertEquals(slope, Nonlinearity.GELU.slope(), 1e-7);
    assertEquals("holds with a constant", verdicts().get("B.2 a"));
    assertEquals("holds with a constant", verdicts().get("8"));
    assertEquals("holds", verdicts().get("B.3 f"));
  }
}
