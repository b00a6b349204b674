package io.github.last4j.audit;

import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Relation.BELOW;
import static io.github.last4j.audit.Relation.EQUAL;

import io.github.last4j.audit.Claim.Measure;
import io.github.last4j.audit.Domain.Numbers;
import io.github.last4j.audit.Domain.Numbers.Range;
import io.github.last4j.audit.Domain.Systems;
import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The paper's claims, in its order. */
final class Claims {
  private static final Nonlinearity GELU = Nonlinearity.GELU;
  private static final double SLOPE_SQUARED = GELU.slope() * GELU.slope();

  // From one pair and one number to what shows the effect of several.
  private static final Systems PAIR = new Systems(1, 1, 1, 0, 0, false);
  private static final Systems PAIRS = new Systems(1, 2, 1, 0, 0, false);
  private static final Systems LAYER = new Systems(1, 4, 2, 0, 0, false);
  private static final Systems PAIR_DRIVEN = new Systems(1, 1, 1, 1, 1, false);
  private static final Systems PAIR_DRIVEN_LONG = new Systems(1, 1, 1, 16, 1, false);
  private static final Systems ONE_OF_TWO = new Systems(1, 2, 1, 1, 1, false);
  private static final Systems BOTH_OF_TWO = new Systems(1, 2, 1, 2, 2, false);
  private static final Systems ALL_OF_FOUR = new Systems(1, 4, 1, 2, 4, false);
  private static final Systems LAYER_DRIVEN = new Systems(1, 3, 2, 12, 2, false);
  private static final Systems TWO_LAYERS = new Systems(2, 2, 1, 0, 0, false);
  private static final Systems TWO_LAYERS_LARGE = new Systems(2, 4, 1, 0, 0, false);
  private static final Systems STACK = new Systems(2, 2, 1, 1, 1, false);
  private static final Systems STACK_LONG = new Systems(2, 2, 1, 4, 1, false);
  private static final Systems STACK_ALL = new Systems(2, 3, 1, 2, 3, false);
  private static final Systems PAIR_BOTH_WAYS = new Systems(1, 1, 1, 0, 0, true);
  private static final Systems LAYER_BOTH_WAYS = new Systems(1, 1, 2, 0, 0, true);
  private static final Numbers POLE =
      Numbers.of(
          new Range("Re λ", -5, -0.01), new Range("Im λ", 0, 50), new Range("Δ", 0.0005, 0.5));
  private static final Numbers TWO_VALUES =
      Numbers.of(new Range("a", -6, 6), new Range("b", -6, 6));
  private static final Numbers ONE_VALUE = Numbers.of(new Range("x", -20, 20));
  private static final Numbers POLYNOMIAL =
      Numbers.of(new Range("a₁", -2.5, 2.5), new Range("a₂", -1.5, 1.5));
  private static final Numbers FED_THROUGH =
      Numbers.of(
          new Range("|λ̄|", 0, 0.98),
          new Range("arg λ̄", 0, Math.PI),
          new Range("Re CB̄", -2, 2),
          new Range("Im CB̄", -2, 2),
          new Range("D", -3, 3));

  private Claims() {}

  private static Measure systems(ToDoubleFunction<Sample> ratio) {
    return new Measure.OfSystems(ratio, false);
  }

  private static Measure exhaustive(ToDoubleFunction<Sample> ratio) {
    return new Measure.OfSystems(ratio, true);
  }

  private static Measure numbers(ToDoubleFunction<double[]> ratio) {
    return new Measure.OfNumbers(ratio);
  }

  static List<Claim> all() {
    List<Claim> claims = new ArrayList<>(body());
    claims.addAll(stability());
    claims.addAll(systemNorm());
    claims.addAll(layerProof());
    claims.addAll(modelProof());
    return List.copyOf(claims);
  }

