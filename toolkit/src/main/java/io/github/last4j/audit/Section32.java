package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.aside;
import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Claim.reading;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Layer.sum;
import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Relation.EQUAL;
import static io.github.last4j.audit.Sigma.SLOPE_SQUARED;
import static io.github.last4j.audit.Systems.ALL_OF_FOUR;
import static io.github.last4j.audit.Systems.BOTH_OF_TWO;
import static io.github.last4j.audit.Systems.LAYER;
import static io.github.last4j.audit.Systems.ONE_OF_TWO;
import static io.github.last4j.audit.Systems.PAIR;
import static io.github.last4j.audit.Systems.STACK;
import static io.github.last4j.audit.Systems.STACK_ALL;
import static io.github.last4j.audit.Systems.STACK_LONG;
import static io.github.last4j.audit.Systems.TWO_LAYERS;
import static io.github.last4j.audit.Systems.TWO_LAYERS_LARGE;

import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.List;

/** Sec. 3.2 and Fig. 1: LAST scores in a stack of layers. */
final class Section32 {
  static final List<Claim<?>> CLAIMS =
      List.of(
          printed(
                  "7",
                  "Sec. 3.2",
                  "removing states by LAST scores computed once is the greedy removal that computes"
                      + " them anew after each state (1 + places that differ)")
              .on(TWO_LAYERS, TWO_LAYERS_LARGE)
              .equal(s -> onceAgainst(s, RemovalOrder::scoreAmong)),
          reading(
                  "7a",
                  "Sec. 3.2",
                  "it is the greedy removal by the ratio of norms in Eq. 8, ‖Gᵢ‖∞²/‖G_S‖∞² (1 +"
                      + " places that differ)")
              .on(TWO_LAYERS, TWO_LAYERS_LARGE)
              .equal(s -> onceAgainst(s, Section32::ratioOfEq8))
              .repaired(
                  "it is the greedy removal by Hᵢ/Σⱼ Hⱼ over the states that remain",
                  s -> onceAgainst(s, RemovalOrder::scoreAmong)),
          reading(
                  "7b",
                  "Sec. 3.2",
                  "the loss of several removals ≤ the sum of the losses of each (one layer)")
              .on(BOTH_OF_TWO, ALL_OF_FOUR)
              .atMost(Sample::loss, s -> Arrays.stream(losses(s)).reduce(0, Double::sum))
              .repaired(
                  "√J ≤ Σ√Jₜ",
                  Sample::loss,
                  s -> square(Arrays.stream(losses(s)).map(Math::sqrt).reduce(0, Double::sum))),
          printed(
                  "8",
                  "Sec. 3.2",
                  "J ≤ ‖Gᵢ‖∞²/‖G_S‖∞²·Π‖G_S‖∞²·‖u‖², Gᵢ the removed pair in layer l = 1")
              .on(ONE_OF_TWO, STACK.withoutMemory(), STACK, STACK_LONG)
              .atMost(
                  s -> s.firstRemovalOnly().loss(),
                  s -> rightSideOfEq8(s, s.layer().pairNorm(s.firstRemoved())))
              .upTo(
                  SLOPE_SQUARED * SLOPE_SQUARED,
                  "with the factor Lσ²⁽ᴺ⁻ˡ⁺¹⁾ for N layers (here N = 2): slopes count from layer l"
                      + " on"),
          reading(
                  "8a",
                  "Sec. 3.2",
                  "the same with the norm of one complex state for ‖Gᵢ‖∞, as in the score")
              .on(ONE_OF_TWO, STACK.withoutMemory(), STACK)
              .atMost(
                  s -> s.firstRemovalOnly().loss(),
                  s -> rightSideOfEq8(s, s.layer().stateNorm(s.firstRemoved())))
              .upTo(4 * SLOPE_SQUARED * SLOPE_SQUARED, "with the factor 4·Lσ²⁽ᴺ⁻ˡ⁺¹⁾"),
          reading(
                  "8b",
                  "Sec. 3.2",
                  "the loss of removing states from all layers ≤ the sum of Eq. 8's right sides")
              .on(BOTH_OF_TWO, STACK_ALL)
              .atMost(Sample::loss, s -> bound(s, Bound.PAPER))
              .repaired(
                  "√J ≤ Σₗ Lσ⁽ᴺ⁻ˡ⁺¹⁾·Π(k > l)‖Ĝᵏ‖∞·‖Gₚˡ‖∞·Π(k < l)‖Gᵏ‖∞·‖u‖, Ĝ what remains",
                  Sample::loss,
                  s -> bound(s, Bound.SHARP)),
          printed("9, 10", "Sec. 3.2", "Eq. 10 is Eq. 9 with Eq. 6 put in")
              .on(LAYER)
              .equal(Section32::eq10AgainstEq9),
          aside(
                  "9",
                  "Fig. 1",
                  "scores that normalise norms, as the caption says, order states as Eq. 9 with its"
                      + " squares does (1 + places that differ)")
              .on(TWO_LAYERS, TWO_LAYERS_LARGE)
              .equal(Section32::captionAgainstEq9)
              .repaired(
                  "the two are different criteria; Eq. 9 is used",
                  s -> onceAgainst(s, RemovalOrder::scoreAmong)),
          reading("9a", "Sec. 3.2", "‖G_S‖∞² = Σ‖Gⱼ‖∞², so that the score is Eq. 8's ratio")
              .on(PAIR, LAYER)
              .equal(s -> square(s.layer().norm()), Section32::sumOfSquares)
              .repaired(
                  "‖G_S‖∞² ≤ (Σ‖Gⱼ‖∞)², and no bound from below, as states may cancel; the score is"
                      + " a surrogate",
                  AT_MOST.ratio(s -> square(s.layer().norm()), Section32::squareOfSum)));

