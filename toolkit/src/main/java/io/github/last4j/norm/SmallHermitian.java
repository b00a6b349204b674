package io.github.last4j.norm;

/** Eigenvalues of small Hermitian matrices by Jacobi's rotations, and Cholesky's test. */
final class SmallHermitian {
  private SmallHermitian() {}

  /**
   * Diagonalises a Hermitian matrix in place by rotations A ← W*AW, which it also puts into W.
   *
   * @param negligible elements that stay as they are
   * @return the largest row sum of what remains off the diagonal: by Gershgorin's theorem, how far
   *     an eigenvalue may lie from the diagonal
   */
  static double diagonalize(
      int n, double negligible, double[][] re, double[][] im, double[][] wRe, double[][] wIm) {
    for (int i = 0; i < n; i++) {
      java.util.Arrays.fill(wRe[i], 0, n, 0);
      java.util.Arrays.fill(wIm[i], 0, n, 0);
      wRe[i][i] = 1;
    }
    for (int sweep = 0; sweep < 30; sweep++) {
      boolean done = true;
      for (int i = 0; i < n; i++) {
        for (int k = i + 1; k < n; k++) {
          double off = Math.sqrt(re[i][k] * re[i][k] + im[i][k] * im[i][k]);
          if (off > negligible + 1e-17 * (Math.abs(re[i][i]) + Math.abs(re[k][k]))) {
            done = false;
            rotate(n, i, k, off, re, im, wRe, wIm);
          }
        }
      }
      if (done) {
        break;
      }
    }
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        sum += k == i ? 0 : Math.sqrt(re[i][k] * re[i][k] + im[i][k] * im[i][k]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private static void rotate(
      int n,
      int i,
      int k,
      double off,
      double[][] re,
      double[][] im,
      double[][] wRe,
      double[][] wIm) {
    double ratio = (re[k][k] - re[i][i]) / (2 * off);
    double t = Math.copySign(1, ratio) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
    double c = 1 / Math.sqrt(1 + t * t);
    double s = t * c;
    // The phase of A[i][k]; the column k is turned by its conjugate first.
    double pr = re[i][k] / off;
    double pi = im[i][k] / off;
    columns(n, i, k, c, s, pr, pi, re, im);
    columns(n, i, k, c, s, pr, pi, wRe, wIm);
    for (int j = 0; j < n; j++) {
      double ar = re[i][j];
      double ai = im[i][j];
      double br = pr * re[k][j] - pi * im[k][j];
      double bi = pr * im[k][j] + pi * re[k][j];
      re[i][j] = c * ar - s * br;
      im[i][j] = c * ai - s * bi;
      re[k][j] = s * ar + c * br;
      im[k][j] = s * ai + c * bi;
    }
    im[i][i] = 0;
    im[k][k] = 0;
  }

  private static void columns(
      int n, int i, int k, double c, double s, double pr, double pi, double[][] re, double[][] im) {
    for (int j = 0; j < n; j++) {
      double ar = re[j][i];
      double ai = im[j][i];
      double br = pr * re[j][k] + pi * im[j][k];
      double bi = pr * im[j][k] - pi * re[j][k];
      re[j][i] = c * ar - s * br;
      im[j][i] = c * ai - s * bi;
      re[j][k] = s * ar + c * br;
      im[j][k] = s * ai + c * bi;
    }
  }

  /** G*G, lower triangle. */
  record Gram(int size, Lower lower) {
    /** Whether it is below γ²I, see {@link SmallHermitian#below}. */
    boolean below(double shift) {
      return SmallHermitian.below(size, lower.re, lower.im, shift);
    }
  }

  /** Rows of a matrix of which the lower triangle counts. */
  static final class Lower {
    private final double[] re;
    private final double[] im;

    Lower(int size) {
      re = new double[size * size];
      im = new double[size * size];
    }
  }

  /** G*G of a matrix in rows. */
  static Gram gram(int rows, int columns, double[] gRe, double[] gIm) {
    Lower lower = new Lower(columns);
    for (int o = 0; o < rows; o++) {
      int at = o * columns;
      for (int i = 0; i < columns; i++) {
        double r = gRe[at + i];
        double s = gIm[at + i];
        int row = i * columns;
        for (int k = 0; k <= i; k++) {
          lower.re[row + k] += r * gRe[at + k] + s * gIm[at + k];
          lower.im[row + k] += r * gIm[at + k] - s * gRe[at + k];
        }
      }
    }
    return new Gram(columns, lower);
  }

  /**
   * Whether Cholesky's algorithm on shift·I - H, H Hermitian (lower triangle in rows), meets only
   * positive pivots. With a shift lowered by 4(n+1)·eps·trace before, this proves that shift·I - H
   * is positive definite (Rump's test).
   */
  static boolean below(int n, double[] hRe, double[] hIm, double shift) {
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += Math.abs(shift - hRe[i * n + i]);
    }
    double lowered = shift - 4.0 * (n + 2) * 0x1p-52 * trace;
    // Right-looking on -H, columns in rows of the arrays: L[j] holds column j from row j on.
    double[] re = new double[n * n];
    double[] im = new double[n * n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        re[j * n + i] = -hRe[i * n + j];
        im[j * n + i] = -hIm[i * n + j];
      }
      re[j * n + j] += lowered;
    }
    for (int j = 0; j < n; j++) {
      double pivot = re[j * n + j];
      if (!(pivot > 0)) {
        return false;
      }
      double root = 1 / Math.sqrt(pivot);
      for (int i = j; i < n; i++) {
        re[j * n + i] *= root;
        im[j * n + i] *= root;
      }
      for (int k = j + 1; k < n; k++) {
        // Column k minus column j times the conjugate of L[k][j].
        update(re, im, j * n, k * n, k, n, re[j * n + k], im[j * n + k]);
      }
    }
    return true;
  }

  private static void update(
      double[] re, double[] im, int from, int to, int first, int n, double lr, double li) {
    for (int i = first; i < n; i++) {
      re[to + i] -= re[from + i] * lr + im[from + i] * li;
      im[to + i] -= im[from + i] * lr - re[from + i] * li;
    }
  }
}
