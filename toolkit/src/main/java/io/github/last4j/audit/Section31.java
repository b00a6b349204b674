package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.aside;
import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Claim.reading;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Layer.sum;
import static io.github.last4j.audit.Numbers.POLE;
import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Relation.EQUAL;
import static io.github.last4j.audit.Systems.ALL_OF_FOUR;
import static io.github.last4j.audit.Systems.BOTH_OF_TWO;
import static io.github.last4j.audit.Systems.LAYER;
import static io.github.last4j.audit.Systems.LAYER_BOTH_WAYS;
import static io.github.last4j.audit.Systems.PAIR;
import static io.github.last4j.audit.Systems.PAIRS;
import static io.github.last4j.audit.Systems.PAIR_BOTH_WAYS;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN;

import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.complex.Decompositions;
import io.github.last4j.norm.PairSystem;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.LossOrder;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.complex.Complex;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.scalar.ComplexNumber;

/** Sec. 3.1: H∞ scores in one layer. */
final class Section31 {
  static final List<Claim<?>> CLAIMS =
      List.of(
          printed(
                  "3",
                  "Sec. 3.1",
                  "removing the states with the smallest H∞ norms minimises Σ‖Gᵢ‖∞², the right side"
                      + " of Eq. 4")
              .on(LAYER)
              .equal(s -> chosenOverBest(s.layer(), sumOfSquares(s.layer().norms()))),
          reading(
                  "3a",
                  "Sec. 3.1",
                  "the same choice minimises the loss of Eq. 3 (σ the identity, worst input: the"
                      + " norm of what is removed)")
              .on(PAIRS, LAYER)
              .equal(s -> chosenOverBest(s.layer(), set -> square(s.layer().norm(set))))
              .repaired(
                  "it minimises (Σ‖Gᵢ‖∞)², which the loss does not exceed",
                  s -> chosenWithinSums(s.layer())),
          printed(
                  "4",
                  "Sec. 3.1",
                  "‖σ(Σu) - σ(Σ₋ₚu)‖² ≤ Σ‖Gᵢ‖∞²‖u‖², i over both states of the removed pairs")
              .on(PAIR_DRIVEN, BOTH_OF_TWO, ALL_OF_FOUR)
              .atMost(Sample::loss, s -> bound(s, Bound.PAPER))
              .repaired(
                  "≤ Lσ²‖Gₚ‖∞²‖u‖² ≤ Lσ²(Σ‖Gᵢ‖∞)²‖u‖², Lσ the largest slope of σ",
                  Sample::loss,
                  s -> bound(s, Bound.SHARP)),
          printed("5", "Sec. 3.1", "‖Gᵢ‖∞ = ‖CᵢB̄ᵢ‖/(1-|λ̄ᵢ|) for one complex state")
              .on(PAIR, LAYER)
              .equal(EQUAL.ofStates(Section31::largestGain, Layer::stateNorm)),
          reading(
                  "5a",
                  "Sec. 3.1",
                  "‖Gᵢ‖∞ ≤ ‖CᵢB̄ᵢ‖/(1-|λ̄ᵢ|) for what is removed from a real layer, a conjugate"
                      + " pair")
              .on(PAIR, LAYER)
              .atMost(AT_MOST.ofStates(Layer::pairNorm, Layer::stateNorm))
              .upTo(2, "≤ 2‖Cᵢ‖‖B̄ᵢ‖/(1-|λ̄ᵢ|)"),
          printed("6", "Sec. 3.1", "‖CᵢB̄ᵢ‖² = ‖Cᵢ‖²‖B̄ᵢ‖²")
              .on(PAIR, LAYER)
              .equal(
                  EQUAL.ofStates(
                      (layer, i) -> square(productNorm(layer.pairs(), i)),
                      (layer, i) -> layer.outward(i) * layer.inward(i))),
          reading(
                  "6a",
                  "Sec. 3.1",
                  "in a bidirectional layer ‖Gᵢ‖∞² ≤ (‖Cᶠ‖² + ‖Cᵇ‖²)/2·‖B̄ᵢ‖²/(1-|λ̄ᵢ|)², for one"
                      + " complex state")
              .on(PAIR_BOTH_WAYS, LAYER_BOTH_WAYS)
              .atMost(
                  AT_MOST.ofStates(
                      (layer, i) -> square(gainBothWays(layer, i)),
                      (layer, i) -> square(layer.stateNorm(i))))
              .upTo(4, "≤ (‖Cᶠ‖ + ‖Cᵇ‖)²‖B̄ᵢ‖²/(1-|λ̄ᵢ|)²"),
          aside("6b", "Sec. 3.1", "‖B̄ᵢ‖² = 1 where B is fixed to one")
              .on(POLE)
              .equal(x -> square(Section2.closedForm(x).abs()), x -> 1)
              .repaired(
                  "‖B̄ᵢ‖ = |exp(λΔ) - 1|/|λ|, about Δ where |λΔ| is small", Section2::heldInput));

