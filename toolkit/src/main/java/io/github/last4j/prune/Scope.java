package io.github.last4j.prune;

import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Which states compete with each other for survival, and how many survive. */
public enum Scope {
  /**
   * All states of all layers: each layer is pruned as far as its scores tell. Of N states exactly
   * max(layers, ⌊N(1-ratio)⌋) stay: the best of every layer and then the highest scores.
   */
  GLOBAL {
    @Override
    States choose(List<double[]> scores, double ratio) {
      record State(int layer, int index, double score) {}
      List<List<Integer>> kept = new ArrayList<>();
      List<State> rest = new ArrayList<>();
      for (double[] layer : scores) {
        int[] order = Scores.descending(layer);
        for (int i : Arrays.copyOfRange(order, 1, order.length)) {
          rest.add(new State(kept.size(), i, layer[i]));
        }
        kept.add(new ArrayList<>(List.of(order[0])));
      }
      int total = rest.size() + kept.size();
      // The sort is stable, and the list is already in the order in which ties are kept.
      rest.sort(Comparator.comparingDouble(State::score).reversed());
      int free = Math.max(0, survivors(total, ratio) - kept.size());
      rest.subList(0, free).forEach(state -> kept.get(state.layer()).add(state.index()));
      return new States(
          IntStream.range(0, kept.size())
              .mapToObj(
                  l ->
                      StateSet.of(
                          scores.get(l).length,
                          kept.get(l).stream().mapToInt(Integer::intValue).toArray()))
              .toList());
    }
  },

  /**
   * The states of one layer: every layer is pruned by the same ratio. Of n states of a layer max(1,
   * ⌊n(1-ratio)⌋) stay.
   */
  UNIFORM {
    @Override
    States choose(List<double[]> scores, double ratio) {
      return new States(
          scores.stream()
              .map(layer -> StateSet.of(layer.length, Scores.highest(layer, ratio)))
              .toList());
    }
  };

  /**
   * Chooses the states that stay, by their scores. A ratio of one leaves one state a layer. Equal
   * scores stay in the order of layers, then of states.
   *
   * @param scores n numbers for each layer of n states; higher is worth more
   * @param ratio the share of states to remove, in [0, 1]
   * @throws IllegalArgumentException if the ratio is out of range, there is no layer, or a layer
   *     has no state or a score that is NaN
   */
  public States select(List<double[]> scores, double ratio) {
    requireRatio(ratio);
    if (scores == null || scores.isEmpty() || scores.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "scores: expected at least one layer and no null, got " + scores);
    }
    for (int l = 0; l < scores.size(); l++) {
      double[] layer = scores.get(l);
      if (layer.length == 0) {
        throw new IllegalArgumentException("scores[" + l + "]: expected at least one state");
      }
      Scores.requireNumbers("scores[" + l + "]", layer);
    }
    return choose(scores, ratio);
  }

  /** The choices that scores make, those of the paper's counting and any others. */
  Selection.Choices choices(List<double[]> scores) {
    return new Selection.Choices() {
      @Override
      public States at(double ratio) {
        return select(scores, ratio);
      }

      @Override
      public States keeping(List<Integer> counts) {
        return new States(
            IntStream.range(0, scores.size())
                .mapToObj(
                    l -> {
                      int[] order = Scores.descending(scores.get(l));
                      return StateSet.of(order.length, Arrays.copyOf(order, counts.get(l)));
                    })
                .toList());
      }
    };
  }

  abstract States choose(List<double[]> scores, double ratio);

  static void requireRatio(double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: expected a number in [0, 1], got " + ratio);
    }
  }

  /** The number of survivors of n states, an integer n(1-ratio) not lost to rounding. */
  static int survivors(int n, double ratio) {
    return (int) Math.floor(n * (1 - ratio) + 1e-9);
  }
}