  private static List<Claim> body() {
    return List.of(
        Claim.of(
            "1",
            "Sec. 2.2",
            "B̄ = Λ⁻¹(Λ̄ - I)B is the response ∫₀^Δ exp(Λs)B ds to an input held for a step",
            EQUAL,
            numbers(Measures::heldInput),
            POLE),
        Claim.of(
                "1a",
                "Sec. 2.2",
                "x(k+1) = Λ̄x(k) + B̄u(k), y(k) = Cx(k) + Du(k) has the gain of the models, in which"
                    + " y(k) sees u(k) through the state",
                EQUAL,
                numbers(x -> Measures.indexShift(x, x[4])),
                FED_THROUGH)
            .withRepair(
                numbers(x -> Measures.indexShift(x, 0)),
                "without D the two differ by one step of delay, which changes no gain"),
        Claim.of(
            "2",
            "Sec. 2.3",
            "‖y‖² ≤ ‖G‖∞²‖u‖²",
            AT_MOST,
            systems(Measures::energyGain),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "3",
            "Sec. 3.1",
            "removing the states with the smallest H∞ norms minimises Σ‖Gᵢ‖∞², the right side of"
                + " Eq. 4",
            EQUAL,
            exhaustive(Measures::choiceByBound),
            LAYER),
        Claim.of(
                "3a",
                "Sec. 3.1",
                "the same choice minimises the loss of Eq. 3 (σ the identity, worst input: the norm"
                    + " of what is removed)",
                EQUAL,
                exhaustive(Measures::choiceByLoss),
                PAIRS,
                LAYER)
            .withRepair(
                exhaustive(Measures::choiceWithinSums),
                "it minimises (Σ‖Gᵢ‖∞)², which the loss does not exceed"),
        Claim.of(
                "4",
                "Sec. 3.1",
                "‖σ(Σu) - σ(Σ₋ₚu)‖² ≤ Σ‖Gᵢ‖∞²‖u‖², i over both states of the removed pairs",
                AT_MOST,
                systems(s -> Measures.layerLoss(s, Bound.PAPER)),
                PAIR_DRIVEN,
                BOTH_OF_TWO,
                ALL_OF_FOUR)
            .withRepair(
                systems(s -> Measures.layerLoss(s, Bound.SHARP)),
                "≤ L²‖Gₚ‖∞²‖u‖² ≤ L²(Σ‖Gᵢ‖∞)²‖u‖², L the slope of σ"),
        Claim.of(
            "5",
            "Sec. 3.1",
            "‖Gᵢ‖∞ = ‖CᵢB̄ᵢ‖/(1-|λ̄ᵢ|) for one complex state",
            EQUAL,
            systems(Measures::complexState),
            PAIR,
            LAYER),
        Claim.of(
                "5a",
                "Sec. 3.1",
                "‖Gᵢ‖∞ ≤ ‖CᵢB̄ᵢ‖/(1-|λ̄ᵢ|) for what is removed from a real layer, a conjugate pair",
                AT_MOST,
                systems(Measures::pair),
                PAIR,
                LAYER)
            .withConstant(2, "≤ 2‖Cᵢ‖‖B̄ᵢ‖/(1-|λ̄ᵢ|)"),
        Claim.of(
            "6",
            "Sec. 3.1",
            "‖CᵢB̄ᵢ‖² = ‖Cᵢ‖²‖B̄ᵢ‖²",
            EQUAL,
            systems(Measures::rankOne),
            PAIR,
            LAYER),
        Claim.of(
                "6a",
                "Sec. 3.1",
                "in a bidirectional layer ‖Gᵢ‖∞² ≤ (‖Cᶠ‖² + ‖Cᵇ‖²)/2·‖B̄ᵢ‖²/(1-|λ̄ᵢ|)², for one"
                    + " complex state",
                AT_MOST,
                systems(Measures::bidirectional),
                PAIR_BOTH_WAYS,
                LAYER_BOTH_WAYS)
            .withConstant(4, "≤ (‖Cᶠ‖ + ‖Cᵇ‖)²‖B̄ᵢ‖²/(1-|λ̄ᵢ|)²"),
        Claim.of(
                "6b",
                "Sec. 3.1",
                "‖B̄ᵢ‖² = 1 where B is fixed to one",
                EQUAL,
                numbers(Measures::fixedB),
                POLE)
            .withRepair(
                numbers(Measures::heldInput),
                "‖B̄ᵢ‖ = |exp(λΔ) - 1|/|λ|, about Δ where |λΔ| is small"),
        Claim.of(
            "7",
            "Sec. 3.2",
            "removing states by LAST scores computed once is the greedy removal that computes them"
                + " anew after each state (1 + places that differ)",
            EQUAL,
            systems(s -> Measures.greedy(s, false)),
            TWO_LAYERS,
            TWO_LAYERS_LARGE),
        Claim.of(
                "7a",
                "Sec. 3.2",
                "it is the greedy removal by the ratio of norms in Eq. 8, ‖Gᵢ‖∞²/‖G_S‖∞² (1 + places"
                    + " that differ)",
                EQUAL,
                systems(s -> Measures.greedy(s, true)),
                TWO_LAYERS,
                TWO_LAYERS_LARGE)
            .withRepair(
                systems(s -> Measures.greedy(s, false)),
                "it is the greedy removal by Hᵢ/Σⱼ Hⱼ over the states that remain"),
        Claim.of(
                "7b",
                "Sec. 3.2",
                "the loss of several removals ≤ the sum of the losses of each (one layer)",
                AT_MOST,
                systems(s -> Measures.stepwise(s, false)),
                BOTH_OF_TWO,
                ALL_OF_FOUR)
            .withRepair(systems(s -> Measures.stepwise(s, true)), "√J ≤ Σ√Jₜ"),
        Claim.of(
                "8",
                "Sec. 3.2",
                "J ≤ ‖Gᵢ‖∞²/‖G_S‖∞²·Π‖G_S‖∞²·‖u‖², Gᵢ the removed pair in layer l = 1",
                AT_MOST,
                systems(s -> Measures.stackLoss(s, false)),
                ONE_OF_TWO,
                STACK.withoutMemory(),
                STACK,
                STACK_LONG)
            .withConstant(
                SLOPE_SQUARED * SLOPE_SQUARED,
                "with the factor L²⁽ᴺ⁻ˡ⁺¹⁾ for N layers (here N = 2): slopes count from layer l on"),
        Claim.of(
                "8a",
                "Sec. 3.2",
                "the same with the norm of one complex state for ‖Gᵢ‖∞, as in the score",
                AT_MOST,
                systems(s -> Measures.stackLoss(s, true)),
                ONE_OF_TWO,
                STACK.withoutMemory(),
                STACK)
            .withConstant(4 * SLOPE_SQUARED * SLOPE_SQUARED, "with the factor 4·L²⁽ᴺ⁻ˡ⁺¹⁾"),
        Claim.of(
                "8b",
                "Sec. 3.2",
                "the loss of removing states from all layers ≤ the sum of Eq. 8's right sides",
                AT_MOST,
                systems(s -> Measures.manyLost(s, Bound.PAPER)),
                BOTH_OF_TWO,
                STACK_ALL)
            .withRepair(
                systems(s -> Measures.manyLost(s, Bound.SHARP)),
                "√J ≤ Σₗ L⁽ᴺ⁻ˡ⁺¹⁾·Π(k > l)‖Ĝᵏ‖∞·‖Gₚˡ‖∞·Π(k < l)‖Gᵏ‖∞·‖u‖, Ĝ what remains"),
        Claim.of(
            "9, 10",
            "Sec. 3.2",
            "Eq. 10 is Eq. 9 with Eq. 6 put in",
            EQUAL,
            systems(Measures::scoreWritten),
            LAYER),
        Claim.of(
                "9",
                "Fig. 1",
                "scores that normalise norms, as the caption says, order states as Eq. 9 with its"
                    + " squares does (1 + places that differ)",
                EQUAL,
                systems(Measures::caption),
                TWO_LAYERS,
                TWO_LAYERS_LARGE)
            .withRepair(
                systems(s -> Measures.greedy(s, false)),
                "the two are different criteria; Eq. 9 is used"),
        Claim.of(
                "9a",
                "Sec. 3.2",
                "‖G_S‖∞² ≤ Σ‖Gⱼ‖∞², so that the score is below Eq. 8's ratio",
                AT_MOST,
                systems(s -> Measures.denominator(s, true)),
                PAIR,
                LAYER)
            .withRepair(
                systems(Measures::denominatorSummed),
                "‖G_S‖∞² ≤ (Σ‖Gⱼ‖∞)²; the score is a surrogate"),
        Claim.of(
                "9b",
                "Sec. 3.2",
                "Σ‖Gⱼ‖∞² ≤ ‖G_S‖∞², so that the score is above Eq. 8's ratio",
                AT_MOST,
                systems(s -> Measures.denominator(s, false)),
                PAIR,
                PAIRS)
            .withRepair(
                systems(Measures::denominatorSummed),
                "no such bound: states may cancel; the score is a surrogate"));
  }