  private Section31() {}

  /** What the H∞ order removes, half of the pairs, against the best choice of as many. */
  private static double chosenOverBest(Layer layer, ToDoubleFunction<StateSet> loss) {
    int n = layer.states();
    if (n > LossOrder.MOST_EXHAUSTIVE) {
      return Double.NaN;
    }
    double chosen = loss.applyAsDouble(StateSet.of(n, weakest(layer.norms())));
    double best =
        IntStream.range(0, 1 << n)
            .filter(bits -> Integer.bitCount(bits) == n / 2)
            .mapToObj(bits -> StateSet.where(n, i -> (bits >> i & 1) == 1))
            .mapToDouble(loss)
            .min()
            .orElseThrow();
    return chosen <= best * (1 + 2 * Loss.TOLERANCE) ? 1 : chosen / best;
  }

  private static int[] weakest(double[] norms) {
    return Arrays.copyOf(Layer.ascending(norms), norms.length / 2);
  }

  private static ToDoubleFunction<StateSet> sumOfSquares(double[] norms) {
    return set -> sum(set.indices(), i -> 2 * norms[i] * norms[i]);
  }

  /** The loss of the H∞ order's choice against the smallest (Σ‖Gᵢ‖∞)². */
  private static double chosenWithinSums(Layer layer) {
    int n = layer.states();
    if (n > LossOrder.MOST_EXHAUSTIVE) {
      return Double.NaN;
    }
    double[] norms = layer.norms();
    int[] chosen = weakest(norms);
    double loss = layer.norm(StateSet.of(n, chosen));
    double sum = sum(Arrays.stream(chosen), i -> 2 * norms[i]);
    // The repaired statement is an inequality.
    return Math.max(1, loss * loss / (sum * sum));
  }

  private static double bound(Sample s, Bound bound) {
    return bound
        .layer(s.layer().system(), s.layer().kept(), Nonlinearity.GELU, s.inputEnergy())
        .value();
  }

  /** The largest gain of a complex state on the circle. */
  private static double largestGain(Layer layer, int i) {
    double residue = Math.sqrt(layer.outward(i) * layer.inward(i));
    return Circle.largest(
        theta -> residue / distance(layer.pairs(), i, theta), layer.pairs().angle[i]);
  }

  /** |exp(jθ) - λ̄ᵢ| without cancellation. */
  private static double distance(PairSystem layer, int i, double theta) {
    double margin = layer.margin[i];
    double half = Math.sin((theta - layer.angle[i]) / 2);
    return Math.sqrt(margin * margin + 4 * (1 - margin) * half * half);
  }

  /** The largest singular value of CᵢB̄ᵢ. */
  private static double productNorm(PairSystem layer, int i) {
    GenericStore<ComplexNumber> product = GenericStore.C128.make(layer.outputs, layer.inputs);
    for (int o = 0; o < layer.outputs; o++) {
      for (int k = 0; k < layer.inputs; k++) {
        ComplexNumber c = ComplexNumber.of(layer.cRe[i][o], layer.cIm[i][o]);
        product.set(o, k, c.multiply(ComplexNumber.of(layer.bRe[i][k], layer.bIm[i][k])));
      }
    }
    SingularValue<ComplexNumber> svd =
        Decompositions.of(SingularValue.C128.make(layer.outputs, layer.inputs), "product", product);
    return svd.getOperatorNorm();
  }

  /** The largest gain of a complex state in both directions together. */
  private static double gainBothWays(Layer layer, int i) {
    double sup = Circle.largest(theta -> bothWays(layer.pairs(), i, theta), layer.pairs().angle[i]);
    return sup * Math.sqrt(layer.inward(i));
  }

  /** ‖Cᶠ/(1 - λ̄/z) + Cᵇ/(1 - λ̄z)‖. */
  private static double bothWays(PairSystem layer, int i, double theta) {
    Complex z = Circle.at(theta);
    Complex pole = new Complex(layer.poleRe[i], layer.poleIm[i]);
    Complex forward = Complex.ONE.subtract(pole.multiply(z.conjugate())).reciprocal();
    Complex backward = Complex.ONE.subtract(pole.multiply(z)).reciprocal();
    int back = i + layer.states;
    return Math.sqrt(
        sum(
            IntStream.range(0, layer.outputs),
            o ->
                square(
                    forward
                        .multiply(new Complex(layer.cRe[i][o], layer.cIm[i][o]))
                        .add(backward.multiply(new Complex(layer.cRe[back][o], layer.cIm[back][o])))
                        .abs())));
  }
}
