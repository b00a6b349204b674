package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state and its conjugate together against Eq. 5 for one of them. */
class PairNormTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void liesBetweenItsLimits(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int channels = random.integer(1, 3);
    DiscreteSsm ssm = TestLayers.random(random, 6, channels, channels, 1e-4).ssm(manager);
    List<PairNorm> pairs = PairNorm.of(ssm, 1e-9);
    assertEquals(6, pairs.size());
    for (PairNorm pair : pairs) {
      // The interval's width.
      assertTrue(pair.ratio() <= pair.most() + 1e-8, pair.toString());
      assertTrue(pair.ratio() >= pair.least() - 1e-8, pair.toString());
    }
  }

  /** Both terms are equal, or cancel. */
  @Test
  void realPolesReachTheLimits() {
    DiscreteSsm ssm =
        DiscreteSsm.singleChannel(
            manager, new double[] {0.99, 0, 1, 0}, new double[] {0.99, 0, 0, 1});
    List<PairNorm> pairs = PairNorm.of(ssm, 1e-9);
    assertEquals(2, pairs.get(0).ratio(), 1e-8);
    assertEquals(2, pairs.get(0).most(), 1e-12);
    assertEquals(0, pairs.get(1).ratio(), 1e-8);
    assertEquals(0, pairs.get(1).least(), 1e-12);
    assertEquals(0, pairs.get(0).fromAxis(), 1e-12);
  }

  @Test
  void distanceIsInMargins() {
    double angle = Math.PI - 0.2;
    DiscreteSsm ssm = DiscreteSsm.singleChannel(manager, new double[] {0.99, -angle, 1, 0});
    PairNorm pair = PairNorm.of(ssm, 1e-9).get(0);
    // The margin has the rounding of |λ̄| = 0.99.
    assertEquals(20, pair.fromAxis(), 1e-11);
    assertEquals(100, pair.single(), 1e-11);
  }

  @Test
  void twoDirectionsAreRefused() {
    RandomSsms random = new RandomSsms(1);
    DiscreteSsm ssm =
        TestLayers.random(random, 2, 1, 1, 0.1).withBackwardC(random.matrix(1, 2, 1)).ssm(manager);
    assertThrows(IllegalArgumentException.class, () -> PairNorm.of(ssm, 1e-9));
  }
}
