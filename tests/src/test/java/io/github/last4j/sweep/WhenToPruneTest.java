package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.last4j.table.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** The bill of a study with numbers that are added up by hand. */
class WhenToPruneTest {
  private static Rows rows() {
    return Rows.of(
        "study", "model", "method", "seed", "states", "accuracy", "cpu seconds", "multiplications");
  }

  @Test
  void isPairedByModelAndSeed() {
    Table study =
        rows()
            .add("a", "Whole", 0, 256, 0.9, 100.0, 1e12)
            .add("a", "Early", 0, 50, 0.88, 50.0, 3e11)
            .add("a", "Early", 1, 52, 0.92, 80.0, 5e11)
            .add("a", "Whole", 1, 256, 0.96, 200.0, 1e12)
            .add("a", "Late", 1, 40, 0.5, 150.0, 9e11)
            // Of a seed whose whole model is not there yet.
            .add("a", "Late", 2, 44, 0.7, 150.0, 9e11)
            .table();
    Table bill = WhenToPrune.bill(study);
    assertEquals(List.of("Whole", "Early", "Late"), bill.stringColumn("method").asList());
    assertEquals(List.of(2, 2, 2), bill.intColumn("models").asList());
    assertEquals(51, bill.row(1).getNumber("states"));
    // Deviations of (88, 92), (2, 4) and (50, 70): √8, √2 and √200.
    assertEquals("90.0 ± 2.8", bill.row(1).getString("accuracy (%)"));
    assertEquals("3.0 ± 1.4", bill.row(1).getString("points lost"));
    assertEquals(0.45, bill.row(1).getNumber("processor time"), 1e-9);
    assertEquals(0.4, bill.row(1).getNumber("multiplications"), 1e-9);
    assertEquals("60.0 ± 14.1", bill.row(2).getString("accuracy (%)"));
    assertEquals("46.0 ± 0.0", bill.row(2).getString("points lost"));
    assertEquals("0.0 ± 0.0", bill.row(0).getString("points lost"));
  }

  @Test
  void seedsAgreeOrNot() {
    Rows rows = rows();
    double[][] accuracies = {{0.9, 0.8, 0.7, 0.6}, {0.7, 0.6, 0.5, 0.4}, {0.40, 0.41, 0.42, 0.43}};
    for (int seed = 0; seed < 3; seed++) {
      for (int m = 0; m < 4; m++) {
        rows.add(seed < 2 ? "a" : "b", "method " + m, seed, 50, accuracies[seed][m], 1.0, 1e9);
      }
    }
    // One that a seed lacks is left out.
    Table agreement = WhenToPrune.agreement(rows.add("a", "more", 0, 50, 0.99, 1.0, 1e9).table());
    assertEquals(List.of(4, 4, 4), agreement.intColumn("methods").asList());
    // Seeds 0 and 1 rank alike; seed 2 the other way round, and by less.
    assertEquals(1, agreement.row(0).getNumber("correlation"), 1e-9);
    assertEquals(1, agreement.row(1).getNumber("correlation"), 1e-9);
    assertEquals(-1, agreement.row(2).getNumber("correlation"), 1e-9);
    Table one = rows().add("a", "Whole", 0, 256, 0.9, 1.0, 1e12).table();
    assertThrows(IllegalArgumentException.class, () -> WhenToPrune.agreement(one));
  }

  @Test
  void whatIsMissingOrTwiceIsNamed() {
    Table alone = rows().add("a", "Early", 0, 50, 0.88, 50.0, 3e11).table();
    assertThrows(IllegalArgumentException.class, () -> WhenToPrune.bill(alone));
    Table twice =
        rows()
            .add("a", "Whole", 0, 256, 0.9, 1.0, 1e12)
            .add("a", "Whole", 0, 256, 0.9, 1.0, 1e12)
            .table();
    assertThrows(IllegalArgumentException.class, () -> WhenToPrune.bill(twice));
  }
}
