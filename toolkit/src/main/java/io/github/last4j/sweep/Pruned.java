package io.github.last4j.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A model of a sweep at the one ratio that a reference chooses for all methods: the largest at
 * which the reference's mean accuracy is no more than a tolerance below the whole model's.
 *
 * @param ratio in [0, 1]
 * @param accuracies by method, after {@link Summary#FULL_MODEL}
 */
record Pruned(SweptModel model, double ratio, Map<String, Seeds> accuracies) {
  static List<Pruned> of(List<SweptModel> models, String reference, double tolerance) {
    requireTolerance(tolerance);
    return models.stream().map(model -> of(model, reference, tolerance)).toList();
  }

  static void requireTolerance(double tolerance) {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException(
          "tolerance: expected percentage points, at least 0, got " + tolerance);
    }
  }

  private static Pruned of(SweptModel model, String reference, double tolerance) {
    if (!model.byMethod().containsKey(reference)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "reference: expected one of %s, got %s for %s",
              model.byMethod().keySet(),
              reference,
              model.name()));
    }
    Seeds whole = model.at(reference, 0);
    double lowest = whole.mean() - tolerance - SweptModel.ROUNDING;
    double ratio =
        model.of(reference).descendingKeySet().stream()
            .filter(r -> model.at(reference, r).mean() >= lowest)
            .findFirst()
            .orElseThrow();
    Map<String, Seeds> accuracies = new LinkedHashMap<>(Map.of(Summary.FULL_MODEL, whole));
    model.byMethod().keySet().forEach(m -> accuracies.put(m, model.at(m, ratio)));
    return new Pruned(model, ratio, accuracies);
  }

  /** Those of which something may go. */
  static List<Pruned> compressible(List<Pruned> models) {
    return models.stream().filter(one -> one.ratio > 0).toList();
  }

  /** NaN, which tables show as missing, of none. */
  static double mean(List<Pruned> models, ToDoubleFunction<Pruned> value) {
    return models.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  /** NaN also if a model has not been pruned by the method. */
  static double meanLoss(List<Pruned> models, String method) {
    return mean(models, one -> one.has(method) ? one.loss(method).mean() : Double.NaN);
  }

  boolean has(String method) {
    return accuracies.containsKey(method);
  }

  Seeds loss(String method) {
    return accuracies.get(Summary.FULL_MODEL).minus(accuracies.get(method));
  }

  double percent() {
    return SweptModel.percent(ratio);
  }
}
