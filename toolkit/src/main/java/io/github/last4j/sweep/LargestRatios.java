package io.github.last4j.sweep;

import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Progress;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
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
 * The largest ratio of every model by every method, and what accuracy is left at it: the form of
 * Table 2, where each method has a ratio of its own and not LAST's.
 */
public final class LargestRatios {
  private static final double STEP = 0.01;

  private LargestRatios() {}

  /**
   * Finds the ratios, and evaluates each model whole and at its ratios.
   *
   * @param models trained models; those of the same name are one model trained several times
   * @param methods how they are pruned; a random one draws from a model's seed
   * @param tolerance what pruning may cost
   * @param test what is then evaluated on, and no search has seen
   * @return one row for each model and each method: model, seed, method ({@value
   *     Summary#FULL_MODEL} or the method's title), ratio, accuracy, states (pairs kept in all) and
   *     evaluations (how many ratios the search tried)
   * @throws IllegalArgumentException if there is no model, or as the methods and the tolerance do
   */
  public static Table run(
      List<Trained> models,
      List<? extends Pruning> methods,
      Tolerance tolerance,
      SequenceData test) {
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
    int rows = models.size() * (1 + methods.size());
    try (Progress progress = Progress.of("search", rows)) {
      for (Trained trained : models) {
        append(table, trained, Summary.FULL_MODEL, 0, trained.model(), test, 0);
        progress.step();
        for (Pruning method : methods) {
          LargestRatio found =
              LargestRatio.of(method, trained.model(), trained.seed(), tolerance, STEP);
          try (SequenceClassifier pruned =
              method.prune(trained.model(), found.ratio(), trained.seed())) {
            int tried = found.costs().size();
            append(table, trained, method.title(), found.ratio(), pruned, test, tried);
          }
          progress.step();
        }
      }
    }
    return table;
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
    table.doubleColumn("accuracy").append(Evaluation.of(model, test).accuracy());
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
