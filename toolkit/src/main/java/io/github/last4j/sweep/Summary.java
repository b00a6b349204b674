package io.github.last4j.sweep;

import static io.github.last4j.sweep.SweptModel.percent;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.last4j.table.Rows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * Tables of sweeps, in brief, of all models and methods that are in them: select rows before.
 * Models are told apart by their names, and the same name with other seeds is one model trained
 * several times. Columns in percent or percentage points say so; a spread is the standard deviation
 * over the seeds with n - 1 in the denominator, and missing of one seed.
 *
 * <p>An IllegalArgumentException says that a sweep's column is missing, or a row that is needed, or
 * that one is there twice.
 */
public final class Summary {
  /** What the paper's tables call a model that nothing was removed from. */
  public static final String FULL_MODEL = "Full model";

  private Summary() {}

  /**
   * Every model before pruning.
   *
   * @param results a table that a sweep made, which has the ratio 0
   * @return one row for each model: model, states (stored pairs in all layers), seeds, samples,
   *     accuracy (%), spread (%), sample error (%): the standard error √(p(1 - p)/N) that N test
   *     samples leave an accuracy p, whatever the number of seeds that see them
   */
  public static Table whole(Table results) {
    Rows rows =
        Rows.of("the models before pruning", "model", "states", "seeds", "samples")
            .and(List.of("accuracy (%)", "spread (%)", "sample error (%)"));
    for (SweptModel model : SweptModel.of(results)) {
      Seeds whole = model.at(model.byMethod().keySet().iterator().next(), 0);
      rows.add(
          model.name(),
          Math.round(whole.states()),
          whole.seeds().size(),
          Math.round(whole.samples()),
          whole.mean(),
          whole.spread(),
          whole.sampleError());
    }
    return rows.table();
  }

  /**
   * Accuracy by ratio and method. The title says how many samples it is of, and the fewest and the
   * most if models differ.
   *
   * @param results a table that a sweep made
   * @return one row for each model and ratio: model, ratio (%), and for each method the mean and
   *     the spread of the accuracy in percent, as text, of one seed without the latter
   */
  public static Table accuracy(Table results) {
    List<SweptModel> models = SweptModel.of(results);
    List<String> methods = SweptModel.methods(models);
    Rows rows = Rows.of(accuracyTitle(results), "model", "ratio (%)").and(methods);
    for (SweptModel model : models) {
      TreeSet<Double> ratios = new TreeSet<>();
      methods.forEach(method -> ratios.addAll(model.of(method).keySet()));
      for (double ratio : ratios) {
        List<String> texts = new ArrayList<>();
        for (String method : methods) {
          Seeds at = model.of(method).get(ratio);
          texts.add(at == null ? "" : at.text(1));
        }
        rows.add(model.name(), percent(ratio), texts);
      }
    }
    return rows.table();
  }

  private static String accuracyTitle(Table results) {
    NumericColumn<?> samples = results.numberColumn("samples");
    long least = (long) samples.min();
    long most = (long) samples.max();
    String of = least == most ? "" + most : least + " to " + most;
    boolean several = results.numberColumn("seed").countUnique() > 1;
    return "accuracy (%) on " + of + " samples" + (several ? ", mean ± spread over seeds" : "");
  }

  /**
   * Losses of accuracy, as Tables 1, 5 and 6 are made: each model is pruned by the largest ratio at
   * which the mean accuracy of the reference is no more than the tolerance below the whole model's,
   * and by all methods at this one.
   *
   * @param results a table that a sweep made, which has the ratio 0
   * @param reference the title of the method that the ratios are chosen by; the paper's is LAST
   * @param tolerance in percentage points; the paper's is 1
   * @return one row for each model: model, ratio (%), and for each method the mean and the spread
   *     of the loss in percentage points, as text, empty where a model has not been pruned by it;
   *     then the means over all models and over the compressible ones, whose ratio is not 0, of the
   *     methods that all of them have
   */
  public static Table losses(Table results, String reference, double tolerance) {
    List<Pruned> all = Pruned.of(SweptModel.of(results), reference, tolerance);
    List<String> methods = SweptModel.methods(SweptModel.of(results));
    Rows rows = Rows.of("accuracy loss (%), mean ± spread", "model", "ratio (%)").and(methods);
    for (Pruned one : all) {
      List<String> losses = new ArrayList<>();
      methods.forEach(method -> losses.add(one.has(method) ? one.loss(method).text(2) : ""));
      rows.add(one.model().name(), one.percent(), losses);
    }
    rows.add("Average", averages(all, methods));
    return rows.add("Average, compressible", averages(Pruned.compressible(all), methods)).table();
  }

