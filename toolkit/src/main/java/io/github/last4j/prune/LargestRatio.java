package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * The largest share of states that may go before something costs more than is tolerated, found by
 * bisection.
 *
 * <p>Bisection takes for granted that the cost rises with the ratio. Accuracies and certified
 * energies nearly do: states go in one order, but a state can make up for one that went before.
 * Where the cost falls again, the ratio still meets the tolerance and the next step of the grid
 * does not, but a larger one might.
 *
 * @param ratio the largest multiple of the step in [0, 1] that was found to meet the tolerance
 * @param costs what was tried, with its cost, in ascending order of ratios
 */
public record LargestRatio(double ratio, SortedMap<Double, Double> costs) {
  // Far more than any model has states that could go one by one.
  private static final long MOST_STEPS = 1_000_000;

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if the ratio is not in [0, 1]
   */
  public LargestRatio {
    Scope.requireRatio(ratio);
    requireNonNull(costs, "costs");
    costs = Collections.unmodifiableSortedMap(new TreeMap<>(costs));
  }

  /**
   * Searches on a grid of ratios.
   *
   * @param cost what it costs to remove a share of the states; asked about log₂(1/step) times
   * @param tolerance the highest cost that is tolerated
   * @param step the step of the grid, which divides 1, such as 0.01
   * @throws IllegalArgumentException if the step is not one over a whole number of at most a
   *     million, the cost is not a number, or the tolerance negative or not a number
   */
  public static LargestRatio of(DoubleUnaryOperator cost, double tolerance, double step) {
    requireNonNull(cost, "cost");
    long steps = Math.round(1 / step);
    if (!(step > 0 && step <= 1 && steps <= MOST_STEPS) || Math.abs(steps * step - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "step: expected one over a whole number of at most "
              + MOST_STEPS
              + ", such as 0.01, got "
              + step);
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "tolerance: expected at least 0, which removing nothing costs, got " + tolerance);
    }
    SortedMap<Double, Double> costs = new TreeMap<>();
    // The tolerance is met at `good`, where nothing or little goes, and not at `bad`.
    long good = 0;
    long bad = steps + 1;
    while (bad - good > 1) {
      Interruption.check("the search for the largest ratio");
      long middle = (good + bad) / 2;
      double ratio = (double) middle / steps;
      double paid = cost.applyAsDouble(ratio);
      if (Double.isNaN(paid)) {
        throw new IllegalArgumentException("cost: expected a number, got NaN at ratio " + ratio);
      }
      costs.put(ratio, paid);
      if (paid <= tolerance) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return new LargestRatio((double) good / steps, costs);
  }

  /**
   * Searches for the largest ratio by which a model may be pruned.
   *
   * @param pruning how
   * @param model a trained model
   * @param seed what a random choice draws from
   * @param tolerance what it may cost
   * @param step the step of the grid, such as 0.01, with which seven or eight tries do
   * @throws IllegalArgumentException as {@link #of(DoubleUnaryOperator, double, double)}, the
   *     pruning and the tolerance do
   */
  public static LargestRatio of(
      Pruning pruning, SequenceClassifier model, long seed, Tolerance tolerance, double step) {
    ToDoubleFunction<SequenceClassifier> cost = tolerance.costs().apply(model);
    DoubleFunction<SequenceClassifier> pruned = pruning.of(model, seed);
    return of(
        ratio -> {
          try (SequenceClassifier smaller = pruned.apply(ratio)) {
            return cost.applyAsDouble(smaller);
          }
        },
        tolerance.limit(),
        step);
  }
}
