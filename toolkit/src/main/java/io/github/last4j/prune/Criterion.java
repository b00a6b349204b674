package io.github.last4j.prune;

import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A way to choose states: what each is worth, how layers are made comparable, and who competes.
 * These combine freely; the constants are the combinations that the paper compares.
 *
 * @param title its name in tables and figures
 * @param importance what a state is worth by itself
 * @param rescaling what becomes of a layer's scores before they are compared with other layers'
 * @param scope which states compete
 */
public record Criterion(String title, Importance importance, Rescaling rescaling, Scope scope)
    implements Selection {
  /** Importance drawn at random, the same share from every layer. */
  public static final Criterion RANDOM =
      new Criterion("Random", PaperImportance.RANDOM, Rescaling.NONE, Scope.UNIFORM);

  /** Magnitudes (App. D.2), the same share from every layer. */
  public static final Criterion UNIFORM_MAGNITUDE =
      new Criterion("Uniform magnitude", PaperImportance.MAGNITUDE, Rescaling.NONE, Scope.UNIFORM);

  /** Magnitudes (App. D.2), compared across layers. */
  public static final Criterion GLOBAL_MAGNITUDE =
      new Criterion("Global magnitude", PaperImportance.MAGNITUDE, Rescaling.NONE, Scope.GLOBAL);

  /** Squared magnitudes with energy normalisation (App. D.2), compared across layers. */
  public static final Criterion LAMP =
      new Criterion("LAMP", PaperImportance.MAGNITUDE, Rescaling.LAYER_ENERGY, Scope.GLOBAL);

  /**
   * Squared H∞ norms (Eq. 6), the same share from every layer. (Table 6 prints them without ‖B̄ᵢ‖²
   * here; Sec. 5 names one score for this and the global criterion.)
   */
  public static final Criterion UNIFORM_HINF =
      new Criterion("Uniform H∞", PaperImportance.HINF, Rescaling.NONE, Scope.UNIFORM);

  /** Squared H∞ norms (Eq. 6), compared across layers. */
  public static final Criterion GLOBAL_HINF =
      new Criterion("Global H∞", PaperImportance.HINF, Rescaling.NONE, Scope.GLOBAL);

  /** Squared H∞ norms with energy normalisation (Eq. 9), compared across layers. */
  public static final Criterion LAST =
      new Criterion("LAST", PaperImportance.HINF, Rescaling.LAYER_ENERGY, Scope.GLOBAL);

  /**
   * Squared H2 norms in place of squared H∞ norms in Eq. 9, as AIRE-Prune (arXiv 2602.00534) has
   * it.
   */
  public static final Criterion AIRE =
      new Criterion("AIRE", H2Importance.H2, Rescaling.LAYER_ENERGY, Scope.GLOBAL);

  /** The three that look at H∞ norms. */
  public static final List<Criterion> HINF = List.of(UNIFORM_HINF, GLOBAL_HINF, LAST);

  /** The criteria of Fig. 2. */
  public static final List<Criterion> FIGURE_2 = List.of(RANDOM, UNIFORM_HINF, GLOBAL_HINF, LAST);

  /** The criteria of Table 6, in its order. */
  public static final List<Criterion> TABLE_6 =
      List.of(RANDOM, UNIFORM_MAGNITUDE, GLOBAL_MAGNITUDE, LAMP, UNIFORM_HINF, GLOBAL_HINF, LAST);

  /**
   * Checks that no part is missing.
   *
   * @throws IllegalArgumentException if one is null
   */
  public Criterion {
    if (title == null || importance == null || rescaling == null || scope == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "title, importance, rescaling, scope: expected one of each, got %s, %s, %s, %s",
              title,
              importance,
              rescaling,
              scope));
    }
  }

  /** One's own importance, compared across layers as it is. */
  public static Criterion of(String title, Importance importance) {
    return new Criterion(title, importance, Rescaling.NONE, Scope.GLOBAL);
  }

  /** The same criterion by another name. */
  public Criterion titled(String name) {
    return new Criterion(name, importance, rescaling, scope);
  }

  /**
   * The same criterion for sequences of a length, by {@link Importance#within}.
   *
   * @return called as this one and "within" the length, such as "LAST within 784"
   */
  public Criterion within(int length) {
    return new Criterion(title + " within " + length, importance.within(length), rescaling, scope);
  }

  /**
   * Scores every state; what is random draws from the seed 0.
   *
   * @param layers the discrete layers of a model
   * @return as {@link #scores(List, long)}
   */
  public List<double[]> scores(List<DiscreteSsm> layers) {
    return scores(layers, 0);
  }

  /**
   * Scores every state; higher is worth more.
   *
   * @param layers the discrete layers of a model
   * @param seed what a random criterion draws from; the others ignore it
   * @return n numbers for each layer of n states. Those of the paper's criteria are natural
   *     logarithms, which rank the same and leave the range of double precision for no model; -∞
   *     where a score is zero
   * @throws IllegalArgumentException if there is no layer, one is null, unstable or not finite, or
   *     the importance gives another number of numbers or a NaN
   */
  public List<double[]> scores(List<DiscreteSsm> layers, long seed) {
    requireLayers(layers);
    Importance seeded = importance.withSeed(seed);
    try {
      return layers.stream().map(layer -> scores(seeded, layer)).toList();
    } catch (IllegalArgumentException e) {
      // An importance does not know the criterion that it is of, one of many in a sweep.
      throw new IllegalArgumentException(title + ": " + e.getMessage(), e);
    }
  }

  private double[] scores(Importance seeded, DiscreteSsm layer) {
    double[] scores = rescaling.scores(seeded, layer);
    if (scores.length != layer.states()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "importance: expected %d numbers, one a state, got %d",
              layer.states(),
              scores.length));
    }
    return Scores.requireNumbers("importance", scores);
  }

  static List<DiscreteSsm> requireLayers(List<DiscreteSsm> layers) {
    if (layers == null || layers.isEmpty() || layers.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "layers: expected at least one layer and no null, got " + layers);
    }
    return layers;
  }

  /**
   * Chooses the states that stay, of layers that need no model around them; what is random draws
   * from the seed 0.
   *
   * @param layers discrete layers
   * @param ratio the share of states to remove, in [0, 1]
   * @throws IllegalArgumentException as {@link #scores} and {@link Scope#select} do
   */
  public States select(List<DiscreteSsm> layers, double ratio) {
    return scope.select(scores(layers), ratio);
  }

  @Override
  public Choices choices(SequenceClassifier model, long seed) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return scope.choices(scores(model.discreteSystems(scratch), seed));
    }
  }
}
