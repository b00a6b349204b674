package io.github.last4j.norm;

import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides whether a system G = D + T(θ) with a diagonal D has gains below a level γ &gt; ‖D‖.
 *
 * <p>σ<sub>max</sub>(G) ≤ γ if and only if [γI, G; G*, γI] ≥ 0, that is K + J(T) ≥ 0 with K = [γI,
 * D; D, γI] and J(T) = [0, T; T*, 0]. Scaled by w = γ - |d| on both sides (T̂ = w<sup>-½</sup>T
 * w<sup>-½</sup>, K̂ likewise, so that K̂ ≥ I) and then by K̂<sup>-½</sup>, which works on two
 * numbers of each channel, this is Z(θ) = -K̂<sup>-½</sup>J(T̂)K̂<sup>-½</sup> ≤ I.
 *
 * <p>The feedthrough has gone into weights: Z is linear in T and of low rank wherever T is. So x*Zx
 * lies above its chord by at most ‖Z''‖(b-a)²/8 with ‖Z''‖ ≤ ‖T̂''‖, and in the basis (V, V⊥) the
 * last block is at most the root of what V and R leave of ‖Z‖<sub>F</sub>². With K̂⁻¹ = [e, f; f,
 * e] and T = Σ v<sub>k</sub>N<sub>k</sub> over real matrices,
 *
 * <p>‖Z‖<sub>F</sub>² = 2‖e<sup>½</sup>T̂e<sup>½</sup>‖<sub>F</sub>² + 2Re tr(fT̂fT̂) = 2(Re v)'(M
 * + Y)(Re v) + 2(Im v)'(M - Y)(Im v).
 *
 * <p>Where that does not decide, νK + J(T) ≥ 0, that is ‖νD + T‖ ≤ νγ, is left to Cholesky.
 */
final class FeedthroughSearch {
  /** How far γ has to lie above ‖D‖, relative to γ. */
  static final double LEAST_GAP = 1e-3;

  private static final int START = 6;
  private static final int LARGEST_RANK = 28;

  /** What may stay unknown of an eigenvalue λ that misses its target, relative to 1-λ. */
  private static final double SETTLED = 0.5;

  private static final int STEPS = 12;

  /** Samples between two exchanges of work. */
  private static final int ROUND = 24;

  private static final int MOST_NODES = 1_000_000;

  private final GainKernel plain;
  private final GainKernel kernel;
  private final Subspace subspace;
  private final double level;
  private final double negligible;
  private final int channels;
  private final double[] even;
  private final double[] odd;
  private final double[] gramRe;
  private final double[] gramIm;
  private final double[] oneRe;
  private final double[] oneIm;
  private final double[] twoRe;
  private final double[] twoIm;
  private final Map<Double, GainSearch.Sample> samples = new HashMap<>();
  private double found = Double.NaN;
  private boolean stopped;

  int nodes;
  int evaluations;
  int factorizations;

  /**
   * Prepares the weights.
   *
   * @param plain the system
   * @param level γ
   * @param negligible a relative excess over γ that may be given away
   */
  FeedthroughSearch(GainKernel plain, double level, double negligible) {
    this.plain = plain;
    this.level = level;
    this.negligible = negligible;
    channels = plain.inputs;
    double[] d = plain.system.feedthrough;
    double[] scale = new double[channels];
    double[] e = new double[channels];
    double[] f = new double[channels];
    even = new double[channels];
    odd = new double[channels];
    for (int k = 0; k < channels; k++) {
      double w = level - Math.abs(d[k]);
      double plus = w / (level + d[k]);
      double minus = w / (level - d[k]);
      scale[k] = 1 / Math.sqrt(w);
      even[k] = 0.5 * (Math.sqrt(plus) + Math.sqrt(minus));
      odd[k] = 0.5 * (Math.sqrt(plus) - Math.sqrt(minus));
      e[k] = 0.5 * (plus + minus);
      f[k] = 0.5 * (plus - minus);
    }
    kernel = new GainKernel(plain.system.scaled(scale));
    gramRe = new double[4 * kernel.terms() * kernel.terms()];
    gramIm = new double[gramRe.length];
    kernel.weightedGrams(e, f, gramRe, gramIm);
    oneRe = new double[channels];
    oneIm = new double[channels];
    twoRe = new double[channels];
    twoIm = new double[channels];
    subspace = new Subspace(2 * channels, START, LARGEST_RANK, new Weighted());
  }

