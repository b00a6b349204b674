package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.stream.IntStream;

/**
 * A layer as a sum of conjugate pairs, in plain double precision arrays.
 *
 * <p>With z = e<sup>jθ</sup> the gain is G(θ) = D + Σₜ cₜbₜ/(1-λ̄ₜz⁻¹) + its conjugate pair, and in
 * a bidirectional layer the same again with the backward C at -θ. Every pair is stored with its
 * pole's angle in [0, π] (a pair may be conjugated as a whole), and the backward half of a layer is
 * stored as further pairs with {@code backward} set.
 */
final class PairSystem {
  /** The number of terms T: n, or 2n in a bidirectional layer. */
  final int terms;

  final int inputs;
  final int outputs;

  /** 1-|λ̄| of each term. */
  final double[] margin;

  /** arg λ̄ of each term, in [0, π]. */
  final double[] angle;

  /** Whether a term runs backward in time, that is, has -θ for θ. */
  final boolean[] backward;

  /** Rows of B̄, (terms, inputs). */
  final double[][] bRe;

  final double[][] bIm;

  /** Columns of C, (terms, outputs). */
  final double[][] cRe;

  final double[][] cIm;

  /** The diagonal of D, or null. */
  final double[] feedthrough;

  private PairSystem(int terms, int inputs, int outputs, double[] feedthrough) {
    this.terms = terms;
    this.inputs = inputs;
    this.outputs = outputs;
    this.feedthrough = feedthrough;
    margin = new double[terms];
    angle = new double[terms];
    backward = new boolean[terms];
    bRe = new double[terms][inputs];
    bIm = new double[terms][inputs];
    cRe = new double[terms][outputs];
    cIm = new double[terms][outputs];
  }

  /**
   * Reads a layer.
   *
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, a
   *     number is not finite, or a feedthrough does not fit the inputs
   */
  static PairSystem of(DiscreteSsm ssm) {
    int n = ssm.states();
    int m = (int) ssm.bBar().shape().get(1);
    int p = (int) ssm.c().shape().get(0);
    double[] d = ssm.feedthrough().map(x -> finite("feedthrough", x)).orElse(null);
    if (d != null && m != p) {
      throw new IllegalArgumentException(
          "ssm: expected as many inputs as outputs with a feedthrough, got " + m + " and " + p);
    }
    double[] margins = finite("margin", ssm.margin());
    for (int i = 0; i < n; i++) {
      if (!(margins[i] > 0)) {
        throw new IllegalArgumentException(
            "ssm: expected every pole inside the unit circle, but state "
                + i
                + " has 1-|λ̄| = "
                + margins[i]
                + "; an unstable system has no norm");
      }
    }
    boolean both = ssm.backwardC().isPresent();
    PairSystem system = new PairSystem(both ? 2 * n : n, m, p, d);
    system.fill(0, ssm, ssm.c(), margins);
    if (both) {
      system.fill(n, ssm, ssm.backwardC().get(), margins);
    }
    return system;
  }

  private void fill(int first, DiscreteSsm ssm, ComplexArray c, double[] margins) {
    int n = ssm.states();
    double[] poleRe = finite("lambdaBar", ssm.lambdaBar().real());
    double[] poleIm = finite("lambdaBar", ssm.lambdaBar().imag());
    double[] inputRe = finite("bBar", ssm.bBar().real());
    double[] inputIm = finite("bBar", ssm.bBar().imag());
    double[] outputRe = finite("c", c.real());
    double[] outputIm = finite("c", c.imag());
    for (int i = 0; i < n; i++) {
      int t = first + i;
      double turn = Math.atan2(poleIm[i], poleRe[i]);
      double sign = turn < 0 ? -1 : 1;
      margin[t] = Math.min(margins[i], 1);
      angle[t] = Math.abs(turn);
      backward[t] = first > 0;
      for (int k = 0; k < inputs; k++) {
        bRe[t][k] = inputRe[i * inputs + k];
        bIm[t][k] = sign * inputIm[i * inputs + k];
      }
      for (int k = 0; k < outputs; k++) {
        cRe[t][k] = outputRe[k * n + i];
        cIm[t][k] = sign * outputIm[k * n + i];
      }
    }
  }

