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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Two optimisers in one: Adam without decay for some parameters, AdamW for the others, each with
 * its own rate. It can begin in the middle of a training, with the moments that another left.
 */
final class GroupedOptimizer extends Optimizer {
  /** The parameters that began together, and so count their updates together, as DJL does. */
  private record Group(boolean ssm, int updates) {}

  private final Recipe recipe;
  private final Set<String> ssmParameters;
  private final Set<String> still;
  private final int stepsPerEpoch;
  private final int done;
  private final Map<String, Moment> start;
  private final NDManager owner;
  private final Map<Group, Optimizer> groups = new HashMap<>();
  private final Map<String, NDArray> means = new LinkedHashMap<>();
  private final Map<String, NDArray> squares = new LinkedHashMap<>();
  private final Map<String, Integer> updates = new HashMap<>();

  /**
   * The optimiser of a recipe.
   *
   * @param ssmParameters the ids of the parameters that Adam updates
   * @param stepsPerEpoch optimiser steps in an epoch
   * @param owner holds the moments
   */
  GroupedOptimizer(Recipe recipe, Set<String> ssmParameters, int stepsPerEpoch, NDManager owner) {
    this(recipe, ssmParameters, Set.of(), stepsPerEpoch, owner, 0, Map.of());
  }

  /**
   * The optimiser of a recipe in the middle of a training.
   *
   * @param still the ids of those that stay as they are
   * @param done steps that were done before
   * @param start what is remembered of parameters, by their ids, of which it makes copies; others
   *     begin anew, but for the rate
   */
  GroupedOptimizer(
      Recipe recipe,
      Set<String> ssmParameters,
      Set<String> still,
      int stepsPerEpoch,
      NDManager owner,
      int done,
      Map<String, Moment> start) {
    super(Optimizer.adam());
    this.recipe = recipe;
    this.ssmParameters = Set.copyOf(ssmParameters);
    this.still = Set.copyOf(still);
    this.stepsPerEpoch = stepsPerEpoch;
    this.owner = owner;
    this.done = done;
    this.start = Map.copyOf(start);
  }

  private Optimizer optimizer(Group group) {
    double peak = group.ssm() ? recipe.ssmLearningRate() : recipe.learningRate();
    Tracker whole = rate(peak, recipe, stepsPerEpoch);
    // The rate is that of the training's step, whatever the parameter has seen.
    int late = done - group.updates();
    Tracker rate = update -> whole.getNewValue(update + late);
    return group.ssm()
        ? new OwnedAdam(
            Optimizer.adam().optLearningRateTracker(rate).optBeginNumUpdate(group.updates()))
        : new OwnedAdamW(
            Optimizer.adamW()
                .optLearningRateTracker(rate)
                .optBeginNumUpdate(group.updates())
                .optWeightDecays((float) recipe.weightDecay()));
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
    if (still.contains(parameterId)) {
      return;
    }
    Group group = new Group(ssmParameters.contains(parameterId), begun(parameterId));
    groups.computeIfAbsent(group, this::optimizer).update(parameterId, weight, gradient);
    updates.merge(parameterId, 1, Integer::sum);
  }

  private int begun(String parameterId) {
    return start.containsKey(parameterId) ? start.get(parameterId).updates() : 0;
  }

  /** What is remembered by now, by the ids of the parameters; held by the owner. */
  Map<String, Moment> moments() {
    Map<String, Moment> moments = new LinkedHashMap<>(start);
    updates.forEach(
        (id, count) ->
            moments.put(id, new Moment(means.get(id), squares.get(id), begun(id) + count)));
    return moments;
  }

  /** What both kinds do about their moments. */
  private final class Memory {
    private Map<String, Map<Device, NDArray>> first;

    /** A moment, which DJL detaches from every manager and so never frees, gets an owner. */
    NDArray of(
        Map<String, Map<Device, NDArray>> state,
        String key,
        Function<String, NDArray> initial,
        Function<Function<String, NDArray>, NDArray> moment) {
      // Both ask for the mean before the square.
      first = first == null ? state : first;
      boolean mean = state == first;
      NDArray array =
          moment.apply(
              id -> {
                Moment before = start.get(id);
                return before == null
                    ? initial.apply(id)
                    : (mean ? before.mean() : before.square()).duplicate();
              });
      if (array.getManager() != owner) {
        NDScope.unregister(array);
        array.attach(owner);
      }
      (mean ? means : squares).put(key, array);
      return array;
    }
  }

  private final class OwnedAdam extends Adam {
    private final Memory memory = new Memory();

    OwnedAdam(Adam.Builder builder) {
      super(builder);
    }

    @Override
    protected NDArray withDefaultState(
        Map<String, Map<Device, NDArray>> state,
        String key,
        Device device,
        Function<String, NDArray> initial) {
      return memory.of(
          state, key, initial, begin -> super.withDefaultState(state, key, device, begin));
    }
  }

  private final class OwnedAdamW extends AdamW {
    private final Memory memory = new Memory();

    OwnedAdamW(AdamW.Builder builder) {
      super(builder);
    }

    @Override
    protected NDArray withDefaultState(
        Map<String, Map<Device, NDArray>> state,
        String key,
        Device device,
        Function<String, NDArray> initial) {
      return memory.of(
          state, key, initial, begin -> super.withDefaultState(state, key, device, begin));
    }
  }
}
