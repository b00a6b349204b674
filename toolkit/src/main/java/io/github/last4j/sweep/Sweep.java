package io.github.last4j.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Prunes models by criteria and ratios, in one shot and without retraining, and evaluates what is
 * left.
 *
 * @param criteria how states are chosen
 * @param ratios the shares of states to remove, each in [0, 1]
 */
public record Sweep(List<Criterion> criteria, List<Double> ratios) {

  /** A model of several that differ in their seeds only; a random criterion draws from the seed. */
  public record Trained(SequenceClassifier model, long seed) {}

  /** Copies the lists. */
  public Sweep {
    criteria = List.copyOf(criteria);
    ratios = List.copyOf(ratios);
  }

  /** The paper's grid of ratios: 0, 10, …, 100 %. */
  public static List<Double> tenths() {
    List<Double> ratios = new ArrayList<>();
    for (int percent = 0; percent <= 100; percent += 10) {
      ratios.add(percent / 100.0);
    }
    return ratios;
  }

  /** How many evaluations a table of so many models reports. */
  public int size(int models) {
    return models * criteria.size() * ratios.size();
  }

  /**
   * Runs the sweep. A pruned model is evaluated with its smaller matrices; choices of states that
   * coincide are evaluated once.
   *
   * @param models trained models with the same number of layers
   * @param test what they are evaluated on
   * @param afterEach called after each row, for progress
   * @return one row for each model, criterion and ratio: seed, criterion, ratio, accuracy, loss,
   *     samples, states kept in all and in each layer
   * @throws IllegalArgumentException if there is no model, or the models' layers differ in number
   */
  public Table run(List<Trained> models, Dataset test, Runnable afterEach) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models: expected at least one, got none");
    }
    Rows rows = new Rows(models.get(0).model().config().layers());
    for (Trained trained : models) {
      int layers = trained.model().config().layers();
      if (layers != rows.layers.size()) {
        throw new IllegalArgumentException(
            "models: expected " + rows.layers.size() + " layers in each, got " + layers);
      }
      try (NDManager manager = trained.model().manager().newSubManager()) {
        List<DiscreteSsm> systems = trained.model().discreteSystems(manager);
        Map<String, Evaluation> known = new HashMap<>();
        for (Criterion criterion : criteria) {
          for (double ratio : ratios) {
            try (NDList masks = criterion.masks(systems, ratio, trained.seed())) {
              Evaluation evaluation =
                  known.computeIfAbsent(key(masks), key -> evaluate(trained.model(), masks, test));
              rows.add(trained.seed(), criterion, ratio, evaluation, masks);
            }
            afterEach.run();
          }
        }
      }
    }
    return rows.table();
  }

  private static Evaluation evaluate(SequenceClassifier model, NDList masks, Dataset test) {
    try (SequenceClassifier smaller = model.keep(masks)) {
      return Evaluation.of(smaller, test);
    }
  }

  private static String key(NDList masks) {
    StringBuilder key = new StringBuilder();
    for (NDArray mask : masks) {
      key.append(Arrays.toString(mask.toBooleanArray()));
    }
    return key.toString();
  }

  /** The columns of the table, as they fill. */
  private static final class Rows {
    private final LongColumn seed = LongColumn.create("seed");
    private final StringColumn criterion = StringColumn.create("criterion");
    private final DoubleColumn ratio = DoubleColumn.create("ratio");
    private final DoubleColumn accuracy = DoubleColumn.create("accuracy");
    private final DoubleColumn loss = DoubleColumn.create("loss");
    private final LongColumn samples = LongColumn.create("samples");
    private final IntColumn states = IntColumn.create("states");
    private final List<IntColumn> layers = new ArrayList<>();

    Rows(int count) {
      for (int i = 1; i <= count; i++) {
        layers.add(IntColumn.create("layer " + i));
      }
    }

    void add(
        long modelSeed, Criterion chosenBy, double removed, Evaluation evaluation, NDList masks) {
      seed.append(modelSeed);
      criterion.append(chosenBy.title());
      ratio.append(removed);
      accuracy.append(evaluation.accuracy());
      loss.append(evaluation.loss());
      samples.append(evaluation.samples());
      int total = 0;
      for (int i = 0; i < masks.size(); i++) {
        int kept = 0;
        for (boolean survives : masks.get(i).toBooleanArray()) {
          kept += survives ? 1 : 0;
        }
        layers.get(i).append(kept);
        total += kept;
      }
      states.append(total);
    }

    Table table() {
      Table table = Table.create("sweep", seed, criterion, ratio, accuracy, loss, samples, states);
      layers.forEach(table::addColumns);
      return table;
    }
  }
}
