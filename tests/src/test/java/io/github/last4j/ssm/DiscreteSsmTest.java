package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Last;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.Scan.Direction;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer's output is the sum of what its parts put out, and linear in B̄ and C. */
class DiscreteSsmTest {
  private static final int STATES = 7;
  private static final int CHANNELS = 3;
  // Of the largest output: sums in another order.
  private static final double TOLERANCE = 1e-12;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private DiscreteSsm layer(long seed, boolean bidirectional) {
    RandomSsms random = new RandomSsms(seed);
    DiagonalSsm ssm = ReferenceBridge.ssm(manager, random.layer(STATES, CHANNELS, bidirectional));
    return Last.discretize(ssm).withFeedthrough(normal(random, CHANNELS));
  }

  private NDArray normal(RandomSsms random, long... shape) {
    Shape target = new Shape(shape);
    double[] values =
        IntStream.range(0, (int) target.size()).mapToDouble(i -> random.normal()).toArray();
    return manager.create(values, target);
  }

  private static void assertSignals(NDArray expected, NDArray actual) {
    double[] values = expected.toDoubleArray();
    double scale = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    assertArrayEquals(values, actual.toDoubleArray(), TOLERANCE * scale);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void directionsAndFeedthroughAddUp(long seed) {
    DiscreteSsm layer = layer(seed, true);
    NDArray u = normal(new RandomSsms(seed + 10), 2, 50, CHANNELS);
    NDArray forward = layer.direction(Direction.FORWARD).output(u);
    // As a causal layer it reads the sequence from its end.
    NDArray backward = layer.direction(Direction.BACKWARD).output(u.flip(1)).flip(1);
    NDArray states = layer.withoutFeedthrough().output(u);
    assertSignals(states, forward.add(backward));
    assertSignals(layer.output(u), states.add(u.mul(layer.feedthrough().orElseThrow())));
    assertTrue(layer.direction(Direction.BACKWARD).backwardC().isEmpty());
    assertTrue(layer.direction(Direction.FORWARD).feedthrough().isEmpty());
    assertSame(layer.margin(), layer.direction(Direction.BACKWARD).margin());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void statesAddUp(boolean bidirectional) {
    DiscreteSsm layer = layer(5, bidirectional).withoutFeedthrough();
    NDArray u = normal(new RandomSsms(6), 1, 40, CHANNELS);
    NDArray whole = layer.output(u);
    StateSet some = StateSet.of(STATES, 0, 3, 4);
    assertSignals(whole, layer.keep(some).output(u).add(layer.keep(some.complement()).output(u)));
    assertSignals(whole, layer.keep(StateSet.all(STATES)).output(u));
  }

  @Test
  void outputsAreLinearInTheMatrices() {
    RandomSsms random = new RandomSsms(7);
    DiscreteSsm layer = layer(7, false).withoutFeedthrough();
    NDArray u = normal(random, 1, 40, CHANNELS);
    ComplexArray c =
        ComplexArray.of(normal(random, CHANNELS, STATES), normal(random, CHANNELS, STATES));
    ComplexArray b =
        ComplexArray.of(normal(random, STATES, CHANNELS), normal(random, STATES, CHANNELS));
    NDArray y = layer.output(u);
    assertSignals(layer.withC(layer.c().add(c)).output(u), y.add(layer.withC(c).output(u)));
    assertSignals(
        layer.withBBar(layer.bBar().add(b)).output(u), y.add(layer.withBBar(b).output(u)));
    // A backward matrix leaves the forward one as it is.
    NDArray backward = layer.withC(c).output(u.flip(1)).flip(1);
    assertSignals(layer.withBackwardC(c).output(u), y.add(backward));
    assertSignals(layer.withBackwardC(c).withC(layer.c().mul(0)).output(u), backward);
  }

  private static void assertRejected(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    DiscreteSsm layer = layer(8, false);
    ComplexArray wrong =
        ComplexArray.of(
            manager.zeros(new Shape(2, 2), DataType.FLOAT64),
            manager.zeros(new Shape(2, 2), DataType.FLOAT64));
    assertRejected("c: ", () -> layer.withC(wrong));
    assertRejected("bBar: ", () -> layer.withBBar(wrong));
    assertRejected("backwardC: ", () -> layer.withBackwardC(wrong));
    assertRejected("feedthrough: ", () -> layer.withFeedthrough(wrong.real()));
    assertRejected("direction: ", () -> layer.direction(Direction.BACKWARD));
    assertRejected("states: ", () -> layer.keep(StateSet.none(STATES)));
    assertRejected("states: ", () -> layer.keep(StateSet.all(STATES + 1)));
  }

  /** Time constants are where the power of the pole is 1/e. */
  @Test
  void timeConstants() {
    DiscreteSsm layer = layer(9, false);
    double[] radius = layer.lambdaBar().abs().toDoubleArray();
    double[] margin = layer.margin().toDoubleArray();
    double[] constants = layer.timeConstants();
    for (int i = 0; i < STATES; i++) {
      // A radius near one has lost the digits that the margin has.
      double tolerance = 1e-12 + 1e-15 / margin[i];
      assertEquals(1, constants[i] * -Math.log(radius[i]), tolerance);
    }
  }
}
