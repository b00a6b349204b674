package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Balanced truncation errs between the Hankel floor and twice the tail. */
class BalancedTruncationTest {
  private static final NDManager MANAGER = NDManager.newBaseManager();

  @AfterAll
  static void close() {
    MANAGER.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void errsBetweenFloorAndTwiceTheTail(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 6);
    DiscreteSsm layer =
        TestLayers.random(random, n, random.integer(1, 4), random.integer(1, 4), 1e-3).ssm(MANAGER);
    double[] sigma = HankelSingularValues.of(layer);
    // Values below are not told from rounding, nor are their directions.
    double rounding = 1e-7 * sigma[0];
    for (int order = 0; order < 2 * n && (order == 0 || sigma[order - 1] > rounding); order++) {
      double tail = 0;
      for (int i = order; i < 2 * n; i++) {
        tail += sigma[i];
      }
      double error = SystemNorms.hinf(BalancedTruncation.error(layer, order), 1e-9).upper();
      assertTrue(error >= sigma[order] * (1 - 1e-8) - rounding, order + ": " + error);
      assertTrue(error <= 2 * tail * (1 + 1e-8) + rounding, order + ": " + error + " > " + tail);
    }
  }

  @Test
  void orderZeroLeavesTheResponseToThePresentInput() {
    // 1/(1 - 0.8/z), a real pole as half a pair: less 1 it is largest at z = 1.
    DiscreteSsm layer = TestLayers.scalar(0.2, 0, new Cplx(1, 0), new Cplx(0.5, 0)).ssm(MANAGER);
    HinfNorm error = SystemNorms.hinf(BalancedTruncation.error(layer, 0), 1e-9);
    assertEquals(1 / 0.2 - 1, error.upper(), 1e-8);
    // A real pole has one state: order one is exact.
    HinfNorm exact = SystemNorms.hinf(BalancedTruncation.error(layer, 1), 1e-9);
    assertEquals(0, exact.upper(), 1e-7);
  }

  @Test
  void refusesOtherOrdersAndTwoDirections() {
    TestLayers.Layer layer = TestLayers.scalar(0.2, 1, new Cplx(1, 0), new Cplx(0.5, 0));
    DiscreteSsm one = layer.ssm(MANAGER);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> BalancedTruncation.error(one, 2));
    assertTrue(error.getMessage().contains("order: expected a number from 0 to 1, got 2"));
    assertThrows(IllegalArgumentException.class, () -> BalancedTruncation.error(one, -1));
    DiscreteSsm both = layer.withBackwardC(layer.c).ssm(MANAGER);
    assertThrows(IllegalArgumentException.class, () -> BalancedTruncation.error(both, 1));
  }
}
