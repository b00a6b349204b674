package io.github.last4j.complex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

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
}
