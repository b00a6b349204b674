package io.github.last4j.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * One pruned model, evaluated.
 *
 * @param cell which
 * @param accuracy in [0, 1]
 * @param loss in nats
 * @param samples on how many test samples
 * @param layers the stored pairs that each layer keeps
 * @param seconds wall time of making and evaluating it
 */
record Result(
    Cell cell, double accuracy, double loss, long samples, List<Integer> layers, double seconds) {
  /** What a row holds, in the order of the columns. */
  List<Object> values() {
    List<Object> values =
        new ArrayList<>(
            List.of(cell.task, cell.family, cell.model, cell.seed, cell.method, cell.ratio));
    int states = layers.stream().mapToInt(Integer::intValue).sum();
    values.addAll(List.of(accuracy, loss, samples, states, seconds, cell.checksum));
    values.addAll(layers);
    return values;
  }

  /**
   * What a result is of.
   *
   * @param task the model's task
   * @param family its family
   * @param model its name
   * @param seed its seed
   * @param method the method's title
   * @param ratio the share to remove
   * @param checksum of the model's parameters and the test data
   */
  record Cell(
      String task,
      String family,
      String model,
      long seed,
      String method,
      double ratio,
      String checksum) {
    boolean hasPlaceOf(Cell other) {
      return model.equals(other.model)
          && seed == other.seed
          && method.equals(other.method)
          && ratio == other.ratio;
    }
  }
}
