package io.github.last4j.prune;

import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;

/**
 * What a state is worth by itself, before anyone decides who competes with whom. One's own is a
 * lambda, such as {@code layer -> layer.timeConstants()}.
 */
@FunctionalInterface
public interface Importance {
  /** A number drawn at random. */
  Importance RANDOM = new Importances.Random();

  /** |λ̄ᵢ|‖B̄ᵢ‖‖Cᵢ‖ (App. D.2), as natural logarithms. */
  Importance MAGNITUDE = new Importances.Logarithms(StateNorms::logMagnitude, 2);

  /**
   * The squared H∞ norm ‖Cᵢ‖²‖B̄ᵢ‖² / (1-|λ̄ᵢ|)² (Eq. 6), as natural logarithms, which leave the
   * range of double precision for no model.
   */
  Importance HINF =
      new Importances.Logarithms(layer -> Importances.times(2, StateNorms.logHinf(layer)), 1);

  /**
   * Numbers that rank the states of a layer: higher is worth more. Only their order counts, unless
   * they are rescaled.
   *
   * @param layer a discrete layer with n states
   * @return n numbers in state order
   */
  double[] of(DiscreteSsm layer);

  /**
   * Natural logarithms of the energies that {@link Rescaling#LAYER_ENERGY} sums; unless overridden
   * the squares of the numbers.
   *
   * @throws IllegalArgumentException if a number is negative, and has no order with its square
   */
  default double[] logEnergies(DiscreteSsm layer) {
    double[] worth = of(layer);
    for (double number : worth) {
      if (!(number >= 0)) {
        throw new IllegalArgumentException(
            "importance: expected numbers of at least 0, to divide by their energy, got " + number);
      }
    }
    return Importances.times(2, Arrays.stream(worth).map(Math::log).toArray());
  }

  /** What to ask if states are drawn at random: draws anew from a seed, layer after layer. */
  default Importance withSeed(long seed) {
    return this;
  }

  /**
   * The same of layers that are driven for so many steps: B̄ᵢ times 1 - |λ̄ᵢ|^L, which makes Eq. 5
   * the sum ‖Cᵢ‖‖B̄ᵢ‖Σ|λ̄ᵢ|^k over k from 0 to L - 1, what a state can do within the sequence.
   *
   * @throws IllegalArgumentException if the length is not positive
   */
  default Importance within(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least one step, got " + length);
    }
    return new Importances.Within(this, length);
  }
}
