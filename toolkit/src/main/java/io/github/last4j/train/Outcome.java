package io.github.last4j.train;

import io.github.last4j.data.SequenceData;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Multiplications;
import io.github.last4j.model.SequenceClassifier;
import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * What a training came to.
 *
 * @param model the model as it is in the end: the one that was given, or, once something was
 *     removed, a new one held by the manager that is the given one's parent; close it
 * @param states the stored states of all layers that it began with
 * @param stepsPerEpoch optimiser steps in an epoch
 * @param epochs the epochs
 * @param removals the cuts that removed something
 */
public record Outcome(
    SequenceClassifier model,
    int states,
    int stepsPerEpoch,
    List<Epoch> epochs,
    List<Removal> removals) {
  /** Copies the lists. */
  public Outcome {
    epochs = List.copyOf(epochs);
    removals = List.copyOf(removals);
  }

  /** The stored states of all layers at the end of an epoch, counted from one. */
  public int statesAfter(int epoch) {
    int left = states;
    for (Removal removal : removals) {
      if (removal.step() <= epoch * stepsPerEpoch) {
        left = removal.total();
      }
    }
    return left;
  }

  /** The course of the training as {@link Epoch#table} has it, with the states that are left. */
  public Table table() {
    Table table = Epoch.table(epochs);
    table.addColumns(
        IntColumn.create("states", epochs.stream().mapToInt(e -> statesAfter(e.number()))));
    return table;
  }

  /**
   * The real multiplications of the training, as {@link Multiplications} counts them: a forward
   * pass and twice as much for the gradient, for every sequence. What penalties, prunings and
   * evaluations take is not in it.
   *
   * @param before the architecture that it began with
   * @param train what was learnt from
   */
  public double multiplications(ModelConfig before, SequenceData train) {
    double sum = 0;
    int from = 0;
    List<Integer> pairs = before.pairs();
    for (Removal removal : removals) {
      sum +=
          (double) (removal.step() - from) * Multiplications.forward(before, pairs, train.length());
      from = removal.step();
      pairs = removal.states();
    }
    int end = stepsPerEpoch * epochs.size();
    sum += (double) (end - from) * Multiplications.forward(before, pairs, train.length());
    // The last batch of an epoch may be smaller.
    return 3 * sum * train.size() / stepsPerEpoch;
  }
}