  /** The same gain transposed, which has the same singular values. */
  PairSystem transpose() {
    PairSystem other = new PairSystem(terms, outputs, inputs, feedthrough);
    System.arraycopy(margin, 0, other.margin, 0, terms);
    System.arraycopy(angle, 0, other.angle, 0, terms);
    System.arraycopy(backward, 0, other.backward, 0, terms);
    for (int t = 0; t < terms; t++) {
      other.bRe[t] = cRe[t];
      other.bIm[t] = cIm[t];
      other.cRe[t] = bRe[t];
      other.cIm[t] = bIm[t];
    }
    return other;
  }

  /** The states taken, in both directions if there are two, without feedthrough. */
  PairSystem part(boolean[] taken) {
    int n = taken.length;
    int[] picked = IntStream.range(0, terms).filter(t -> taken[t % n]).toArray();
    PairSystem other = new PairSystem(picked.length, inputs, outputs, null);
    for (int k = 0; k < picked.length; k++) {
      int t = picked[k];
      other.margin[k] = margin[t];
      other.angle[k] = angle[t];
      other.backward[k] = backward[t];
      other.bRe[k] = bRe[t];
      other.bIm[k] = bIm[t];
      other.cRe[k] = cRe[t];
      other.cIm[k] = cIm[t];
    }
    return other;
  }

  /** Inputs and outputs of a system with as many of both, scaled alike, without feedthrough. */
  PairSystem scaled(double[] scale) {
    PairSystem other = new PairSystem(terms, inputs, outputs, null);
    System.arraycopy(margin, 0, other.margin, 0, terms);
    System.arraycopy(angle, 0, other.angle, 0, terms);
    System.arraycopy(backward, 0, other.backward, 0, terms);
    for (int t = 0; t < terms; t++) {
      for (int k = 0; k < inputs; k++) {
        other.bRe[t][k] = bRe[t][k] * scale[k];
        other.bIm[t][k] = bIm[t][k] * scale[k];
        other.cRe[t][k] = cRe[t][k] * scale[k];
        other.cIm[t][k] = cIm[t][k] * scale[k];
      }
    }
    return other;
  }

  /** The largest |D|. */
  double feedthroughNorm() {
    double largest = 0;
    if (feedthrough != null) {
      for (double d : feedthrough) {
        largest = Math.max(largest, Math.abs(d));
      }
    }
    return largest;
  }

  /**
   * Puts 1/(1-λ̄e<sup>-jθ</sup>) = 1/(μ + (1-μ)(2sin²(δ/2) + j sin δ)), δ = θ - arg λ̄, with the
   * margin μ = 1-|λ̄|, into {@code out}: sums of positive parts, so that nothing cancels near the
   * circle.
   */
  static void resolvent(double margin, double delta, double[] out) {
    double half = Math.sin(0.5 * delta);
    double re = margin + (1 - margin) * 2 * half * half;
    double im = (1 - margin) * 2 * half * Math.cos(0.5 * delta);
    double square = re * re + im * im;
    out[0] = re / square;
    out[1] = -im / square;
  }

  /**
   * θ + angle modulo 2π, exact at zero near 0 and near 2π: the double nearest to π stands for π, so
   * that a real negative pole coincides with its conjugate.
   */
  static double sum(double theta, double angle) {
    return theta + angle > Math.PI ? theta - (2 * Math.PI - angle) : theta + angle;
  }

  private static double[] finite(String name, NDArray array) {
    double[] values = ComplexArray.doubles(array);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "ssm: expected finite numbers, but " + name + " has " + value);
      }
    }
    return values;
  }
}
