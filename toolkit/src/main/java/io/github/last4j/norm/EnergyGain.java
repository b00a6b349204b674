package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.Parts.Part;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import java.util.Arrays;
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
    return gains(ssm, u, Parts.of(ssm).balanced(), true);
  }

  /**
   * The gains with the output of the L steps alone, which is all that a model sees.
   *
   * @param ssm a layer, float64
   * @param u shape (batch, L, inputs), float64
   * @return one gain a sequence
   * @throws IllegalArgumentException if u does not fit or a sequence is all zero, or a number is
   *     not finite
   */
  public static double[] withinSteps(DiscreteSsm ssm, NDArray u) {
    return gains(ssm, u, Parts.of(new LayerNumbers(ssm)).balanced(), false);
  }

  private static double[] gains(DiscreteSsm ssm, NDArray u, Parts parts, boolean overAllTime) {
    ssm.requireInput(u);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray inputs = scaled(u);
      double[] gains = energy(inputs);
      double[] output = new double[gains.length];
      for (Part part : parts.list()) {
        Interruption.check("the energy gain");
        // The trajectories of all channels together may be too much for memory.
        try (NDScope own = new NDScope()) {
          own.suppressNotUsedWarning();
          addEnergy(output, part.system, part.pick(inputs, parts), overAllTime);
        }
      }
      Arrays.setAll(
          gains,
          i -> HinfNorm.inRange(Math.scalb(Math.sqrt(output[i] / gains[i]), parts.exponent())));
      return gains;
    }
  }

  /**
   * In units of powers of two, so that squares neither overflow nor vanish; to be called in a
   * scope.
   *
   * @throws IllegalArgumentException if a sequence is all zero
   */
  static NDArray scaled(NDArray u) {
    double[] sizes = ComplexArray.doubles(u.abs().max(new int[] {2}).max(new int[] {1}));
    for (int i = 0; i < sizes.length; i++) {
      if (!(sizes[i] > 0)) {
        throw new IllegalArgumentException(
            "u: expected inputs with energy, but sequence " + i + " has none");
      }
      sizes[i] = Math.scalb(1.0, Math.max(-Math.getExponent(sizes[i]), -1000));
    }
    return u.mul(u.getManager().create(sizes, new Shape(sizes.length, 1, 1)));
  }

  private static double[] energy(NDArray signals) {
    return signals.square().sum(new int[] {1, 2}).toDoubleArray();
  }

  /** Adds the energy that one of the layer's systems puts out. */
  private static void addEnergy(
      double[] energy, PairSystem system, NDArray u, boolean overAllTime) {
    NDManager manager = u.getManager();
    NDArray y =
        system.feedthrough == null
            ? manager.create(0.0)
            : u.mul(manager.create(system.feedthrough));
    for (int first = 0; first < system.terms; first += system.states) {
      boolean backward = system.backward[first];
      DiscreteSsm causal = system.causal(manager, first);
      NDArray driving = backward ? u.flip(1) : u;
      NDArray response = causal.output(driving);
      y = y.add(backward ? response.flip(1) : response);
      if (overAllTime) {
        ComplexArray x = causal.trajectories(driving, Scan.Direction.FORWARD);
        addRest(energy, Gramians.of(system, first).observability(), x);
      }
    }
    double[] within = energy(y);
    Arrays.setAll(energy, i -> energy[i] + within[i]);
  }

  private static void addRest(double[] energy, MatrixStore<Double> q, ComplexArray x) {
    double[] re = x.real().get(":, -1").toDoubleArray();
    double[] im = x.imag().get(":, -1").toDoubleArray();
    int n = re.length / energy.length;
    for (int row = 0; row < energy.length; row++) {
      double[] state = new double[2 * n];
      for (int i = 0; i < n; i++) {
        state[2 * i] = Math.sqrt(2) * re[row * n + i];
        state[2 * i + 1] = Math.sqrt(2) * im[row * n + i];
      }
      for (int i = 0; i < 2 * n; i++) {
        for (int k = 0; k < 2 * n; k++) {
          energy[row] += state[i] * q.doubleValue(i, k) * state[k];
        }
      }
    }
  }
}
