package io.github.last4j.sweep;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.sweep.Sweep.Trained;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The largest ratio of every model by every criterion, and what accuracy is left at it: the form of
 * Table 2, where each criterion has a ratio of its own and not LAST's.
 */
public final class LargestRatios {
  private static final int BATCH = 50;

  private LargestRatios() {}

  /** A way to find the largest ratio, such as {@link LargestRatio#ofAccuracy}. */
  @FunctionalInterface
  public interface Search {
    /**
     * Finds it for a model and a criterion.
     *
     * @param seed what a random criterion draws from
     */
    LargestRatio find(SequenceClassifier model, Criterion criterion, long seed);
  }

  /**
   * Finds the ratios, and evaluates each model whole and at its ratios.
   *
   * @param models trained models; those of the same name are one model trained several times
   * @param criteria how states are chosen
   * @param search how the ratios are found
   * @param test what is then evaluated on, and no search has seen
   * @param afterEach called after each row, for progress
   * @return one row for each model and for each of its criteria: model, seed, method ({@value
   *     Summary#FULL_MODEL} or the criterion's title), ratio, accuracy, states (pairs kept in all)
   *     and evaluations (how many ratios the search tried)
   * @throws IllegalArgumentException if there is no model, or as the search and the criteria do
   */
  public static Table run(
      List<Trained> models,
      List<Criterion> criteria,
      Search search,
      SequenceData test,
      Runnable afterEach) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models: expected at least one, got none");
    }
    Table table =
        Table.create(
            "largest ratios",
            StringColumn.create("model"),
            LongColumn.create("seed"),
            StringColumn.create("method"),
            DoubleColumn.create("ratio"),
            DoubleColumn.create("accuracy"),
            IntColumn.create("states"),
            IntColumn.create("evaluations"));
    for (Trained trained : models) {
      append(table, trained, Summary.FULL_MODEL, 0, trained.model(), test, 0);
      afterEach.run();
      for (Criterion criterion : criteria) {
        LargestRatio found = search.find(trained.model(), criterion, trained.seed());
        try (SequenceClassifier pruned = pruned(trained, criterion, found.ratio())) {
          int tried = found.costs().size();
          append(table, trained, criterion.title(), found.ratio(), pruned, test, tried);
        }
        afterEach.run();
      }
    }
    return table;
  }

  /** How many rows a table of so many models and criteria has. */
  public static int size(int models, int criteria) {
    return models * (1 + criteria);
  }

  private static SequenceClassifier pruned(Trained trained, Criterion criterion, double ratio) {
    SequenceClassifier model = trained.model();
    try (NDManager manager = model.manager().newSubManager();
        NDList masks = criterion.masks(model.discreteSystems(manager), ratio, trained.seed())) {
      return model.keep(masks);
    }
  }

  private static void append(
      Table table,
      Trained trained,
      String method,
      double ratio,
      SequenceClassifier model,
      SequenceData test,
      int evaluations) {
    table.stringColumn("model").append(trained.name());
    table.longColumn("seed").append(trained.seed());
    table.stringColumn("method").append(method);
    table.doubleColumn("ratio").append(ratio);
    table.doubleColumn("accuracy").append(Evaluation.of(model, test.asDataset(BATCH)).accuracy());
    table
        .intColumn("states")
        .append(model.config().pairs().stream().mapToInt(Integer::intValue).sum());
    table.intColumn("evaluations").append(evaluations);
  }

  /**
   * The same over the seeds: mean ± standard deviation, with n - 1 in its denominator and zero of
   * one seed.
   *
   * @param ratios a table that {@link #run} made
   * @return one row for each model and method, as text: model, method, removed (%), accuracy (%),
   *     pairs kept, evaluations
   */
  public static Table summary(Table ratios) {
    Table summary = Table.create("largest ratios, mean ± standard deviation");
    for (String name : List.of("model", "method", "removed (%)", "accuracy (%)", "pairs kept")) {
      summary.addColumns(StringColumn.create(name));
    }
    summary.addColumns(StringColumn.create("evaluations"));
    for (String model : distinct(ratios, "model")) {
      Table own = ratios.where(ratios.stringColumn("model").isEqualTo(model));
      for (String method : distinct(own, "method")) {
        Table rows = own.where(own.stringColumn("method").isEqualTo(method));
        List<String> texts =
            List.of(
                model,
                method,
                text(rows, "ratio", 100),
                text(rows, "accuracy", 100),
                text(rows, "states", 1),
                text(rows, "evaluations", 1));
        IntStream.range(0, texts.size()).forEach(i -> summary.stringColumn(i).append(texts.get(i)));
      }
    }
    return summary;
  }

  private static List<String> distinct(Table table, String column) {
    return table.stringColumn(column).asList().stream().distinct().toList();
  }

  private static String text(Table rows, String column, double factor) {
    NumericColumn<?> values = (NumericColumn<?>) rows.column(column);
    double deviation = values.size() > 1 ? values.standardDeviation() : 0;
    return String.format(Locale.ROOT, "%.1f ± %.1f", factor * values.mean(), factor * deviation);
  }
}
