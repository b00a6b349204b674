package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;

/** What is added to the loss while a model trains, so that it can be made smaller afterwards. */
public interface Penalty {
  /** Its name in tables and figures. */
  String title();

  /** What it is of a model with the sizes that it has now. */
  interface Term {
    /**
     * The penalty of the model as it is, for one step.
     *
     * @return shape (), float64, a differentiable function of the parameters
     */
    NDArray value();
  }

  /**
   * Begins: at the start of every epoch and after every cut, so that a training that goes on from
   * the end of an epoch does what one that never stopped does.
   *
   * @param model what is trained
   * @param owner holds what the term keeps from step to step
   */
  Term of(SequenceClassifier model, NDManager owner);

  /**
   * The Hankel nuclear norm: weight·Σσ over all Hankel singular values of all layers. It draws
   * layers to systems of low order.
   *
   * <p>Its gradient is {@link io.github.last4j.norm.HankelNuclearNorm}'s, with balancing vectors
   * that are computed anew every ten steps; in between the value is slightly above Σσ.
   *
   * @param weight of the sum, such as 1e-5
   * @throws IllegalArgumentException if it is not positive and finite
   */
  static Penalty hankel(double weight) {
    return hankel(weight, 10);
  }

  /**
   * The same with balancing vectors computed anew every so many steps.
   *
   * @throws IllegalArgumentException if a number is not positive or not finite
   */
  static Penalty hankel(double weight, int every) {
    return new HankelPenalty(weight, every);
  }

  /**
   * The radii of the discrete poles: weight·Σ|λ̄| over all states of all layers. It draws states to
   * short memory, which H∞ norms make little of.
   *
   * @param weight of the sum
   * @throws IllegalArgumentException if it is not positive and finite
   */
  static Penalty radius(double weight) {
    return new RadiusPenalty(weight);
  }

  /** Requires a weight. */
  static void requireWeight(double weight) {
    if (!(weight > 0 && Double.isFinite(weight))) {
      throw new IllegalArgumentException(
          "weight: expected a positive finite number, got " + weight);
    }
  }
}
