package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Layer.sum;
import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Relation.EQUAL;
import static io.github.last4j.audit.Systems.ALL_OF_FOUR;
import static io.github.last4j.audit.Systems.BOTH_OF_TWO;
import static io.github.last4j.audit.Systems.LAYER_DRIVEN;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN_LONG;

import io.github.last4j.audit.Numbers.Range;
import io.github.last4j.complex.Decompositions;
import io.github.last4j.norm.PairSystem;
import io.github.last4j.norm.Signals;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.complex.Complex;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/** App. B.2: transfer functions, and the proof of Eq. 4. */
final class AppendixB2 {
  private static final double[] ANGLES = {0.1, 0.9, 2, 3};
  private static final Numbers TWO_VALUES =
      Numbers.of(new Range("a", -6, 6), new Range("b", -6, 6));

  static final List<Claim<?>> CLAIMS =
      List.of(
          printed(
                  "14",
                  "App. B.2",
                  "G(z) = C(zI - Λ̄)⁻¹B̄ is the Z-transform of the impulse response (1 + relative"
                      + " error)")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .equal(AppendixB2::impulseAgainstTransform),
          printed(
                  "15, 17",
                  "App. B.2",
                  "G(z) = ΣGᵢ(z) (1 + relative error against the resolvent by elimination)")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .equal(s -> 1 + partsAgainstElimination(s.layer().pairs())),
          printed(
                  "16",
                  "App. B.2",
                  "Gᵢ(z) = CᵢB̄ᵢ/(z - λ̄ᵢ) is the Z-transform of one state's response")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .equal(AppendixB2::impulseAgainstTransform),
          printed("B.2 a", "App. B.2", "|σ(a) - σ(b)|² ≤ |a - b|²: the GELU is 1-Lipschitz")
              .on(TWO_VALUES)
              .atMost(AppendixB2::squaredSlope)
              .upTo(Sigma.SLOPE_SQUARED, "≤ Lσ²|a - b|², Lσ = 1.12890…, the slope at √2")
              .seen(
                  AT_MOST.ratio(
                      Sample::loss,
                      s -> Signals.distance(s.response(), s.layer().keptResponse(s.input)))),
          printed("B.2 b", "App. B.2", "‖Σu - Σ₋ₚu‖² = ‖GU - G₋ₚU‖²")
              .on(BOTH_OF_TWO, LAYER_DRIVEN)
              .equal(
                  s -> Signals.energy(s.layer().removedResponse(Spectrum.padded(s))),
                  s -> Spectrum.mean(s, u -> u.energy(s.layer().removed()))),
          printed("B.2 c", "App. B.2", "GU - G₋ₚU = Σ GᵢU over the removed states")
              .on(BOTH_OF_TWO, LAYER_DRIVEN)
              .equal(AppendixB2::differenceAgainstRemoved),
          printed("B.2 d", "App. B.2", "‖Σ GᵢU‖² ≤ Σ‖GᵢU‖² (\"triangle inequality\")")
              .on(PAIR_DRIVEN, BOTH_OF_TWO, ALL_OF_FOUR)
              .atMost(AppendixB2::removedEnergy, s -> s.layer().separateEnergy(s.input))
              .repaired(
                  "≤ (Σ‖GᵢU‖)², which may be as large as the number of states times the printed"
                      + " side",
                  AppendixB2::removedEnergy,
                  s ->
                      square(
                          sum(
                              s.layer().removed().indices(),
                              i -> 2 * Math.sqrt(s.layer().energy(i, s.input))))),
          printed("B.2 e", "App. B.2", "‖GᵢU‖² = ‖Σᵢu‖²")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .equal(AppendixB2::parsevalOfStates),
          printed("B.2 f", "App. B.2", "‖Σᵢu‖² ≤ ‖Gᵢ‖∞²‖u‖²")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .atMost(s -> Arrays.stream(s.layer().gains(s.input)).max().orElseThrow()));

  private AppendixB2() {}

  /** One plus the error of Σ x(k)z⁻ᵏ of an impulse against the closed form; the worst state. */
  private static double impulseAgainstTransform(Sample s) {
    PairSystem layer = s.layer().pairs();
    // An impulse in all channels; its response carries the models' step of lead, G·z.
    double[][] impulse = new double[1][layer.inputs];
    Arrays.fill(impulse[0], 1);
    double[][] padded = Spectrum.padded(layer, impulse);
    double worst = 0;
    for (int i = 0; i < layer.states; i++) {
      double[][] x = layer.trajectory(i, padded);
      for (double theta : ANGLES) {
        Complex sum = Complex.ZERO;
        for (int k = 0; k < padded.length; k++) {
          sum = sum.add(new Complex(x[0][k], x[1][k]).multiply(Circle.at(-theta * k)));
        }
        Complex closed = new Spectrum(layer, impulse, theta).state(i);
        worst = Math.max(worst, sum.subtract(closed).abs() / atLeast(closed.abs()));
      }
    }
    return 1 + worst;
  }

