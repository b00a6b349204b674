package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.Decompositions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Cholesky;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * The weights W and D for which y = Wf + D∘u comes nearest to given outputs y, from sums over steps
 * of products. They are drawn towards those that are there: the sum of squares has a share of
 * Σ‖fₖ‖²‖Wₖ - W⁰ₖ‖², and of the same for D, added to it.
 *
 * @param moments Σ ffᵀ, (N, N)
 * @param outputs Σ yfᵀ, (h, N)
 * @param inputs Σ fuᵀ, (N, h)
 * @param direct Σ yₒuₒ and Σ uₒ² for each o, (h, 2)
 */
record Regression(R064Store moments, R064Store outputs, R064Store inputs, R064Store direct) {
  /** The share of its size that moving a weight costs. */
  static final double RIDGE = 1e-4;

  /**
   * What comes out.
   *
   * @param weights W, (h, N)
   * @param feedthrough D, (h)
   */
  record Fit(MatrixStore<Double> weights, List<Double> feedthrough) {}

  /** Sums of nothing, for N coordinates and h outputs. */
  static Regression empty(int size, int outputs) {
    return new Regression(
        Matrices.zeros(size, size),
        Matrices.zeros(outputs, size),
        Matrices.zeros(size, outputs),
        Matrices.zeros(outputs, 2));
  }

  /** Adds steps: rows of f (steps, N), y and u (steps, h), float64. */
  void add(NDArray f, NDArray y, NDArray u) {
    Matrices.add(moments, f.transpose().matMul(f));
    Matrices.add(outputs, y.transpose().matMul(f));
    Matrices.add(inputs, f.transpose().matMul(u));
    NDArray pairs = y.mul(u).sum(new int[] {0}).stack(u.square().sum(new int[] {0}), 1);
    Matrices.add(direct, pairs);
  }

  /**
   * Solves the normal equations. With δ for what changes, M and s with the ridge added and G =
   * Σfuᵀ: δW·M + δD∘Gᵀ = Σyfᵀ - W⁰M - D⁰∘Gᵀ and δWₒGₒ + δDₒsₒ = Σyₒuₒ - W⁰ₒGₒ - D⁰ₒsₒ.
   *
   * @param before W⁰, (h, N)
   * @param feedthrough D⁰, (h)
   */
  Fit fit(MatrixStore<Double> before, double[] feedthrough) {
    int h = feedthrough.length;
    R064Store gap = R064Store.FACTORY.copy(outputs.subtract(before.multiply(moments)));
    for (int o = 0; o < h; o++) {
      for (int k = 0; k < gap.countColumns(); k++) {
        gap.add(o, k, -feedthrough[o] * inputs.doubleValue(k, o));
      }
    }
    MatrixStore<Double> known = before.multiply(inputs);
    Cholesky<Double> cholesky = decomposed(moments);
    MatrixStore<Double> solved = cholesky.getSolution(inputs);
    List<Double> d = new ArrayList<>();
    for (int o = 0; o < h; o++) {
      double square = direct.doubleValue(o, 1);
      double right = direct.doubleValue(o, 0) - known.doubleValue(o, o) - feedthrough[o] * square;
      double left = (1 + RIDGE) * square;
      for (int k = 0; k < gap.countColumns(); k++) {
        right -= gap.doubleValue(o, k) * solved.doubleValue(k, o);
        left -= inputs.doubleValue(k, o) * solved.doubleValue(k, o);
      }
      double change = left > 0 ? right / left : 0;
      d.add(feedthrough[o] + change);
      for (int k = 0; k < gap.countColumns(); k++) {
        gap.add(o, k, -change * inputs.doubleValue(k, o));
      }
    }
    return new Fit(before.add(cholesky.getSolution(gap.transpose()).transpose()), d);
  }

  /**
   * Moments with the ridge, decomposed. States that never move have a trace of the others' energy,
   * so that their weights stay.
   */
  static Cholesky<Double> decomposed(MatrixStore<Double> moments) {
    R064Store sum = R064Store.FACTORY.copy(moments);
    int n = (int) sum.countRows();
    double mean = IntStream.range(0, n).mapToDouble(i -> sum.doubleValue(i, i)).sum() / n;
    for (int i = 0; i < n; i++) {
      sum.add(i, i, mean == 0 ? 1 : RIDGE * Math.max(sum.doubleValue(i, i), 1e-9 * mean));
    }
    return Decompositions.of(Cholesky.R064.make(sum), "moments", sum);
  }
}
