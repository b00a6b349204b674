package io.github.last4j.audit;

import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Relation.EQUAL;

import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.bound.Norms;
import io.github.last4j.norm.FrequencyResponse;
import io.github.last4j.norm.PairSystem;
import io.github.last4j.norm.Signals;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.Loss;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/** The ratios of left sides to right sides. */
final class Measures {
  private static final Nonlinearity GELU = Nonlinearity.GELU;
  private static final double[] ANGLES = {0.1, 0.9, 2, 3};

  private Measures() {}

  // Numbers: poles, polynomials, values of σ.

  /** |B̄/B| by the closed form against Simpson's rule for ∫₀^Δ exp(λs) ds; x = (Re λ, Im λ, Δ). */
  static double heldInput(double[] x) {
    Complex lambda = new Complex(x[0], x[1]);
    Complex closed = lambda.multiply(x[2]).exp().subtract(1).divide(lambda);
    int panels = 400;
    Complex sum = Complex.ZERO;
    for (int k = 0; k <= 2 * panels; k++) {
      double weight = k == 0 || k == 2 * panels ? 1 : k % 2 == 1 ? 4 : 2;
      sum = sum.add(lambda.multiply(x[2] * k / (2 * panels)).exp().multiply(weight));
    }
    Complex integral = sum.multiply(x[2] / (6 * panels));
    return 1 + closed.subtract(integral).abs() / integral.abs();
  }

  /** ‖B̄‖² of a B fixed to one against one. */
  static double fixedB(double[] x) {
    Complex lambda = new Complex(x[0], x[1]);
    double size = lambda.multiply(x[2]).exp().subtract(1).divide(lambda).abs();
    return EQUAL.ratio(size * size, 1);
  }

  /**
   * The largest gain of one pair and D as printed in Eq. 1 against the models'; x = (|λ̄|, arg λ̄,
   * Re CB̄, Im CB̄, D).
   */
  static double indexShift(double[] x, double feedthrough) {
    Complex pole = new Complex(x[0] * Math.cos(x[1]), x[0] * Math.sin(x[1]));
    Complex residue = new Complex(x[2], x[3]);
    double printed = largest(theta -> shifted(pole, residue, feedthrough, theta, true), x[1]);
    double built = largest(theta -> shifted(pole, residue, feedthrough, theta, false), x[1]);
    return EQUAL.ratio(printed, built);
  }

  private static double shifted(
      Complex pole, Complex residue, double feedthrough, double theta, boolean printed) {
    Complex z = new Complex(Math.cos(theta), Math.sin(theta));
    Complex first = residue.divide(z.subtract(pole));
    Complex second = residue.conjugate().divide(z.subtract(pole.conjugate()));
    Complex sum = first.add(second);
    return (printed ? sum : sum.multiply(z)).add(feedthrough).abs();
  }

  /** The largest value over the circle, from a grid and the angle given, refined. */
  private static double largest(DoubleUnaryOperator gain, double angle) {
    int points = 256;
    double step = 2 * Math.PI / points;
    double best = gain.applyAsDouble(angle);
    int at = -1;
    for (int k = 0; k < points; k++) {
      double value = gain.applyAsDouble(k * step);
      if (value > best) {
        best = value;
        at = k;
      }
    }
    double centre = at < 0 ? angle : at * step;
    double refined =
        new BrentOptimizer(1e-10, 1e-12)
            .optimize(
                new MaxEval(200),
                GoalType.MAXIMIZE,
                new UnivariateObjectiveFunction(gain::applyAsDouble),
                new SearchInterval(centre - step, centre + step, centre))
            .getValue();
    return Math.max(best, refined);
  }

  /** How far z² + a₁z + a₂ contradicts the Schur–Cohn conditions, as a ratio of radii. */
  static double schurCohn(double[] a) {
    double root = largestRoot(a);
    boolean stable = a[1] * a[1] < 1 && (1 + a[1]) * (1 + a[1]) - a[0] * a[0] > 0;
    return stable ? Math.max(1, root) : Math.max(1, 1 / root);
  }

  /** The largest root where |a₁| + |a₂| is at most the limit; not a number elsewhere. */
  static double montel(double[] a, double limit) {
    return Math.abs(a[0]) + Math.abs(a[1]) <= limit ? largestRoot(a) : Double.NaN;
  }

  private static double largestRoot(double[] a) {
    double half = -a[0] / 2;
    double discriminant = half * half - a[1];
    return discriminant >= 0 ? Math.abs(half) + Math.sqrt(discriminant) : Math.sqrt(a[1]);
  }

