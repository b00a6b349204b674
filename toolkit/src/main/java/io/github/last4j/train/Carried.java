package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Refit;
import io.github.last4j.prune.Selection;
import io.github.last4j.ssm.States;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A pruned model, with what an optimiser may go on with.
 *
 * @param model the smaller model
 * @param kept the states that stayed, where the pruning chose among them, with a refit or without
 */
record Carried(SequenceClassifier model, Optional<States> kept) {
  static Carried prune(Pruning pruning, SequenceClassifier model, double ratio, long seed) {
    if (pruning instanceof Selection selection) {
      States kept = selection.select(model, ratio, seed);
      return new Carried(model.keep(kept), Optional.of(kept));
    }
    if (pruning instanceof Refit refit && refit.pruning() instanceof Selection selection) {
      States kept = selection.select(model, ratio, seed);
      try (SequenceClassifier smaller = model.keep(kept)) {
        return new Carried(refit.fitter().fit(model, smaller), Optional.of(kept));
      }
    }
    return new Carried(pruning.prune(model, ratio, seed), Optional.empty());
  }

  /**
   * The moments of what stayed. Where poles are new, those of the state space systems begin anew.
   *
   * @param before the model that was pruned
   * @param moments by the names of its parameters
   * @param owner holds the copies
   */
  Map<String, Moment> moments(
      SequenceClassifier before, Map<String, Moment> moments, NDManager owner) {
    Map<String, Moment> carried = new LinkedHashMap<>(moments);
    if (kept.isEmpty()) {
      carried.keySet().removeIf(Learned::isSystem);
      carried.replaceAll(
          (name, old) ->
              new Moment(copy(old.mean(), owner), copy(old.square(), owner), old.updates()));
      return carried;
    }
    Map<String, NDArray> means = before.select(owner, each(moments, Moment::mean), kept.get());
    Map<String, NDArray> squares = before.select(owner, each(moments, Moment::square), kept.get());
    carried.replaceAll(
        (name, old) -> new Moment(means.get(name), squares.get(name), old.updates()));
    return carried;
  }

  private static NDArray copy(NDArray array, NDManager owner) {
    NDArray copy = array.duplicate();
    copy.attach(owner);
    return copy;
  }

  private static Map<String, NDArray> each(
      Map<String, Moment> moments, Function<Moment, NDArray> part) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    moments.forEach((name, moment) -> arrays.put(name, part.apply(moment)));
    return arrays;
  }
}
