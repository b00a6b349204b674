package io.github.last4j.norm;

import io.github.last4j.complex.Decompositions;
import io.github.last4j.progress.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.scalar.ComplexNumber;

/**
 * Coordinates in which two positive semidefinite matrices are one diagonal matrix diag(σ₁, σ₂, …):
 * with P = RR', Q = LL' and L'R = UΣV' the first r of them are W'x, and x ≈ Tx̂. If P and Q are
 * both Gramians, the σ are the Hankel singular values.
 */
public final class Balancing {
  private final R064Store left;
  private final R064Store right;
  private final SingularValue<Double> singular;

  private Balancing(R064Store left, R064Store right, SingularValue<Double> singular) {
    this.left = left;
    this.right = right;
    this.singular = singular;
  }

  static Balancing of(Gramians gramians) {
    return of(gramians.controllability(), gramians.observability());
  }

  /**
   * Balances two matrices.
   *
   * @param p how large the states become, n×n
   * @param q how much they matter, n×n
   * @throws IllegalArgumentException if a number is not finite
   */
  public static Balancing of(MatrixStore<Double> p, MatrixStore<Double> q) {
    R064Store left = factor(q);
    R064Store right = factor(p);
    int size = (int) left.countRows();
    R064Store product = R064Store.FACTORY.make(size, size);
    product.fillByMultiplying(left.transpose(), right);
    return new Balancing(
        left, right, Decompositions.of(SingularValue.R064.make(size, size), "Gramians", product));
  }

  /** All of them, descending. */
  public double[] values() {
    return Arrays.copyOf(singular.getSingularValues().toRawCopy1D(), (int) left.countRows());
  }

  /** W = LU₁Σ₁<sup>-½</sup>, n×order. */
  public MatrixStore<Double> into(int order) {
    return left.multiply(singular.getU().columns(first(order))).multiply(scale(order));
  }

  /** T = RV₁Σ₁<sup>-½</sup>, n×order. */
  public MatrixStore<Double> outOf(int order) {
    return right.multiply(singular.getV().columns(first(order))).multiply(scale(order));
  }

  /**
   * One mode of a reduced system.
   *
   * @param pole of a conjugate pair the one above the real axis
   * @param input its row of B
   * @param outputs its column of each C, as a stored pair has it: half of a real pole's, whose real
   *     part is all
   */
  public record Mode(
      ComplexNumber pole, List<ComplexNumber> input, List<List<ComplexNumber>> outputs) {}

  /**
   * The system (W'AT, W'B, CT) of the first coordinates, diagonalised.
   *
   * @param order the number r of coordinates, positive
   * @param a n×n
   * @param b n×inputs
   * @param c one outputs×n or more
   * @throws IllegalArgumentException if a number is not finite
   */
  public List<Mode> modes(
      int order,
      MatrixStore<Double> a,
      MatrixStore<Double> b,
      List<? extends MatrixStore<Double>> c) {
    MatrixStore<Double> w = into(order).transpose();
    MatrixStore<Double> t = outOf(order);
    Eigenvalue<Double> evd =
        Decompositions.of(Eigenvalue.R064.make(order, false), "reduced", w.multiply(a).multiply(t));
    MatrixStore<ComplexNumber> vectors = evd.getEigenvectors();
    MatrixStore<ComplexNumber> input =
        Decompositions.inverse("reduced", vectors).multiply(complex(w.multiply(b)));
    List<MatrixStore<ComplexNumber>> outputs =
        c.stream().map(each -> complex(each.multiply(t)).multiply(vectors)).toList();
    List<Mode> modes = new ArrayList<>();
    for (int i = 0; i < order; i++) {
      ComplexNumber pole = evd.getEigenvalues().get(i);
      if (pole.getImaginary() >= 0) {
        ComplexNumber weight = ComplexNumber.valueOf(pole.getImaginary() == 0 ? 0.5 : 1);
        List<List<ComplexNumber>> columns = new ArrayList<>();
        for (MatrixStore<ComplexNumber> each : outputs) {
          columns.add(elements(each.column(i).multiply(weight)));
        }
        modes.add(new Mode(pole, elements(input.row(i)), columns));
      }
    }
    return modes;
  }

  private static List<ComplexNumber> elements(MatrixStore<ComplexNumber> vector) {
    return IntStream.range(0, (int) vector.count()).mapToObj(vector::get).toList();
  }

  private static MatrixStore<ComplexNumber> complex(MatrixStore<Double> real) {
    GenericStore<ComplexNumber> out = GenericStore.C128.make(real.countRows(), real.countColumns());
    out.fillMatching(real);
    return out;
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
