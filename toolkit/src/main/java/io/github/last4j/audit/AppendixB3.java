package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Claim.reading;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Sigma.SLOPE_SQUARED;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN_LONG;
import static io.github.last4j.audit.Systems.STACK;

import io.github.last4j.audit.Numbers.Range;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.StateSet;
import java.util.List;

/** App. B.3: the proof of Eq. 8. */
final class AppendixB3 {
  private static final Numbers ONE_VALUE = Numbers.of(new Range("x", -20, 20));

  // A difference near rounding says nothing.
  private static final double ROUNDING = 1e-16;

  static final List<Claim<?>> CLAIMS =
      List.of(
          printed("B.3 a", "App. B.3", "‖σ(Σx) - σ(Σx̂)‖² ≤ ‖Σx - Σx̂‖² for the last layer")
              .on(STACK.withoutMemory(), STACK)
              .atMost(s -> lastNonlinearity(s.firstRemovalOnly()))
              .upTo(SLOPE_SQUARED, "≤ Lσ²‖Σx - Σx̂‖²"),
          printed("B.3 b", "App. B.3", "‖Σx - Σx̂‖² ≤ ‖G_S‖∞²‖x - x̂‖²")
              .on(STACK)
              .atMost(
                  s -> lastDistance(s.firstRemovalOnly()),
                  s -> square(s.last().norm()) * s.firstRemovalOnly().beforeLast().loss()),
          printed(
                  "B.3 c",
                  "App. B.3",
                  "the loss after N layers ≤ Π‖G_S‖∞² (k > l) times the loss before σ of layer l")
              .on(STACK.withoutMemory(), STACK)
              .atMost(s -> laterLayers(s.firstRemovalOnly()))
              .upTo(
                  SLOPE_SQUARED * SLOPE_SQUARED, "with the factor Lσ²⁽ᴺ⁻ˡ⁺¹⁾ (here N = 2, l = 1)"),
          reading(
                  "B.3 d",
                  "App. B.3",
                  "Eq. 4 with one state: ‖Σx - Σ₋ᵢx‖² ≤ ‖Gᵢ‖∞²‖x‖², for both states of a pair")
              .on(PAIR_DRIVEN, PAIR_DRIVEN_LONG)
              .atMost(
                  AppendixB3::firstRemovedEnergy,
                  s -> 2 * square(s.layer().stateNorm(s.firstRemoved())) * s.inputEnergy())
              .upTo(2, "≤ (‖Gᵢ‖∞ + ‖Gᵢ‖∞)²‖x‖², twice the sum of squares"),
          printed("B.3 e", "App. B.3", "σ(0) = 0 (1 + its size)")
              .on(Numbers.NONE)
              .equal(nothing -> 1 + Math.abs(Sigma.of(0))),
          printed(
                  "B.3 f",
                  "App. B.3",
                  "|σ(x) - σ(0)|² ≤ |x|²: from zero the GELU gains no more than one")
              .on(ONE_VALUE)
              .atMost(x -> square(Sigma.of(x[0])), x -> square(x[0]))
              .seen(
                  AT_MOST.ratio(
                      s -> Signals.energy(Sigma.of(s.response())),
                      s -> Signals.energy(s.response()))),
          printed("B.3 g", "App. B.3", "the energy before layer l ≤ Π‖G_S‖∞² (k < l)·‖u‖²")
              .on(STACK)
              .atMost(
                  s -> Signals.energy(s.beforeLast().output()),
                  s -> productOfNorms(s.inputEnergy(), s.beforeLast().layers)),
          printed("B.3 h", "App. B.3", "‖Gᵢ‖∞²·Π(k ≠ l)‖G_S‖∞² = ‖Gᵢ‖∞²/‖G_S‖∞²·Π‖G_S‖∞²")
              .on(STACK)
              .equal(
                  s -> square(removedNorm(s)) * productOfNorms(1, later(s)),
                  s ->
                      square(removedNorm(s))
                          / square(s.layer().norm())
                          * productOfNorms(1, s.layers)));

  private AppendixB3() {}

  /** ‖Σx - Σx̂‖² of the last layer, x and x̂ its inputs in the whole and in the pruned model. */
  private static double lastDistance(Sample s) {
    Sample before = s.beforeLast();
    return Signals.distance(
        s.last().response(before.output()), s.last().response(before.prunedOutput()));
  }

  private static double lastNonlinearity(Sample s) {
    double before = lastDistance(s);
    double size = Signals.energy(s.last().response(s.beforeLast().output()));
    return before < ROUNDING * size ? Double.NaN : AT_MOST.ratio(s.loss(), before);
  }

  /** The loss at the end against the loss before σ of layer 1 times the later norms. */
  private static double laterLayers(Sample s) {
    double right = productOfNorms(1, later(s)) * Signals.energy(s.layer().removedResponse(s.input));
    return right < ROUNDING * Signals.energy(s.output()) ? Double.NaN : s.loss() / right;
  }

  private static List<Layer> later(Sample s) {
    return s.layers.subList(1, s.layers.size());
  }

  /** A number times Π‖G_S‖∞². */
  private static double productOfNorms(double first, List<Layer> layers) {
    return layers.stream()
        .mapToDouble(layer -> square(layer.norm()))
        .reduce(first, (product, norm) -> product * norm);
  }

  private static double firstRemovedEnergy(Sample s) {
    StateSet first = StateSet.of(s.layer().states(), s.firstRemoved());
    return Signals.energy(s.layer().pairs().response(s.input, first));
  }

  private static double removedNorm(Sample s) {
    return s.layer().norm(s.layer().removed());
  }
}