  private static List<Object> averages(List<Pruned> models, List<String> methods) {
    List<Object> row = new ArrayList<>(List.of(Pruned.mean(models, Pruned::percent)));
    for (String method : methods) {
      double loss = Pruned.meanLoss(models, method);
      row.add(Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "%.2f", loss));
    }
    return row;
  }

  /**
   * The averages of {@link #losses} as numbers, in the form of Table 1.
   *
   * @return one row for each family and method that all its models have: family, method, ratio (%),
   *     compressible ratio (%), accuracy loss (%), compressible accuracy loss (%); those of
   *     compressible models are missing if there are none
   */
  public static Table averages(Table results, String reference, double tolerance) {
    Rows rows =
        Rows.of("averages over models", "family", "method", "ratio (%)", "compressible ratio (%)")
            .and(List.of("accuracy loss (%)", "compressible accuracy loss (%)"));
    families(results)
        .forEach(
            (family, models) -> {
              List<Pruned> all = Pruned.of(models, reference, tolerance);
              List<Pruned> some = Pruned.compressible(all);
              for (String method : SweptModel.methods(models)) {
                double loss = Pruned.meanLoss(all, method);
                if (!Double.isNaN(loss)) {
                  double ratio = Pruned.mean(all, Pruned::percent);
                  double compressible = Pruned.mean(some, Pruned::percent);
                  rows.add(
                      family, method, ratio, compressible, loss, Pruned.meanLoss(some, method));
                }
              }
            });
    return rows.table();
  }

  /**
   * How the average losses depend on who chooses the ratios: each method in turn is the reference
   * of {@link #losses}.
   *
   * @param tolerances in percentage points
   * @return one row for each family, reference and tolerance: family, reference, tolerance (%),
   *     ratio (%), and for each method the average loss in percentage points
   */
  public static Table choices(Table results, double... tolerances) {
    List<String> methods = SweptModel.methods(SweptModel.of(results));
    Rows rows = Rows.of("average accuracy loss (%)", "family", "reference", "tolerance (%)");
    Rows wide = rows.and(List.of("ratio (%)")).and(methods);
    families(results)
        .forEach(
            (family, models) -> {
              for (String reference : methods) {
                for (double tolerance : tolerances) {
                  List<Pruned> all = Pruned.of(models, reference, tolerance);
                  double ratio = Pruned.mean(all, Pruned::percent);
                  double[] losses =
                      methods.stream().mapToDouble(m -> Pruned.meanLoss(all, m)).toArray();
                  wide.add(family, reference, tolerance, ratio, losses);
                }
              }
            });
    return wide.table();
  }

  private static Map<String, List<SweptModel>> families(Table results) {
    return SweptModel.of(results).stream()
        .collect(groupingBy(SweptModel::family, LinkedHashMap::new, toList()));
  }

  /**
   * Every model whole, and pruned by the ratio that {@link #losses} chooses, in the form of Tables
   * 7 and 9.
   *
   * @return for each model a row {@value #FULL_MODEL}, and one for each method: task, family,
   *     model, method, ratio (%), states (stored pairs in all layers, the mean over the seeds),
   *     accuracy (%), spread (%)
   */
  public static Table models(Table results, String reference, double tolerance) {
    Rows rows =
        Rows.of("pruned models", "task", "family", "model", "method")
            .and(List.of("ratio (%)", "states", "accuracy (%)", "spread (%)"));
    for (Pruned one : Pruned.of(SweptModel.of(results), reference, tolerance)) {
      one.accuracies()
          .forEach(
              (method, seeds) -> {
                double ratio = method.equals(FULL_MODEL) ? 0 : one.percent();
                rows.add(
                    one.model().labels(),
                    method,
                    ratio,
                    seeds.states(),
                    seeds.mean(),
                    seeds.spread());
              });
    }
    return rows.table();
  }

  /**
   * Which method is the best at each ratio, and whether that is more than chance: it is a tie if
   * the mean of the best is ahead of that of the second best by no more than twice the standard
   * error of this lead.
   *
   * <p>The error is that of the differences seed by seed, s/√n with their deviation s over n seeds,
   * and in quadrature the least that a lead d can have on N samples, √(d(1 - d)/N). Of one seed it
   * is unknown, and everything is a tie. Two equal methods and three seeds still pass this bar in
   * 18 of 100 cases. {@link Published#winners} judges the paper's figures by the same rule.
   *
   * @param results a table that a sweep made, with at least two methods
   * @return one row for each model and ratio but 0 and 100 %, where all methods keep the same:
   *     model, ratio (%), winner (or "tie"), best, second, lead (%), error (%); the error is
   *     missing where it is unknown
   */
  public static Table winners(Table results) {
    List<SweptModel> models = SweptModel.of(results);
    List<String> methods = SweptModel.methods(models);
    if (methods.size() < 2) {
      throw new IllegalArgumentException("results: expected at least two methods, got " + methods);
    }
    Rows rows =
        Rows.of("the best method", "model", "ratio (%)", "winner", "best", "second")
            .and(List.of("lead (%)", "error (%)"));
    for (SweptModel model : models) {
      for (double ratio : ratios(model.of(methods.get(0)).keySet())) {
        Map<String, Seeds> byMethod = new LinkedHashMap<>();
        methods.forEach(method -> byMethod.put(method, model.at(method, ratio)));
        rows.add(model.name(), percent(ratio), Lead.of(byMethod).values());
      }
    }
    return rows.table();
  }

  /** Those at which methods differ. */
  private static List<Double> ratios(Collection<Double> all) {
    return all.stream().filter(ratio -> ratio > 0 && ratio < 1).sorted().toList();
  }

  /**
   * How often each method is the {@linkplain #winners winner}.
   *
   * @return one row for each model, and one for all: model, the number of ratios at which each
   *     method wins, and the number of ties
   */
  public static Table wins(Table results) {
    Table winners = winners(results);
    List<String> columns = new ArrayList<>(SweptModel.methods(SweptModel.of(results)));
    columns.add(Lead.TIE);
    Rows rows = Rows.of("ratios at which a method is clearly the best", "model").and(columns);
    for (SweptModel model : SweptModel.of(results)) {
      Table own = Results.where(winners, "model", model.name());
      rows.add(model.name(), counts(own, columns));
    }
    return rows.add("All", counts(winners, columns)).table();
  }

  /**
   * One method against another, ratio by ratio and paired by model and seed.
   *
   * @param results a table that a sweep made
   * @param method the title of the one
   * @param reference that of the other
   * @return one row for each model, and one for all seeds of all: model, and for each ratio but 0
   *     and 100 % by how many percentage points the first is more accurate, as text: the mean ± its
   *     standard error, which {@link #winners} explains; it is followed by * where the mean is more
   *     than twice the error
   * @throws IllegalArgumentException if a model lacks one of the methods
   */
  public static Table differences(Table results, String method, String reference) {
    List<SweptModel> models = SweptModel.of(results);
    List<Double> ratios = ratios(models.get(0).of(method).keySet());
    Rows rows =
        Rows.of(method + " beside " + reference + ": points ± standard error", "model")
            .and(ratios.stream().map(ratio -> Math.round(percent(ratio)) + " %").toList());
    Map<Double, List<Seeds>> byRatio = new LinkedHashMap<>();
    for (SweptModel model : models) {
      List<String> texts = new ArrayList<>();
      for (double ratio : ratios) {
        Seeds difference = model.at(method, ratio).minus(model.at(reference, ratio));
        byRatio.computeIfAbsent(ratio, r -> new ArrayList<>()).add(difference);
        texts.add(difference(difference));
      }
      rows.add(model.name(), texts);
    }
    return rows.add(
            "All", byRatio.values().stream().map(Seeds::all).map(Summary::difference).toList())
        .table();
  }

  private static String difference(Seeds seeds) {
    double error = Lead.error(seeds);
    String clear = Lead.isClear(seeds.mean(), error) ? " *" : "";
    return String.format(Locale.ROOT, "%+.1f ± %.1f%s", seeds.mean(), error, clear);
  }

  private static List<Integer> counts(Table winners, List<String> names) {
    return names.stream().map(winners.stringColumn("winner")::countOccurrences).toList();
  }
}
