package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.LayerDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Fits C and D of smaller layers on sequences, one layer after the other: each sees what the fitted
 * ones before it hand on, and is to respond as the whole model's layer does to what that sees.
 */
final class SequenceFitter {
  /** What enters the next layer of both models, for one batch; one array where it is the same. */
  private static final class Batch {
    private NDArray whole;
    private NDArray smaller;
    private final NDList lengths;
    private final Optional<NDArray> mask;

    Batch(NDArray steps, NDList lengths, Optional<NDArray> mask) {
      whole = steps;
      smaller = steps;
      this.lengths = lengths;
      this.mask = mask;
    }
  }

  private final SequenceClassifier whole;
  private final NDManager owner;
  private final List<Batch> batches = new ArrayList<>();

  private SequenceFitter(SequenceClassifier whole, NDManager owner, Dataset data) {
    this.whole = whole;
    this.owner = owner;
    Moments.forEach(
        whole,
        data,
        (x, mask) -> {
          NDList lengths =
              new NDList(x.subNDList(1).stream().map(each -> held(each.duplicate())).toList());
          batches.add(new Batch(held(whole.encode(x)), lengths, mask.map(this::held)));
        });
  }

  /** The array for as long as this is at work. */
  private NDArray held(NDArray array) {
    NDScope.unregister(array);
    array.attach(owner);
    return array;
  }

  static SequenceClassifier fit(
      SequenceClassifier whole, SequenceClassifier smaller, Dataset data) {
    try (NDManager scratch = whole.manager().newSubManager()) {
      List<DiscreteSsm> before = whole.discreteSystems(scratch);
      List<DiscreteSsm> after = new ArrayList<>(smaller.discreteSystems(scratch));
      List<Integer> changed =
          IntStream.range(0, before.size())
              .filter(l -> LayerDifference.of(before.get(l), after.get(l)).isPresent())
              .boxed()
              .toList();
      SequenceClassifier fitted = smaller.withSystems(after);
      SequenceFitter fitter = new SequenceFitter(whole, scratch, data);
      int last = changed.isEmpty() ? -1 : changed.get(changed.size() - 1);
      for (int layer = 0; layer <= last; layer++) {
        if (!changed.contains(layer)) {
          fitter.passUnchanged(fitted, layer);
          continue;
        }
        after.set(layer, fitter.fit(fitted, after.get(layer), layer));
        SequenceClassifier better = fitted.withSystems(after);
        fitted.close();
        fitted = better;
        for (Batch batch : layer < last ? fitter.batches : List.<Batch>of()) {
          fitter.passSmaller(fitted, layer, batch);
        }
      }
      return fitted;
    }
  }

  /** Moves on to what enters the layer after one that is the same in both models. */
  private void passUnchanged(SequenceClassifier fitted, int layer) {
    for (Batch batch : batches) {
      Interruption.check("the refit");
      boolean shared = batch.whole == batch.smaller;
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray next = held(whole.trace(layer, batch.whole, batch.lengths).output());
        batch.whole.close();
        batch.whole = next;
      }
      if (shared) {
        batch.smaller = batch.whole;
      } else {
        passSmaller(fitted, layer, batch);
      }
    }
  }

  private void passSmaller(SequenceClassifier fitted, int layer, Batch batch) {
    Interruption.check("the refit");
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray next = held(fitted.trace(layer, batch.smaller, batch.lengths).output());
      batch.smaller.close();
      batch.smaller = next;
    }
  }

  /** Fits a layer, and moves the whole model on to what enters the next one. */
  private DiscreteSsm fit(SequenceClassifier fitted, DiscreteSsm system, int layer) {
    List<Part> parts = Part.of(system);
    List<Regression> sums =
        parts.stream().map(part -> Regression.empty(part.size(), part.system().outputs())).toList();
    for (Batch batch : batches) {
      Interruption.check("the refit");
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        LayerTrace target = whole.trace(layer, batch.whole, batch.lengths);
        NDArray seen = fitted.trace(layer, batch.smaller, batch.lengths).normalized();
        for (int p = 0; p < parts.size(); p++) {
          add(sums.get(p), parts.get(p), seen, target.response(), batch.mask);
        }
        if (batch.whole != batch.smaller) {
          batch.whole.close();
        }
        batch.whole = held(target.output());
      }
    }
    return FittedLayer.of(system, parts, sums);
  }

  private static void add(
      Regression sums, Part part, NDArray seen, NDArray target, Optional<NDArray> mask) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      sums.add(
          Moments.rows(part.signals(seen), mask),
          Moments.rows(part.share(target), mask),
          Moments.rows(part.share(seen), mask));
    }
  }
}