  private static List<Claim> stability() {
    return List.of(
        Claim.of(
            "A.1 a",
            "App. A.1",
            "z² + a₁z + a₂ is stable if and only if a₂² < 1 and (1 + a₂)² - a₁² > 0",
            EQUAL,
            numbers(Measures::schurCohn),
            POLYNOMIAL),
        Claim.of(
                "A.1 b",
                "App. A.1.1",
                "|a₁| + |a₂| ≤ 1 suffices: the largest root is below one",
                BELOW,
                numbers(x -> Measures.montel(x, 1)),
                POLYNOMIAL)
            .withRepair(
                numbers(x -> Measures.montel(x, 1 - 1e-3)),
                "|a₁| + |a₂| < 1 suffices; with 1 there may be a root on the circle"),
        Claim.of(
                "A.1 c",
                "App. A.1.2",
                "a = (0, 0) is the centre of the stable region (1 + its distance from the centroid)",
                EQUAL,
                numbers(x -> Measures.centre(false)),
                Numbers.none())
            .withRepair(
                numbers(x -> Measures.centre(true)),
                "it is the centre of Montel's region; the stable triangle has its centroid at (0, 1/3)"),
        Claim.of(
                "11",
                "App. A.2",
                "|exp(λΔ)| = exp(Re λ·Δ)",
                EQUAL,
                numbers(Measures::poleSize),
                POLE)
            .withSeen(Measures::poleSizeSeen),
        Claim.of(
                "11a",
                "App. A.2",
                "|λ̄| < 1 for Re λ < 0 and Δ > 0",
                BELOW,
                numbers(x -> Math.exp(x[0] * x[2])),
                POLE)
            .withSeen(s -> 1 - Arrays.stream(s.layer().margin).min().orElseThrow()));
  }