  /** The same search for another thread, with nothing known yet. */
  FeedthroughSearch(FeedthroughSearch other) {
    plain = new GainKernel(other.plain);
    kernel = new GainKernel(other.kernel);
    level = other.level;
    negligible = other.negligible;
    channels = other.channels;
    even = other.even;
    odd = other.odd;
    gramRe = other.gramRe;
    gramIm = other.gramIm;
    oneRe = new double[channels];
    oneIm = new double[channels];
    twoRe = new double[channels];
    twoIm = new double[channels];
    subspace = new Subspace(2 * channels, START, LARGEST_RANK, new Weighted());
  }

  double level() {
    return level * (1 + 2 * negligible);
  }

  /**
   * Whether Cholesky's test alone would cost less. Compares operations: a product costs about
   * 16·states·channels, forming and factorising a gain 4·states·channels² and 4·channels³, at half
   * the speed.
   */
  private boolean isTooDear() {
    double product = 16.0 * 2 * kernel.terms() * channels;
    double factorization =
        2.0 * 4 * channels * channels * (2.0 * kernel.terms() + (double) channels);
    return evaluations > 30
        && subspace.products * product + factorizations * factorization
            > evaluations * (factorization + 12 * product);
  }

  int products() {
    return subspace.products;
  }

  /** y = Zx. */
  private final class Weighted implements Subspace.Operator {
    @Override
    public int projections() {
      return 2 * kernel.states();
    }

    @Override
    public void project(double[] xRe, double[] xIm, double[] toRe, double[] toIm) {
      int states = kernel.states();
      mix(xRe, oneRe, twoRe);
      mix(xIm, oneIm, twoIm);
      kernel.projectOutput(oneRe, oneIm, toRe, toIm);
      System.arraycopy(toRe, 0, toRe, states, states);
      System.arraycopy(toIm, 0, toIm, states, states);
      kernel.project(twoRe, twoIm, toRe, toIm);
    }

    @Override
    public void expand(
        double[] xRe, double[] xIm, double[] fromRe, double[] fromIm, double[] yRe, double[] yIm) {
      kernel.expand(fromRe, fromIm, 0, oneRe, oneIm);
      kernel.expandAdjoint(fromRe, fromIm, kernel.states(), twoRe, twoIm);
      unmix(oneRe, twoRe, yRe);
      unmix(oneIm, twoIm, yIm);
    }
  }

  private void mix(double[] x, double[] one, double[] two) {
    for (int k = 0; k < channels; k++) {
      one[k] = even[k] * x[k] + odd[k] * x[channels + k];
      two[k] = odd[k] * x[k] + even[k] * x[channels + k];
    }
  }

  private void unmix(double[] one, double[] two, double[] y) {
    for (int k = 0; k < channels; k++) {
      y[k] = -even[k] * one[k] - odd[k] * two[k];
      y[channels + k] = -odd[k] * one[k] - even[k] * two[k];
    }
  }

  /**
   * Works through intervals for a while, or until none is left, or it has to stop; what is not
   * known to be below the level stays in the queue.
   *
   * @param check what each step asks
   */
  void run(Deque<GainSearch.Interval> open, Runnable check) {
    int last = evaluations + ROUND;
    while (!open.isEmpty() && evaluations < last) {
      check.run();
      GainSearch.Interval interval = open.pop();
      nodes++;
      if (!holds(interval)) {
        stopped = isTooDear() || !Double.isNaN(found) || !interval.canSplit() || nodes > MOST_NODES;
        if (stopped) {
          open.push(interval);
          return;
        }
        interval.split(open);
      }
    }
  }

