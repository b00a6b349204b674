package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.model.Family;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Counted once more, from |λ̄|^L: a state outlasts L steps if more than 1/e of it is left. */
class TimeConstantsTest {
  private static final double LEFT = Math.exp(-1);

  @ParameterizedTest
  @EnumSource
  void whatIsLeftAfterTheSequence(Family family) {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, family);
      Table above = TimeConstants.aboveLength(models);
      Table layers = TimeConstants.byLayer(models);
      assertEquals(2, above.rowCount());
      assertEquals(2 * 3, layers.rowCount());
      for (Trained trained : models) {
        int outlast = 0;
        int states = 0;
        double largest = 0;
        for (int l = 0; l < 3; l++) {
          double[] radius =
              trained.model().discreteSystems(manager).get(l).lambdaBar().abs().toDoubleArray();
          Row row = layers.row((int) trained.seed() * 3 + l);
          assertEquals(l + 1, row.getInt("layer"));
          int slower = 0;
          int fasterOrSame = 0;
          for (double r : radius) {
            outlast += Math.pow(r, 60) > LEFT ? 1 : 0;
            states++;
            slower += Math.pow(r, row.getDouble("median")) > LEFT + 1e-9 ? 1 : 0;
            fasterOrSame += Math.pow(r, row.getDouble("largest")) <= LEFT + 1e-9 ? 1 : 0;
          }
          largest = Math.max(largest, row.getDouble("largest"));
          assertTrue(slower <= radius.length / 2, "median of layer " + l);
          assertEquals(radius.length, fasterOrSame);
        }
        Row row = above.row((int) trained.seed());
        assertEquals("noise", row.getString("task"));
        assertEquals(60, row.getInt("L"));
        assertEquals(100.0 * outlast / states, row.getDouble("trained (%)"), 1e-9);
        assertEquals(largest, row.getDouble("largest"));
        // Nobody trained these.
        assertEquals(row.getDouble("trained (%)"), row.getDouble("untrained (%)"));
      }
    }
  }

  @Test
  void someOutlastAndSomeDoNot() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Table above = TimeConstants.aboveLength(TinySweep.models(manager, Family.S5));
      assertTrue(above.doubleColumn("trained (%)").max() > 0);
      assertTrue(above.doubleColumn("trained (%)").min() < 100);
    }
  }
}
