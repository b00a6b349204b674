package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.LayerDifference;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What pruning may cost.
 *
 * @param limit the highest cost that is tolerated
 * @param costs makes of a whole model what measures the cost of a pruned one; what needs the whole
 *     model only is measured once
 */
public record Tolerance(
    double limit, Function<SequenceClassifier, ToDoubleFunction<SequenceClassifier>> costs) {
  private static final double WIDTH = 1e-6;

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is negative or not a number
   */
  public Tolerance {
    requireNonNull(costs, "costs");
    if (!(limit >= 0)) {
      throw new IllegalArgumentException("limit: expected at least 0, got " + limit);
    }
  }

  private static double requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          name + ": expected a share in [0, 1], such as 0.01, got " + value);
    }
    return value;
  }

  /**
   * A loss in accuracy.
   *
   * @param loss the accuracy that may be lost, 0.01 for one percentage point
   * @param validation what accuracy is measured on; not the test data, if it is to say anything
   *     about them
   */
  public static Tolerance accuracy(double loss, Dataset validation) {
    return new Tolerance(
        // Differences of accuracies are whole samples but for rounding.
        requireShare("loss", loss) + 1e-12,
        whole -> {
          double before = Evaluation.of(whole, validation).accuracy();
          return pruned -> before - Evaluation.of(pruned, validation).accuracy();
        });
  }

  /**
   * A share of energy that every layer provably keeps: no input makes the difference between a
   * layer before and after put out more than this share of the energy that all of its states can
   * put out for an input of the same energy.
   *
   * <p>The cost is the largest ‖Σ - Σ̂‖∞² / ‖Σ‖∞² over the layers, the whole layer without
   * feedthrough, the difference with that of both, as the upper over the lower ends of certified
   * intervals of relative width 1e-6. Where states are only removed, Σ - Σ̂ is what was removed,
   * together. It is a statement on each layer by itself, for inputs of any length; it asks for no
   * data. What the layers' losses add up to is another question, which gates and normalisation
   * leave to given inputs: ResidualBound and Certificate.
   *
   * @param share of energy, such as 0.01
   */
  public static Tolerance energy(double share) {
    return new Tolerance(requireShare("share", share), Tolerance::energies);
  }

  private static ToDoubleFunction<SequenceClassifier> energies(SequenceClassifier whole) {
    double[] norms = new double[whole.config().layers()];
    for (int l = 0; l < norms.length; l++) {
      try (NDManager scratch = whole.manager().newSubManager()) {
        DiscreteSsm layer = whole.discreteSystem(scratch, l).withoutFeedthrough();
        norms[l] = SystemNorms.hinf(layer, WIDTH).lower();
        if (!(norms[l] > 0)) {
          throw new IllegalArgumentException(
              "model: expected states that put out something, got none in layer " + (l + 1));
        }
      }
    }
    return pruned -> {
      double worst = 0;
      for (int l = 0; l < norms.length; l++) {
        try (NDManager scratch = whole.manager().newSubManager()) {
          Optional<DiscreteSsm> difference =
              LayerDifference.of(
                  whole.discreteSystem(scratch, l), pruned.discreteSystem(scratch, l));
          if (difference.isPresent()) {
            double share = SystemNorms.hinf(difference.get(), WIDTH).upper() / norms[l];
            worst = Math.max(worst, share * share);
          }
        }
      }
      return worst;
    };
  }
}
