package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.Scoped;
import io.github.last4j.norm.Parts.Part;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import java.util.Optional;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/** Real inputs of finite length whose gains come near to the H∞ norm. */
public final class WorstCaseInput {
  private WorstCaseInput() {}

  /**
   * The sinusoid u<sub>k</sub> = w<sub>k</sub>·Re(v e<sup>jθk</sup>) along the right singular
   * vector v of the largest singular value σ of G(e<sup>jθ</sup>), in the window w<sub>k</sub> =
   * sin(π(k+1)/(L+1)), of all windows of L steps the one of least bandwidth. Its gain over all time
   * tends to σ as L grows; at the peak frequency that is the H∞ norm, and the gap closes like 1/L².
   *
   * @param ssm a stable layer, float64
   * @param theta the angle θ in radians a step
   * @param length the number L of steps, at least 1
   * @return shape (1, L, inputs), float64, held by the manager of {@code ssm.lambdaBar()}
   * @throws IllegalArgumentException if the length is not positive, a pole is not inside the unit
   *     circle or a number or the angle is not finite
   */
  public static NDArray sinusoid(DiscreteSsm ssm, double theta, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least one step, got " + length);
    }
    FrequencyResponse.requireAngles(theta);
    Parts parts = Parts.of(ssm).balanced();
    Part worst = null;
    SingularValue<ComplexNumber> svd = null;
    for (Part part : parts.list()) {
      SingularValue<ComplexNumber> own =
          FrequencyResponse.decomposed(new GainKernel(part.system), theta);
      if (svd == null || own.getOperatorNorm() > svd.getOperatorNorm()) {
        svd = own;
        worst = part;
      }
    }
    MatrixStore<ComplexNumber> vectors = svd.getV();
    int[] inputs = worst.inputs;
    int m = parts.inputs();
    // A factor e^{jα} is free; where G is real (θ = 0 or π) it must not turn v into the imaginary.
    double phase = vectors.get(largest(vectors, inputs.length), 0).phase();
    double[] u = new double[length * m];
    for (int k = 0; k < length; k++) {
      double window = Math.sin(Math.PI * (k + 1) / (length + 1));
      for (int i = 0; i < inputs.length; i++) {
        ComplexNumber v = vectors.get(i, 0);
        u[k * m + inputs[i]] = window * v.norm() * Math.cos(v.phase() - phase + theta * k);
      }
    }
    NDManager owner = ssm.lambdaBar().real().getManager();
    return Scoped.array(owner, () -> owner.create(u, new Shape(1, length, m)));
  }

  /**
   * The gain over all time of {@link #sinusoid}: from below, what the norm is if it may take so
   * many steps.
   *
   * @param ssm a stable layer, float64
   * @param theta the angle θ in radians a step
   * @param length the number L of steps, at least 1
   * @throws IllegalArgumentException as there
   */
  public static double gainOverAllTime(DiscreteSsm ssm, double theta, int length) {
    try (NDArray wave = sinusoid(ssm, theta, length)) {
      return EnergyGain.overAllTime(ssm, wave)[0];
    }
  }

  /**
   * The most that any input of L steps gains within these steps, from below: {@link #improve} from
   * {@link #sinusoid}.
   *
   * @param ssm a stable layer, float64
   * @param theta the angle θ in radians a step
   * @param length the number L of steps, at least 1
   * @param iterations how often
   * @throws IllegalArgumentException as there
   */
  public static double gainWithinSteps(DiscreteSsm ssm, double theta, int length, int iterations) {
    try (NDArray start = sinusoid(ssm, theta, length);
        NDArray worst = improve(ssm, start, iterations)) {
      return EnergyGain.withinSteps(ssm, worst)[0];
    }
  }

  private static int largest(MatrixStore<ComplexNumber> vectors, int m) {
    int best = 0;
    for (int i = 1; i < m; i++) {
      best = vectors.get(i, 0).norm() > vectors.get(best, 0).norm() ? i : best;
    }
    return best;
  }

  /**
   * Makes inputs worse by power iteration u ← T'Tu/‖T'Tu‖ with the map T from L steps of input to
   * the same L steps of output. No iteration lowers the gain within the steps, which tends from
   * below to ‖T‖, the most that any input of L steps reaches, and less than the H∞ norm.
   *
   * @param ssm a layer, float64
   * @param u shape (batch, L, inputs), float64: where to start, no sequence all zero
   * @param iterations how often, at least 0
   * @return inputs of unit energy, like u, held by the manager of u
   * @throws IllegalArgumentException if the shape, the dtype or a number of u does not fit, a
   *     sequence is all zero, or the iterations are negative
   */
  public static NDArray improve(DiscreteSsm ssm, NDArray u, int iterations) {
    if (iterations < 0) {
      throw new IllegalArgumentException("iterations: expected at least 0, got " + iterations);
    }
    ssm.requireInput(u);
    return Scoped.array(u.getManager(), () -> improved(ssm, u, iterations));
  }

  private static NDArray improved(DiscreteSsm ssm, NDArray u, int iterations) {
    // The adjoint is the transposed system's response to the output in reverse order.
    DiscreteSsm causal = ssm.direction(Scan.Direction.FORWARD).transpose();
    DiscreteSsm forward = ssm.feedthrough().map(causal::withFeedthrough).orElse(causal);
    Optional<DiscreteSsm> backward =
        ssm.bidirectional()
            ? Optional.of(ssm.direction(Scan.Direction.BACKWARD).transpose())
            : Optional.empty();
    NDArray current = Scoped.array(u.getManager(), () -> unit(EnergyGain.scaled(u)));
    for (int i = 0; i < iterations; i++) {
      Interruption.check("the worst-case input");
      NDArray before = current;
      current =
          Scoped.array(
              u.getManager(),
              () -> {
                NDArray y = unit(ssm.output(before));
                NDArray x = forward.output(y.flip(1)).flip(1);
                NDArray next = unit(backward.isPresent() ? x.add(backward.get().output(y)) : x);
                // Without any output no input is worse.
                return next.add(before.mul(isZero(norm(next))));
              });
      before.close();
    }
    return current;
  }

  /** Each sequence with unit energy, or as it is if it has none. */
  private static NDArray unit(NDArray u) {
    NDArray size = u.abs().max(new int[] {2}, true).max(new int[] {1}, true);
    NDArray scaled = u.div(size.add(isZero(size)));
    NDArray norm = norm(scaled);
    return scaled.div(norm.add(isZero(norm)));
  }

  private static NDArray isZero(NDArray array) {
    return array.eq(0).toType(array.getDataType(), false);
  }

  /** Of each sequence, shape (batch, 1, 1). */
  private static NDArray norm(NDArray u) {
    return u.square().sum(new int[] {1, 2}, true).sqrt();
  }
}
