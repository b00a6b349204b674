package io.github.last4j.prune;

import io.github.last4j.ssm.DiscreteSsm;

/** What becomes of a layer's scores before they are compared with those of other layers. */
public enum Rescaling {
  /** Nothing. */
  NONE {
    @Override
    double[] scores(Importance importance, DiscreteSsm layer) {
      return importance.of(layer);
    }
  },

  /**
   * Energy normalisation (Eq. 9): each score is squared, unless it is a square already, and divided
   * by the sum of itself and of the higher ones in its layer. As natural logarithms.
   */
  LAYER_ENERGY {
    @Override
    double[] scores(Importance importance, DiscreteSsm layer) {
      return Scores.logEnergyNormalized(importance.logEnergies(layer));
    }
  };

  /** What a layer's states are compared by. */
  abstract double[] scores(Importance importance, DiscreteSsm layer);
}