  /** Whether a gain is above the level, or this is not the way to find out. */
  boolean hasStopped() {
    return stopped;
  }

  /** An angle where a gain is seen above the level, or NaN. */
  double found() {
    return found;
  }

  /** Whether Z ≤ I + negligible on the interval; false if unknown. */
  private boolean holds(GainSearch.Interval interval) {
    GainKernel.Bounds bounds = kernel.bounds(interval.low(), interval.high());
    if (bounds.gain() <= 1) {
      return true;
    }
    double width = interval.high() - interval.low();
    double excess = bounds.curvature() * width * width / 8 * (1 + 1e-10);
    if (excess > 0.5) {
      return false;
    }
    double left = high(interval.low(), 1 - excess);
    if (!Double.isNaN(found) || GainSearch.between(left, 0, excess) > 1) {
      return false;
    }
    double right = high(interval.high(), GainSearch.opposite(left, excess, 1));
    return GainSearch.between(left, right, excess) <= 1;
  }

  private double high(double theta, double target) {
    GainSearch.Sample sample = samples.computeIfAbsent(theta, t -> new GainSearch.Sample());
    if (sample.high > target && sample.low <= target) {
      improve(theta, sample, target);
    }
    return sample.high;
  }

  /** Bounds λ_max(Z(θ)), as well as it takes to know whether it meets the target if that can be. */
  private void improve(double theta, GainSearch.Sample sample, double target) {
    evaluations++;
    kernel.at(theta);
    double error = kernel.rounding();
    double frobenius = kernel.quadratic(gramRe, gramIm, 2);
    sample.high = Math.min(sample.high, Math.sqrt(frobenius) * (1 + 1e-14));
    if (sample.high <= target) {
      return;
    }
    double before = Double.NEGATIVE_INFINITY;
    for (int step = 0; step < STEPS; step++) {
      subspace.product(1e-2 * negligible);
      double top = subspace.top();
      sample.low = Math.max(sample.low, top * (1 - negligible) - error);
      double tail =
          Math.max(0, frobenius - subspace.squares())
              + 6 * error * Math.sqrt(subspace.rank() * frobenius)
              + 1e-13 * frobenius;
      double rest = Math.sqrt(tail);
      sample.high = Math.min(sample.high, subspace.bound(rest) * (1 + 1e-14) + error);
      if (sample.high <= target) {
        if (subspace.rank() > 4
            && tail + subspace.least() * subspace.least() < 0.6 * target * target) {
          subspace.shrink();
        }
        return;
      }
      if (sample.low > target) {
        if (sample.low > 1) {
          found = theta;
          return;
        }
        if (sample.high - sample.low <= SETTLED * (1 - sample.low)) {
          return;
        }
      }
      subspace.rotate();
      boolean tailTooLarge = rest > 0.95 * target;
      if (tailTooLarge && subspace.isLargest() && step > 2) {
        break;
      }
      if (tailTooLarge || (step > 2 && top - before < 0.02 * Math.abs(target - top))) {
        subspace.grow(2);
      }
      before = top;
      subspace.advance();
    }
    factorize(theta, sample, target);
  }

  private void factorize(double theta, GainSearch.Sample sample, double target) {
    plain.at(theta);
    double error = 2 * plain.rounding();
    for (double nu :
        new double[] {Math.max(0.1, sample.low + 0.4 * (target - sample.low)), target}) {
      factorizations++;
      double[] gRe = new double[channels * channels];
      double[] gIm = new double[channels * channels];
      plain.matrix(gRe, gIm);
      for (int k = 0; k < channels; k++) {
        gRe[k * channels + k] += (nu - 1) * plain.system.feedthrough[k];
      }
      double reduced = Math.max(0, nu * level - error);
      if (SmallHermitian.gram(channels, channels, gRe, gIm).below(reduced * reduced)) {
        sample.high = Math.min(sample.high, nu);
        return;
      }
    }
  }
}
