package io.github.last4j.audit;

import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Layer.sum;

import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * An order in which the states of a stack of layers go, down to one a layer.
 *
 * @param removals one state after another
 */
public record RemovalOrder(List<Removal> removals) {
  /** Copies the list. */
  public RemovalOrder {
    removals = List.copyOf(removals);
  }

  /**
   * One state that goes.
   *
   * @param layer its layer, counted from 0
   * @param state its index in the layer
   * @param score the score by which it goes
   */
  public record Removal(int layer, int state, double score) {
    boolean isSameState(Removal other) {
      return layer == other.layer && state == other.state;
    }
  }

  /** A score of a state among those of its layer that remain. */
  interface Score {
    double of(Layer layer, StateSet remaining, int state);
  }

  /**
   * By scores computed once, the lowest first. The state with the highest of each layer stays.
   *
   * @param scores n numbers for each layer of n states
   */
  public static RemovalOrder of(List<double[]> scores) {
    List<Removal> all = new ArrayList<>();
    for (int l = 0; l < scores.size(); l++) {
      double[] layer = scores.get(l);
      int[] order = Layer.ascending(layer);
      for (int i : Arrays.copyOf(order, order.length - 1)) {
        all.add(new Removal(l, i, layer[i]));
      }
    }
    all.sort(Comparator.comparingDouble(Removal::score));
    return new RemovalOrder(all);
  }

  /** By LAST's scores, computed once from the norms of each layer's states (Eq. 9). */
  static RemovalOrder ofNorms(List<double[]> norms) {
    return of(norms.stream().map(RemovalOrder::scores).toList());
  }

  private static double[] scores(double[] norms) {
    int[] order = Layer.ascending(norms);
    double[] scores = new double[norms.length];
    for (int k = 0; k < order.length; k++) {
      double sum = 0;
      for (int j = k; j < order.length; j++) {
        sum += square(norms[order[j]]);
      }
      scores[order[k]] = square(norms[order[k]]) / sum;
    }
    return scores;
  }

  /**
   * The greedy removal of Eq. 7 by the scores of Eq. 9: the lowest next, all computed anew after
   * each state.
   *
   * @param layers stable layers
   * @throws IllegalArgumentException if a pole is not inside the unit circle
   */
  public static RemovalOrder anew(List<DiscreteSsm> layers) {
    return anew(
        layers.stream().map(layer -> Layer.of(layer, StateSet.all(layer.states()))).toList(),
        RemovalOrder::scoreAmong);
  }

  /** Hᵢ/Σⱼ Hⱼ over the states that remain. */
  static double scoreAmong(Layer layer, StateSet remaining, int i) {
    double[] norms = layer.norms();
    return square(norms[i]) / sum(remaining.indices(), j -> square(norms[j]));
  }

  /** The smallest score next, computed anew after each state; within a layer by H∞ norms. */
  static RemovalOrder anew(List<Layer> layers, Score score) {
    List<int[]> orders = layers.stream().map(layer -> Layer.ascending(layer.norms())).toList();
    PriorityQueue<Removal> next =
        new PriorityQueue<>(
            Comparator.comparingDouble(Removal::score).thenComparingInt(Removal::layer));
    int[] removed = new int[orders.size()];
    List<Removal> removals = new ArrayList<>();
    IntStream.range(0, removed.length)
        .forEach(l -> offer(next, layers.get(l), score, l, orders.get(l), 0));
    while (!next.isEmpty()) {
      Interruption.check("the order of removal");
      Removal removal = next.remove();
      removals.add(removal);
      int l = removal.layer();
      offer(next, layers.get(l), score, l, orders.get(l), ++removed[l]);
    }
    return new RemovalOrder(removals);
  }

  private static void offer(
      PriorityQueue<Removal> next, Layer layer, Score score, int l, int[] order, int removed) {
    if (removed < order.length - 1) {
      StateSet gone = StateSet.of(order.length, Arrays.copyOf(order, removed));
      int state = order[removed];
      next.add(new Removal(l, state, score.of(layer, gone.complement(), state)));
    }
  }

  /** The order in words, such as "layer 1, rank 64"; rank 1 is the last of a layer. */
  public List<String> ranks() {
    Map<Integer, Integer> left = new HashMap<>();
    removals.forEach(removal -> left.merge(removal.layer(), 1, Integer::sum));
    return removals.stream()
        .map(
            removal ->
                String.format(
                    Locale.ROOT,
                    "layer %d, rank %d",
                    removal.layer() + 1,
                    left.merge(removal.layer(), -1, Integer::sum) + 2))
        .toList();
  }

  /** At how many places another order of the same states has another one. */
  public int differences(RemovalOrder other) {
    return (int)
        IntStream.range(0, removals.size())
            .filter(k -> !removals.get(k).isSameState(other.removals.get(k)))
            .count();
  }

  /**
   * How many of the first removals are none of the first of another order of the same states.
   *
   * @param count how many count as the first
   */
  public int others(int count, RemovalOrder other) {
    List<Removal> theirs = other.removals.subList(0, count);
    return (int)
        removals.subList(0, count).stream()
            .filter(removal -> theirs.stream().noneMatch(removal::isSameState))
            .count();
  }
}
