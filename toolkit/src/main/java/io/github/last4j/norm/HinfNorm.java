package io.github.last4j.norm;

import java.util.List;

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

  /**
   * A norm or a gain as it is.
   *
   * @throws IllegalArgumentException if it is too large for double precision
   */
  static double inRange(double norm) {
    if (!(norm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "ssm: expected a norm in the range of double precision, got " + norm);
    }
    return norm;
  }

  /** 2<sup>exponent</sup> times the norm; where digits get lost, the interval grows. */
  HinfNorm times(int exponent) {
    double low = Math.scalb(lower, exponent);
    double high = inRange(Math.scalb(upper, exponent));
    return of(
        Math.scalb(low, -exponent) > lower ? Math.nextDown(low) : low,
        Math.scalb(high, -exponent) < upper ? Math.nextUp(high) : high,
        peakFrequency);
  }

  /** The norm of independent systems together; zero for none. */
  static HinfNorm largest(List<HinfNorm> norms) {
    HinfNorm highest = of(0, 0, 0);
    double upper = 0;
    for (HinfNorm norm : norms) {
      highest = norm.lower > highest.lower ? norm : highest;
      upper = Math.max(upper, norm.upper);
    }
    return of(highest.lower, upper, highest.peakFrequency);
  }
}
