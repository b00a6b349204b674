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
        "study", "method", "seed", "states", "accuracy", "cpu seconds", "multiplications");
  }

  @Test
  void isPairedBySeed() {
    Table study =
        rows()
            .add("Whole", 0, 256, 0.9, 100.0, 1e12)
            .add("Early", 0, 50, 0.88, 50.0, 3e11)
            .add("Early", 1, 52, 0.92, 80.0, 5e11)
            .add("Whole", 1, 256, 0.96, 200.0, 1e12)
            .add("Late", 1, 40, 0.5, 150.0, 9e11)
            // Of a seed whose whole model is not there yet.
            .add("Late", 2, 44, 0.7, 150.0, 9e11)
            .table();
    Table bill = WhenToPrune.bill(study);
    assertEquals(List.of("Whole", "Early", "Late"), bill.stringColumn("method").asList());
    assertEquals(List.of(2, 2, 2), bill.intColumn("seeds").asList());
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
  void whatIsMissingOrTwiceIsNamed() {
    Table alone = rows().add("Early", 0, 50, 0.88, 50.0, 3e11).table();
    assertThrows(IllegalArgumentException.class, () -> WhenToPrune.bill(alone));
    Table twice =
        rows().add("Whole", 0, 256, 0.9, 1.0, 1e12).add("Whole", 0, 256, 0.9, 1.0, 1e12).table();
    assertThrows(IllegalArgumentException.class, () -> WhenToPrune.bill(twice));
  }
}
