package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.scalar.ComplexNumber;

/** The singular values of the gain over frequency, for figures. */
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
    GainKernel kernel = new GainKernel(PairSystem.of(ssm));
    int p = kernel.outputs;
    int m = kernel.inputs;
    double[] re = new double[p * m];
    double[] im = new double[p * m];
    double[][] out = new double[theta.length][];
    SingularValue<ComplexNumber> svd = SingularValue.C128.make(p, m);
    for (int i = 0; i < theta.length; i++) {
      kernel.at(theta[i]);
      kernel.matrix(re, im);
      GenericStore<ComplexNumber> gain = GenericStore.C128.make(p, m);
      for (int r = 0; r < p; r++) {
        for (int k = 0; k < m; k++) {
          gain.set(r, k, ComplexNumber.of(re[r * m + k], im[r * m + k]));
        }
      }
      svd.decompose(gain);
      out[i] = svd.getSingularValues().toRawCopy1D();
    }
    return out;
  }
}
