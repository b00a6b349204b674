package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import java.util.Set;

/**
 * Two optimisers in one: Adam without decay for some parameters, AdamW for the others, each with
 * its own rate.
 */
final class GroupedOptimizer extends Optimizer {
  private final Set<String> ssmParameters;
  private final Optimizer ssm;
  private final Optimizer base;

  /**
   * The optimiser of a recipe.
   *
   * @param ssmParameters the ids of the parameters that Adam updates
   * @param stepsPerEpoch optimiser steps in an epoch
   */
  GroupedOptimizer(Recipe recipe, Set<String> ssmParameters, int stepsPerEpoch) {
    super(Optimizer.adam());
    this.ssmParameters = Set.copyOf(ssmParameters);
    ssm =
        Optimizer.adam()
            .optLearningRateTracker(rate(recipe.ssmLearningRate(), recipe, stepsPerEpoch))
            .build();
    base =
        Optimizer.adamW()
            .optLearningRateTracker(rate(recipe.learningRate(), recipe, stepsPerEpoch))
            .optWeightDecays((float) recipe.weightDecay())
            .build();
  }

  static Tracker rate(double peak, Recipe recipe, int stepsPerEpoch) {
    int warmUp = recipe.warmUpEpochs() * stepsPerEpoch;
    int total = recipe.epochs() * stepsPerEpoch;
    Tracker cosine =
        Tracker.cosine()
            .setBaseValue((float) peak)
            .optFinalValue(0)
            .setMaxUpdates(total - warmUp)
            .build();
    return Tracker.warmUp()
        .optWarmUpSteps(warmUp)
        .optWarmUpBeginValue(0)
        .optWarmUpMode(WarmUpTracker.Mode.LINEAR)
        .setMainTracker(cosine)
        .build();
  }

  @Override
  public void update(String parameterId, NDArray weight, NDArray gradient) {
    Optimizer group = ssmParameters.contains(parameterId) ? ssm : base;
    group.update(parameterId, weight, gradient);
  }
}
