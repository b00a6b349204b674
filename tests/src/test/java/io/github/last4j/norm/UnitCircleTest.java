package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals and layers on the unit circle against their recurrences in time. */
class UnitCircleTest {
  private static final int LENGTH = 30;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private NDArray signal(RandomSsms random, int length, int channels) {
    double[] values =
        IntStream.range(0, length * channels).mapToDouble(i -> random.normal()).toArray();
    return manager.create(values, new Shape(length, channels));
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 32, 100})
  void energyIsThatInTime(int count) {
    NDArray u = signal(new RandomSsms(count), LENGTH, 3);
    ComplexArray transform = UnitCircle.transform(u, UnitCircle.upperHalf(manager, count));
    double expected = u.square().sum().getDouble();
    assertEquals(expected, UnitCircle.energy(transform), 1e-12 * expected);
  }

  @Test
  void fewerAnglesThanStepsFoldTheSignal() {
    NDArray u = manager.ones(new Shape(4, 1), DataType.FLOAT64);
    // Steps 0 and 2 meet, 1 and 3 too: two numbers of size two.
    ComplexArray transform = UnitCircle.transform(u, UnitCircle.upperHalf(manager, 2));
    assertEquals(8, UnitCircle.energy(transform), 1e-12);
  }

  @Test
  void circleOfOddSizeIsRefused() {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> UnitCircle.upperHalf(manager, 5));
    assertTrue(refused.getMessage().startsWith("count: "), refused.getMessage());
  }

  /** An impulse goes through the recurrence; the transform of what comes out is zG. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void outputIsTheTransformOfTheRecurrence(int seed) {
    RandomSsms random = new RandomSsms(seed);
    DiscreteSsm ssm = TestLayers.random(random, 4, 2, 3, 0.05).ssm(manager);
    NDArray direction = signal(random, 1, 2);
    // The slowest state, margin 0.05, has e⁻⁵⁰ left.
    NDArray impulse = manager.zeros(new Shape(1, 1000, 2), DataType.FLOAT64);
    impulse.set(new NDIndex("0, 0"), direction.reshape(2));
    NDArray theta = manager.create(new double[] {0, 0.1, 1, Math.PI, 4});
    ComplexArray measured = UnitCircle.transform(ssm.output(impulse).get(0), theta);

    NDArray rows = direction.broadcast(new Shape(5, 2));
    ComplexArray output =
        FrequencyResponse.output(ssm, theta, ComplexArray.of(rows, rows.zerosLike()));
    assertEquals(0, measured.distance(UnitCircle.points(theta).mul(output)), 1e-12);
  }
}
