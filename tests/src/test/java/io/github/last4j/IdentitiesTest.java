package io.github.last4j;

import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.prune.Scope;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of norms, scores and masks whatever the numbers. */
class IdentitiesTest {
  private static final double TOLERANCE = 1e-12;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  private static Method method(long seed) {
    return seed % 2 == 0 ? Method.ZOH : Method.BILINEAR;
  }

  private double[] norms(ReferenceSsm layer, Method method) {
    return Last.hinfNorm(ReferenceBridge.discrete(manager, List.of(layer), method).get(0))
        .toDoubleArray();
  }

  private double[][] scores(List<ReferenceSsm> layers, Method method) {
    return ReferenceBridge.doubles(
        Last.lastScores(ReferenceBridge.discrete(manager, layers, method)));
  }

  /** Eq. 2 and 5: the norm is the peak over all frequencies, and it stands at the pole's angle. */
  @ParameterizedTest
  @MethodSource("seeds")
  void normIsThePeakOfTheFrequencyResponse(long seed) {
    RandomSsms random = new RandomSsms(seed);
    ReferenceSsm layer = random.layer(4, random.integer(1, 3), false);
    double[] norms = norms(layer, method(seed));
    double[] grid = IntStream.range(0, 2000).mapToDouble(k -> 2 * Math.PI * k / 2000).toArray();
    for (int i = 0; i < norms.length; i++) {
      double peak = 0;
      for (Cplx[][] gain : layer.transfer(i, grid, method(seed))) {
        peak = Math.max(peak, largestSingularValue(gain));
      }
      assertTrue(peak <= norms[i] * (1 + 1e-10), "a gain of " + peak + " exceeds " + norms[i]);
      double[] angle = {layer.lambdaBar(i, method(seed)).arg()};
      double atPole = largestSingularValue(layer.transfer(i, angle, method(seed)).get(0));
      // The transfer matrix is computed from lambdaBar, which has lost digits of 1 - |lambdaBar|.
      double lost = 1e-15 / layer.margin(i, method(seed));
      assertClose(atPole, norms[i], 1e-10 + lost, "the gain at the pole's angle");
    }
  }

  /** By power iteration, which one step ends for a matrix of rank one. */
  private static double largestSingularValue(Cplx[][] g) {
    Cplx[] v = new Cplx[g[0].length];
    for (int j = 0; j < v.length; j++) {
      v[j] = new Cplx(1, 0.3 * j);
    }
    double sigma = 0;
    for (int round = 0; round < 3; round++) {
      Cplx[] u = new Cplx[g.length];
      for (int r = 0; r < u.length; r++) {
        u[r] = Cplx.ZERO;
        for (int j = 0; j < v.length; j++) {
          u[r] = u[r].plus(g[r][j].times(v[j]));
        }
      }
      sigma = norm(u) / norm(v);
      for (int j = 0; j < v.length; j++) {
        v[j] = Cplx.ZERO;
        for (int r = 0; r < u.length; r++) {
          v[j] = v[j].plus(g[r][j].conjugate().times(u[r]));
        }
      }
    }
    return sigma;
  }

  private static double norm(Cplx[] v) {
    double sum = 0;
    for (Cplx entry : v) {
      sum = Math.hypot(sum, entry.abs());
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void scalingCScalesNormsAndNoScores(long seed) {
    RandomSsms random = new RandomSsms(seed);
    ReferenceSsm layer = random.layer(15, 2, random.chance(0.5));
    ReferenceSsm other = random.layer(8, 2, false);
    double[] norms = norms(layer, method(seed));
    double[][] scores = scores(List.of(layer, other), method(seed));
    for (double a : new double[] {-3, 1e-120, 1e120, 0.7, Math.PI}) {
      ReferenceSsm scaled = layer.scaleC(a);
      double[] expected = new double[norms.length];
      for (int i = 0; i < norms.length; i++) {
        expected[i] = Math.abs(a) * norms[i];
      }
      assertClose(expected, norms(scaled, method(seed)), TOLERANCE, "norms times " + a);
      double[][] again = scores(List.of(scaled, other), method(seed));
      assertClose(scores[0], again[0], TOLERANCE, "scores times " + a);
      assertArrayEquals(scores[1], again[1], "the other layer's scores");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void permutingStatesPermutesNormsAndScores(long seed) {
    RandomSsms random = new RandomSsms(seed);
    ReferenceSsm layer = random.layer(random.integer(2, 50), 3, random.chance(0.5));
    int[] order = random.permutation(layer.states());
    double[] norms = norms(layer, method(seed));
    double[] scores = scores(List.of(layer), method(seed))[0];
    double[] expectedNorms = new double[order.length];
    double[] expectedScores = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      expectedNorms[i] = norms[order[i]];
      expectedScores[i] = scores[order[i]];
    }
    ReferenceSsm permuted = layer.select(order);
    assertClose(expectedNorms, norms(permuted, method(seed)), TOLERANCE, "norms");
    assertClose(expectedScores, scores(List.of(permuted), method(seed))[0], TOLERANCE, "scores");
  }

  /** A layer's best scores 1, all others at most 1/2, and a lower norm never scores higher. */
  @ParameterizedTest
  @MethodSource("seeds")
  void scoresFollowNorms(long seed) {
    ReferenceSsm layer = new RandomSsms(seed).layer(30, 2, false);
    double[] norms = norms(layer, method(seed));
    double[] scores = scores(List.of(layer), method(seed))[0];
    int best = 0;
    for (int i = 0; i < norms.length; i++) {
      best = norms[i] > norms[best] ? i : best;
      for (int j = 0; j < norms.length; j++) {
        assertTrue(norms[i] <= norms[j] || scores[i] >= scores[j], "order of " + i + " and " + j);
      }
    }
    for (int i = 0; i < norms.length; i++) {
      assertTrue(i == best ? scores[i] == 1 : scores[i] <= 0.5, "score " + scores[i]);
    }
  }

  /** A higher ratio only removes more, the count is exact, and every layer keeps a state. */
  @ParameterizedTest
  @MethodSource("seeds")
  void masksNestAndCountExactly(long seed) {
    List<ReferenceSsm> layers = new RandomSsms(seed).model(40);
    int total = layers.stream().mapToInt(ReferenceSsm::states).sum();
    NDList scores = Last.lastScores(ReferenceBridge.discrete(manager, layers, method(seed)));
    for (Scope scope : Scope.values()) {
      boolean[][] wider = null;
      for (int percent = 0; percent <= 100; percent++) {
        boolean[][] masks =
            ReferenceBridge.booleans(Last.pruneMasks(scores, percent / 100.0, scope));
        int count = 0;
        for (int l = 0; l < masks.length; l++) {
          int kept = 0;
          for (int i = 0; i < masks[l].length; i++) {
            kept += masks[l][i] ? 1 : 0;
            assertTrue(
                wider == null || wider[l][i] || !masks[l][i],
                "a state came back at " + percent + " %");
          }
          assertTrue(kept >= 1, "layer " + l + " lost all at " + percent + " %");
          if (scope == Scope.UNIFORM) {
            assertEquals(Math.max(1, masks[l].length * (100 - percent) / 100), kept);
          }
          count += kept;
        }
        if (scope == Scope.GLOBAL) {
          assertEquals(Math.max(masks.length, total * (100 - percent) / 100), count);
        }
        wider = masks;
      }
    }
  }
}
