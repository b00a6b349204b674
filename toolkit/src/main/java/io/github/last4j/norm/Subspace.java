package io.github.last4j.norm;

import java.util.Arrays;

/**
 * Subspace iteration on a Hermitian matrix that is known by its products.
 *
 * <p>With an orthonormal V the matrix has, in the basis (V, V⊥), the blocks A = V*HV, R = HV - VA
 * and a last one F. {@link #product} computes A's eigenvalues, ‖R‖ and ‖A‖<sub>F</sub>; what
 * remains of a known trace or Frobenius norm bounds F, and the three bound the largest eigenvalue.
 * As long as V stays, a product at another frequency costs half.
 */
final class Subspace {
  /** y = Hx on complex vectors, H depending on a frequency. */
  interface Operator {
    /** How many numbers {@link #project} makes. */
    int projections();

    /** The first half of Hx, which does not depend on the frequency. */
    void project(double[] xRe, double[] xIm, double[] toRe, double[] toIm);

    /** The other half, from what {@link #project} made of x. */
    void expand(
        double[] xRe, double[] xIm, double[] fromRe, double[] fromIm, double[] yRe, double[] yIm);
  }

  /** How many Ritz vectors {@link #bound} takes singly. */
  private static final int SINGLE = 3;

  private final int size;
  private final int most;
  private final Operator operator;
  private final double[][] vRe;
  private final double[][] vIm;
  private final double[][] yRe;
  private final double[][] yIm;
  private final double[][] projectedRe;
  private final double[][] projectedIm;
  private final double[][] turned;
  private final double[][] aRe;
  private final double[][] aIm;
  private final double[][] wRe;
  private final double[][] wIm;
  private final int[] order;
  private final double[] values;
  private int rank;

  /** Whether V is still what was projected. */
  private boolean isProjected;

  private long seed = 88172645463325252L;

  private double top;
  private double trace;
  private double residual;
  private double squares;
  private double least;
  private double uncertainty;
  private double allowance;

  /** Counts products with V, for benchmarks. */
  int products;

  /**
   * A random subspace.
   *
   * @param size the dimension of the whole space
   * @param start the dimension to start with; the whole space if it is not smaller
   * @param most the largest dimension to grow to
   */
  Subspace(int size, int start, int most, Operator operator) {
    this.size = size;
    this.most = Math.min(size, most);
    this.operator = operator;
    vRe = new double[this.most][size];
    vIm = new double[this.most][size];
    yRe = new double[this.most][size];
    yIm = new double[this.most][size];
    projectedRe = new double[this.most][operator.projections()];
    projectedIm = new double[this.most][operator.projections()];
    turned = new double[2 * this.most][Math.max(size, operator.projections())];
    aRe = new double[this.most][this.most];
    aIm = new double[this.most][this.most];
    wRe = new double[this.most][this.most];
    wIm = new double[this.most][this.most];
    order = new int[this.most];
    values = new double[this.most];
    rank = Math.min(start, this.most);
    if (rank == size) {
      for (int i = 0; i < rank; i++) {
        vRe[i][i] = 1;
      }
    } else {
      for (int i = 0; i < rank; i++) {
        randomize(yRe[i], yIm[i]);
      }
      advance();
    }
  }

  boolean isWhole() {
    return rank == size;
  }

  boolean isLargest() {
    return rank == most;
  }

  int rank() {
    return rank;
  }

  /** An upper bound of A's largest eigenvalue, from the last product. */
  double top() {
    return top;
  }

  /** A's trace. */
  double trace() {
    return trace;
  }

  /** An upper bound of ‖R‖. */
  double residual() {
    return residual;
  }

  /** ‖A‖<sub>F</sub>² + 2‖R‖<sub>F</sub>²: what ‖H‖<sub>F</sub>² has outside F. */
  double squares() {
    return squares;
  }

  /** The eigenvalue of A that is least in size. */
  double least() {
    return least;
  }

  /** The real part of the first vector, after {@link #rotate}. */
  double[] firstRe() {
    return vRe[0];
  }

  double[] firstIm() {
    return vIm[0];
  }

