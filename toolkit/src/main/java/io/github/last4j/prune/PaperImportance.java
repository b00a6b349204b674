package io.github.last4j.prune;

import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What the paper takes states to be worth. All are natural logarithms, which rank as the numbers
 * do, and leave the range of double precision for no model.
 */
public enum PaperImportance implements Importance {
  /** A number drawn at random; from the seed 0 unless another is given. */
  RANDOM {
    @Override
    public double[] of(DiscreteSsm layer) {
      return withSeed(0).of(layer);
    }

    @Override
    public Importance withSeed(long seed) {
      // Not java.util.Random: its first number hardly differs between seeds 0, 1 and 2.
      SplittableRandom random = new SplittableRandom(seed);
      return new Importance() {
        @Override
        public double[] of(DiscreteSsm layer) {
          return random.doubles(layer.states()).map(Math::log).toArray();
        }

        @Override
        public double[] logEnergies(DiscreteSsm layer) {
          return of(layer);
        }
      };
    }
  },

  /** |λ̄ᵢ|‖B̄ᵢ‖‖Cᵢ‖ (App. D.2). */
  MAGNITUDE {
    @Override
    public double[] of(DiscreteSsm layer) {
      return StateNorms.logMagnitude(layer);
    }

    @Override
    public double[] logEnergies(DiscreteSsm layer) {
      return doubled(of(layer));
    }
  },

  /** The squared H∞ norm ‖Cᵢ‖²‖B̄ᵢ‖² / (1-|λ̄ᵢ|)² (Eq. 6). */
  HINF {
    @Override
    public double[] of(DiscreteSsm layer) {
      return doubled(StateNorms.logHinf(layer));
    }
  };

  /** The numbers themselves: they are energies, unless overridden. */
  @Override
  public double[] logEnergies(DiscreteSsm layer) {
    return of(layer);
  }

  private static double[] doubled(double[] values) {
    return Arrays.stream(values).map(value -> 2 * value).toArray();
  }
}
