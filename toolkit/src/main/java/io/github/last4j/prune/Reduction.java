package io.github.last4j.prune;

import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.Balancing;
import io.github.last4j.norm.Balancing.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.scalar.ComplexNumber;

/**
 * A part of a layer in coordinates in which two positive semidefinite matrices are one diagonal
 * matrix diag(σ₁, σ₂, …): P, how large the states become, and Q, how much they matter.
 *
 * <p>The system of the first r {@link Balancing balanced} states is real, and is made diagonal
 * again: conjugate poles are stored as a pair, and a real pole takes the place of a pair too.
 */
final class Reduction {
  /** σ below this share of the first are rounding. */
  private static final double ROUNDING = 1e-12;

  /** Poles nearer to the unit circle than this, or outside it, are moved into it. */
  private static final double MARGIN = 1e-7;

  /**
   * The system of some balanced states.
   *
   * @param states what is stored, with a column of C a direction
   * @param repaired absolute values of the poles that were not inside the unit circle
   */
  record Reduced(List<Mode> states, List<Double> repaired) {}

  private final R064Store a;
  private final R064Store b;
  private final List<MatrixStore<Double>> c;
  private final Balancing balancing;
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
    balancing = Balancing.of(p, q);
    double[] all = balancing.values();
    values = Arrays.stream(all).filter(value -> value > ROUNDING * all[0]).toArray();
  }

  /** σ₁ ≥ σ₂ ≥ …, those above rounding. */
  double[] values() {
    return values.clone();
  }

  /** The system of the first so many balanced states, at most of those above rounding. */
  Reduced reduced(int order) {
    return known.computeIfAbsent(Math.min(order, values.length), this::reduce);
  }

  private Reduced reduce(int order) {
    List<Mode> states = new ArrayList<>();
    List<Double> repaired = new ArrayList<>();
    if (order > 0) {
      for (Mode mode : balancing.modes(order, a, b, c)) {
        if (mode.pole().norm() > 1 - MARGIN) {
          repaired.add(mode.pole().norm());
        }
        states.add(new Mode(inside(mode.pole()), mode.input(), mode.outputs()));
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
}