  private static double atLeast(double size) {
    return Math.max(size, Double.MIN_NORMAL);
  }

  /** The error of Σᵢ CᵢB̄ᵢ/(z - λ̄ᵢ) against C(zI - Λ̄)⁻¹B̄ by elimination. */
  private static double partsAgainstElimination(PairSystem layer) {
    double worst = 0;
    for (double theta : ANGLES) {
      ComplexNumber z = ComplexNumber.of(Math.cos(theta), Math.sin(theta));
      MatrixStore<ComplexNumber> whole = byElimination(layer, z);
      for (int o = 0; o < layer.outputs; o++) {
        for (int k = 0; k < layer.inputs; k++) {
          ComplexNumber parts = ComplexNumber.ZERO;
          double size = 0;
          for (int i = 0; i < layer.states; i++) {
            ComplexNumber pole = ComplexNumber.of(layer.poleRe[i], layer.poleIm[i]);
            ComplexNumber product =
                ComplexNumber.of(layer.cRe[i][o], layer.cIm[i][o])
                    .multiply(ComplexNumber.of(layer.bRe[i][k], layer.bIm[i][k]));
            ComplexNumber one = product.divide(z.subtract(pole));
            ComplexNumber other = product.conjugate().divide(z.subtract(pole.conjugate()));
            parts = parts.add(one).add(other);
            size += one.norm() + other.norm();
          }
          worst = Math.max(worst, whole.get(o, k).subtract(parts).norm() / atLeast(size));
        }
      }
    }
    return worst;
  }

  /** C(zI - Λ̄)⁻¹B̄ in real coordinates, in which the matrix is not diagonal. */
  private static MatrixStore<ComplexNumber> byElimination(PairSystem layer, ComplexNumber z) {
    int n = 2 * layer.states;
    GenericStore<ComplexNumber> matrix = GenericStore.C128.make(n, n);
    GenericStore<ComplexNumber> b = GenericStore.C128.make(n, layer.inputs);
    GenericStore<ComplexNumber> c = GenericStore.C128.make(layer.outputs, n);
    for (int i = 0; i < layer.states; i++) {
      int re = i + i;
      int im = re + 1;
      matrix.set(re, re, z.subtract(layer.poleRe[i]));
      matrix.set(im, im, z.subtract(layer.poleRe[i]));
      matrix.set(re, im, layer.poleIm[i]);
      matrix.set(im, re, -layer.poleIm[i]);
      for (int k = 0; k < layer.inputs; k++) {
        b.set(re, k, layer.bRe[i][k]);
        b.set(im, k, layer.bIm[i][k]);
      }
      for (int o = 0; o < layer.outputs; o++) {
        c.set(o, re, 2 * layer.cRe[i][o]);
        c.set(o, im, -2 * layer.cIm[i][o]);
      }
    }
    LU<ComplexNumber> lu = Decompositions.of(LU.C128.make(n, n), "matrix", matrix);
    return c.multiply(lu.getInverse().multiply(b));
  }

  /** |σ(a) - σ(b)|² over |a - b|². */
  private static double squaredSlope(double[] x) {
    double left = Sigma.of(x[0]) - Sigma.of(x[1]);
    double right = x[0] - x[1];
    // Farther apart than a reader's digits.
    return Math.abs(right) < 0.05 ? Double.NaN : left * left / (right * right);
  }

  /** One plus the relative distance of Σu - Σ₋ₚu from the sum of the removed pairs' responses. */
  private static double differenceAgainstRemoved(Sample s) {
    double[][] whole = s.response();
    double[][] sum = s.layer().keptResponse(s.input);
    double[][] removed = s.layer().removedResponse(s.input);
    for (int t = 0; t < sum.length; t++) {
      for (int o = 0; o < sum[t].length; o++) {
        sum[t][o] += removed[t][o];
      }
    }
    double size = Math.max(Signals.energy(whole), Signals.energy(removed));
    return 1 + Math.sqrt(AT_MOST.ratio(Signals.distance(whole, sum), size));
  }

  private static double removedEnergy(Sample s) {
    return Signals.energy(s.layer().removedResponse(s.input));
  }

  /** The energy of every complex state in time against its mean over frequencies; the worst. */
  private static double parsevalOfStates(Sample s) {
    Layer layer = s.layer();
    double[][] padded = Spectrum.padded(s);
    double[] sums = new double[layer.states()];
    Spectrum.circle(s).forEach(u -> Arrays.setAll(sums, i -> sums[i] + square(u.state(i).abs())));
    return EQUAL
        .ofStates(
            (each, i) -> each.energy(i, padded),
            (each, i) -> sums[i] / padded.length * each.outward(i))
        .applyAsDouble(s);
  }
}