  private static List<Claim> systemNorm() {
    return List.of(
        Claim.of(
            "12, 13",
            "App. B.1",
            "‖y‖² = ‖Y‖² = ‖GU‖² = 1/2π ∫‖G(exp jθ)U(exp jθ)‖² dθ",
            EQUAL,
            systems(Measures::parseval),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "13a",
            "App. B.1",
            "‖GU‖² ≤ ‖G‖²‖U‖² at every frequency",
            AT_MOST,
            systems(s -> Measures.pointwise(s, false)),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "13b",
            "App. B.1",
            "∫‖G‖²‖U‖² ≤ sup‖G‖²·∫‖U‖²",
            AT_MOST,
            systems(s -> Measures.pointwise(s, true)),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "14",
            "App. B.2",
            "G(z) = C(zI - Λ̄)⁻¹B̄ is the Z-transform of the impulse response (1 + relative error)",
            EQUAL,
            systems(Measures::transform),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "15, 17",
            "App. B.2",
            "G(z) = ΣGᵢ(z) (1 + relative error against the resolvent by elimination)",
            EQUAL,
            systems(Measures::sumOfStates),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "16",
            "App. B.2",
            "Gᵢ(z) = CᵢB̄ᵢ/(z - λ̄ᵢ) is the Z-transform of one state's response",
            EQUAL,
            systems(Measures::transformOfState),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN));
  }

