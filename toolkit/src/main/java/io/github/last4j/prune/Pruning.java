package io.github.last4j.prune;

import io.github.last4j.model.SequenceClassifier;
import java.util.function.DoubleFunction;

/** A way to make a model smaller: what the columns of the paper's tables differ in. */
public interface Pruning {
  /** Its name in tables and figures. */
  String title();

  /**
   * Makes a smaller model.
   *
   * @param model a trained model, which stays as it is
   * @param ratio the share of states to remove, in [0, 1]
   * @param seed what a random choice draws from; others ignore it
   * @return a new model held by this one's parent manager; close it
   * @throws IllegalArgumentException if the ratio is out of range, or the model is of a kind that
   *     can't be pruned like this
   */
  SequenceClassifier prune(SequenceClassifier model, double ratio, long seed);

  /** Makes a smaller model; what is random draws from the seed 0. */
  default SequenceClassifier prune(SequenceClassifier model, double ratio) {
    return prune(model, ratio, 0);
  }

  /**
   * The same for many ratios of one model: what does not depend on the ratio is done once.
   *
   * @return makes a new model of each ratio, as {@link #prune} does
   */
  default DoubleFunction<SequenceClassifier> of(SequenceClassifier model, long seed) {
    return ratio -> prune(model, ratio, seed);
  }

  /**
   * The largest ratio that a tolerance allows, in steps of one percent; what is random draws from
   * the seed 0.
   */
  default LargestRatio largest(SequenceClassifier model, Tolerance tolerance) {
    return LargestRatio.of(this, model, 0, tolerance, 0.01);
  }
}
