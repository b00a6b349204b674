package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ways to choose which states a layer loses, from none to all, judged by the {@link Loss} of those
 * removed together.
 *
 * <p>Each way returns n + 1 choices, of 0, 1, …, n states. The loss need not grow with their
 * number: states can cancel each other.
 */
public final class Selection {
  /** The most states of a layer whose subsets are all tried. */
  public static final int MOST_EXHAUSTIVE = 14;

  private Selection() {}

  /**
   * A set of states to remove.
   *
   * @param removed their indices, ascending
   * @param loss what goes with them
   */
  public record Choice(List<Integer> removed, double loss) {
    /** Copies the list. */
    public Choice {
      removed = List.copyOf(removed);
    }

    /**
     * The mask of the states that stay.
     *
     * @param manager holds the mask
     * @param states the number n of states of the layer
     * @return boolean, shape (n), true where a state survives
     */
    public NDArray kept(NDManager manager, int states) {
      boolean[] kept = Sample.all(states);
      for (int i : removed) {
        requireState(i, states);
        kept[i] = false;
      }
      return manager.create(kept);
    }
  }

  /**
   * The best: of all sets of as many states the one with the smallest loss, by trying them all.
   *
   * @param loss of a layer of at most {@link #MOST_EXHAUSTIVE} states
   * @throws IllegalArgumentException if the layer has more
   */
  public static List<Choice> best(Loss loss) {
    int n = loss.states();
    if (n > MOST_EXHAUSTIVE) {
      throw new IllegalArgumentException(
          "loss: expected at most " + MOST_EXHAUSTIVE + " states to try all subsets, got " + n);
    }
    List<List<List<Integer>>> bySize = new ArrayList<>();
    for (int r = 0; r <= n; r++) {
      bySize.add(new ArrayList<>());
    }
    for (int bits = 0; bits < 1 << n; bits++) {
      int subset = bits;
      bySize
          .get(Integer.bitCount(bits))
          .add(IntStream.range(0, n).filter(i -> (subset >> i & 1) == 1).boxed().toList());
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
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice(List.of(), loss.of(List.of())));
    for (int r = 1; r <= loss.states(); r++) {
      List<Integer> before = choices.get(r - 1).removed();
      List<List<Integer>> candidates =
          IntStream.range(0, loss.states())
              .filter(i -> !before.contains(i))
              .mapToObj(i -> with(before, i))
              .toList();
      choices.add(smallest(loss, candidates));
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
    List<Integer> all = IntStream.range(0, loss.states()).boxed().toList();
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice(all, loss.of(all)));
    for (int r = loss.states() - 1; r >= 0; r--) {
      List<Integer> before = choices.get(choices.size() - 1).removed();
      choices.add(smallest(loss, before.stream().map(i -> without(before, i)).toList()));
    }
    Collections.reverse(choices);
    return List.copyOf(choices);
  }

  /**
   * In the order of scores, the lowest first; of equal ones the higher index first, as in {@link
   * io.github.last4j.prune.Masks}.
   *
   * @param scores shape (n), floating
   * @param loss of a layer of n states
   * @throws IllegalArgumentException if the scores do not fit, or one is NaN
   */
  public static List<Choice> ascending(NDArray scores, Loss loss) {
    int n = loss.states();
    if (!scores.getShape().equals(new Shape(n)) || !scores.getDataType().isFloating()) {
      throw new IllegalArgumentException(
          "scores: expected floating numbers of shape ("
              + n
              + "), got "
              + scores.getDataType()
              + " of shape "
              + scores.getShape());
    }
    double[] values = ComplexArray.doubles(scores);
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("scores: expected numbers, got a NaN");
    }
    List<Integer> order =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> values[i])
                    .thenComparing(Comparator.reverseOrder()))
            .toList();
    return IntStream.rangeClosed(0, n)
        .parallel()
        .mapToObj(r -> order.subList(0, r).stream().sorted().toList())
        .map(removed -> new Choice(removed, loss.of(removed)))
        .toList();
  }

  /**
   * The candidate with the smallest loss, computed for those only that can still have it. It is the
   * smallest up to the width of the loss's intervals.
   */
  private static Choice smallest(Loss loss, List<List<Integer>> candidates) {
    double[] least = candidates.parallelStream().mapToDouble(loss::atLeast).toArray();
    List<Integer> order =
        IntStream.range(0, least.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> least[i]))
            .toList();
    Choice best = new Choice(List.of(), Double.POSITIVE_INFINITY);
    for (int i : order) {
      if (least[i] >= best.loss()) {
        break;
      }
      double value = loss.of(candidates.get(i));
      if (value < best.loss()) {
        best = new Choice(candidates.get(i), value);
      }
    }
    return best;
  }

  private static List<Integer> with(List<Integer> set, int state) {
    List<Integer> more = new ArrayList<>(set);
    more.add(state);
    Collections.sort(more);
    return more;
  }

  private static List<Integer> without(List<Integer> set, int state) {
    return set.stream().filter(i -> i != state).toList();
  }

  static void requireState(int state, int states) {
    if (state < 0 || state >= states) {
      throw new IllegalArgumentException(
          "removed: expected states from 0 to " + (states - 1) + ", got " + state);
    }
  }
}
