package io.github.last4j.sweep;

import io.github.last4j.data.Task;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.sweep.Result.Cell;
import java.util.List;

/**
 * A trained model.
 *
 * @param task what it has learnt
 * @param name what it is called in tables, the same for models that differ in their seeds only
 * @param seed its seed, from which a random method draws too
 */
public record Trained(Task task, String name, long seed, SequenceClassifier model) {
  /**
   * Checks that no part is missing.
   *
   * @throws IllegalArgumentException if one is null
   */
  public Trained {
    if (task == null || name == null || model == null) {
      throw new IllegalArgumentException(
          "task, name, model: expected one of each, got "
              + task
              + ", "
              + name
              + (model == null ? " and null" : " and a model"));
    }
  }

  Cell cell(String method, double ratio, String checksum) {
    return new Cell(task.name(), family(), name, seed, method, ratio, checksum);
  }

  /** What tables call it: task, family, model, seed. */
  List<Object> labels() {
    return List.of(task.name(), family(), name, seed);
  }

  private String family() {
    return model.config().family().name();
  }
}
