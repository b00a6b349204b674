package io.github.last4j.prune;

import ai.djl.ndarray.NDScope;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What a state is worth by itself, before anyone decides who competes with whom. One's own is a
 * lambda, such as {@code layer -> layer.timeConstants()}; those of the paper are {@link
 * PaperImportance}.
 */
@FunctionalInterface
public interface Importance {
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
    return Arrays.stream(worth).map(number -> 2 * Math.log(number)).toArray();
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
    return new Within(this, length);
  }

  /** An importance of layers that are driven for L steps. */
  record Within(Importance importance, int length) implements Importance {
    @Override
    public double[] of(DiscreteSsm layer) {
      return on(layer, importance::of);
    }

    @Override
    public double[] logEnergies(DiscreteSsm layer) {
      return on(layer, importance::logEnergies);
    }

    @Override
    public Importance withSeed(long seed) {
      return new Within(importance.withSeed(seed), length);
    }

    private double[] on(DiscreteSsm layer, Function<DiscreteSsm, double[]> quantity) {
      double[] factors =
          Arrays.stream(layer.timeConstants()).map(tau -> -Math.expm1(-length / tau)).toArray();
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        return quantity.apply(layer.withStatesTimes(layer.margin().getManager().create(factors)));
      }
    }
  }
}
