package io.github.last4j.sweep;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.progress.Progress;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.table.Rows;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.NumericColumn;
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
   * @return one row for each model and each method: task, family, model, seed, method ({@value
   *     Summary#FULL_MODEL} or the method's title), ratio, accuracy, loss, samples, states (as in
   *     {@link Sweep#run}) and evaluations (how many ratios the search tried)
   * @throws IllegalArgumentException if there is no model or no method, or as the methods and the
   *     tolerance do
   */
  public static Table run(
      List<Trained> models, List<? extends Pruning> methods, Tolerance tolerance, Dataset test) {
    Sweep.requireModels(models);
    Sweep.requireMethods(methods);
    Rows rows =
        Rows.of("largest ratios", "task", "family", "model", "seed", "method", "ratio")
            .and(List.of("accuracy", "loss", "samples", "states", "evaluations"));
    try (Progress progress = Progress.of("search", models.size() * (1L + methods.size()))) {
      for (Trained trained : models) {
        Interruption.check("the search");
        SequenceClassifier model = trained.model();
        rows.add(trained.labels(), Summary.FULL_MODEL, 0.0, evaluate(model, test), 0);
        progress.step();
        for (Pruning method : methods) {
          LargestRatio found = LargestRatio.of(method, model, trained.seed(), tolerance, STEP);
          try (SequenceClassifier pruned = method.prune(model, found.ratio(), trained.seed())) {
            int tried = found.costs().size();
            rows.add(
                trained.labels(), method.title(), found.ratio(), evaluate(pruned, test), tried);
          }
          progress.step();
        }
      }
    }
    return rows.table();
  }

  private static List<Object> evaluate(SequenceClassifier model, Dataset test) {
    Evaluation evaluation = Evaluation.of(model, test);
    int states = model.config().pairs().stream().mapToInt(Integer::intValue).sum();
    return List.of(evaluation.accuracy(), evaluation.loss(), evaluation.samples(), states);
  }

  /**
   * The same over the seeds: mean ± standard deviation, with n - 1 in its denominator and zero of
   * one seed.
   *
   * @param ratios a table that {@link #run} made
   * @return one row for each model and method: model, method, and as text ratio (%), accuracy (%),
   *     states, evaluations
   */
  public static Table summary(Table ratios) {
    Rows rows = Rows.of("largest ratios, mean ± spread", "model", "method");
    rows = rows.and(List.of("ratio (%)", "accuracy (%)", "states", "evaluations"));
    for (String model : distinct(ratios, "model")) {
      Table own = Results.where(ratios, "model", model);
      for (String method : distinct(own, "method")) {
        Table some = Results.where(own, "method", method);
        rows.add(
            model,
            method,
            text(some, "ratio", 100),
            text(some, "accuracy", 100),
            text(some, "states", 1),
            text(some, "evaluations", 1));
      }
    }
    return rows.table();
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
