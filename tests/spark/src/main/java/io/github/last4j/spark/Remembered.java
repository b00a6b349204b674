package io.github.last4j.spark;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Pruning;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleFunction;

/** A pruning that prepares each model once, however many ratios come one by one. */
final class Remembered implements Pruning {
  private final Pruning pruning;
  private final Map<SequenceClassifier, DoubleFunction<SequenceClassifier>> prepared =
      new HashMap<>();

  Remembered(Pruning pruning) {
    this.pruning = pruning;
  }

  @Override
  public String title() {
    return pruning.title();
  }

  @Override
  public SequenceClassifier prune(SequenceClassifier model, double ratio, long seed) {
    return of(model, seed).apply(ratio);
  }

  @Override
  public DoubleFunction<SequenceClassifier> of(SequenceClassifier model, long seed) {
    return prepared.computeIfAbsent(model, whole -> pruning.of(whole, seed));
  }
}
