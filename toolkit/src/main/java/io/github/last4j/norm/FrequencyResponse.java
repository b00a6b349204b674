package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Decompositions;
import io.github.last4j.complex.Scoped;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.scalar.ComplexNumber;

/** The gain over frequency. */
public final class FrequencyResponse {
  private FrequencyResponse() {}

  /**
   * The singular values of G(e<sup>jθ</sup>).
   *
   * @param ssm a stable layer
   * @param theta angles in radians a step
   * @return for each angle the min(inputs, outputs) singular values, descending
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number or an
   *     angle is not finite
   */
  public static double[][] singularValues(DiscreteSsm ssm, double... theta) {
    requireAngles(theta);
    Parts parts = Parts.of(ssm).balanced();
    List<GainKernel> kernels = parts.systems().stream().map(GainKernel::new).toList();
    double[][] out = new double[theta.length][Math.min(parts.inputs(), parts.outputs())];
    for (int i = 0; i < theta.length; i++) {
      double[] ascending = new double[out[i].length];
      int count = 0;
      for (GainKernel kernel : kernels) {
        Interruption.check("the frequency response");
        for (double value : decomposed(kernel, theta[i]).getSingularValues().toRawCopy1D()) {
          ascending[count++] = HinfNorm.inRange(Math.scalb(value, parts.exponent()));
        }
      }
      Arrays.sort(ascending);
      Arrays.setAll(out[i], k -> ascending[ascending.length - 1 - k]);
    }
    return out;
  }

  /**
   * The largest singular value of G(e<sup>jθ</sup>), by subspace iteration: from below, to five
   * digits at least and to ten where it is well apart from the next, and many times faster than all
   * of them.
   *
   * @param ssm a stable layer
   * @param theta angles in radians a step
   * @return one number for each angle
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number or an
   *     angle is not finite
   */
  public static double[] largest(DiscreteSsm ssm, double... theta) {
    requireAngles(theta);
    double[] largest = new double[theta.length];
    for (PairSystem system : Parts.of(ssm).systems()) {
      GainSearch search = new GainSearch(system, 1e-8);
      for (int i = 0; i < theta.length; i++) {
        Interruption.check("the frequency response");
        double gain = Math.scalb(search.gainAt(theta[i]), search.exponent);
        largest[i] = Math.max(largest[i], HinfNorm.inRange(gain));
      }
    }
    return largest;
  }

  /**
   * Y = GU of the paper's form G(z) = C(zI - Λ̄)⁻¹B̄ = Σᵢ CᵢB̄ᵢ/(z - λ̄ᵢ) (Eq. 15–17), over all
   * poles, the conjugates included. The recurrence of S5, which {@link DiscreteSsm#output} runs,
   * answers zGU.
   *
   * @param ssm a layer, float64, of which the forward scan is taken, without feedthrough
   * @param theta angles, shape (K), float64
   * @param inputs U, (K, inputs), a row an angle
   * @return (K, outputs), held by the manager of theta
   */
  public static ComplexArray output(DiscreteSsm ssm, NDArray theta, ComplexArray inputs) {
    return Scoped.compute(
        theta.getManager(),
        () -> {
          ComplexArray driven = inputs.matMul(ssm.bBar().withConjugates(0).transpose());
          ComplexArray away = UnitCircle.points(theta).sub(ssm.lambdaBar().withConjugates(0));
          return driven.div(away).matMul(ssm.c().withConjugates(1).transpose());
        },
        output -> new NDList(output.real(), output.imag()));
  }

  static void requireAngles(double... theta) {
    for (double angle : theta) {
      if (!Double.isFinite(angle)) {
        throw new IllegalArgumentException("theta: expected finite angles, got " + angle);
      }
    }
  }

  /** G(e<sup>jθ</sup>), outputs × inputs, in its singular values and vectors. */
  static SingularValue<ComplexNumber> decomposed(GainKernel kernel, double theta) {
    return Decompositions.of(
        SingularValue.C128.make(kernel.outputs, kernel.inputs), "ssm", gain(kernel, theta));
  }

  private static GenericStore<ComplexNumber> gain(GainKernel kernel, double theta) {
    int p = kernel.outputs;
    int m = kernel.inputs;
    double[] re = new double[p * m];
    double[] im = new double[p * m];
    kernel.at(theta);
    kernel.matrix(re, im);
    GenericStore<ComplexNumber> gain = GenericStore.C128.make(p, m);
    for (int r = 0; r < p; r++) {
      for (int k = 0; k < m; k++) {
        gain.set(r, k, ComplexNumber.of(re[r * m + k], im[r * m + k]));
      }
    }
    return gain;
  }
}
