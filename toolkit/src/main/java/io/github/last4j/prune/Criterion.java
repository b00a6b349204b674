package io.github.last4j.prune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A way to choose states, as the paper compares them: an importance, and the scope in which it
 * competes.
 */
public enum Criterion {
  /** Importance drawn at random, the same share from every layer. */
  RANDOM("Random", Importance.RANDOM, Scope.UNIFORM),
  /** Squared H∞ norms (Eq. 6), the same share from every layer. */
  UNIFORM_HINF("Uniform H∞", Importance.HINF, Scope.UNIFORM),
  /** Squared H∞ norms (Eq. 6), compared across layers. */
  GLOBAL_HINF("Global H∞", Importance.HINF, Scope.GLOBAL),
  /** Squared H∞ norms with energy normalisation (Eq. 9), compared across layers. */
  LAST("LAST", Importance.LAST, Scope.GLOBAL);

  private final String title;
  private final Importance importance;
  private final Scope scope;

  Criterion(String title, Importance importance, Scope scope) {
    this.title = title;
    this.importance = importance;
    this.scope = scope;
  }

  /** The name in the paper's tables. */
  public String title() {
    return title;
  }

  /** Which states compete. */
  public Scope scope() {
    return scope;
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
    Random random = new Random(seed);
    NDList result = new NDList();
    for (DiscreteSsm layer : layers) {
      NDManager manager = layer.lambdaBar().real().getManager();
      result.add(manager.create(importance.logScores(layer, random)));
    }
    return result;
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
      return Masks.of(scores, ratio, scope);
    }
  }

  /** What a state is worth, before anyone decides who competes with whom. */
  private enum Importance {
    RANDOM {
      @Override
      double[] logScores(DiscreteSsm layer, Random random) {
        return random.doubles(layer.states()).map(Math::log).toArray();
      }
    },
    HINF {
      @Override
      double[] logScores(DiscreteSsm layer, Random random) {
        return Arrays.stream(StateNorms.logHinf(layer)).map(norm -> 2 * norm).toArray();
      }
    },
    LAST {
      @Override
      double[] logScores(DiscreteSsm layer, Random random) {
        return Scores.logEnergyNormalized(StateNorms.logHinf(layer));
      }
    };

    abstract double[] logScores(DiscreteSsm layer, Random random);
  }
}
