package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.TestLayers.Layer;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.store.MatrixStore;

/**
 * Gramians by their equations, H2 by Parseval's theorem, Hankel singular values by their bounds.
 */
class GramiansTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static double largest(MatrixStore<Double> matrix) {
    double largest = 0;
    for (long i = 0; i < matrix.count(); i++) {
      largest = Math.max(largest, Math.abs(matrix.doubleValue(i)));
    }
    return largest;
  }

  static void assertLyapunov(Gramians g) {
    MatrixStore<Double> p = g.controllability();
    MatrixStore<Double> input = g.b().multiply(g.b().transpose());
    MatrixStore<Double> moved = g.a().multiply(p).multiply(g.a().transpose());
    assertTrue(largest(p.subtract(moved).subtract(input)) <= 1e-13 * largest(p));
    MatrixStore<Double> q = g.observability();
    MatrixStore<Double> output = g.c().transpose().multiply(g.c());
    MatrixStore<Double> back = g.a().transpose().multiply(q).multiply(g.a());
    assertTrue(largest(q.subtract(back).subtract(output)) <= 1e-13 * largest(q));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void solveTheirEquations(int seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 12);
    Layer layer = TestLayers.random(random, n, 3, 2, 1e-6).withBackwardC(random.matrix(2, n, 1));
    assertLyapunov(Gramians.of(layer.ssm(manager)));
    assertLyapunov(Gramians.backward(layer.ssm(manager)));
  }

  /** H2² is the mean square of the gain over the circle. */
  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void parseval(boolean bidirectional, boolean feedthrough) {
    RandomSsms random = new RandomSsms(8);
    Layer layer = TestLayers.random(random, 9, 5, 5, 2e-2);
    if (bidirectional) {
      layer = layer.withBackwardC(random.matrix(5, 9, 1));
    }
    if (feedthrough) {
      layer = layer.withD(1, -2, 0, 4, 0.5);
    }
    double expected = Math.sqrt(layer.meanSquare(8192));
    assertEquals(expected, SystemNorms.h2(layer.ssm(manager)), 1e-12 * expected);
  }

  /** For one real pole 4(cb)²/(1-λ̄²), also near the circle. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 1e-3, 1e-9})
  void energyOfARealPole(double margin) {
    Layer layer = TestLayers.scalar(margin, 0, new Cplx(3, 0), new Cplx(5, 0));
    double expected = 30 / Math.sqrt(margin * (2 - margin));
    assertEquals(expected, SystemNorms.h2(layer.ssm(manager)), 1e-14 * expected);
  }

  /** One real pole has σ₁ = 2|cb| λ̄/(1-λ̄²), and its second real state none. */
  @Test
  void hankelOfARealPole() {
    Layer layer = TestLayers.scalar(0.5, 0, new Cplx(3, 0), new Cplx(5, 0));
    double[] values = HankelSingularValues.of(layer.ssm(manager));
    assertEquals(2, values.length);
    assertEquals(20, values[0], 1e-12);
    assertEquals(0, values[1], 1e-7);
  }

  /**
   * σ₁ ≤ ‖G - G(∞)‖∞ ≤ 2Σσ, where G(∞) is the present input's part; and what remains after pruning
   * r pairs is never below σ at 2(n-r)+1.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void boundTheNorm(int seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = 8;
    Layer layer = TestLayers.random(random, n, 3, 3, 1e-2);
    double[] values = HankelSingularValues.of(layer.ssm(manager));
    for (int i = 1; i < values.length; i++) {
      assertTrue(values[i] <= values[i - 1]);
    }
    // C A z⁻¹ for C: the layer without its present input has the same gains as one with C A.
    Cplx[][] shifted = new Cplx[3][n];
    for (int r = 0; r < 3; r++) {
      for (int i = 0; i < n; i++) {
        shifted[r][i] = layer.c[r][i].times(Cplx.polar(1 - layer.poles[i][0], layer.poles[i][1]));
      }
    }
    HinfNorm norm =
        SystemNorms.hinf(new Layer(layer.poles, layer.b, shifted, null, null).ssm(manager), 1e-6);
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    assertTrue(values[0] <= norm.upper() && norm.lower() <= 2 * sum);
    for (int kept = 0; kept < n; kept++) {
      int[] removed = IntStream.range(kept, n).toArray();
      HinfNorm error = SystemNorms.hinf(layer.select(removed).ssm(manager), 1e-6);
      double floor = values[2 * kept];
      assertTrue(floor <= error.upper() * (1 + 1e-9), floor + " against " + error);
    }
  }
}
