package io.github.last4j.prune;

import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What a state is worth by itself, before anyone decides who competes with whom. */
public enum Importance {
  /** A number drawn at random. */
  RANDOM {
    @Override
    double[] logScores(DiscreteSsm layer, SplittableRandom random) {
      return random.doubles(layer.states()).map(Math::log).toArray();
    }
  },

  /** |λ̄ᵢ|‖B̄ᵢ‖‖Cᵢ‖ (App. D.2). */
  MAGNITUDE {
    @Override
    double[] logScores(DiscreteSsm layer, SplittableRandom random) {
      return StateNorms.logMagnitude(layer);
    }

    @Override
    double[] logEnergies(double[] logScores) {
      return doubled(logScores);
    }
  },

  /** The squared H∞ norm ‖Cᵢ‖²‖B̄ᵢ‖² / (1-|λ̄ᵢ|)² (Eq. 6). */
  HINF {
    @Override
    double[] logScores(DiscreteSsm layer, SplittableRandom random) {
      return doubled(StateNorms.logHinf(layer));
    }
  };

  /** The natural logarithms of the scores of a layer's states. */
  abstract double[] logScores(DiscreteSsm layer, SplittableRandom random);

  /** What energy normalisation sums: the scores, or their squares where they are no squares yet. */
  double[] logEnergies(double[] logScores) {
    return logScores;
  }

  private static double[] doubled(double[] values) {
    return Arrays.stream(values).map(value -> 2 * value).toArray();
  }
}
