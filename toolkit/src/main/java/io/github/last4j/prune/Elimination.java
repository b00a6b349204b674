package io.github.last4j.prune;

import io.github.last4j.complex.Decompositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ojalgo.matrix.decomposition.Cholesky;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * Backward elimination with refit: of y = Wf the coordinates of one state after another go, each
 * time of the state without which the least of y is lost when the weights of the others make up for
 * it as well as they can.
 *
 * <p>With H the inverse of the second moments of f, removing the coordinates i costs tr(Wᵢ Hᵢᵢ⁻¹
 * Wᵢᵀ) of energy, and the best weights of the rest are W - WᵢHᵢᵢ⁻¹Hᵢ (Optimal Brain Surgeon). Then
 * H loses the same block. The moments have the ridge of {@link Regression}.
 *
 * @param order the states in the order in which they go
 * @param costs the energy that goes with each, in the same order
 */
record Elimination(List<Integer> order, List<Double> costs) {
  /**
   * Eliminates all states of a part.
   *
   * @param weights W (outputs, N)
   * @param moments Σ ffᵀ (N, N)
   */
  static Elimination of(Part part, MatrixStore<Double> weights, MatrixStore<Double> moments) {
    int n = part.count();
    double[][] w = weights.toRawCopy2D();
    double[][] h = Regression.decomposed(moments).getInverse().toRawCopy2D();
    boolean[] gone = new boolean[n];
    List<Integer> order = new ArrayList<>();
    List<Double> costs = new ArrayList<>();
    for (int step = 0; step < n; step++) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        if (!gone[i]) {
          double cost = cost(w, h, part.coordinates(i));
          if (best < 0 || cost < least) {
            least = cost;
            best = i;
          }
        }
      }
      order.add(best);
      costs.add(Math.max(0, least));
      gone[best] = true;
      remove(w, h, part.coordinates(best));
    }
    return new Elimination(order, costs);
  }

  private static double cost(double[][] w, double[][] h, int[] block) {
    double[][] middle = inverse(h, block);
    double sum = 0;
    for (double[] row : w) {
      for (int a = 0; a < block.length; a++) {
        for (int b = 0; b < block.length; b++) {
          sum += row[block[a]] * middle[a][b] * row[block[b]];
        }
      }
    }
    return sum;
  }

  private static double[][] inverse(double[][] h, int[] block) {
    R064Store middle = R064Store.FACTORY.make(block.length, block.length);
    for (int a = 0; a < block.length; a++) {
      for (int b = 0; b < block.length; b++) {
        middle.set(a, b, h[block[a]][block[b]]);
      }
    }
    return Decompositions.of(Cholesky.R064.make(), "moments", middle).getInverse().toRawCopy2D();
  }

  private static void remove(double[][] w, double[][] h, int[] block) {
    double[][] middle = inverse(h, block);
    // Rows Hᵢᵢ⁻¹Hᵢ.
    double[][] rows = new double[block.length][h.length];
    for (int a = 0; a < block.length; a++) {
      for (int b = 0; b < block.length; b++) {
        for (int k = 0; k < h.length; k++) {
          rows[a][k] += middle[a][b] * h[block[b]][k];
        }
      }
    }
    subtract(w, rows, block);
    subtract(h, rows, block);
    for (int a : block) {
      Arrays.fill(h[a], 0);
      for (double[] row : h) {
        row[a] = 0;
      }
    }
  }

  private static void subtract(double[][] matrix, double[][] rows, int[] block) {
    for (double[] row : matrix) {
      double[] factors = Arrays.stream(block).mapToDouble(a -> row[a]).toArray();
      for (int a = 0; a < block.length; a++) {
        for (int k = 0; k < row.length; k++) {
          row[k] -= factors[a] * rows[a][k];
        }
      }
    }
  }
}
