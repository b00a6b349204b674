package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A layer as a sum of conjugate pairs, in plain double precision arrays, whose states can be run
 * one by one.
 *
 * <p>With z = e<sup>jθ</sup> the gain is G(θ) = D + Σₜ cₜbₜ/(1-λ̄ₜz⁻¹) + its conjugate pair, and in
 * a bidirectional layer the same again with the backward C at -θ. Every pair is stored with its
 * pole's angle in [0, π] (a pair may be conjugated as a whole), and the backward half of a layer is
 * stored as further pairs with {@code backward} set. The arrays are not to be written into.
 */
public final class PairSystem {
  /** The number n of stored states. */
  public final int states;

  /** The number T of terms: n, or 2n in a bidirectional layer. */
  public final int terms;

  public final int inputs;
  public final int outputs;

  /** 1-|λ̄| of each term, at most 1. */
  public final double[] margin;

  /** arg λ̄ of each term, in [0, π]. */
  public final double[] angle;

  /** λ̄ of each term. */
  public final double[] poleRe;

  public final double[] poleIm;

  /** Whether a term runs backward in time, that is, has -θ for θ. */
  public final boolean[] backward;

  /** Rows of B̄, (terms, inputs). */
  public final double[][] bRe;

  public final double[][] bIm;

  /** Columns of C, (terms, outputs). */
  public final double[][] cRe;

  public final double[][] cIm;

  /** The diagonal of D, or null. */
  final double[] feedthrough;

  /** The terms of another system that are picked, with rows of B̄ and columns of C of them. */
  private PairSystem(
      PairSystem from, int states, int[] picked, Matrices b, Matrices c, double[] feedthrough) {
    this.states = states;
    terms = picked.length;
    inputs = b.width;
    outputs = c.width;
    margin = pick(from.margin, picked);
    angle = pick(from.angle, picked);
    poleRe = pick(from.poleRe, picked);
    poleIm = pick(from.poleIm, picked);
    backward = new boolean[terms];
    IntStream.range(0, terms).forEach(k -> backward[k] = from.backward[picked[k]]);
    bRe = rows(picked, b.re);
    bIm = rows(picked, b.im);
    cRe = rows(picked, c.re);
    cIm = rows(picked, c.im);
    this.feedthrough = feedthrough;
  }

  /** Real and imaginary rows of a width by the index of a term. */
  private record Matrices(int width, IntFunction<double[]> re, IntFunction<double[]> im) {
    Matrices scaled(double[] scale) {
      return new Matrices(width, t -> times(re.apply(t), scale), t -> times(im.apply(t), scale));
    }

    private static double[] times(double[] row, double[] scale) {
      return IntStream.range(0, row.length).mapToDouble(k -> row[k] * scale[k]).toArray();
    }
  }

  private Matrices b() {
    return new Matrices(inputs, t -> bRe[t], t -> bIm[t]);
  }

  private Matrices c() {
    return new Matrices(outputs, t -> cRe[t], t -> cIm[t]);
  }

  private static double[] pick(double[] values, int[] picked) {
    return IntStream.of(picked).mapToDouble(t -> values[t]).toArray();
  }

  private static double[][] rows(int[] picked, IntFunction<double[]> row) {
    return IntStream.of(picked).mapToObj(row).toArray(double[][]::new);
  }

  private PairSystem(DiscreteSsm ssm) {
    states = ssm.states();
    boolean both = ssm.backwardC().isPresent();
    terms = both ? 2 * states : states;
    inputs = (int) ssm.bBar().shape().get(1);
    outputs = (int) ssm.c().shape().get(0);
    feedthrough = ssm.feedthrough().map(x -> finite("feedthrough", x)).orElse(null);
    margin = new double[terms];
    angle = new double[terms];
    poleRe = new double[terms];
    poleIm = new double[terms];
    backward = new boolean[terms];
    bRe = new double[terms][inputs];
    bIm = new double[terms][inputs];
    cRe = new double[terms][outputs];
    cIm = new double[terms][outputs];
    fill(0, ssm, ssm.c());
    if (both) {
      fill(states, ssm, ssm.backwardC().get());
    }
  }

  /**
   * Reads a layer.
   *
   * @throws IllegalArgumentException if a number is not finite, or a feedthrough does not fit the
   *     inputs
   */
  public static PairSystem of(DiscreteSsm ssm) {
    PairSystem system = new PairSystem(ssm);
    if (system.feedthrough != null && system.inputs != system.outputs) {
      throw new IllegalArgumentException(
          "ssm: expected as many inputs as outputs with a feedthrough, got "
              + system.inputs
              + " and "
              + system.outputs);
    }
    return system;
  }

