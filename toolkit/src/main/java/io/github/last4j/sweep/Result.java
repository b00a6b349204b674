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
  // What rounding in float32 may leave of a loss of zero.
  private static final double LEAST_LOSS = -1e-6;

  /**
   * Checks that the numbers are possible.
   *
   * @throws IllegalArgumentException naming the one that is not, what was expected and what came
   */
  Result {
    require(accuracy >= 0 && accuracy <= 1, "accuracy", "a number in [0, 1]", accuracy);
    require(loss >= LEAST_LOSS && loss < Double.POSITIVE_INFINITY, "loss", "nats", loss);
    require(samples > 0, "samples", "at least one", samples);
    require(!layers.isEmpty() && layers.stream().allMatch(n -> n >= 0), "layers", "pairs", layers);
    require(seconds >= 0 && seconds < Double.POSITIVE_INFINITY, "seconds", "a time", seconds);
    layers = List.copyOf(layers);
  }

  private static void require(boolean fits, String name, String expected, Object came) {
    if (!fits) {
      throw new IllegalArgumentException(name + ": expected " + expected + ", got " + came);
    }
  }

  /** The stored pairs that all layers keep. */
  int states() {
    return layers.stream().mapToInt(Integer::intValue).sum();
  }

  /** What a row holds, in the order of the columns. */
  List<Object> values() {
    List<Object> values =
        new ArrayList<>(
            List.of(cell.task, cell.family, cell.model, cell.seed, cell.method, cell.ratio));
    values.addAll(List.of(accuracy, loss, samples, states(), seconds, cell.checksum));
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
    /**
     * Checks that the ratio is possible.
     *
     * @throws IllegalArgumentException if it is not
     */
    Cell {
      require(ratio >= 0 && ratio <= 1, "ratio", "a number in [0, 1]", ratio);
    }

    /** Of results of one place there is one: model, seed, method and ratio. */
    List<Object> place() {
      return List.of(model, seed, method, ratio);
    }
  }
}
