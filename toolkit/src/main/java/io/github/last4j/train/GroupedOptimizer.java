package io.github.last4j.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

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
   * @param owner holds the moments
   */
  GroupedOptimizer(Recipe recipe, Set<String> ssmParameters, int stepsPerEpoch, NDManager owner) {
    super(Optimizer.adam());
    this.ssmParameters = Set.copyOf(ssmParameters);
    ssm =
        new OwnedAdam(
            Optimizer.adam()
                .optLearningRateTracker(rate(recipe.ssmLearningRate(), recipe, stepsPerEpoch)),
            owner);
    base =
        new OwnedAdamW(
            Optimizer.adamW()
                .optLearningRateTracker(rate(recipe.learningRate(), recipe, stepsPerEpoch))
                .optWeightDecays((float) recipe.weightDecay()),
            owner);
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

  /** Gives a moment, which DJL detaches from every manager and so never frees, an owner. */
  private static NDArray owned(NDArray moment, NDManager owner) {
    if (moment.getManager() != owner) {
      NDScope.unregister(moment);
      moment.attach(owner);
    }
    return moment;
  }

  private static final class OwnedAdam extends Adam {
    private final NDManager owner;

    OwnedAdam(Adam.Builder builder, NDManager owner) {
      super(builder);
      this.owner = owner;
    }

    @Override
    protected NDArray withDefaultState(
        Map<String, Map<Device, NDArray>> state,
        String key,
        Device device,
        Function<String, NDArray> initial) {
      return owned(super.withDefaultState(state, key, device, initial), owner);
    }
  }

  private static final class OwnedAdamW extends AdamW {
    private final NDManager owner;

    OwnedAdamW(AdamW.Builder builder, NDManager owner) {
      super(builder);
      this.owner = owner;
    }

    @Override
    protected NDArray withDefaultState(
        Map<String, Map<Device, NDArray>> state,
        String key,
        Device device,
        Function<String, NDArray> initial) {
      return owned(super.withDefaultState(state, key, device, initial), owner);
    }
  }
}
