package io.github.last4j.sweep;

import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.table.Rows;
import java.util.Arrays;
import java.util.List;
import tech.tablesaw.api.Table;

/**
 * How many steps states remember, {@link DiscreteSsm#timeConstants}: H∞ norms assume infinite time,
 * and sequences end.
 */
public final class TimeConstants {
  private TimeConstants() {}

  /**
   * The states that outlast the sequences of their task.
   *
   * @param models trained models
   * @return one row for each: task, family, model, seed, L, the share of states with time constants
   *     above L, of an untrained model with this seed and of the trained one, and the largest of
   *     the trained one: untrained (%), trained (%), largest
   */
  public static Table aboveLength(List<Trained> models) {
    Rows rows = Rows.of("states with time constants above L", "task", "family", "model", "seed");
    rows = rows.and(List.of("L", "untrained (%)", "trained (%)", "largest"));
    for (Trained trained : models) {
      SequenceClassifier model = trained.model();
      int length = trained.task().length();
      try (NDManager scratch = model.manager().newSubManager();
          SequenceClassifier untrained =
              SequenceClassifier.create(scratch, model.config(), trained.seed())) {
        double[] before = steps(untrained);
        double[] after = steps(model);
        double largest = Arrays.stream(after).max().orElseThrow();
        rows.add(trained.labels(), length, above(before, length), above(after, length), largest);
      }
    }
    return rows.table();
  }

  /** Of all layers; outside the unit circle, where a state never falls, infinite. */
  private static double[] steps(SequenceClassifier model) {
    return layers(model).stream()
        .flatMapToDouble(Arrays::stream)
        .map(t -> t < 0 ? Double.POSITIVE_INFINITY : t)
        .toArray();
  }

  private static double above(double[] steps, int length) {
    return 100.0 * Arrays.stream(steps).filter(t -> t > length).count() / steps.length;
  }

  /**
   * The time constants of every layer.
   *
   * @param models trained models
   * @return one row for each layer of each model: task, family, model, seed, layer, median, largest
   */
  public static Table byLayer(List<Trained> models) {
    Rows rows = Rows.of("time constants (steps)", "task", "family", "model", "seed");
    rows = rows.and(List.of("layer", "median", "largest"));
    for (Trained trained : models) {
      int layer = 0;
      for (double[] steps : layers(trained.model())) {
        Arrays.sort(steps);
        rows.add(trained.labels(), ++layer, steps[steps.length / 2], steps[steps.length - 1]);
      }
    }
    return rows.table();
  }

  private static List<double[]> layers(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return model.discreteSystems(scratch).stream().map(DiscreteSsm::timeConstants).toList();
    }
  }
}
