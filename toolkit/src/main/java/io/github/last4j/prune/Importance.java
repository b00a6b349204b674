package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What a state is worth by itself, before anyone decides who competes with whom. One's own is a
 * lambda, such as {@code layer -> layer.timeConstants()}.
 */
@FunctionalInterface
public interface Importance {
  /** A number drawn at random. */
  Importance RANDOM = new Random();

  /** |λ̄ᵢ|‖B̄ᵢ‖‖Cᵢ‖ (App. D.2), as natural logarithms. */
  Importance MAGNITUDE = new Logarithms(StateNorms::logMagnitude, 2);

  /**
   * The squared H∞ norm ‖Cᵢ‖²‖B̄ᵢ‖² / (1-|λ̄ᵢ|)² (Eq. 6), as natural logarithms, which leave the
   * range of double precision for no model.
   */
  Importance HINF = new Logarithms(layer -> times(2, StateNorms.logHinf(layer)), 1);

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
    return times(2, Arrays.stream(worth).map(Math::log).toArray());
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

  private static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  /**
   * Logarithms of scores, which rank as the scores do.
   *
   * @param power the power of a score that is an energy
   */
  record Logarithms(Function<DiscreteSsm, double[]> logarithms, double power)
      implements Importance {
    @Override
    public double[] of(DiscreteSsm layer) {
      return logarithms.apply(layer);
    }

    @Override
    public double[] logEnergies(DiscreteSsm layer) {
      return times(power, of(layer));
    }
  }

  /** Drawn from the seed 0 unless another is given. */
  record Random() implements Importance {
    @Override
    public double[] of(DiscreteSsm layer) {
      return withSeed(0).of(layer);
    }

    @Override
    public Importance withSeed(long seed) {
      // Not java.util.Random: its first number hardly differs between seeds 0, 1 and 2.
      SplittableRandom random = new SplittableRandom(seed);
      return new Logarithms(layer -> random.doubles(layer.states()).map(Math::log).toArray(), 1);
    }
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
      try (NDManager scratch = layer.margin().getManager().newSubManager();
          NDArray column = scratch.create(factors).reshape(-1, 1);
          NDArray re = layer.bBar().real().mul(column);
          NDArray im = layer.bBar().imag().mul(column)) {
        return quantity.apply(layer.withBBar(ComplexArray.of(re, im)));
      }
    }
  }
}
