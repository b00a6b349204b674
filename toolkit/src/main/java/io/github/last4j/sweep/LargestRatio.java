package io.github.last4j.sweep;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.PartNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

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
  private static final double WIDTH = 1e-6;

  /** Copies the map. */
  public LargestRatio {
    costs = Collections.unmodifiableSortedMap(new TreeMap<>(costs));
  }

  /**
   * Searches on a grid of ratios.
   *
   * @param cost what it costs to remove a share of the states; asked about log₂(1/step) times
   * @param tolerance the highest cost that is tolerated
   * @param step the step of the grid, which divides 1, such as 0.01
   * @throws IllegalArgumentException if the step is not one over a whole number, or the cost or the
   *     tolerance is not a number
   */
  public static LargestRatio of(DoubleUnaryOperator cost, double tolerance, double step) {
    requireNonNull(cost, "cost");
    long steps = Math.round(1 / step);
    if (!(step > 0 && step <= 1) || Math.abs(steps * step - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "step: expected one over a whole number, such as 0.01, got " + step);
    }
    if (Double.isNaN(tolerance)) {
      throw new IllegalArgumentException("tolerance: expected a number, got " + tolerance);
    }
    SortedMap<Double, Double> costs = new TreeMap<>();
    // The tolerance is met at `good`, where nothing or little goes, and not at `bad`.
    long good = 0;
    long bad = steps + 1;
    while (bad - good > 1) {
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
   * Searches for the largest ratio at which a pruned model's accuracy is at most so much below that
   * of the whole one.
   *
   * @param model a trained model
   * @param criterion how states are chosen
   * @param seed what a random criterion draws from
   * @param validation what accuracy is measured on; not the test data, if it is to say anything
   *     about them
   * @param tolerance the loss in accuracy that is tolerated, 0.01 for one percentage point
   * @param step the step of the grid, such as 0.01, with which seven or eight evaluations do
   * @throws IllegalArgumentException as {@link #of(DoubleUnaryOperator, double, double)} does
   */
  public static LargestRatio ofAccuracy(
      SequenceClassifier model,
      Criterion criterion,
      long seed,
      Dataset validation,
      double tolerance,
      double step) {
    double whole = Evaluation.of(model, validation).accuracy();
    try (NDManager manager = model.manager().newSubManager()) {
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      return of(
          ratio -> {
            try (NDList masks = criterion.masks(systems, ratio, seed);
                SequenceClassifier smaller = model.keep(masks)) {
              return whole - Evaluation.of(smaller, validation).accuracy();
            }
          },
          // Differences of accuracies are whole samples but for rounding.
          tolerance + 1e-12,
          step);
    }
  }

  /**
   * Searches for the largest ratio at which every layer provably keeps the tolerance: no input
   * makes the removed states of a layer put out more than this share of the energy that all of its
   * states can put out for an input of the same energy.
   *
   * <p>With P the removed pairs of a layer and Σ all of its pairs, both without feedthrough, which
   * stays, the cost is the largest ‖Σ<sub>P</sub>‖∞² / ‖Σ‖∞² over the layers, as the upper over the
   * lower ends of certified intervals of relative width 1e-6. ‖Σ<sub>P</sub>‖∞ is the norm of what
   * goes together and so also of the difference between the layer before and after. It is a
   * statement on each layer by itself, for inputs of any length; it asks for no data. What the
   * layers' losses add up to is another question, which gates and normalisation leave to given
   * inputs: ResidualBound and Certificate.
   *
   * @param model a model with stable layers; one of S4D takes long, since its layers have many
   *     states
   * @param criterion how states are chosen
   * @param seed what a random criterion draws from
   * @param tolerance the share of energy that is tolerated in any layer, such as 0.01
   * @param step the step of the grid, such as 0.01
   * @throws IllegalArgumentException as {@link #of(DoubleUnaryOperator, double, double)} does, or
   *     if a pole is not inside the unit circle or a layer's states put out nothing
   */
  public static LargestRatio ofEnergy(
      SequenceClassifier model, Criterion criterion, long seed, double tolerance, double step) {
    try (NDManager manager = model.manager().newSubManager()) {
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      List<PartNorms> norms = systems.stream().map(PartNorms::of).toList();
      List<Double> whole = new ArrayList<>();
      for (PartNorms layer : norms) {
        List<Integer> all = IntStream.range(0, layer.states()).boxed().toList();
        double norm = layer.hinf(all, WIDTH).lower();
        if (!(norm > 0)) {
          throw new IllegalArgumentException(
              "model: expected states that put out something, got none in layer "
                  + (whole.size() + 1));
        }
        whole.add(norm);
      }
      return of(
          ratio -> {
            double worst = 0;
            try (NDList masks = criterion.masks(systems, ratio, seed)) {
              for (int l = 0; l < norms.size(); l++) {
                boolean[] kept = masks.get(l).toBooleanArray();
                List<Integer> removed =
                    IntStream.range(0, kept.length).filter(i -> !kept[i]).boxed().toList();
                double share = norms.get(l).hinf(removed, WIDTH).upper() / whole.get(l);
                worst = Math.max(worst, share * share);
              }
            }
            return worst;
          },
          tolerance,
          step);
    }
  }
}
