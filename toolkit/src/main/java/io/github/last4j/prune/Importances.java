package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What stands behind {@link Importance}. Apart from it, so that two threads that load an interface
 * and what implements it can't wait for each other.
 */
final class Importances {
  private Importances() {}

  static double[] times(double factor, double[] values) {
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
