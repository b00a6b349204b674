package io.github.last4j.prune;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.States;
import java.util.List;
import java.util.function.DoubleFunction;

/** A pruning that chooses among the states that are there; those that stay keep their numbers. */
public interface Selection extends Layerwise {
  /** The choices for one model. */
  interface Choices {
    /** The states that stay if a share of them is removed, in [0, 1]. */
    States at(double ratio);

    /** The states that stay if each layer keeps so many, at least one. */
    States keeping(List<Integer> counts);
  }

  /**
   * Prepares choices for many ratios of one model: what does not depend on the ratio is done here.
   *
   * @param model a trained model
   * @param seed what a random choice draws from; others ignore it
   * @throws IllegalArgumentException if states of this model can't be compared
   */
  Choices choices(SequenceClassifier model, long seed);

  /** The states that stay if a share of them is removed. */
  default States select(SequenceClassifier model, double ratio, long seed) {
    return choices(model, seed).at(ratio);
  }

  /** The states that stay; what is random draws from the seed 0. */
  default States select(SequenceClassifier model, double ratio) {
    return select(model, ratio, 0);
  }

  @Override
  default DoubleFunction<SequenceClassifier> of(SequenceClassifier model, long seed) {
    Choices choices = choices(model, seed);
    return ratio -> model.keep(choices.at(ratio));
  }

  @Override
  default Prepared prepare(SequenceClassifier model, long seed) {
    Choices choices = choices(model, seed);
    return new Prepared() {
      @Override
      public List<Integer> counts(double ratio) {
        return choices.at(ratio).counts();
      }

      @Override
      public SequenceClassifier keep(List<Integer> counts) {
        return model.keep(choices.keeping(Layerwise.requireCounts(counts, model.config().pairs())));
      }
    };
  }
}
