package io.github.last4j.norm;

import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.List;

/** Norms of whole layers. */
public final class SystemNorms {
  private SystemNorms() {}

  /**
   * The H∞ norm sup<sub>θ</sub> σ<sub>max</sub>(G(e<sup>jθ</sup>)) by branch and bound over
   * frequency.
   *
   * <p>On an interval [a, b] of angles the gain lies below the chord between the gains at a and b
   * plus an arc of height M(b-a)²/8, where M bounds ‖G''‖ through the distances from the interval
   * to the poles; intervals are split until all bounds meet the tolerance. The gain at an angle is
   * bounded from above by a subspace and the Frobenius norm of what it leaves, or by Cholesky's
   * factorisation of γ²I - G*G. Any subset of the states is a layer of its own, with its own norm.
   *
   * <p>A layer that falls into independent systems, as an S4D's does into channels, has the largest
   * of their norms.
   *
   * <p>With a feedthrough and more than a few channels two threads of the common pool share the
   * work; results repeat nevertheless.
   *
   * <p><b>What is certified.</b> In exact arithmetic both ends are proved. In floating point every
   * sample's bounds are widened by (2(inputs + outputs + states) + 64)·eps·Σ‖c‖‖b‖|φ|, which covers
   * the rounding of its sums, and Cholesky's test carries Rump's shift; bounds on intervals are
   * widened by 1e-10. So the interval holds for the layer whose poles have exactly the margins
   * given and the angles that {@code atan2} returns, which differ from those of λ̄ by at most two
   * units in the last place; sin, cos and atan2 are trusted to that accuracy. Beside poles with
   * margins near 1e-12 such a unit may matter; it is a change of the data and not part of the
   * interval. Not covered are entries of subnormal size; all others are scaled by powers of two
   * first, so that nothing overflows.
   *
   * <p>The lower end is the gain at the peak frequency. A width below the rounding allowance cannot
   * be reached, and the tolerance returned then says what was; where terms cancel to less than 1e-9
   * of their sum, the upper end is that fraction.
   *
   * @param ssm a stable layer of one or two directions, with or without feedthrough
   * @param relativeTolerance the relative width asked for, from 1e-12 to below 1
   * @return an interval that contains the norm, the peak frequency and the width reached
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, a
   *     number is not finite, the norm is too large for double precision, or the tolerance is out
   *     of range
   */
  public static HinfNorm hinf(DiscreteSsm ssm, double relativeTolerance) {
    requireTolerance(relativeTolerance);
    return hinf(Parts.of(ssm).systems(), relativeTolerance);
  }

  /** The norm of independent systems together: the largest of theirs, which alone is narrowed. */
  static HinfNorm hinf(List<PairSystem> systems, double relativeTolerance) {
    double known = systems.size() > 1 ? reached(systems, relativeTolerance) : 0;
    return HinfNorm.largest(
        Parts.each(
            "the H∞ norm",
            systems,
            system -> new GainSearch(system, relativeTolerance).run(known)));
  }

  /** A gain that one of the systems reaches, to about the tolerance the largest. */
  static double reached(List<PairSystem> systems, double relativeTolerance) {
    double most = 0;
    for (PairSystem system : systems) {
      GainSearch search = new GainSearch(system, relativeTolerance);
      double gain = HinfNorm.inRange(Math.scalb(search.peakOnly(), search.exponent));
      most = Math.max(most, gain);
    }
    return most;
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
    Parts parts = Parts.of(ssm).balanced();
    double sum = 0;
    for (PairSystem system : parts.systems()) {
      Interruption.check("the H2 norm");
      for (int first = 0; first < system.terms; first += system.states) {
        sum += Gramians.of(system, first).outputEnergy();
      }
      sum += presentEnergy(system);
    }
    return HinfNorm.inRange(Math.scalb(Math.sqrt(Math.max(0, sum)), parts.exponent()));
  }

  /** ‖CB̄ + D‖<sub>F</sub>². */
  private static double presentEnergy(PairSystem system) {
    double sum = 0;
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
    return sum;
  }

  static void requireTolerance(double relativeTolerance) {
    if (!(relativeTolerance >= 1e-12 && relativeTolerance < 1)) {
      throw new IllegalArgumentException(
          "relativeTolerance: expected a number from 1e-12 to below 1, got " + relativeTolerance);
    }
  }
}
