package io.github.last4j.prune;

import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Decompositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.scalar.ComplexNumber;

/**
 * A part of a layer in coordinates in which two positive semidefinite matrices are one diagonal
 * matrix diag(σ₁, σ₂, …): P, how large the states become, and Q, how much they matter.
 *
 * <p>With P = RRᵀ, Q = LLᵀ and LᵀR = UΣVᵀ the first r balanced states are Wᵀx, W =
 * LU₁Σ₁<sup>-½</sup>, and x ≈ Tx̂, T = RV₁Σ₁<sup>-½</sup>. The system that they make, (WᵀAT, WᵀB,
 * CT), is real, and is made diagonal again: conjugate poles are stored as a pair, and a real pole
 * takes the place of a pair too.
 */
final class Reduction {
  /** σ below this share of the first are rounding. */
  private static final double ROUNDING = 1e-12;

  /** Poles nearer to the unit circle than this, or outside it, are moved into it. */
  private static final double MARGIN = 1e-7;

  /** One stored state: its pole, its row of B̄, and a column of C a direction. */
  record State(ComplexNumber pole, List<ComplexNumber> input, List<List<ComplexNumber>> outputs) {}

  /**
   * The system of some balanced states.
   *
   * @param states what is stored
   * @param repaired absolute values of the poles that were not inside the unit circle
   */
  record Reduced(List<State> states, List<Double> repaired) {}

  private final R064Store a;
  private final R064Store b;
  private final List<MatrixStore<Double>> c;
  private final MatrixStore<Double> left;
  private final MatrixStore<Double> right;
  private final SingularValue<Double> svd;
  private final double[] values;
  private final Map<Integer, Reduced> known = new HashMap<>();

  Reduction(Part part, MatrixStore<Double> p, MatrixStore<Double> q) {
    int n = part.count();
    double[] re = ComplexArray.doubles(part.system().lambdaBar().real());
    double[] im = ComplexArray.doubles(part.system().lambdaBar().imag());
    a = Matrices.zeros(2L * n, 2L * n);
    for (int i = 0; i < n; i++) {
      a.set(i, i, re[i]);
      a.set(i, n + i, -im[i]);
      a.set(n + i, i, im[i]);
      a.set(n + i, n + i, re[i]);
    }
    R064Store inputs = part.inputs();
    b = R064Store.FACTORY.copy(inputs.rows(IntStream.range(0, 2 * n).toArray()));
    R064Store weights = part.weights();
    c =
        IntStream.range(0, part.directions())
            .mapToObj(d -> weights.columns(IntStream.range(2 * n * d, 2 * n * (d + 1)).toArray()))
            .toList();
    left = root(q);
    right = root(p);
    MatrixStore<Double> product = left.transpose().multiply(right);
    svd = Decompositions.of(SingularValue.R064.make(product), "product", product);
    double[] all =
        IntStream.range(0, 2 * n)
            .mapToDouble(i -> svd.getSingularValues().doubleValue(i))
            .toArray();
    values = Arrays.stream(all).filter(value -> value > ROUNDING * all[0]).toArray();
  }

  /** σ₁ ≥ σ₂ ≥ …, those above rounding. */
  double[] values() {
    return values.clone();
  }

  private static MatrixStore<Double> root(MatrixStore<Double> matrix) {
    for (int i = 0; i < matrix.countRows(); i++) {
      if (!Double.isFinite(matrix.doubleValue(i, i))) {
        throw new IllegalArgumentException(
            "data: expected finite signals, got " + matrix.doubleValue(i, i));
      }
    }
    Eigenvalue<Double> evd =
        Decompositions.of(Eigenvalue.R064.make(matrix, true), "moments", matrix);
    R064Store root = R064Store.FACTORY.copy(evd.getV());
    for (int k = 0; k < root.countColumns(); k++) {
      root.modifyColumn(
          k,
          org.ojalgo.function.constant.PrimitiveMath.MULTIPLY.second(
              Math.sqrt(Math.max(0, evd.getD().doubleValue(k, k)))));
    }
    return root;
  }

  /** The system of the first so many balanced states, at most of those above rounding. */
  Reduced reduced(int order) {
    return known.computeIfAbsent(Math.min(order, values.length), this::reduce);
  }

  /** Wᵀ, (order, 2n). */
  MatrixStore<Double> projection(int order) {
    return scaled(left, svd.getU(), order).transpose();
  }

  /** T, (2n, order). */
  MatrixStore<Double> embedding(int order) {
    return scaled(right, svd.getV(), order);
  }

  private MatrixStore<Double> scaled(
      MatrixStore<Double> root, MatrixStore<Double> vectors, int order) {
    R064Store scale = Matrices.zeros(order, order);
    for (int i = 0; i < order; i++) {
      scale.set(i, i, 1 / Math.sqrt(values[i]));
    }
    int[] first = IntStream.range(0, order).toArray();
    return root.multiply(vectors.columns(first)).multiply(scale);
  }

  private Reduced reduce(int order) {
    List<State> states = new ArrayList<>();
    List<Double> repaired = new ArrayList<>();
    if (order == 0) {
      return new Reduced(states, repaired);
    }
    MatrixStore<Double> w = projection(order);
    MatrixStore<Double> t = embedding(order);
    MatrixStore<Double> small = w.multiply(a).multiply(t);
    Eigenvalue<Double> evd =
        Decompositions.of(Eigenvalue.R064.make(small, false), "reduced", small);
    MatrixStore<ComplexNumber> vectors = evd.getEigenvectors();
    LU<ComplexNumber> lu = Decompositions.of(LU.C128.make(vectors), "reduced", vectors);
    MatrixStore<ComplexNumber> input = lu.getInverse().multiply(complex(w.multiply(b)));
    List<MatrixStore<ComplexNumber>> outputs =
        c.stream().map(each -> complex(each.multiply(t)).multiply(vectors)).toList();
    for (int i = 0; i < order; i++) {
      ComplexNumber pole = evd.getEigenvalues().get(i);
      if (pole.getImaginary() >= 0) {
        // The outputs are sums over conjugates, twice a real part; a real pole has no conjugate.
        double weight = pole.getImaginary() == 0 ? 0.5 : 1;
        List<List<ComplexNumber>> columns = new ArrayList<>();
        for (MatrixStore<ComplexNumber> each : outputs) {
          columns.add(elements(each.column(i).multiply(ComplexNumber.valueOf(weight))));
        }
        if (pole.norm() > 1 - MARGIN) {
          repaired.add(pole.norm());
        }
        states.add(new State(inside(pole), elements(input.row(i)), columns));
      }
    }
    return new Reduced(states, repaired);
  }

  /** A pole outside the unit circle is reflected in it. */
  private static ComplexNumber inside(ComplexNumber pole) {
    double size = pole.norm();
    double most = Math.min(size, Math.min(1 / size, 1 - MARGIN));
    return size > 1 - MARGIN ? pole.multiply(most / size) : pole;
  }

  private static List<ComplexNumber> elements(MatrixStore<ComplexNumber> vector) {
    return IntStream.range(0, (int) vector.count()).mapToObj(vector::get).toList();
  }

  private static MatrixStore<ComplexNumber> complex(MatrixStore<Double> real) {
    GenericStore<ComplexNumber> out = GenericStore.C128.make(real.countRows(), real.countColumns());
    out.fillMatching(real);
    return out;
  }
}
