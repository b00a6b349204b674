package io.github.last4j.norm;

import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The norm of a stored state together with its conjugate, beside the norm that Eq. 5 has for one of
 * the two.
 *
 * @param norm the pair's, as an interval
 * @param single ‖Cᵢ‖‖B̄ᵢ‖/(1-|λ̄ᵢ|), Eq. 5
 * @param margin 1-|λ̄ᵢ|
 * @param angle the pole's angle in [0, π], of the member in the upper half-plane
 */
public record PairNorm(HinfNorm norm, double single, double margin, double angle) {
  /**
   * Those of every pair of a layer, without feedthrough.
   *
   * @param ssm a stable layer of one direction
   * @param relativeTolerance the relative width asked for, as in {@link SystemNorms#hinf}
   * @return in state order
   * @throws IllegalArgumentException if the layer has two directions, a pole is not inside the unit
   *     circle, naming the state, a number is not finite, or the tolerance is out of range
   */
  public static List<PairNorm> of(DiscreteSsm ssm, double relativeTolerance) {
    if (ssm.bidirectional()) {
      throw new IllegalArgumentException("ssm: expected a layer of one direction, got two");
    }
    PartNorms parts = PartNorms.of(ssm);
    double[] single = StateNorms.values(ssm);
    double[] margin = ComplexArray.doubles(ssm.margin());
    double[] re = ComplexArray.doubles(ssm.lambdaBar().real());
    double[] im = ComplexArray.doubles(ssm.lambdaBar().imag());
    return IntStream.range(0, margin.length)
        .mapToObj(
            i ->
                new PairNorm(
                    parts.hinf(StateSet.of(margin.length, i), relativeTolerance),
                    single[i],
                    Math.min(margin[i], 1),
                    Math.abs(Math.atan2(im[i], re[i]))))
        .toList();
  }

  /** The pair's norm in units of Eq. 5. */
  public double ratio() {
    return norm.upper() / single;
  }

  /** The angle between the pole and the real axis, in units of the margin. */
  public double fromAxis() {
    return toAxis() / margin;
  }

  /**
   * The least ratio: where one member has the gain of Eq. 5, the other takes away what it has at
   * twice the angle.
   */
  public double least() {
    return 1 - other(2 * angle);
  }

  /** The largest ratio: the other member's pole is never nearer than the real axis. */
  public double most() {
    return 1 + other(toAxis());
  }

  private double toAxis() {
    return Math.min(angle, Math.PI - angle);
  }

  /** μ/|1 - ρe<sup>jδ</sup>|: the other member's gain at a distance δ from its pole. */
  private double other(double delta) {
    return margin / Math.hypot(margin, 2 * Math.sqrt(1 - margin) * Math.sin(delta / 2));
  }
}
