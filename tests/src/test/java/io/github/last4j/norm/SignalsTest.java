package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SignalsTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Small whole numbers, whose squares have no rounding. */
  @Test
  void energiesOfRowsAndArrays() {
    double[][] rows = {{1, -2}, {0, 3}, {4, 5}};
    double[][] others = {{1, 1}, {0, 0}, {4, 4}};
    NDArray array = manager.create(rows);
    NDArray other = manager.create(others);
    int before = manager.getManagedArrays().size();
    assertEquals(55, Signals.energy(rows));
    assertEquals(55, Signals.energy(array));
    assertEquals(55, Signals.energy(array.reshape(1, 3, 2)));
    assertEquals(19, Signals.distance(rows, others));
    assertEquals(19, Signals.distance(array, other));
    assertEquals(before + 1, manager.getManagedArrays().size(), "nothing but the reshaped is left");
    assertArrayEquals(rows, Signals.of(array));
  }

  /** In float32 the small squares would be lost beside the large one. */
  @Test
  void sumsInDoublePrecision() {
    NDArray array = manager.create(new float[] {4096, 1, 1, 1}, new ai.djl.ndarray.types.Shape(4));
    assertEquals(DataType.FLOAT32, array.getDataType());
    assertEquals((1 << 24) + 3, Signals.energy(array));
  }
}
