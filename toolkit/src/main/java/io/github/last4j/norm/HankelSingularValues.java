package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

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
    return of(Gramians.of(ssm));
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
    return of(Gramians.backward(ssm));
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

  private static double[] of(Gramians gramians) {
    R064Store left = factor(gramians.observability());
    R064Store right = factor(gramians.controllability());
    int n = (int) left.countRows();
    R064Store product = R064Store.FACTORY.make(n, n);
    product.fillByMultiplying(left.transpose(), right);
    SingularValue<Double> svd = SingularValue.R064.make(n, n);
    svd.decompose(product);
    double[] values = svd.getSingularValues().toRawCopy1D();
    double[] padded = Arrays.copyOf(values, n);
    Arrays.sort(padded);
    for (int i = 0; i < n / 2; i++) {
      double swap = padded[i];
      padded[i] = padded[n - 1 - i];
      padded[n - 1 - i] = swap;
    }
    return padded;
  }

  /** F with FF' = the semidefinite matrix, scaled to a unit diagonal before it is decomposed. */
  static R064Store factor(MatrixStore<Double> gramian) {
    int n = (int) gramian.countRows();
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      scale[i] = Math.sqrt(Math.max(0, gramian.doubleValue(i, i)));
    }
    R064Store scaled = R064Store.FACTORY.make(n, n);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double divisor = scale[i] * scale[k];
        scaled.set(i, k, divisor > 0 ? gramian.doubleValue(i, k) / divisor : 0);
      }
    }
    Eigenvalue<Double> evd = Eigenvalue.R064.make(n, true);
    evd.decompose(scaled);
    R064Store out = R064Store.FACTORY.make(n, n);
    for (int k = 0; k < n; k++) {
      double root = Math.sqrt(Math.max(0, evd.getD().doubleValue(k, k)));
      for (int i = 0; i < n; i++) {
        out.set(i, k, scale[i] * evd.getV().doubleValue(i, k) * root);
      }
    }
    return out;
  }
}
