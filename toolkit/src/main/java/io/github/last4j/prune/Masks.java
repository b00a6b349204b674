package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Turns scores into the choice of the states that survive. */
public final class Masks {
  private Masks() {}

  /**
   * Chooses the states that survive, by their scores.
   *
   * <p>Of N states, a global choice keeps exactly max(layers, ⌊N(1-ratio)⌋): the best of every
   * layer and then the highest scores; a uniform one keeps max(1, ⌊n(1-ratio)⌋) in every layer of n
   * states. A ratio of one so leaves one state a layer. Equal scores are kept in the order of
   * layers, then of states.
   *
   * @param scores one array (n_l) a layer, float32 or float64; higher is worth more
   * @param ratio the share of states to remove, in [0, 1]
   * @param scope which states compete
   * @return one boolean array (n_l) a layer, true where a state survives; each is held by the
   *     manager of that layer's scores
   * @throws IllegalArgumentException if a ratio is outside [0, 1], a score is NaN, something is
   *     null, a layer has no state or the wrong shape, or there is no layer
   */
  public static NDList of(NDList scores, double ratio, Scope scope) {
    List<double[]> values = checked(scores, ratio, scope);
    boolean[][] kept = scope == Scope.GLOBAL ? global(values, ratio) : uniform(values, ratio);
    return masks(scores, kept);
  }

  /**
   * Chooses the states whose score is at least the K-th highest, with K = max(1, ⌊N(1-ratio)⌋) of N
   * states, over all layers or in each, and those with the highest score of a layer. Unlike {@link
   * #of}, ties keep more states than the ratio says; this is what {@link Variant#REFERENCE_CODE}
   * does.
   *
   * @param scores one array (n_l) a layer, float32 or float64; higher is worth more
   * @param ratio the share of states to remove, in [0, 1]
   * @param scope which states compete
   * @return one boolean array (n_l) a layer, true where a state survives; each is held by the
   *     manager of that layer's scores
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static NDList atThreshold(NDList scores, double ratio, Scope scope) {
    List<double[]> values = checked(scores, ratio, scope);
    double[] all = values.stream().flatMapToDouble(Arrays::stream).toArray();
    boolean[][] kept = new boolean[values.size()][];
    for (int layer = 0; layer < kept.length; layer++) {
      double[] own = values.get(layer);
      double best = Arrays.stream(own).max().orElseThrow();
      double threshold = Math.min(best, highest(scope == Scope.GLOBAL ? all : own, ratio));
      kept[layer] = new boolean[own.length];
      for (int i = 0; i < own.length; i++) {
        kept[layer][i] = own[i] >= threshold;
      }
    }
    return masks(scores, kept);
  }

  /** The lowest score of as many of the highest as survive. */
  private static double highest(double[] scores, double ratio) {
    int count = Math.max(1, survivors(scores.length, ratio));
    return scores[Scores.descending(scores)[count - 1]];
  }

  private static NDList masks(NDList scores, boolean[][] kept) {
    NDList masks = new NDList();
    for (int layer = 0; layer < kept.length; layer++) {
      masks.add(scores.get(layer).getManager().create(kept[layer]));
    }
    return masks;
  }

  /** The scores as numbers, if all arguments are as they should be. */
  private static List<double[]> checked(NDList scores, double ratio, Scope scope) {
    requireRatio(ratio);
    if (scope == null) {
      throw new IllegalArgumentException("scope: expected GLOBAL or UNIFORM, got null");
    }
    if (scores == null || scores.isEmpty()) {
      throw new IllegalArgumentException("scores: expected at least one layer, got " + scores);
    }
    List<double[]> values = new ArrayList<>();
    for (int layer = 0; layer < scores.size(); layer++) {
      values.add(values(scores.get(layer), layer));
    }
    return values;
  }

  static void requireRatio(double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: expected a number in [0, 1], got " + ratio);
    }
  }

  /** The number of survivors of n states, an integer n(1-ratio) not lost to rounding. */
  static int survivors(int n, double ratio) {
    return (int) Math.floor(n * (1 - ratio) + 1e-9);
  }

  private static boolean[][] uniform(List<double[]> scores, double ratio) {
    boolean[][] kept = new boolean[scores.size()][];
    for (int layer = 0; layer < kept.length; layer++) {
      int[] order = Scores.descending(scores.get(layer));
      kept[layer] = new boolean[order.length];
      int count = Math.max(1, survivors(order.length, ratio));
      for (int rank = 0; rank < count; rank++) {
        kept[layer][order[rank]] = true;
      }
    }
    return kept;
  }

  private record State(int layer, int index, double score) {}

  private static boolean[][] global(List<double[]> scores, double ratio) {
    boolean[][] kept = new boolean[scores.size()][];
    List<State> rest = new ArrayList<>();
    int total = 0;
    for (int layer = 0; layer < kept.length; layer++) {
      double[] values = scores.get(layer);
      kept[layer] = new boolean[values.length];
      total += values.length;
      int[] order = Scores.descending(values);
      kept[layer][order[0]] = true;
      for (int rank = 1; rank < order.length; rank++) {
        rest.add(new State(layer, order[rank], values[order[rank]]));
      }
    }
    // The sort is stable, and the list is already in the order in which ties are kept.
    rest.sort(Comparator.comparingDouble(State::score).reversed());
    int free = Math.max(0, survivors(total, ratio) - kept.length);
    for (State state : rest.subList(0, free)) {
      kept[state.layer()][state.index()] = true;
    }
    return kept;
  }

  private static double[] values(NDArray scores, int layer) {
    String name = "scores[" + layer + "]";
    if (scores == null) {
      throw new IllegalArgumentException(name + ": expected an array, got null");
    }
    if (scores.getShape().dimension() != 1 || scores.size() == 0) {
      throw new IllegalArgumentException(
          name + ": expected shape (n) with at least one state, got " + scores.getShape());
    }
    if (!scores.getDataType().isFloating()) {
      throw new IllegalArgumentException(
          name + ": expected float32 or float64, got " + scores.getDataType());
    }
    double[] values = ComplexArray.doubles(scores);
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(name + ": expected numbers, got NaN at state " + i);
      }
    }
    return values;
  }
}
