package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import org.ojalgo.matrix.store.MatrixStore;

/**
 * The gain ‖y‖₂/‖u‖₂ that given inputs have, which the H∞ norm bounds (Eq. 2).
 *
 * <p>An input is zero outside its L steps. Its output is not: the states go on ringing, before the
 * first step, too, in a bidirectional layer.
 */
public final class EnergyGain {
  private EnergyGain() {}

  /**
   * The gains with the output of all time. What is left in the states x at the end has yet to come
   * out as the energy x'Qx, with the observability Gramian Q of {@link Gramians}.
   *
   * @param ssm a stable layer, float64
   * @param u shape (batch, L, inputs), float64
   * @return one gain a sequence
   * @throws IllegalArgumentException if u does not fit or a sequence is all zero, a pole is not
   *     inside the unit circle, or a number is not finite
   */
  public static double[] overAllTime(DiscreteSsm ssm, NDArray u) {
    double[] energy = outputEnergy(ssm, u);
    addRest(energy, Gramians.of(ssm), ssm, u, Scan.Direction.FORWARD);
    if (ssm.backwardC().isPresent()) {
      addRest(energy, Gramians.backward(ssm), ssm, u, Scan.Direction.BACKWARD);
    }
    return gains(energy, u);
  }

  /**
   * The gains with the output of the L steps alone, which is all that a model sees.
   *
   * @param ssm a layer, float64
   * @param u shape (batch, L, inputs), float64
   * @return one gain a sequence
   * @throws IllegalArgumentException if u does not fit or a sequence is all zero
   */
  public static double[] withinSteps(DiscreteSsm ssm, NDArray u) {
    return gains(outputEnergy(ssm, u), u);
  }

  private static double[] outputEnergy(DiscreteSsm ssm, NDArray u) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return energy(ssm.output(u));
    }
  }

  private static double[] energy(NDArray signals) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return signals.square().sum(new int[] {1, 2}).toDoubleArray();
    }
  }

  private static double[] gains(double[] outputEnergy, NDArray u) {
    double[] inputEnergy = energy(u);
    double[] gains = new double[inputEnergy.length];
    for (int i = 0; i < gains.length; i++) {
      if (!(inputEnergy[i] > 0)) {
        throw new IllegalArgumentException(
            "u: expected inputs with energy, but sequence " + i + " has " + inputEnergy[i]);
      }
      gains[i] = Math.sqrt(outputEnergy[i] / inputEnergy[i]);
    }
    return gains;
  }

  private static void addRest(
      double[] energy, Gramians gramians, DiscreteSsm ssm, NDArray u, Scan.Direction direction) {
    double[] re;
    double[] im;
    double[] poleRe;
    double[] poleIm;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      int last = direction == Scan.Direction.FORWARD ? (int) u.getShape().get(1) - 1 : 0;
      ComplexArray x = ssm.trajectories(u, direction);
      re = x.real().get(":, {}", last).toDoubleArray();
      im = x.imag().get(":, {}", last).toDoubleArray();
      poleRe = ssm.lambdaBar().real().toDoubleArray();
      poleIm = ssm.lambdaBar().imag().toDoubleArray();
    }
    int n = ssm.states();
    MatrixStore<Double> q = gramians.observability();
    for (int row = 0; row < energy.length; row++) {
      double[] state = new double[2 * n];
      for (int i = 0; i < n; i++) {
        // The Gramians are those of the poles in the upper half-plane.
        double sign = Math.atan2(poleIm[i], poleRe[i]) < 0 ? -1 : 1;
        state[2 * i] = Math.sqrt(2) * re[row * n + i];
        state[2 * i + 1] = sign * Math.sqrt(2) * im[row * n + i];
      }
      for (int i = 0; i < 2 * n; i++) {
        for (int k = 0; k < 2 * n; k++) {
          energy[row] += state[i] * q.doubleValue(i, k) * state[k];
        }
      }
    }
  }
}
