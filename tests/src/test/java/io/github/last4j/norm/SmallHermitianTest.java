package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jacobi and Cholesky on Hermitian matrices agree on where the largest eigenvalue lies. */
class SmallHermitianTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 14})
  void choleskySeesTheLargestEigenvalue(int n) {
    Cplx[][] x = new RandomSsms(n).matrix(n, n, 1);
    double[][] re = new double[n][n];
    double[][] im = new double[n][n];
    double[] flatRe = new double[n * n];
    double[] flatIm = new double[n * n];
    double trace = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        re[i][k] = x[i][k].re() + x[k][i].re();
        im[i][k] = x[i][k].im() - x[k][i].im();
        flatRe[i * n + k] = re[i][k];
        flatIm[i * n + k] = im[i][k];
      }
      trace += re[i][i];
    }
    double left = SmallHermitian.diagonalize(n, 0, re, im, new double[n][n], new double[n][n]);
    assertEquals(0, left, 1e-12);
    double largest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, re[i][i]);
      sum += re[i][i];
    }
    assertEquals(trace, sum, 1e-12 * n);
    double step = 1e-11 * (1 + Math.abs(largest));
    assertEquals(true, SmallHermitian.below(n, flatRe, flatIm, largest + step));
    assertEquals(false, SmallHermitian.below(n, flatRe, flatIm, largest - step));
  }
}