  /** One plus the distance of the origin from the centroid of a region of (a₁, a₂). */
  static double centre(boolean montel) {
    double[] sum = new double[3];
    int points = 400;
    for (int i = 0; i < points; i++) {
      for (int k = 0; k < points; k++) {
        double[] a = {-2 + 4 * (i + 0.5) / points, -1 + 2 * (k + 0.5) / points};
        boolean inside = montel ? Math.abs(a[0]) + Math.abs(a[1]) <= 1 : largestRoot(a) < 1;
        if (inside) {
          sum[0] += a[0];
          sum[1] += a[1];
          sum[2]++;
        }
      }
    }
    return 1 + Math.hypot(sum[0], sum[1]) / sum[2];
  }

  /** |exp(λΔ)| from its parts against exp(Re λ·Δ). */
  static double poleSize(double[] x) {
    Complex pole = new Complex(x[0], x[1]).multiply(x[2]).exp();
    return EQUAL.ratio(Math.hypot(pole.getReal(), pole.getImaginary()), Math.exp(x[0] * x[2]));
  }

  /** |σ(a) - σ(b)|² over |a - b|². */
  static double slope(double[] x) {
    double left = GELU.apply(x[0]) - GELU.apply(x[1]);
    double right = x[0] - x[1];
    // Farther apart than a reader's digits.
    return Math.abs(right) < 0.05 ? Double.NaN : left * left / (right * right);
  }

  // The same on layers.

  /** The energies after σ and before it of what a layer loses. */
  static double slopeSeen(Sample s) {
    PairSystem layer = s.layer();
    double[][] whole = layer.response(s.input, Sample.all(layer));
    double[][] pruned = layer.response(s.input, s.kept());
    return AT_MOST.ratio(
        Signals.distance(GELU.apply(whole), GELU.apply(pruned)), Signals.distance(whole, pruned));
  }

  /** The energies after σ and before it of a layer's response. */
  static double gainSeen(Sample s) {
    double[][] y = s.layer().response(s.input, Sample.all(s.layer()));
    return AT_MOST.ratio(Signals.energy(GELU.apply(y)), Signals.energy(y));
  }

  /** |λ̄| from its parts against one less the margin that came from Re λ; the worst state. */
  static double poleSizeSeen(Sample s) {
    PairSystem layer = s.layer();
    double worst = 1;
    for (int i = 0; i < layer.states; i++) {
      double size = Math.hypot(layer.poleRe[i], layer.poleIm[i]);
      worst = Math.max(worst, EQUAL.ratio(size, 1 - layer.margin[i]));
    }
    return worst;
  }

  // One layer.

  private static double[] stateNorms(DiscreteSsm system) {
    return StateNorms.hinf(system).toDoubleArray();
  }

  /** Energies out and in of all states. */
  static double energyGain(Sample s) {
    double norm = Norms.whole(s.system());
    double out = Signals.energy(s.layer().response(s.input, Sample.all(s.layer())));
    return AT_MOST.ratio(out, norm * norm * Signals.energy(s.input));
  }

  /** What the H∞ order removes against the best choice of as many, by the sum of squares. */
  static double choiceByBound(Sample s) {
    double[] norms = stateNorms(s.system());
    return choice(
        s,
        subset -> {
          double sum = 0;
          for (int i : subset) {
            sum += 2 * norms[i] * norms[i];
          }
          return sum;
        });
  }

  /** The same by the norm of what is removed. */
  static double choiceByLoss(Sample s) {
    return choice(
        s,
        subset -> {
          double norm = removedNorm(s.system(), subset);
          return norm * norm;
        });
  }

