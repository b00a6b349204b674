package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;

/** Norms of whole layers. */
public final class SystemNorms {
  private SystemNorms() {}

  /**
   * The H∞ norm by branch and bound over frequency.
   *
   * @param ssm a stable layer
   * @param relativeTolerance the relative width asked for, between 1e-12 and 1
   * @return an interval that contains the norm
   * @throws IllegalArgumentException if a pole is not inside the unit circle, or a number is not
   *     finite, or the tolerance out of range
   */
  public static HinfNorm hinf(DiscreteSsm ssm, double relativeTolerance) {
    requireTolerance(relativeTolerance);
    return new GainSearch(PairSystem.of(ssm), relativeTolerance).run();
  }

  static void requireTolerance(double relativeTolerance) {
    if (!(relativeTolerance >= 1e-12 && relativeTolerance < 1)) {
      throw new IllegalArgumentException(
          "relativeTolerance: expected a number from 1e-12 to below 1, got " + relativeTolerance);
    }
  }
}
