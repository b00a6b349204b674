package io.github.last4j.reference;

import static io.github.last4j.reference.BigCplx.MC;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** LAST scores and pruning masks, one state after the other. */
public final class ReferencePruning {
  private ReferencePruning() {}

  /**
   * The LAST scores (Eq. 9) of each layer, in state order: every state's squared norm over the sum
   * of the squared norms that are not smaller, itself included. Equal norms stand in index order.
   */
  public static double[][] lastScores(List<ReferenceSsm> layers, ReferenceSsm.Method method) {
    return layers.stream()
        .map(layer -> lastScores(layer.squaredHinfNorms(method)))
        .toArray(double[][]::new);
  }

  /** The LAST scores of one layer from its squared norms. */
  public static double[] lastScores(BigDecimal[] squaredNorms) {
    double[] scores = new double[squaredNorms.length];
    BigDecimal sum = BigDecimal.ZERO;
    List<Integer> descending =
        IntStream.range(0, squaredNorms.length)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> squaredNorms[i].negate()))
            .toList();
    for (int i : descending) {
      sum = sum.add(squaredNorms[i], MC);
      scores[i] = sum.signum() == 0 ? 0 : squaredNorms[i].divide(sum, MC).doubleValue();
    }
    return scores;
  }

  /** floor(n (1 - ratio) + 1e-9), in exact decimal arithmetic. */
  public static int kept(int n, double ratio) {
    return BigDecimal.ONE
        .subtract(new BigDecimal(ratio))
        .multiply(BigDecimal.valueOf(n))
        .add(new BigDecimal("1e-9"))
        .setScale(0, RoundingMode.FLOOR)
        .intValueExact();
  }

  /** True where a state stays: each layer's best, then the best of all the others. */
  public static boolean[][] globalMasks(double[][] scores, double ratio) {
    boolean[][] keep = new boolean[scores.length][];
    List<int[]> rest = new ArrayList<>();
    int total = 0;
    for (int l = 0; l < scores.length; l++) {
      keep[l] = new boolean[scores[l].length];
      total += scores[l].length;
      int best = 0;
      for (int i = 1; i < scores[l].length; i++) {
        if (scores[l][i] > scores[l][best]) {
          best = i;
        }
      }
      keep[l][best] = true;
      for (int i = 0; i < scores[l].length; i++) {
        if (i != best) {
          rest.add(new int[] {l, i});
        }
      }
    }
    int free = Math.max(scores.length, kept(total, ratio)) - scores.length;
    // The list stands in order of layer and index, and the sort is stable.
    rest.sort(Comparator.comparingDouble(at -> -scores[at[0]][at[1]]));
    for (int[] at : rest.subList(0, free)) {
      keep[at[0]][at[1]] = true;
    }
    return keep;
  }

  /** True where a state stays: the same share of each layer, and one at least. */
  public static boolean[][] uniformMasks(double[][] scores, double ratio) {
    boolean[][] keep = new boolean[scores.length][];
    for (int l = 0; l < scores.length; l++) {
      int n = scores[l].length;
      keep[l] = new boolean[n];
      for (int round = Math.max(1, kept(n, ratio)); round > 0; round--) {
        int best = -1;
        for (int i = 0; i < n; i++) {
          if (!keep[l][i] && (best < 0 || scores[l][i] > scores[l][best])) {
            best = i;
          }
        }
        keep[l][best] = true;
      }
    }
    return keep;
  }
}