  /** The loss of the H∞ order's choice against the smallest (Σ‖Gᵢ‖)². */
  static double choiceWithinSums(Sample s) {
    double[] norms = stateNorms(s.system());
    int[] order = ascending(norms);
    int count = order.length / 2;
    double loss = removedNorm(s.system(), Arrays.copyOf(order, count));
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += 2 * norms[order[k]];
    }
    // The repaired statement is an inequality.
    return Math.max(1, loss * loss / (sum * sum));
  }

  private interface SubsetLoss {
    double of(int... subset);
  }

  private static double choice(Sample s, SubsetLoss loss) {
    int n = s.layer().states;
    int count = n / 2;
    double chosen = loss.of(Arrays.copyOf(ascending(stateNorms(s.system())), count));
    double best = Double.POSITIVE_INFINITY;
    for (int mask = 0; mask < 1 << n; mask++) {
      if (Integer.bitCount(mask) == count) {
        int bits = mask;
        best =
            Math.min(
                best, loss.of(IntStream.range(0, n).filter(i -> (bits >> i & 1) == 1).toArray()));
      }
    }
    return chosen <= best * (1 + 2 * Loss.TOLERANCE) ? 1 : chosen / best;
  }

  private static double removedNorm(DiscreteSsm system, int... subset) {
    StateSet kept = StateSet.of(system.states(), subset).complement();
    return Norms.removed(system, kept);
  }

  /** States from the smallest norm to the largest. */
  private static int[] ascending(double... norms) {
    return IntStream.range(0, norms.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> norms[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The loss of a pruned layer against a bound on it. */
  static double layerLoss(Sample s, Bound bound) {
    PairSystem layer = s.layer();
    double[][] whole = GELU.apply(layer.response(s.input, Sample.all(layer)));
    double[][] pruned = GELU.apply(layer.response(s.input, s.kept()));
    double gain = bound.slope(GELU) * bound.removed(s.system(), s.kept());
    return AT_MOST.ratio(Signals.distance(whole, pruned), gain * gain * Signals.energy(s.input));
  }

  /** Eq. 5 against the largest gain of the complex subsystem on the circle; the worst state. */
  static double complexState(Sample s) {
    double worst = 1;
    double[] norms = stateNorms(s.system());
    PairSystem layer = s.layer();
    for (int i = 0; i < layer.states; i++) {
      int state = i;
      double residue =
          Math.sqrt(square(layer.cRe[i], layer.cIm[i]) * square(layer.bRe[i], layer.bIm[i]));
      double angle = Math.atan2(layer.poleIm[i], layer.poleRe[i]);
      double sup = largest(theta -> residue / distance(layer, state, theta), angle);
      worst = Math.max(worst, EQUAL.ratio(sup, norms[i]));
    }
    return worst;
  }

  /** |exp(jθ) - λ̄ᵢ| without cancellation. */
  private static double distance(PairSystem layer, int i, double theta) {
    double margin = layer.margin[i];
    double half = Math.sin((theta - Math.atan2(layer.poleIm[i], layer.poleRe[i])) / 2);
    return Math.sqrt(margin * margin + 4 * (1 - margin) * half * half);
  }

  /** A pair's certified norm against Eq. 5; the worst pair. */
  static double pair(Sample s) {
    double worst = 0;
    double[] norms = stateNorms(s.system());
    for (int i = 0; i < norms.length; i++) {
      worst = Math.max(worst, AT_MOST.ratio(removedNorm(s.system(), i), norms[i]));
    }
    return worst;
  }

  /** The largest singular value of CᵢB̄ᵢ, squared, against the product; the worst state. */
  static double rankOne(Sample s) {
    double worst = 1;
    PairSystem layer = s.layer();
    SingularValue<ComplexNumber> svd = SingularValue.C128.make(layer.outputs, layer.inputs);
    for (int i = 0; i < layer.states; i++) {
      GenericStore<ComplexNumber> product = GenericStore.C128.make(layer.outputs, layer.inputs);
      for (int o = 0; o < layer.outputs; o++) {
        for (int k = 0; k < layer.inputs; k++) {
          product.set(
              o,
              k,
              ComplexNumber.of(layer.cRe[i][o], layer.cIm[i][o])
                  .multiply(ComplexNumber.of(layer.bRe[i][k], layer.bIm[i][k])));
        }
      }
      svd.decompose(product);
      double norm = svd.getOperatorNorm();
      double right = square(layer.cRe[i], layer.cIm[i]) * square(layer.bRe[i], layer.bIm[i]);
      worst = Math.max(worst, EQUAL.ratio(norm * norm, right));
    }
    return worst;
  }

  /** A complex state's gain in both directions against the averaged norm. */
  static double bidirectional(Sample s) {
    PairSystem layer = s.layer();
    double worst = 0;
    double[] norms = stateNorms(s.system());
    for (int i = 0; i < layer.states; i++) {
      int state = i;
      double sup =
          largest(
              theta -> bothWays(layer, state, theta), Math.atan2(layer.poleIm[i], layer.poleRe[i]));
      double input = Math.sqrt(square(layer.bRe[i], layer.bIm[i]));
      worst = Math.max(worst, AT_MOST.ratio(square(sup * input), square(norms[i])));
    }
    return worst;
  }

  /** ‖Cᶠ/(1 - λ̄/z) + Cᵇ/(1 - λ̄z)‖. */
  private static double bothWays(PairSystem layer, int i, double theta) {
    Complex z = new Complex(Math.cos(theta), Math.sin(theta));
    Complex pole = new Complex(layer.poleRe[i], layer.poleIm[i]);
    Complex forward = Complex.ONE.subtract(pole.multiply(z.conjugate())).reciprocal();
    Complex backward = Complex.ONE.subtract(pole.multiply(z)).reciprocal();
    double sum = 0;
    for (int o = 0; o < layer.outputs; o++) {
      double size =
          forward
              .multiply(new Complex(layer.cRe[i][o], layer.cIm[i][o]))
              .add(
                  backward.multiply(
                      new Complex(layer.cRe[i + layer.states][o], layer.cIm[i + layer.states][o])))
              .abs();
      sum += size * size;
    }
    return Math.sqrt(sum);
  }

  // Scores and orders.

  private record Removed(int layer, int state) {}

  /**
   * One plus the number of places at which the order of LAST's scores differs from a greedy
   * removal's, down to one state a layer.
   */
  static double greedy(Sample s, boolean trueNorms) {
    List<double[]> norms = s.systems.stream().map(Measures::stateNorms).toList();
    List<Removed> once = byScores(norms);
    List<Removed> anew = new ArrayList<>();
    List<StateSet> remaining = new ArrayList<>();
    List<int[]> orders = new ArrayList<>();
    for (double[] layer : norms) {
      remaining.add(StateSet.all(layer.length));
      orders.add(ascending(layer));
    }
    int[] removed = new int[norms.size()];
    double[] scores = new double[norms.size()];
    Arrays.fill(scores, Double.NaN);
    while (anew.size() < once.size()) {
      int best = -1;
      for (int l = 0; l < removed.length; l++) {
        if (removed[l] == norms.get(l).length - 1) {
          continue;
        }
        if (Double.isNaN(scores[l])) {
          scores[l] =
              ratio(s, l, norms.get(l), orders.get(l)[removed[l]], remaining.get(l), trueNorms);
        }
        if (best < 0 || scores[l] < scores[best]) {
          best = l;
        }
      }
      int state = orders.get(best)[removed[best]++];
      remaining.set(best, remaining.get(best).without(state));
      scores[best] = Double.NaN;
      anew.add(new Removed(best, state));
    }
    return 1 + differences(once, anew);
  }

  private static double ratio(
      Sample s, int l, double[] norms, int state, StateSet remaining, boolean trueNorms) {
    if (trueNorms) {
      double whole = Norms.kept(s.systems.get(l), remaining);
      return square(removedNorm(s.systems.get(l), state) / whole);
    }
    double sum = 0;
    for (int i = 0; i < norms.length; i++) {
      sum += remaining.has(i) ? norms[i] * norms[i] : 0;
    }
    return norms[state] * norms[state] / sum;
  }

  /**
   * One plus the number of places at which scores of norms and of their squares differ in order.
   */
  static double caption(Sample s) {
    List<double[]> norms = s.systems.stream().map(Measures::stateNorms).toList();
    List<double[]> roots =
        norms.stream().map(layer -> Arrays.stream(layer).map(Math::sqrt).toArray()).toList();
    return 1 + differences(byScores(norms), byScores(roots));
  }

  private static int differences(List<Removed> a, List<Removed> b) {
    int differences = 0;
    for (int k = 0; k < a.size(); k++) {
      differences += a.get(k).equals(b.get(k)) ? 0 : 1;
    }
    return differences;
  }

  /** The order in which LAST removes states, down to one a layer. */
  private static List<Removed> byScores(List<double[]> norms) {
    record Scored(Removed state, double score) {}
    List<Scored> all = new ArrayList<>();
    for (int l = 0; l < norms.size(); l++) {
      double[] layer = norms.get(l);
      int[] order = ascending(layer);
      for (int k = 0; k < order.length - 1; k++) {
        double sum = 0;
        for (int j = k; j < order.length; j++) {
          sum += square(layer[order[j]]);
        }
        all.add(new Scored(new Removed(l, order[k]), square(layer[order[k]]) / sum));
      }
    }
    all.sort(Comparator.comparingDouble(Scored::score));
    return all.stream().map(Scored::state).toList();
  }

  /** Eq. 10 from C, B̄ and λ̄ against Eq. 9 from the norms; the worst state. */
  static double scoreWritten(Sample s) {
    PairSystem layer = s.layer();
    double[] norms = stateNorms(s.system());
    int[] order = ascending(norms);
    double worst = 1;
    double sum = 0;
    double written = 0;
    for (int k = order.length - 1; k >= 0; k--) {
      int i = order[k];
      double squared =
          square(layer.cRe[i], layer.cIm[i])
              * square(layer.bRe[i], layer.bIm[i])
              / square(layer.margin[i]);
      sum += square(norms[i]);
      written += squared;
      worst = Math.max(worst, EQUAL.ratio(square(norms[i]) / sum, squared / written));
    }
    return worst;
  }

  /** ‖G_S‖∞² over the sum of the squares of all states, or the other way round. */
  static double denominator(Sample s, boolean normAbove) {
    double norm = square(Norms.whole(s.system()));
    double sum = 0;
    for (double state : stateNorms(s.system())) {
      sum += 2 * state * state;
    }
    return normAbove ? AT_MOST.ratio(norm, sum) : AT_MOST.ratio(sum, norm);
  }

  /** ‖G_S‖∞² over the square of the summed norms. */
  static double denominatorSummed(Sample s) {
    double sum = 0;
    for (double state : stateNorms(s.system())) {
      sum += 2 * state;
    }
    return AT_MOST.ratio(square(Norms.whole(s.system())), square(sum));
  }

  // Frequencies.

  // A decay of e⁻²⁰ is 4e-18 of an energy.
  private static final double DECAY = 20;

  /** The input followed by so many zeros that every state decays. */
  private static double[][] padded(PairSystem layer, double[][] input) {
    double least = Arrays.stream(layer.margin).min().orElseThrow();
    double[][] padded = new double[input.length + (int) Math.ceil(DECAY / least)][layer.inputs];
    System.arraycopy(input, 0, padded, 0, input.length);
    return padded;
  }

  /** The energy of some pairs' response in time against its mean over as many frequencies. */
  private static double energies(Sample s, StateSet taken) {
    PairSystem layer = s.layer();
    double[][] padded = padded(layer, s.input);
    double sum = 0;
    for (int k = 0; k < padded.length; k++) {
      double theta = 2 * Math.PI * k / padded.length;
      sum += new Spectrum(layer, s.input, theta).energy(taken);
    }
    return EQUAL.ratio(Signals.energy(layer.response(padded, taken)), sum / padded.length);
  }

  static double parseval(Sample s) {
    return energies(s, Sample.all(s.layer()));
  }

  static double parsevalOfDifference(Sample s) {
    return energies(s, s.removed());
  }

  /** The same of every complex state; the worst. */
  static double parsevalOfState(Sample s) {
    PairSystem layer = s.layer();
    double[][] padded = padded(layer, s.input);
    double[] sums = new double[layer.states];
    for (int k = 0; k < padded.length; k++) {
      Spectrum spectrum = new Spectrum(layer, s.input, 2 * Math.PI * k / padded.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += square(spectrum.state(i).abs());
      }
    }
    double worst = 1;
    for (int i = 0; i < sums.length; i++) {
      double outward = square(layer.cRe[i], layer.cIm[i]);
      double mean = sums[i] / padded.length * outward;
      worst = Math.max(worst, EQUAL.ratio(subsystemEnergy(layer, i, padded), mean));
    }
    return worst;
  }

  /**
   * Either ‖GU‖² over ‖G‖²‖U‖² at the worst frequency, or the mean of the latter over its bound.
   */
  static double pointwise(Sample s, boolean mean) {
    double worst = 0;
    double weighted = 0;
    double plain = 0;
    int points = 64;
    double bound = square(Norms.whole(s.system()));
    StateSet all = Sample.all(s.layer());
    for (int k = 0; k < points; k++) {
      Spectrum spectrum = new Spectrum(s.layer(), s.input, Math.PI * (k + 0.5) / points);
      double gain = square(singularValue(s.system(), spectrum.theta));
      worst = Math.max(worst, AT_MOST.ratio(spectrum.energy(all), gain * spectrum.inputEnergy()));
      weighted += gain * spectrum.inputEnergy();
      plain += spectrum.inputEnergy();
    }
    return mean ? AT_MOST.ratio(weighted, bound * plain) : worst;
  }

  private static double singularValue(DiscreteSsm system, double theta) {
    return FrequencyResponse.singularValues(system, theta)[0][0];
  }

  /** One plus the error of Σ h(k)z⁻ᵏ against the sum of partial fractions, applied to an input. */
  static double transform(Sample s) {
    return transformError(s, -1);
  }

  /** The same of single states; the worst. */
  static double transformOfState(Sample s) {
    double worst = 1;
    for (int i = 0; i < s.layer().states; i++) {
      worst = Math.max(worst, transformError(s, i));
    }
    return worst;
  }

  private static double transformError(Sample s, int single) {
    PairSystem layer = s.layer();
    // An impulse in all channels; its response carries the models' step of lead, G·z.
    double[][] impulse = new double[1][layer.inputs];
    Arrays.fill(impulse[0], 1);
    double[][] padded = padded(layer, impulse);
    double worst = 0;
    for (double theta : ANGLES) {
      Spectrum spectrum = new Spectrum(layer, impulse, theta);
      for (int i = 0; i < layer.states; i++) {
        if (single >= 0 && i != single) {
          continue;
        }
        double[][] x = layer.trajectory(i, padded);
        Complex sum = Complex.ZERO;
        for (int k = 0; k < padded.length; k++) {
          sum =
              sum.add(
                  new Complex(x[0][k], x[1][k])
                      .multiply(new Complex(Math.cos(theta * k), -Math.sin(theta * k))));
        }
        Complex closed = spectrum.state(i);
        worst =
            Math.max(worst, sum.subtract(closed).abs() / Math.max(closed.abs(), Double.MIN_NORMAL));
      }
    }
    return 1 + worst;
  }

  /** One plus the error of Σᵢ CᵢB̄ᵢ/(z - λ̄ᵢ) against C(zI - Λ̄)⁻¹B̄ by elimination. */
  static double sumOfStates(Sample s) {
    PairSystem layer = s.layer();
    int n = layer.states;
    double worst = 0;
    for (double theta : ANGLES) {
      ComplexNumber z = ComplexNumber.of(Math.cos(theta), Math.sin(theta));
      // In real coordinates, so that the matrix is not diagonal.
      GenericStore<ComplexNumber> matrix = GenericStore.C128.make(2 * n, 2 * n);
      for (int i = 0; i < n; i++) {
        int re = i + i;
        int im = re + 1;
        matrix.set(re, re, z.subtract(layer.poleRe[i]));
        matrix.set(im, im, z.subtract(layer.poleRe[i]));
        matrix.set(re, im, ComplexNumber.of(layer.poleIm[i], 0));
        matrix.set(im, re, ComplexNumber.of(-layer.poleIm[i], 0));
      }
      LU<ComplexNumber> lu = LU.C128.make(2 * n, 2 * n);
      lu.decompose(matrix);
      MatrixStore<ComplexNumber> inverse = lu.getInverse();
      for (int o = 0; o < layer.outputs; o++) {
        for (int k = 0; k < layer.inputs; k++) {
          ComplexNumber whole = ComplexNumber.ZERO;
          ComplexNumber parts = ComplexNumber.ZERO;
          double size = 0;
          for (int i = 0; i < n; i++) {
            ComplexNumber c = ComplexNumber.of(layer.cRe[i][o], layer.cIm[i][o]);
            ComplexNumber b = ComplexNumber.of(layer.bRe[i][k], layer.bIm[i][k]);
            ComplexNumber pole = ComplexNumber.of(layer.poleRe[i], layer.poleIm[i]);
            ComplexNumber one = c.multiply(b).divide(z.subtract(pole));
            ComplexNumber other =
                c.conjugate().multiply(b.conjugate()).divide(z.subtract(pole.conjugate()));
            parts = parts.add(one).add(other);
            size += one.norm() + other.norm();
            for (int r = 0; r < 2; r++) {
              double outward = r == 0 ? 2 * layer.cRe[i][o] : -2 * layer.cIm[i][o];
              ComplexNumber inner = ComplexNumber.ZERO;
              for (int j = 0; j < n; j++) {
                inner =
                    inner
                        .add(inverse.get(i + i + r, j + j).multiply(layer.bRe[j][k]))
                        .add(inverse.get(i + i + r, j + j + 1).multiply(layer.bIm[j][k]));
              }
              whole = whole.add(inner.multiply(outward));
            }
          }
          worst = Math.max(worst, whole.subtract(parts).norm() / Math.max(size, Double.MIN_NORMAL));
        }
      }
    }
    return 1 + worst;
  }

  /** An input's transform at one frequency, and what states make of it. */
  private static final class Spectrum {
    private final PairSystem layer;
    private final double theta;
    private final double[] re;
    private final double[] im;

    Spectrum(PairSystem layer, double[][] input, double theta) {
      this.layer = layer;
      this.theta = theta;
      re = new double[layer.inputs];
      im = new double[layer.inputs];
      for (int t = 0; t < input.length; t++) {
        double cos = Math.cos(theta * t);
        double sin = Math.sin(theta * t);
        for (int k = 0; k < re.length; k++) {
          re[k] += input[t][k] * cos;
          im[k] -= input[t][k] * sin;
        }
      }
    }

    double inputEnergy() {
      return square(re, im);
    }

    /** The transform of a state's trajectory, b̄ᵢU/(1 - λ̄ᵢ/z). */
    Complex state(int i) {
      return driven(layer.bRe[i], layer.bIm[i], layer.poleRe[i], layer.poleIm[i]);
    }

    private Complex conjugateState(int i) {
      double[] negated = Arrays.stream(layer.bIm[i]).map(x -> -x).toArray();
      return driven(layer.bRe[i], negated, layer.poleRe[i], -layer.poleIm[i]);
    }

    private Complex driven(double[] bRe, double[] bIm, double poleRe, double poleIm) {
      double sumRe = 0;
      double sumIm = 0;
      for (int k = 0; k < re.length; k++) {
        sumRe += bRe[k] * re[k] - bIm[k] * im[k];
        sumIm += bRe[k] * im[k] + bIm[k] * re[k];
      }
      Complex turn = new Complex(Math.cos(theta), -Math.sin(theta));
      return new Complex(sumRe, sumIm)
          .divide(Complex.ONE.subtract(turn.multiply(new Complex(poleRe, poleIm))));
    }

    /** ‖Σ GᵢU‖² over some pairs. */
    double energy(StateSet taken) {
      double[] outRe = new double[layer.outputs];
      double[] outIm = new double[layer.outputs];
      for (int i = 0; i < layer.states; i++) {
        if (!taken.has(i)) {
          continue;
        }
        Complex x = state(i);
        Complex other = conjugateState(i);
        for (int o = 0; o < layer.outputs; o++) {
          double c = layer.cRe[i][o];
          double d = layer.cIm[i][o];
          outRe[o] +=
              c * (x.getReal() + other.getReal()) - d * (x.getImaginary() - other.getImaginary());
          outIm[o] +=
              c * (x.getImaginary() + other.getImaginary()) + d * (x.getReal() - other.getReal());
        }
      }
      return square(outRe, outIm);
    }
  }

  // App. B.2 and B.3.

  /** One plus the relative distance of Σu - Σ₋ₚu from the sum of the removed pairs' responses. */
  static double differenceIsRemoved(Sample s) {
    PairSystem layer = s.layer();
    double[][] whole = layer.response(s.input, Sample.all(layer));
    double[][] kept = layer.response(s.input, s.kept());
    double[][] removed = layer.response(s.input, s.removed());
    for (int t = 0; t < kept.length; t++) {
      for (int o = 0; o < layer.outputs; o++) {
        kept[t][o] += removed[t][o];
      }
    }
    double size = Math.max(Signals.energy(whole), Signals.energy(removed));
    return 1 + Math.sqrt(AT_MOST.ratio(Signals.distance(whole, kept), size));
  }

  /** The removed states' energy together against the sum of their energies, or of their norms. */
  static double triangle(Sample s, boolean repaired) {
    PairSystem layer = s.layer();
    StateSet removed = s.removed();
    double together = Signals.energy(layer.response(s.input, removed));
    double squares = 0;
    double norms = 0;
    for (int i = 0; i < layer.states; i++) {
      if (removed.has(i)) {
        double energy = subsystemEnergy(layer, i, s.input);
        squares += 2 * energy;
        norms += 2 * Math.sqrt(energy);
      }
    }
    return AT_MOST.ratio(together, repaired ? norms * norms : squares);
  }

  /** The worst state. */
  static double stateGain(Sample s) {
    double worst = 0;
    double[] norms = stateNorms(s.system());
    double input = Signals.energy(s.input);
    for (int i = 0; i < norms.length; i++) {
      double energy = subsystemEnergy(s.layer(), i, s.input);
      worst = Math.max(worst, AT_MOST.ratio(energy, square(norms[i]) * input));
    }
    return worst;
  }

  /** The first removed pair's response against twice the sum of both states' bounds. */
  static double onePair(Sample s) {
    double[] norms = stateNorms(s.system());
    int i = s.removed().indices().findFirst().orElseThrow();
    StateSet first = StateSet.of(norms.length, i);
    double left = Signals.energy(s.layer().response(s.input, first));
    return AT_MOST.ratio(left, 2 * square(norms[i]) * Signals.energy(s.input));
  }

  /**
   * The loss of all removals of one layer against what single removals, one after another, lose.
   */
  static double stepwise(Sample s, boolean roots) {
    PairSystem layer = s.layer();
    StateSet kept = Sample.all(layer);
    double[][] whole = GELU.apply(layer.response(s.input, kept));
    double[][] before = whole;
    double sum = 0;
    for (int i : s.removed().indices().toArray()) {
      kept = kept.without(i);
      double[][] after = GELU.apply(layer.response(s.input, kept));
      double loss = Signals.distance(before, after);
      sum += roots ? Math.sqrt(loss) : loss;
      before = after;
    }
    return AT_MOST.ratio(Signals.distance(whole, before), roots ? sum * sum : sum);
  }

  /** The loss of removing states from all layers against a bound for a whole model. */
  static double manyLost(Sample s, Bound bound) {
    double loss = Signals.distance(s.output(GELU, false), s.output(GELU, true));
    return AT_MOST.ratio(loss, bound.energy(s.systems, s.kept, GELU, Signals.energy(s.input)));
  }

  /** Eq. 8 for one removed pair of layer 1, or with one complex state's norm in it. */
  static double stackLoss(Sample several, boolean complexState) {
    Sample s = several.firstRemovalOnly();
    double product = Math.sqrt(Signals.energy(s.input));
    for (int l = 1; l < s.systems.size(); l++) {
      product *= Norms.kept(s.systems.get(l), s.kept.layer(l));
    }
    double removed = Norms.removed(s.system(), s.kept());
    if (complexState) {
      removed = stateNorms(s.system())[s.removed().indices().findFirst().orElseThrow()];
    }
    double loss = Signals.distance(s.output(GELU, false), s.output(GELU, true));
    return AT_MOST.ratio(loss, square(removed * product));
  }

  /** The two inputs of the last layer, of the whole and of the pruned model. */
  private static double[][][] lastInputs(Sample s) {
    Sample before = s.beforeLast();
    return new double[][][] {before.output(GELU, false), before.output(GELU, true)};
  }

  static double lastNonlinearity(Sample several) {
    Sample s = several.firstRemovalOnly();
    double[][][] x = lastInputs(s);
    PairSystem last = s.layers.get(s.layers.size() - 1);
    StateSet all = Sample.all(last);
    double[][] a = last.response(x[0], all);
    double[][] b = last.response(x[1], all);
    double before = Signals.distance(a, b);
    // A difference near rounding has no meaningful slope.
    return before < 1e-16 * Signals.energy(a)
        ? Double.NaN
        : AT_MOST.ratio(Signals.distance(GELU.apply(a), GELU.apply(b)), before);
  }

  static double lastGain(Sample several) {
    Sample s = several.firstRemovalOnly();
    double[][][] x = lastInputs(s);
    int last = s.layers.size() - 1;
    StateSet all = Sample.all(s.layers.get(last));
    double left =
        Signals.distance(
            s.layers.get(last).response(x[0], all), s.layers.get(last).response(x[1], all));
    return AT_MOST.ratio(
        left, square(Norms.whole(s.systems.get(last))) * Signals.distance(x[0], x[1]));
  }

  /** The loss at the end against the loss before σ of layer 1 times the later norms. */
  static double laterLayers(Sample several) {
    Sample s = several.firstRemovalOnly();
    double product = 1;
    for (int l = 1; l < s.systems.size(); l++) {
      product *= square(Norms.whole(s.systems.get(l)));
    }
    double[][] first = s.layer().response(s.input, s.removed());
    double loss = Signals.distance(s.output(GELU, false), s.output(GELU, true));
    double right = product * Signals.energy(first);
    return right < 1e-16 * Signals.energy(s.output(GELU, false)) ? Double.NaN : loss / right;
  }

  /** The energy after all but the last layer against the product of their norms. */
  static double earlierLayers(Sample s) {
    Sample before = s.beforeLast();
    double product = Signals.energy(s.input);
    for (DiscreteSsm system : before.systems) {
      product *= square(Norms.whole(system));
    }
    return AT_MOST.ratio(Signals.energy(before.output(GELU, false)), product);
  }

  static double products(Sample s) {
    double removed = square(Norms.removed(s.system(), s.kept()));
    double others = 1;
    double all = 1;
    for (int l = 0; l < s.systems.size(); l++) {
      double norm = square(SystemNorms.hinf(s.systems.get(l), Loss.TOLERANCE).upper());
      all *= norm;
      others *= l == 0 ? 1 : norm;
    }
    return EQUAL.ratio(removed * others, removed / square(Norms.whole(s.system())) * all);
  }

  /** ‖cᵢxᵢ‖² of the single complex subsystem of a state, forwards. */
  private static double subsystemEnergy(PairSystem layer, int i, double[][] u) {
    double[][] x = layer.trajectory(i, u);
    return square(x[0], x[1]) * square(layer.cRe[i], layer.cIm[i]);
  }

  /** ‖v‖² of a complex vector. */
  private static double square(double[] re, double[] im) {
    double sum = 0;
    for (int k = 0; k < re.length; k++) {
      sum += re[k] * re[k] + im[k] * im[k];
    }
    return sum;
  }

  private static double square(double x) {
    return x * x;
  }
}
