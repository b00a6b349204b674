package io.github.last4j.model;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** The random numbers that parameters begin with. */
record Draws(Random random) {
  // The standard deviation of a standard normal cut off at ±2.
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  /** The same number many times. */
  static double[] constant(int count, double value) {
    return draw(count, () -> value);
  }

  /** Normal with mean zero. */
  double[] normal(int count, double deviation) {
    return draw(count, () -> deviation * random.nextGaussian());
  }

  /** Normal with variance 1/fanIn, cut off at two standard deviations of the uncut normal. */
  double[] lecunNormal(int count, int fanIn) {
    double scale = 1 / (Math.sqrt(fanIn) * TRUNCATED_DEVIATION);
    return draw(
        count,
        () -> {
          double value = random.nextGaussian();
          while (Math.abs(value) > 2) {
            value = random.nextGaussian();
          }
          return scale * value;
        });
  }

  /** Logarithms of time steps, uniform between those of a configuration. */
  double[] logSteps(int count, ModelConfig config) {
    double low = Math.log(config.stepMin());
    double high = Math.log(config.stepMax());
    return draw(count, () -> low + (high - low) * random.nextDouble());
  }

  private static double[] draw(int count, DoubleSupplier values) {
    double[] result = new double[count];
    Arrays.setAll(result, i -> values.getAsDouble());
    return result;
  }
}
