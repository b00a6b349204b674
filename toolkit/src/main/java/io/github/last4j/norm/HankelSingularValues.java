package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;

/**
 * The Hankel singular values σ₁ ≥ σ₂ ≥ … of a layer, one for each of its 2n real states.
 *
 * <p>No causal model of order r comes nearer to the causal part G than ‖G - Gᵣ‖∞ ≥ σ<sub>r+1</sub>,
 * whatever its feedthrough; balanced truncation reaches 2(σ<sub>r+1</sub> + … + σ<sub>2n</sub>). A
 * layer of r/2 pairs has order r. They are the roots of the eigenvalues of PQ, computed as singular
 * values of the product of factors of the {@link Gramians}: not certified, with absolute errors
 * near √eps·σ₁ at worst and typically far less.
 */
public final class HankelSingularValues {
  private static final String TASK = "the Hankel singular values";

  private HankelSingularValues() {}

  /**
   * Those of the causal (forward) part.
   *
   * @param ssm a stable layer with n stored states
   * @return 2n numbers, descending
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static double[] of(DiscreteSsm ssm) {
    return of(Parts.of(ssm).balanced(), false);
  }

  /**
   * Those of the anticausal (backward) part of a bidirectional layer. The floor of the whole is the
   * larger of both parts' floors.
   *
   * @param ssm a stable bidirectional layer with n stored states
   * @return 2n numbers, descending
   * @throws IllegalArgumentException if the layer has one direction, a pole is not inside the unit
   *     circle or a number is not finite
   */
  public static double[] backward(DiscreteSsm ssm) {
    if (!ssm.bidirectional()) {
      throw new IllegalArgumentException("ssm: expected a bidirectional layer, got no backwardC");
    }
    return of(Parts.of(ssm).balanced(), true);
  }

  /**
   * The least order at which a model may be as near as a level: how many values exceed it.
   *
   * @param values descending
   * @param level an H∞ norm of a difference
   */
  public static int leastOrder(double[] values, double level) {
    return (int) Arrays.stream(values).filter(value -> value > level).count();
  }

  /**
   * The order from which on balanced truncation is sure to be as near as a level: the least r with
   * 2(σ<sub>r+1</sub> + … + σ<sub>2n</sub>) ≤ level.
   *
   * @param values all of them, descending
   * @param level an H∞ norm of a difference
   */
  public static int sureOrder(double[] values, double level) {
    double tail = 0;
    int order = values.length;
    while (order > 0 && 2 * (tail + values[order - 1]) <= level) {
      tail += values[--order];
    }
    return order;
  }

  private static double[] of(Parts parts, boolean backward) {
    double[] ascending = new double[2 * parts.states()];
    int count = 0;
    for (double[] own : Parts.each(TASK, parts.systems(), system -> of(system, backward))) {
      for (double value : own) {
        ascending[count++] = Math.scalb(value, parts.exponent());
      }
    }
    Arrays.sort(ascending);
    double[] values = new double[ascending.length];
    Arrays.setAll(values, i -> ascending[values.length - 1 - i]);
    HinfNorm.inRange(values[0]);
    return values;
  }

  private static double[] of(PairSystem system, boolean backward) {
    return system.states == 0
        ? new double[0]
        : Balancing.of(Gramians.of(system, backward ? system.states : 0)).values();
  }
}
