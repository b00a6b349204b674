package io.github.last4j.norm;

import io.github.last4j.complex.Decompositions;
import io.github.last4j.progress.Interruption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * Factors P = RR', Q = LL' of both Gramians, and the singular values L'R = UΣV', which are the
 * Hankel singular values.
 */
record Balancing(
    Gramians gramians, R064Store left, R064Store right, SingularValue<Double> singular) {
  static Balancing of(Gramians gramians) {
    R064Store left = factor(gramians.observability());
    R064Store right = factor(gramians.controllability());
    int size = (int) left.countRows();
    R064Store product = R064Store.FACTORY.make(size, size);
    product.fillByMultiplying(left.transpose(), right);
    return new Balancing(
        gramians,
        left,
        right,
        Decompositions.of(SingularValue.R064.make(size, size), "Gramians", product));
  }

  /** All of them, descending. */
  double[] values() {
    return Arrays.copyOf(singular.getSingularValues().toRawCopy1D(), (int) left.countRows());
  }

  /** W = LU₁Σ₁<sup>-½</sup>, of the first singular values. */
  MatrixStore<Double> into(int order) {
    return left.multiply(singular.getU().columns(first(order))).multiply(scale(order));
  }

  /** T = RV₁Σ₁<sup>-½</sup>. */
  MatrixStore<Double> outOf(int order) {
    return right.multiply(singular.getV().columns(first(order))).multiply(scale(order));
  }

  private static int[] first(int order) {
    return IntStream.range(0, order).toArray();
  }

  private R064Store scale(int order) {
    R064Store scale = R064Store.FACTORY.make(order, order);
    for (int i = 0; i < order; i++) {
      scale.set(i, i, 1 / Math.sqrt(singular.getSingularValues().doubleValue(i)));
    }
    return scale;
  }

  /** F with FF' = the semidefinite matrix, scaled to a unit diagonal before it is decomposed. */
  private static R064Store factor(MatrixStore<Double> gramian) {
    Interruption.check("the Hankel singular values");
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
    Eigenvalue<Double> evd = Decompositions.of(Eigenvalue.R064.make(n, true), "Gramian", scaled);
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
