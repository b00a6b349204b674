package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.reference.RandomSsms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds from a subspace on matrices with known eigenvalues. */
class SubspaceTest {
  /** H = QΛQ with a reflection Q, so that the eigenvalues are those given. */
  private static Subspace.Operator operator(double[] q, double[] values) {
    return new Subspace.Operator() {
      @Override
      public int projections() {
        return q.length;
      }

      @Override
      public void project(double[] xRe, double[] xIm, double[] toRe, double[] toIm) {
        System.arraycopy(reflect(q, xRe), 0, toRe, 0, q.length);
        System.arraycopy(reflect(q, xIm), 0, toIm, 0, q.length);
      }

      @Override
      public void expand(
          double[] xRe,
          double[] xIm,
          double[] fromRe,
          double[] fromIm,
          double[] yRe,
          double[] yIm) {
        for (double[][] part : new double[][][] {{fromRe, yRe}, {fromIm, yIm}}) {
          double[] y = part[0].clone();
          for (int i = 0; i < y.length; i++) {
            y[i] *= values[i];
          }
          System.arraycopy(reflect(q, y), 0, part[1], 0, y.length);
        }
      }
    };
  }

  private static double[] reflect(double[] q, double[] x) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < q.length; i++) {
      product += q[i] * x[i];
      square += q[i] * q[i];
    }
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] - 2 * product / square * q[i];
    }
    return y;
  }

  /** Whatever the subspace, the bound holds; after some steps it is sharp. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void boundHoldsAndBecomesSharp(int seed) {
    RandomSsms random = new RandomSsms(seed);
    int size = random.integer(12, 40);
    double[] q = new double[size];
    double[] values = new double[size];
    double squares = 0;
    for (int i = 0; i < size; i++) {
      q[i] = random.normal();
      values[i] = 0.1 * random.normal();
    }
    // Two eigenvalues of equal size, which one direction more does not tell apart quickly.
    values[0] = 1;
    values[1] = 0.6;
    values[2] = -0.599;
    values[3] = 0.598;
    double largest = 0;
    for (double value : values) {
      squares += value * value;
      largest = Math.max(largest, value);
    }
    Subspace subspace = new Subspace(size, 3, 8, operator(q, values));
    for (int step = 0; step < 40; step++) {
      subspace.product(1e-14);
      double rest = Math.sqrt(Math.max(0, squares - subspace.squares()) + 1e-13 * squares);
      double bound = subspace.bound(rest);
      assertTrue(bound >= largest * (1 - 1e-12), () -> bound + "");
      assertTrue(bound <= Subspace.larger(subspace.top(), subspace.residual(), rest) * (1 + 1e-12));
      subspace.rotate();
      subspace.advance();
      if (step == 20) {
        subspace.grow(2);
      }
    }
    subspace.product(1e-14);
    double rest = Math.sqrt(Math.max(0, squares - subspace.squares()) + 1e-13 * squares);
    assertEquals(largest, subspace.bound(rest), 1e-9);
  }
}
