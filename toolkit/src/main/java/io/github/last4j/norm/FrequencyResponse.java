package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
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
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static double[][] singularValues(DiscreteSsm ssm, double... theta) {
    GainKernel kernel = new GainKernel(PairSystem.stable(ssm));
    SingularValue<ComplexNumber> svd = SingularValue.C128.make(kernel.outputs, kernel.inputs);
    double[][] out = new double[theta.length][];
    for (int i = 0; i < theta.length; i++) {
      svd.decompose(gain(kernel, theta[i]));
      out[i] = svd.getSingularValues().toRawCopy1D();
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
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static double[] largest(DiscreteSsm ssm, double... theta) {
    GainSearch search = new GainSearch(PairSystem.stable(ssm), 1e-8);
    return Arrays.stream(theta).map(search::gainAt).toArray();
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

  /** G(e<sup>jθ</sup>) as a matrix of outputs × inputs. */
  static GenericStore<ComplexNumber> gain(GainKernel kernel, double theta) {
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
