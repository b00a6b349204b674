package io.github.last4j.prune;

import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ways to choose which states a layer loses, from none to all, judged by the {@link Loss} of those
 * removed together.
 *
 * <p>Each way returns n + 1 choices, of 0, 1, …, n states. The loss need not grow with their
 * number: states can cancel each other.
 */
public final class LossOrder {
  /** The most states of a layer whose subsets are all tried. */
  public static final int MOST_EXHAUSTIVE = 14;

  private static final String TASK = "the search for states to remove";

  private LossOrder() {}

  /**
   * A set of states to remove.
   *
   * @param removed the states
   * @param loss what goes with them
   */
  public record Choice(StateSet removed, double loss) {}

  /**
   * The best: of all sets of as many states the one with the smallest loss, by trying them all.
   *
   * @param loss of a layer of at most {@value #MOST_EXHAUSTIVE} states
   * @throws IllegalArgumentException if the layer has more
   */
  public static List<Choice> best(Loss loss) {
    int n = loss.states();
    if (n > MOST_EXHAUSTIVE) {
      throw new IllegalArgumentException(
          "loss: expected at most " + MOST_EXHAUSTIVE + " states to try all subsets, got " + n);
    }
    List<List<StateSet>> bySize = new ArrayList<>();
    IntStream.rangeClosed(0, n).forEach(r -> bySize.add(new ArrayList<>()));
    for (int bits = 0; bits < 1 << n; bits++) {
      int subset = bits;
      bySize.get(Integer.bitCount(bits)).add(StateSet.where(n, i -> (subset >> i & 1) == 1));
    }
    return bySize.stream().map(subsets -> smallest(loss, subsets)).toList();
  }

  /**
   * Greedy removal: one state after another, each the one that makes the loss of all removed so far
   * smallest.
   *
   * @param loss of a layer
   */
  public static List<Choice> greedy(Loss loss) {
    StateSet none = StateSet.none(loss.states());
    List<Choice> choices = new ArrayList<>(List.of(new Choice(none, loss.of(none))));
    for (int r = 1; r <= loss.states(); r++) {
      StateSet before = choices.get(r - 1).removed();
      choices.add(smallest(loss, each(before.complement()).map(before::with).toList()));
    }
    return List.copyOf(choices);
  }

  /**
   * Greedy return: from all states removed, one after another comes back, each the one that leaves
   * the smallest loss.
   *
   * @param loss of a layer
   */
  public static List<Choice> greedyReturn(Loss loss) {
    StateSet all = StateSet.all(loss.states());
    List<Choice> choices = new ArrayList<>(List.of(new Choice(all, loss.of(all))));
    for (int r = loss.states() - 1; r >= 0; r--) {
      StateSet before = choices.get(choices.size() - 1).removed();
      choices.add(smallest(loss, each(before).map(before::without).toList()));
    }
    Collections.reverse(choices);
    return List.copyOf(choices);
  }

  /**
   * In the order of scores, the lowest first; of equal ones the higher index first, as in {@link
   * Scope}.
   *
   * @param scores n numbers
   * @param loss of a layer of n states
   * @throws IllegalArgumentException if the scores do not fit, or one is NaN
   */
  public static List<Choice> ascending(double[] scores, Loss loss) {
    int n = loss.states();
    if (scores.length != n) {
      throw new IllegalArgumentException(
          "scores: expected " + n + ", one a state, got " + scores.length);
    }
    int[] descending = Scores.descending(Scores.requireNumbers("scores", scores));
    return Interruption.parallel(
        TASK,
        check ->
            IntStream.rangeClosed(0, n)
                .parallel()
                .peek(r -> check.run())
                .mapToObj(r -> StateSet.of(n, Arrays.copyOfRange(descending, n - r, n)))
                .map(removed -> new Choice(removed, number(loss, removed)))
                .toList());
  }

  /**
   * In the order of the loss of each state alone, the smallest first.
   *
   * @param loss of a layer
   */
  public static List<Choice> singly(Loss loss) {
    int n = loss.states();
    double[] alone =
        Interruption.parallel(
            TASK,
            check ->
                IntStream.range(0, n)
                    .parallel()
                    .peek(i -> check.run())
                    .mapToDouble(i -> number(loss, StateSet.of(n, i)))
                    .toArray());
    return ascending(alone, loss);
  }

  /**
   * The candidate with the smallest loss, computed for those only that can still have it. It is the
   * smallest up to the width of the loss's intervals.
   */
  private static Choice smallest(Loss loss, List<StateSet> candidates) {
    double[] least =
        Interruption.parallel(
            TASK,
            check ->
                candidates.parallelStream()
                    .peek(candidate -> check.run())
                    .mapToDouble(loss::atLeast)
                    .toArray());
    List<Integer> order =
        IntStream.range(0, least.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> least[i]))
            .toList();
    Choice best = null;
    for (int i : order) {
      if (best != null && least[i] >= best.loss()) {
        break;
      }
      Interruption.check(TASK);
      double value = number(loss, candidates.get(i));
      if (best == null || value < best.loss()) {
        best = new Choice(candidates.get(i), value);
      }
    }
    return best;
  }

  private static double number(Loss loss, StateSet removed) {
    double value = loss.of(removed);
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("loss: expected a number, got NaN for " + removed);
    }
    return value;
  }

  private static Stream<Integer> each(StateSet states) {
    return states.indices().boxed();
  }
}
