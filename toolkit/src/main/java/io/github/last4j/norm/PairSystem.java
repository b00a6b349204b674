package io.github.last4j.norm;

import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.Optional;
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

  /** The gain is 2<sup>exponent</sup> times what the arrays say; 0 in a system as it was read. */
  final int exponent;

  /** The terms of another system that are picked, with rows of B̄ and columns of C of them. */
  private PairSystem(
      PairSystem from,
      int states,
      int[] picked,
      Matrices b,
      Matrices c,
      double[] feedthrough,
      int exponent) {
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
    this.exponent = exponent;
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

  /** Some states, inputs and outputs of a layer, ascending; with its feedthrough, if it has one. */
  PairSystem(LayerNumbers layer, int[] picked, int[] in, int[] out) {
    states = picked.length;
    terms = layer.c.size() * states;
    inputs = in.length;
    outputs = out.length;
    feedthrough = layer.feedthrough == null ? null : pick(layer.feedthrough, in);
    exponent = 0;
    margin = new double[terms];
    angle = new double[terms];
    poleRe = new double[terms];
    poleIm = new double[terms];
    backward = new boolean[terms];
    bRe = new double[terms][inputs];
    bIm = new double[terms][inputs];
    cRe = new double[terms][outputs];
    cIm = new double[terms][outputs];
    for (int t = 0; t < terms; t++) {
      int i = picked[t % states];
      double turn = Math.atan2(layer.poleIm[i], layer.poleRe[i]);
      double sign = turn < 0 ? -1 : 1;
      margin[t] = Math.min(layer.margin[i], 1);
      angle[t] = Math.abs(turn);
      poleRe[t] = layer.poleRe[i];
      poleIm[t] = sign * layer.poleIm[i];
      backward[t] = t >= states;
      spread(layer.b, i, in, sign, bRe[t], bIm[t]);
      spread(layer.c.get(t / states), i, out, sign, cRe[t], cIm[t]);
    }
  }

  private static void spread(
      LayerNumbers.Rows rows, int i, int[] channels, double sign, double[] re, double[] im) {
    for (int k = 0; k < rows.at[i].length; k++) {
      int to = Arrays.binarySearch(channels, rows.at[i][k]);
      re[to] = rows.re[i][k];
      im[to] = sign * rows.im[i][k];
    }
  }

  /**
   * Reads a layer.
   *
   * @throws IllegalArgumentException if a number is not finite, or a feedthrough does not fit the
   *     inputs
   */
  public static PairSystem of(DiscreteSsm ssm) {
    LayerNumbers layer = new LayerNumbers(ssm);
    return new PairSystem(layer, upTo(layer.states), upTo(layer.inputs), upTo(layer.outputs));
  }

  private static int[] upTo(int count) {
    return IntStream.range(0, count).toArray();
  }

  /**
   * The terms of one direction as a causal layer with poles in the upper half-plane.
   *
   * @param first 0, or {@code states} for the backward terms
   */
  DiscreteSsm causal(NDManager manager, int first) {
    ComplexArray b = array(manager, first, bRe, bIm);
    ComplexArray c = array(manager, first, cRe, cIm).transpose();
    int end = first + states;
    return new DiscreteSsm(
        ComplexArray.of(
            manager.create(Arrays.copyOfRange(poleRe, first, end)),
            manager.create(Arrays.copyOfRange(poleIm, first, end))),
        manager.create(Arrays.copyOfRange(margin, first, end)),
        b,
        c,
        Optional.empty(),
        Optional.empty());
  }

  private ComplexArray array(NDManager manager, int first, double[][] re, double[][] im) {
    return ComplexArray.of(
        manager.create(Arrays.copyOfRange(re, first, first + states)),
        manager.create(Arrays.copyOfRange(im, first, first + states)));
  }

  /** The same gain transposed, which has the same singular values. */
  PairSystem transpose() {
    return new PairSystem(this, states, upTo(terms), c(), b(), feedthrough, exponent);
  }

  /** Some states, in both directions if there are two, without feedthrough or with it. */
  PairSystem part(StateSet taken, boolean withFeedthrough) {
    int[] picked = IntStream.range(0, terms).filter(t -> taken.has(t % states)).toArray();
    double[] d = withFeedthrough ? feedthrough : null;
    return new PairSystem(this, taken.count(), picked, b(), c(), d, exponent);
  }

  /** Inputs and outputs of a system with as many of both, scaled alike, without feedthrough. */
  PairSystem scaled(double[] scale) {
    return new PairSystem(
        this, states, upTo(terms), b().scaled(scale), c().scaled(scale), null, exponent);
  }

  /** The exponent of the largest of |D| and the ‖c‖‖b‖ of all terms, or a little more. */
  int unit() {
    int largest = feedthrough == null ? Integer.MIN_VALUE : exponent(feedthrough);
    for (int t = 0; t < terms; t++) {
      largest = Math.max(largest, size(t));
    }
    return exponent + (largest == Integer.MIN_VALUE ? 0 : largest);
  }

  private int size(int term) {
    int b = Math.max(exponent(bRe[term]), exponent(bIm[term]));
    int c = Math.max(exponent(cRe[term]), exponent(cIm[term]));
    return b == Integer.MIN_VALUE || c == Integer.MIN_VALUE ? Integer.MIN_VALUE : b + c;
  }

  /** Of the largest number, or the least integer if all are zero. */
  private static int exponent(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
    return largest == 0 ? Integer.MIN_VALUE : Math.getExponent(largest);
  }

  /** This system in its own unit. */
  PairSystem balanced() {
    return balanced(unit());
  }

  /**
   * The same system with numbers near one, so that their squares neither overflow nor vanish: G in
   * a unit of 2<sup>unit</sup>, and rows of B̄ and columns of C of one size each, which is another
   * choice of the states' units. Powers of two change no digit.
   */
  PairSystem balanced(int unit) {
    int[] b = new int[terms];
    int[] c = new int[terms];
    for (int t = 0; t < terms; t++) {
      int size = size(t);
      int row = Math.max(exponent(bRe[t]), exponent(bIm[t]));
      int column = Math.max(exponent(cRe[t]), exponent(cIm[t]));
      if (size == Integer.MIN_VALUE) {
        b[t] = row == Integer.MIN_VALUE ? 0 : -row;
        c[t] = column == Integer.MIN_VALUE ? 0 : -column;
      } else {
        b[t] = Math.floorDiv(size + exponent - unit, 2) - row;
        c[t] = exponent - unit - b[t];
      }
    }
    return new PairSystem(
        this,
        states,
        upTo(terms),
        new Matrices(inputs, t -> times(bRe[t], b[t]), t -> times(bIm[t], b[t])),
        new Matrices(outputs, t -> times(cRe[t], c[t]), t -> times(cIm[t], c[t])),
        feedthrough == null ? null : times(feedthrough, exponent - unit),
        unit);
  }

  private static double[] times(double[] values, int power) {
    return Arrays.stream(values).map(x -> Math.scalb(x, power)).toArray();
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
   * @throws IllegalArgumentException if a step has not one finite number for each input
   */
  public double[][] trajectory(int term, double[][] u) {
    requireInput(u);
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

  private void requireInput(double[][] u) {
    for (double[] step : u) {
      if (step.length != inputs) {
        throw new IllegalArgumentException(
            "u: expected " + inputs + " inputs in every step, got " + step.length);
      }
      for (double value : step) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("u: expected finite numbers, got " + value);
        }
      }
    }
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
}
