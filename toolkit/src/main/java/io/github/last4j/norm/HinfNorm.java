package io.github.last4j.norm;

/**
 * A system's H∞ norm, the largest gain sup<sub>θ</sub> σ<sub>max</sub>(G(e<sup>jθ</sup>)), as an
 * interval.
 *
 * @param lower a value that the norm reaches
 * @param upper a value that the norm does not exceed
 * @param peakFrequency the angle θ in [0, π], in radians a step, at which the gain is {@code lower}
 * @param tolerance the relative width reached, (upper - lower)/lower: 0 for a zero system, and
 *     infinite where the terms of a system cancel and rounding leaves no lower bound
 */
public record HinfNorm(double lower, double upper, double peakFrequency, double tolerance) {

  static HinfNorm of(double lower, double upper, double peakFrequency) {
    return new HinfNorm(lower, upper, peakFrequency, upper > lower ? (upper - lower) / lower : 0);
  }
}