  /**
   * Reads a layer that has norms.
   *
   * @throws IllegalArgumentException also if a pole is not inside the unit circle, naming the state
   */
  static PairSystem stable(DiscreteSsm ssm) {
    PairSystem system = of(ssm);
    for (int i = 0; i < system.states; i++) {
      if (!(system.margin[i] > 0)) {
        throw new IllegalArgumentException(
            "ssm: expected every pole inside the unit circle, but state "
                + i
                + " has 1-|λ̄| = "
                + system.margin[i]
                + "; an unstable system has no norm");
      }
    }
    return system;
  }

  private void fill(int first, DiscreteSsm ssm, ComplexArray c) {
    double[] margins = finite("margin", ssm.margin());
    double[] lambdaRe = finite("lambdaBar", ssm.lambdaBar().real());
    double[] lambdaIm = finite("lambdaBar", ssm.lambdaBar().imag());
    double[] inputRe = finite("bBar", ssm.bBar().real());
    double[] inputIm = finite("bBar", ssm.bBar().imag());
    double[] outputRe = finite("c", c.real());
    double[] outputIm = finite("c", c.imag());
    for (int i = 0; i < states; i++) {
      int t = first + i;
      double turn = Math.atan2(lambdaIm[i], lambdaRe[i]);
      double sign = turn < 0 ? -1 : 1;
      margin[t] = Math.min(margins[i], 1);
      angle[t] = Math.abs(turn);
      poleRe[t] = lambdaRe[i];
      poleIm[t] = sign * lambdaIm[i];
      backward[t] = first > 0;
      for (int k = 0; k < inputs; k++) {
        bRe[t][k] = inputRe[i * inputs + k];
        bIm[t][k] = sign * inputIm[i * inputs + k];
      }
      for (int k = 0; k < outputs; k++) {
        cRe[t][k] = outputRe[k * states + i];
        cIm[t][k] = sign * outputIm[k * states + i];
      }
    }
  }

  /** The same gain transposed, which has the same singular values. */
  PairSystem transpose() {
    return new PairSystem(this, states, all(), c(), b(), feedthrough);
  }

  /** Some states, in both directions if there are two, without feedthrough. */
  PairSystem part(StateSet taken) {
    int[] picked = IntStream.range(0, terms).filter(t -> taken.has(t % states)).toArray();
    return new PairSystem(this, taken.count(), picked, b(), c(), null);
  }

  /** Inputs and outputs of a system with as many of both, scaled alike, without feedthrough. */
  PairSystem scaled(double[] scale) {
    return new PairSystem(this, states, all(), b().scaled(scale), c().scaled(scale), null);
  }

  private int[] all() {
    return IntStream.range(0, terms).toArray();
  }

  /** The largest |D|. */
  double feedthroughNorm() {
    return feedthrough == null ? 0 : Arrays.stream(feedthrough).map(Math::abs).max().orElse(0);
  }

  /**
   * The trajectory of the state of one term, in the direction of its scan.
   *
   * @param u an input, (steps, inputs)
   * @return the real parts and the imaginary parts, (2, steps)
   */
  public double[][] trajectory(int term, double[][] u) {
    double[][] x = new double[2][u.length];
    double re = 0;
    double im = 0;
    for (int step = 0; step < u.length; step++) {
      int t = backward[term] ? u.length - 1 - step : step;
      double nextRe = poleRe[term] * re - poleIm[term] * im;
      double nextIm = poleRe[term] * im + poleIm[term] * re;
      for (int k = 0; k < inputs; k++) {
        nextRe += bRe[term][k] * u[t][k];
        nextIm += bIm[term][k] * u[t][k];
      }
      re = nextRe;
      im = nextIm;
      x[0][t] = re;
      x[1][t] = im;
    }
    return x;
  }

  /**
   * The response of some states, without feedthrough.
   *
   * @param u an input, (steps, inputs)
   * @return (steps, outputs)
   */
  public double[][] response(double[][] u, StateSet taken) {
    double[][] y = new double[u.length][outputs];
    taken
        .requireStates("taken", states)
        .indices()
        .forEach(
            i -> {
              for (int t = i; t < terms; t += states) {
                add(trajectory(t, u), cRe[t], cIm[t], y);
              }
            });
    return y;
  }

  private static void add(double[][] x, double[] cRe, double[] cIm, double[][] y) {
    for (int t = 0; t < y.length; t++) {
      for (int o = 0; o < cRe.length; o++) {
        y[t][o] += 2 * (cRe[o] * x[0][t] - cIm[o] * x[1][t]);
      }
    }
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