  private static List<Claim> layerProof() {
    return List.of(
        Claim.of(
                "B.2 a",
                "App. B.2",
                "|σ(a) - σ(b)|² ≤ |a - b|²: the GELU is 1-Lipschitz",
                AT_MOST,
                numbers(Measures::slope),
                TWO_VALUES)
            .withConstant(SLOPE_SQUARED, "≤ L²|a - b|², L = 1.12890…, the slope at √2")
            .withSeen(Measures::slopeSeen),
        Claim.of(
            "B.2 b",
            "App. B.2",
            "‖Σu - Σ₋ₚu‖² = ‖GU - G₋ₚU‖²",
            EQUAL,
            systems(Measures::parsevalOfDifference),
            BOTH_OF_TWO,
            LAYER_DRIVEN),
        Claim.of(
            "B.2 c",
            "App. B.2",
            "GU - G₋ₚU = Σ GᵢU over the removed states",
            EQUAL,
            systems(Measures::differenceIsRemoved),
            BOTH_OF_TWO,
            LAYER_DRIVEN),
        Claim.of(
                "B.2 d",
                "App. B.2",
                "‖Σ GᵢU‖² ≤ Σ‖GᵢU‖² (\"triangle inequality\")",
                AT_MOST,
                systems(s -> Measures.triangle(s, false)),
                PAIR_DRIVEN,
                BOTH_OF_TWO,
                ALL_OF_FOUR)
            .withRepair(
                systems(s -> Measures.triangle(s, true)),
                "≤ (Σ‖GᵢU‖)², which may be as large as the number of states times the printed side"),
        Claim.of(
            "B.2 e",
            "App. B.2",
            "‖GᵢU‖² = ‖Σᵢu‖²",
            EQUAL,
            systems(Measures::parsevalOfState),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN),
        Claim.of(
            "B.2 f",
            "App. B.2",
            "‖Σᵢu‖² ≤ ‖Gᵢ‖∞²‖u‖²",
            AT_MOST,
            systems(Measures::stateGain),
            PAIR_DRIVEN_LONG,
            LAYER_DRIVEN));
  }

  private static List<Claim> modelProof() {
    return List.of(
        Claim.of(
                "B.3 a",
                "App. B.3",
                "‖σ(Σx) - σ(Σx̂)‖² ≤ ‖Σx - Σx̂‖² for the last layer",
                AT_MOST,
                systems(Measures::lastNonlinearity),
                STACK.withoutMemory(),
                STACK)
            .withConstant(SLOPE_SQUARED, "≤ L²‖Σx - Σx̂‖²"),
        Claim.of(
            "B.3 b",
            "App. B.3",
            "‖Σx - Σx̂‖² ≤ ‖G_S‖∞²‖x - x̂‖²",
            AT_MOST,
            systems(Measures::lastGain),
            STACK),
        Claim.of(
                "B.3 c",
                "App. B.3",
                "the loss after N layers ≤ Π‖G_S‖∞² (k > l) times the loss before σ of layer l",
                AT_MOST,
                systems(Measures::laterLayers),
                STACK.withoutMemory(),
                STACK)
            .withConstant(
                SLOPE_SQUARED * SLOPE_SQUARED, "with the factor L²⁽ᴺ⁻ˡ⁺¹⁾ (here N = 2, l = 1)"),
        Claim.of(
                "B.3 d",
                "App. B.3",
                "Eq. 4 with one state: ‖Σx - Σ₋ᵢx‖² ≤ ‖Gᵢ‖∞²‖x‖², for both states of a pair",
                AT_MOST,
                systems(Measures::onePair),
                PAIR_DRIVEN,
                PAIR_DRIVEN_LONG)
            .withConstant(2, "≤ (‖Gᵢ‖∞ + ‖Gᵢ‖∞)²‖x‖², twice the sum of squares"),
        Claim.of(
            "B.3 e",
            "App. B.3",
            "σ(0) = 0 (1 + its size)",
            EQUAL,
            numbers(x -> 1 + Math.abs(GELU.apply(0))),
            Numbers.none()),
        Claim.of(
                "B.3 f",
                "App. B.3",
                "|σ(x) - σ(0)|² ≤ |x|²: from zero the GELU gains no more than one",
                AT_MOST,
                numbers(x -> AT_MOST.ratio(square(GELU.apply(x[0])), square(x[0]))),
                ONE_VALUE)
            .withSeen(Measures::gainSeen),
        Claim.of(
            "B.3 g",
            "App. B.3",
            "the energy before layer l ≤ Π‖G_S‖∞² (k < l)·‖u‖²",
            AT_MOST,
            systems(Measures::earlierLayers),
            STACK),
        Claim.of(
            "B.3 h",
            "App. B.3",
            "‖Gᵢ‖∞²·Π(k ≠ l)‖G_S‖∞² = ‖Gᵢ‖∞²/‖G_S‖∞²·Π‖G_S‖∞²",
            EQUAL,
            systems(Measures::products),
            STACK));
  }

  private static double square(double x) {
    return x * x;
  }

  /** The claim's largest domain. */
  static Domain largest(Claim claim) {
    List<Domain> domains = claim.domains();
    return domains.get(domains.size() - 1);
  }
}