  private Section32() {}

  /** One plus the places at which LAST's order, computed once, differs from a greedy one. */
  private static double onceAgainst(Sample s, RemovalOrder.Score score) {
    return 1 + RemovalOrder.ofNorms(norms(s)).differences(RemovalOrder.anew(s.layers, score));
  }

  private static List<double[]> norms(Sample s) {
    return s.layers.stream().map(Layer::norms).toList();
  }

  /** ‖Gᵢ‖∞²/‖G_S‖∞² of a pair among those that remain. */
  private static double ratioOfEq8(Layer layer, StateSet remaining, int i) {
    return square(layer.pairNorm(i) / layer.norm(remaining));
  }

  /** What single removals lose, one after another. */
  private static double[] losses(Sample s) {
    StateSet kept = s.layer().all();
    double[][] before = s.output();
    int[] removed = s.layer().removed().indices().toArray();
    double[] losses = new double[removed.length];
    for (int k = 0; k < removed.length; k++) {
      kept = kept.without(removed[k]);
      double[][] after = Sigma.of(s.layer().pairs().response(s.input, kept));
      losses[k] = Signals.distance(before, after);
      before = after;
    }
    return losses;
  }

  /** For a state removed from the first layer. */
  private static double rightSideOfEq8(Sample s, double removed) {
    double product = Math.sqrt(s.inputEnergy());
    for (Layer later : s.layers.subList(1, s.layers.size())) {
      product *= later.norm();
    }
    return square(removed * product);
  }

  private static double bound(Sample s, Bound bound) {
    return bound.model(s.systems(), s.kept(), Nonlinearity.GELU, s.inputEnergy()).value();
  }

  /** Eq. 10 from C, B̄ and λ̄ against Eq. 9 from the norms; the worst state. */
  private static double eq10AgainstEq9(Sample s) {
    Layer layer = s.layer();
    double[] norms = layer.norms();
    int[] order = Layer.ascending(norms);
    double worst = 1;
    double sum = 0;
    double written = 0;
    for (int k = order.length - 1; k >= 0; k--) {
      int i = order[k];
      double squared = layer.outward(i) * layer.inward(i) / square(layer.pairs().margin[i]);
      sum += square(norms[i]);
      written += squared;
      worst = Math.max(worst, EQUAL.ratio(square(norms[i]) / sum, squared / written));
    }
    return worst;
  }

  /** One plus the places at which scores of norms and of their squares differ in order. */
  private static double captionAgainstEq9(Sample s) {
    // Scores square what they are given.
    List<double[]> roots =
        norms(s).stream().map(layer -> Arrays.stream(layer).map(Math::sqrt).toArray()).toList();
    return 1 + RemovalOrder.ofNorms(norms(s)).differences(RemovalOrder.ofNorms(roots));
  }

  /** Σ‖Gⱼ‖∞² over both states of every pair. */
  private static double sumOfSquares(Sample s) {
    return Arrays.stream(s.layer().norms()).map(norm -> 2 * norm * norm).reduce(0, Double::sum);
  }

  /** (Σ‖Gⱼ‖∞)² over the same. */
  private static double squareOfSum(Sample s) {
    return square(Arrays.stream(s.layer().norms()).map(norm -> 2 * norm).reduce(0, Double::sum));
  }
}
