package io.github.last4j.audit;

import io.github.last4j.bound.Nonlinearity;

/** σ, the GELU. */
final class Sigma {
  private static final Nonlinearity GELU = Nonlinearity.GELU;

  /** The square of its Lipschitz constant Lσ. */
  static final double SLOPE_SQUARED = GELU.slope() * GELU.slope();

  private Sigma() {}

  static double of(double x) {
    return GELU.apply(x);
  }

  /** σ of every number of a signal. */
  static double[][] of(double[][] signal) {
    return GELU.apply(signal);
  }
}