  /**
   * Y = HV and the eigenvalues of A; ‖R‖² = ‖Y‖² - ‖A‖² with an allowance for its cancellation. V
   * stays as it is until {@link #rotate}.
   *
   * @param accuracy how far, relative to its size, the largest eigenvalue of A may be overestimated
   */
  void product(double accuracy) {
    products += rank;
    double all = 0;
    for (int i = 0; i < rank; i++) {
      apply(i, isProjected);
      all += dot(yRe[i], yRe[i]) + dot(yIm[i], yIm[i]);
    }
    isProjected = true;
    squares = 0;
    double largest = 0;
    for (int i = 0; i < rank; i++) {
      for (int k = 0; k <= i; k++) {
        double re = dot(vRe[i], yRe[k]) + dot(vIm[i], yIm[k]);
        double im = k == i ? 0 : dot(vRe[i], yIm[k]) - dot(vIm[i], yRe[k]);
        aRe[i][k] = re;
        aIm[i][k] = im;
        aRe[k][i] = re;
        aIm[k][i] = -im;
        squares += (k == i ? 1 : 2) * (re * re + im * im);
      }
      largest = Math.max(largest, Math.abs(aRe[i][i]));
    }
    double off = SmallHermitian.diagonalize(rank, accuracy * largest, aRe, aIm, wRe, wIm);
    top = Double.NEGATIVE_INFINITY;
    trace = 0;
    least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < rank; i++) {
      top = Math.max(top, aRe[i][i]);
      trace += aRe[i][i];
      if (Math.abs(aRe[i][i]) < Math.abs(least)) {
        least = aRe[i][i];
      }
    }
    uncertainty = off + 1e-14 * largest;
    top += uncertainty;
    allowance = 1e-13 * all;
    residual = Math.sqrt(Math.max(0, all - squares) + allowance);
    squares = 2 * all - squares;
  }

  private void apply(int i, boolean known) {
    if (!known) {
      operator.project(vRe[i], vIm[i], projectedRe[i], projectedIm[i]);
    }
    operator.expand(vRe[i], vIm[i], projectedRe[i], projectedIm[i], yRe[i], yIm[i]);
  }

  /**
   * An upper bound of H's largest eigenvalue from the last product.
   *
   * <p>With A diagonal, H without the first Ritz vectors has the blocks diag(λ), their part of R
   * and F, and is at most some g; with the vector of λ and r = ‖Rw‖ it is then at most the larger
   * eigenvalue of [λ, r; r, g]. So the slow vectors of a cluster further down do not spoil what is
   * known of the first one.
   *
   * @param rest an upper bound of ‖F‖
   */
  double bound(double rest) {
    double bound = larger(top, residual, rest);
    int count = Math.min(SINGLE, rank);
    int[] first = new int[count + 1];
    double[] coupling = new double[count];
    boolean[] taken = new boolean[rank];
    for (int j = 0; j <= count; j++) {
      first[j] = -1;
      for (int i = 0; i < rank; i++) {
        if (!taken[i] && (first[j] < 0 || aRe[i][i] > aRe[first[j]][first[j]])) {
          first[j] = i;
        }
      }
      if (first[j] >= 0) {
        taken[first[j]] = true;
      }
      if (j < count) {
        coupling[j] = coupling(first[j]);
      }
      double below =
          first[j] < 0 ? rest : larger(aRe[first[j]][first[j]] + uncertainty, residual, rest);
      for (int k = j - 1; k >= 0; k--) {
        below = larger(aRe[first[k]][first[k]] + uncertainty, coupling[k], below);
      }
      bound = Math.min(bound, below);
    }
    return bound;
  }

  /** ‖Rw‖ of an eigenvector w of A: ‖Yw‖² less the part in V, which is at least λ². */
  private double coupling(int column) {
    double[] re = turned[0];
    double[] im = turned[1];
    // All of the arrays, also what is longer than a vector.
    Arrays.fill(re, 0);
    Arrays.fill(im, 0);
    for (int k = 0; k < rank; k++) {
      add(wRe[k][column], wIm[k][column], yRe[k], yIm[k], re, im);
    }
    double value = aRe[column][column];
    return Math.sqrt(Math.max(0, dot(re, re) + dot(im, im) - value * value) + allowance);
  }

  /** The larger eigenvalue of [a, off; off, b]. */
  static double larger(double a, double off, double b) {
    if (Double.isInfinite(b)) {
      return b;
    }
    double half = 0.5 * (a - b);
    return 0.5 * (a + b) + Math.sqrt(half * half + off * off);
  }

  /** Turns V and Y so that A is diagonal, largest size first. */
  void rotate() {
    isProjected = false;
    for (int i = 0; i < rank; i++) {
      int at = i;
      for (; at > 0 && Math.abs(aRe[order[at - 1]][order[at - 1]]) < Math.abs(aRe[i][i]); at--) {
        order[at] = order[at - 1];
      }
      order[at] = i;
    }
    for (int i = 0; i < rank; i++) {
      values[i] = aRe[order[i]][order[i]];
    }
    turn(vRe, vIm);
    turn(yRe, yIm);
  }

  private void turn(double[][] re, double[][] im) {
    int length = re[0].length;
    for (int i = 0; i < rank; i++) {
      double[] toRe = turned[2 * i];
      double[] toIm = turned[2 * i + 1];
      Arrays.fill(toRe, 0);
      Arrays.fill(toIm, 0);
      for (int k = 0; k < rank; k++) {
        add(wRe[k][order[i]], wIm[k][order[i]], re[k], im[k], toRe, toIm);
      }
    }
    for (int i = 0; i < rank; i++) {
      System.arraycopy(turned[2 * i], 0, re[i], 0, length);
      System.arraycopy(turned[2 * i + 1], 0, im[i], 0, length);
    }
  }

  /** to += (c + js)·from. */
  private static void add(
      double c, double s, double[] fromRe, double[] fromIm, double[] toRe, double[] toIm) {
    for (int j = 0; j < fromRe.length; j++) {
      toRe[j] += c * fromRe[j] - s * fromIm[j];
      toIm[j] += c * fromIm[j] + s * fromRe[j];
    }
  }

  /** ‖Hv - λv‖ of the first vector, after {@link #rotate}. */
  double firstResidual() {
    double sum = 0;
    for (int k = 0; k < size; k++) {
      double re = yRe[0][k] - values[0] * vRe[0][k];
      double im = yIm[0][k] - values[0] * vIm[0][k];
      sum += re * re + im * im;
    }
    return Math.sqrt(sum);
  }

  /** V becomes an orthonormal basis of Y's columns. */
  void advance() {
    isProjected = false;
    for (int i = 0; i < rank; i++) {
      if (!orthonormalize(i)) {
        // Nothing new in this direction: take any other.
        do {
          randomize(yRe[i], yIm[i]);
        } while (!orthonormalize(i));
      }
      System.arraycopy(yRe[i], 0, vRe[i], 0, size);
      System.arraycopy(yIm[i], 0, vIm[i], 0, size);
    }
  }

  /** Adds directions, each the product of a random vector, which {@link #advance} takes over. */
  void grow(int count) {
    for (int i = 0; i < count && rank < most; i++) {
      randomize(vRe[rank], vIm[rank]);
      apply(rank, false);
      rank++;
    }
  }

  /** Drops the direction of the least eigenvalue; to be called after {@link #product}. */
  void shrink() {
    boolean wasProjected = isProjected;
    rotate();
    if (wasProjected) {
      turn(projectedRe, projectedIm);
      isProjected = true;
    }
    rank--;
  }

  /** Gram and Schmidt, twice, for a column of Y against those before it. */
  private boolean orthonormalize(int i) {
    double before = Math.sqrt(dot(yRe[i], yRe[i]) + dot(yIm[i], yIm[i]));
    for (int pass = 0; pass < 2; pass++) {
      for (int k = 0; k < i; k++) {
        double dr = dot(yRe[k], yRe[i]) + dot(yIm[k], yIm[i]);
        double di = dot(yRe[k], yIm[i]) - dot(yIm[k], yRe[i]);
        add(-dr, -di, yRe[k], yIm[k], yRe[i], yIm[i]);
      }
      double now = Math.sqrt(dot(yRe[i], yRe[i]) + dot(yIm[i], yIm[i]));
      if (!(now > 1e-10 * before) || !(now > 0)) {
        return false;
      }
      scale(yRe[i], 1 / now);
      scale(yIm[i], 1 / now);
      before = 1;
    }
    return true;
  }

  private static void scale(double[] x, double factor) {
    for (int j = 0; j < x.length; j++) {
      x[j] *= factor;
    }
  }

  private void randomize(double[] re, double[] im) {
    for (int j = 0; j < size; j++) {
      re[j] = uniform();
      im[j] = uniform();
    }
  }

  /** A fixed sequence, so that results repeat. */
  private double uniform() {
    seed ^= seed << 13;
    seed ^= seed >>> 7;
    seed ^= seed << 17;
    return (seed >> 11) * 0x1p-52;
  }

  private static double dot(double[] x, double[] y) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < x.length; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < x.length; i++) {
      a += x[i] * y[i];
    }
    return (a + b) + (c + d);
  }
}
