package io.github.last4j.prune;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.States;
import java.util.function.DoubleFunction;

/** A pruning that chooses among the states that are there; those that stay keep their numbers. */
public interface Selection extends Pruning {
  /**
   * Prepares choices for many ratios of one model: what does not depend on the ratio is done here.
   *
   * @param model a trained model
   * @param seed what a random choice draws from; others ignore it
   * @return the states that stay for a share of states to remove, in [0, 1]
   * @throws IllegalArgumentException if states of this model can't be compared
   */
  DoubleFunction<States> choices(SequenceClassifier model, long seed);

  /** The states that stay if a share of them is removed. */
  default States select(SequenceClassifier model, double ratio, long seed) {
    return choices(model, seed).apply(ratio);
  }

  /** The states that stay; what is random draws from the seed 0. */
  default States select(SequenceClassifier model, double ratio) {
    return select(model, ratio, 0);
  }

  @Override
  default SequenceClassifier prune(SequenceClassifier model, double ratio, long seed) {
    return model.keep(select(model, ratio, seed));
  }

  @Override
  default DoubleFunction<SequenceClassifier> of(SequenceClassifier model, long seed) {
    DoubleFunction<States> choices = choices(model, seed);
    return ratio -> model.keep(choices.apply(ratio));
  }
}
