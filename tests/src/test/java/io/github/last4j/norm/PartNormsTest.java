package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.StateSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part of a layer is a layer. */
class PartNormsTest {
  private static final NDManager MANAGER = NDManager.newBaseManager();

  @AfterAll
  static void close() {
    MANAGER.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void agreesWithTheNormOfTheLayerOfThoseStates(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 7);
    int channels = random.integer(1, 4);
    TestLayers.Layer layer = TestLayers.random(random, n, channels, channels, 1e-5);
    if (random.chance(0.5)) {
      layer = layer.withBackwardC(random.matrix(channels, n, 1));
    }
    int[] part = IntStream.range(0, n).filter(i -> i == 0 || random.chance(0.5)).toArray();
    HinfNorm expected = SystemNorms.hinf(layer.select(part).ssm(MANAGER), 1e-9);
    // A feedthrough of the layer is none of its parts'.
    double[] feedthrough = IntStream.range(0, channels).mapToDouble(i -> 100).toArray();
    PartNorms norms = PartNorms.of(layer.withD(feedthrough).ssm(MANAGER));
    StateSet states = StateSet.of(n, part);
    HinfNorm actual = norms.hinf(states, 1e-6);
    assertTrue(actual.lower() <= expected.upper(), actual + " above " + expected);
    assertTrue(actual.upper() >= expected.lower(), actual + " below " + expected);
    assertTrue(actual.tolerance() <= 1e-6, actual.toString());
    double reached = norms.reached(states);
    assertTrue(reached <= expected.upper(), reached + " above " + expected);
    // One pair has few places for a peak: there the climb finds it.
    if (part.length == 1) {
      assertEquals(expected.upper(), reached, 1e-6 * expected.upper());
    }
  }

  @Test
  void noStatesHaveNoGain() {
    PartNorms norms =
        PartNorms.of(TestLayers.scalar(0.1, 1, new Cplx(1, 0), new Cplx(1, 0)).ssm(MANAGER));
    assertEquals(0, norms.reached(StateSet.none(1)));
    assertEquals(0, norms.hinf(StateSet.none(1), 1e-6).upper());
    assertEquals(1, norms.states());
  }

  @Test
  void refusesStatesThatAreNot() {
    PartNorms norms =
        PartNorms.of(TestLayers.scalar(0.1, 1, new Cplx(1, 0), new Cplx(1, 0)).ssm(MANAGER));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> norms.hinf(StateSet.of(2, 1), 1e-6));
    assertTrue(error.getMessage().contains("part: expected some of 1 states, got some of 2"));
    assertThrows(IllegalArgumentException.class, () -> norms.reached(StateSet.all(2)));
    assertThrows(IllegalArgumentException.class, () -> norms.hinf(StateSet.none(1), 0));
  }
}
