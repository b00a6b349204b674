package io.github.last4j.complex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ComplexArrayTest {
  @Test
  void conjugatesFollow() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ComplexArray stored =
          ComplexArray.of(
              manager.create(new double[][] {{1, 2}}), manager.create(new double[][] {{3, -4}}));
      assertArrayEquals(new double[] {1, 2, 1, 2}, stored.withConjugates(1).real().toDoubleArray());
      assertArrayEquals(
          new double[] {3, -4, -3, 4}, stored.withConjugates(0).imag().toDoubleArray());
    }
  }

  @Test
  void distanceIsRelativeToTheLargest() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ComplexArray b =
          ComplexArray.of(manager.create(new double[] {3, 0}), manager.create(new double[] {4, 1}));
      ComplexArray a =
          ComplexArray.of(manager.create(new double[] {3, 1}), manager.create(new double[] {4, 1}));
      int before = manager.getManagedArrays().size();
      // |1| against |3 + 4j|.
      assertEquals(0.2, a.distance(b), 1e-16);
      assertEquals(0, b.distance(b));
      assertEquals(before, manager.getManagedArrays().size());
    }
  }

  /** The engine would end the process. */
  @Test
  void stringsAreNoNumbers() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray strings = manager.create(new String[] {"a", "b"});
      for (Executable use :
          List.<Executable>of(
              () -> ComplexArray.of(strings, strings),
              () -> ComplexArray.doubles(strings),
              () -> ComplexArray.copy(strings, DataType.FLOAT64),
              () -> ComplexArray.copy(strings, DataType.STRING))) {
        String message = assertThrows(IllegalArgumentException.class, use).getMessage();
        assertTrue(message.contains("string"), message);
      }
    }
  }
}
