package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import org.ojalgo.matrix.store.MatrixStore;

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

  /**
   * The H2 norm: the root of the mean of ‖G(e<sup>jθ</sup>)‖<sub>F</sub>² over the circle, and the
   * root of the energy of the impulse response. With the controllability Gramian P and C̄ = CΛ̄ it
   * is the root of tr(C̄PC̄*) for each direction, plus ‖C B̄ + D‖<sub>F</sub>² for the present
   * input (both directions' C B̄ together). Not certified; relative errors are near n·eps unless
   * pairs cancel each other.
   *
   * @param ssm a stable layer
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static double h2(DiscreteSsm ssm) {
    PairSystem system = PairSystem.of(ssm);
    int n = ssm.states();
    double sum = 0;
    for (int first = 0; first < system.terms; first += n) {
      Gramians part = Gramians.of(system, first, n);
      MatrixStore<Double> energy =
          part.c().multiply(part.controllability()).multiply(part.c().transpose());
      for (int o = 0; o < system.outputs; o++) {
        sum += energy.doubleValue(o, o);
      }
    }
    for (int o = 0; o < system.outputs; o++) {
      for (int k = 0; k < system.inputs; k++) {
        double present = system.feedthrough != null && o == k ? system.feedthrough[k] : 0;
        for (int t = 0; t < system.terms; t++) {
          present +=
              2 * (system.cRe[t][o] * system.bRe[t][k] - system.cIm[t][o] * system.bIm[t][k]);
        }
        sum += present * present;
      }
    }
    return Math.sqrt(Math.max(0, sum));
  }

  static void requireTolerance(double relativeTolerance) {
    if (!(relativeTolerance >= 1e-12 && relativeTolerance < 1)) {
      throw new IllegalArgumentException(
          "relativeTolerance: expected a number from 1e-12 to below 1, got " + relativeTolerance);
    }
  }
}
