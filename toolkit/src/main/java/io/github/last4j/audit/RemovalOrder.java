package io.github.last4j.audit;

import static io.github.last4j.audit.Layer.square;

import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * An order in which the states of a stack go, down to one a layer; within a layer by their H∞
 * norms.
 */
record RemovalOrder(List<Removal> removals) {
  /** A state of a layer, and the score by which it goes. */
  record Removal(int layer, int state, double score) {
    boolean isSameState(Removal other) {
      return layer == other.layer && state == other.state;
    }
  }

  /** A score of a state among those of its layer that remain. */
  interface Score {
    double of(Layer layer, StateSet remaining, int state);
  }

  /** By LAST's scores, computed once from the norms of each layer's states (Eq. 9). */
  static RemovalOrder byScores(List<double[]> norms) {
    List<Removal> all = new ArrayList<>();
    for (int l = 0; l < norms.size(); l++) {
      double[] layer = norms.get(l);
      int[] order = Layer.ascending(layer);
      for (int k = 0; k < order.length - 1; k++) {
        double sum = 0;
        for (int j = k; j < order.length; j++) {
          sum += square(layer[order[j]]);
        }
        all.add(new Removal(l, order[k], square(layer[order[k]]) / sum));
      }
    }
    all.sort(Comparator.comparingDouble(Removal::score));
    return new RemovalOrder(all);
  }

  /** The smallest score next, computed anew after each state. */
  static RemovalOrder greedy(Sample s, Score score) {
    List<int[]> orders = s.layers.stream().map(layer -> Layer.ascending(layer.norms())).toList();
    PriorityQueue<Removal> next =
        new PriorityQueue<>(
            Comparator.comparingDouble(Removal::score).thenComparingInt(Removal::layer));
    int[] removed = new int[orders.size()];
    List<Removal> removals = new ArrayList<>();
    IntStream.range(0, removed.length).forEach(l -> offer(next, s, score, l, orders.get(l), 0));
    while (!next.isEmpty()) {
      Removal removal = next.remove();
      removals.add(removal);
      int l = removal.layer();
      offer(next, s, score, l, orders.get(l), ++removed[l]);
    }
    return new RemovalOrder(removals);
  }

  private static void offer(
      PriorityQueue<Removal> next, Sample s, Score score, int l, int[] order, int removed) {
    if (removed < order.length - 1) {
      Layer layer = s.layers.get(l);
      StateSet gone = StateSet.of(order.length, Arrays.copyOf(order, removed));
      int state = order[removed];
      next.add(new Removal(l, state, score.of(layer, gone.complement(), state)));
    }
  }

  /** At how many places another order of the same states has another one. */
  int differences(RemovalOrder other) {
    return (int)
        IntStream.range(0, removals.size())
            .filter(k -> !removals.get(k).isSameState(other.removals.get(k)))
            .count();
  }
}
