package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chunked scan is the recurrence, whatever the length. */
class ScanTest {
  private static final int STATES = 5;
  private static final int BATCH = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 64, 65, 97, 128, 196, 784, 997, 1024, 2000})
  void chunkedIsRecurrence(int length) {
    for (Scan.Direction direction : Scan.Direction.values()) {
      assertEquals(0, relativeError(length, direction, DataType.FLOAT64), 1e-12);
      assertEquals(0, relativeError(length, direction, DataType.FLOAT32), 1e-5);
    }
  }

  /** Directions that share their products give what each gives alone. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 65, 97, 784, 1024})
  void bothAtOnceAreEachAlone(int length) {
    Random random = new Random(length);
    try (NDManager manager = NDManager.newBaseManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      ComplexArray poles = poles(manager, random, DataType.FLOAT64);
      TimeLayout layout = TimeLayout.of(length);
      long columns = (long) length * BATCH;
      NDArray rows = draw(manager, random, DataType.FLOAT64, -1, 1, 2 * STATES, columns);
      List<Scan.Direction> directions = List.of(Scan.Direction.BACKWARD, Scan.Direction.FORWARD);
      NDArray together =
          Scan.rows(Scan.Matrices.of(poles, layout, directions), layout, rows, BATCH)
              .reshape(STATES, 2, 2, columns);
      for (int i = 0; i < 2; i++) {
        Scan.Matrices matrices = Scan.Matrices.of(poles, layout, List.of(directions.get(i)));
        NDArray alone = Scan.rows(matrices, layout, rows, BATCH).reshape(STATES, 2, columns);
        NDArray error = together.get(":, {}", i).sub(alone).abs().max();
        assertEquals(0, error.getDouble() / alone.abs().max().getDouble(), 1e-13);
      }
    }
  }

  private static double relativeError(int length, Scan.Direction direction, DataType type) {
    Random random = new Random(length);
    try (NDManager manager = NDManager.newBaseManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      ComplexArray poles = poles(manager, random, type);
      ComplexArray inputs =
          ComplexArray.of(
              draw(manager, random, type, -1, 1, BATCH, length, STATES),
              draw(manager, random, type, -1, 1, BATCH, length, STATES));
      ComplexArray expected = Scan.recurrence(poles, inputs, direction);
      ComplexArray actual = Scan.chunked(poles, inputs, direction);
      return largest(actual.sub(expected)) / largest(expected);
    }
  }

  private static ComplexArray poles(NDManager manager, Random random, DataType type) {
    NDArray decay = draw(manager, random, type, -1, -1e-4, STATES);
    NDArray angle = draw(manager, random, type, -9, 9, STATES);
    return ComplexArray.of(decay, angle).exp();
  }

  private static NDArray draw(
      NDManager manager, Random random, DataType type, double low, double high, long... shape) {
    Shape target = new Shape(shape);
    double[] values = random.doubles(target.size(), low, high).toArray();
    return manager.create(values, target).toType(type, false);
  }

  private static double largest(ComplexArray array) {
    return array.abs().max().toType(DataType.FLOAT64, false).getDouble();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64, 67, 196, 784, 997, 4096, 16000})
  void layoutsArePermutations(int length) {
    TimeLayout layout = TimeLayout.of(length);
    assertTrue(layout.paddedLength() >= length && layout.paddedLength() <= 1.2 * length + 1);
    assertTrue(layout.radices().stream().allMatch(radix -> radix <= 64));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.arange(2f * length * 3).reshape(2, length, 3);
      NDArray arranged = layout.arrange(x);
      assertEquals(new Shape(length, 2, 3), arranged.getShape());
      assertEquals(x, layout.restore(arranged));
    }
  }
}
