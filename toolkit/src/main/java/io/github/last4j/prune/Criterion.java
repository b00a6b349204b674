package io.github.last4j.prune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A way to choose states: what each is worth, how layers are made comparable, and who competes.
 * These combine freely; the constants are the combinations that the paper compares.
 *
 * @param title its name in tables and figures
 * @param importance what a state is worth by itself
 * @param rescaling what becomes of a layer's scores before they are compared with other layers'
 * @param scope which states compete
 * @param variant whose arithmetic it follows; the released code's is defined for H∞ norms only
 */
public record Criterion(
    String title, Importance importance, Rescaling rescaling, Scope scope, Variant variant) {

  /** Importance drawn at random, the same share from every layer. */
  public static final Criterion RANDOM =
      of("Random", Importance.RANDOM, Rescaling.NONE, Scope.UNIFORM);

  /** Magnitudes (App. D.2), the same share from every layer. */
  public static final Criterion UNIFORM_MAGNITUDE =
      of("Uniform magnitude", Importance.MAGNITUDE, Rescaling.NONE, Scope.UNIFORM);

  /** Magnitudes (App. D.2), compared across layers. */
  public static final Criterion GLOBAL_MAGNITUDE =
      of("Global magnitude", Importance.MAGNITUDE, Rescaling.NONE, Scope.GLOBAL);

  /** Squared magnitudes with energy normalisation (App. D.2), compared across layers. */
  public static final Criterion LAMP =
      of("LAMP", Importance.MAGNITUDE, Rescaling.LAYER_ENERGY, Scope.GLOBAL);

  /**
   * Squared H∞ norms (Eq. 6), the same share from every layer. (Table 6 prints them without ‖B̄ᵢ‖²
   * here; Sec. 5 names one score for this and the global criterion.)
   */
  public static final Criterion UNIFORM_HINF =
      of("Uniform H∞", Importance.HINF, Rescaling.NONE, Scope.UNIFORM);

  /** Squared H∞ norms (Eq. 6), compared across layers. */
  public static final Criterion GLOBAL_HINF =
      of("Global H∞", Importance.HINF, Rescaling.NONE, Scope.GLOBAL);

  /** Squared H∞ norms with energy normalisation (Eq. 9), compared across layers. */
  public static final Criterion LAST =
      of("LAST", Importance.HINF, Rescaling.LAYER_ENERGY, Scope.GLOBAL);

  /** The criteria of Fig. 2. */
  public static final List<Criterion> FIGURE_2 = List.of(RANDOM, UNIFORM_HINF, GLOBAL_HINF, LAST);

  /** The criteria of Table 6, in its order. */
  public static final List<Criterion> TABLE_6 =
      List.of(RANDOM, UNIFORM_MAGNITUDE, GLOBAL_MAGNITUDE, LAMP, UNIFORM_HINF, GLOBAL_HINF, LAST);

  /**
   * Checks that the parts fit.
   *
   * @throws IllegalArgumentException if a part is null, or the released code has no such criterion
   */
  public Criterion {
    if (title == null
        || importance == null
        || rescaling == null
        || scope == null
        || variant == null) {
      throw new IllegalArgumentException(
          "title, importance, rescaling, scope, variant: expected one of each, got "
              + title
              + ", "
              + importance
              + ", "
              + rescaling
              + ", "
              + scope
              + ", "
              + variant);
    }
    if (variant == Variant.REFERENCE_CODE && importance != Importance.HINF) {
      throw new IllegalArgumentException(
          "variant: expected PAPER with " + importance + " importance, got " + variant);
    }
  }

  /** A criterion with the paper's arithmetic. */
  public static Criterion of(
      String title, Importance importance, Rescaling rescaling, Scope scope) {
    return new Criterion(title, importance, rescaling, scope, Variant.PAPER);
  }

  /**
   * This criterion as the paper's released code computes it.
   *
   * @throws IllegalArgumentException if its importance is not H∞
   */
  public Criterion asReleased() {
    return new Criterion(
        title + " (released code)", importance, rescaling, scope, Variant.REFERENCE_CODE);
  }

  /**
   * Scores every state; higher is worth more.
   *
   * @param layers the discrete layers of a model
   * @param seed what a random criterion draws from; the others ignore it
   * @return one float64 array (n_l) a layer, in state order: natural logarithms of the scores,
   *     which rank the same and leave the range of double precision for no model; -∞ where a score
   *     is zero
   * @throws IllegalArgumentException if there is no layer, or one is null, unstable or not finite
   */
  public NDList logScores(List<DiscreteSsm> layers, long seed) {
    if (layers == null || layers.isEmpty() || layers.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "layers: expected at least one layer and no null, got " + layers);
    }
    // Not Random: its first number hardly differs between seeds 0, 1 and 2.
    SplittableRandom random = new SplittableRandom(seed);
    NDList result = new NDList();
    for (DiscreteSsm layer : layers) {
      NDManager manager = layer.lambdaBar().real().getManager();
      result.add(manager.create(logScores(layer, random)));
    }
    return result;
  }

  private double[] logScores(DiscreteSsm layer, SplittableRandom random) {
    boolean normalized = rescaling == Rescaling.LAYER_ENERGY;
    if (variant == Variant.REFERENCE_CODE) {
      return ReleasedScores.logScores(layer, normalized);
    }
    double[] scores = importance.logScores(layer, random);
    return normalized ? Scores.logEnergyNormalized(importance.logEnergies(scores)) : scores;
  }

  /**
   * Chooses the states that survive.
   *
   * @param layers the discrete layers of a model
   * @param ratio the share of states to remove, in [0, 1]
   * @param seed what a random criterion draws from
   * @return one boolean array (n_l) a layer, true where a state survives
   * @throws IllegalArgumentException as {@link #logScores} and {@link Masks#of} do
   */
  public NDList masks(List<DiscreteSsm> layers, double ratio, long seed) {
    try (NDList scores = logScores(layers, seed)) {
      return variant == Variant.REFERENCE_CODE
          ? Masks.atThreshold(scores, ratio, scope)
          : Masks.of(scores, ratio, scope);
    }
  }
}
