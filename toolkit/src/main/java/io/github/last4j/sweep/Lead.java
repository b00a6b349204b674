package io.github.last4j.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How far the best of several methods is ahead of the second best by its mean accuracy, and whether
 * that is more than chance: one rule for models that are here and for published figures.
 *
 * <p>Chance is other seeds and, where their number is known, other test samples. A lead is clear if
 * it is more than {@value #ERRORS} standard errors. That is no high bar: two equal methods and
 * three seeds pass it in 1 - 2/√6 = 18 of 100 cases (Student's t with two degrees of freedom), and
 * of several methods the two that are compared were picked by their means.
 *
 * @param best the title of the method with the highest mean
 * @param second that of the next
 * @param points the difference of their means, in percentage points
 * @param error the standard error of these points; infinite where it is unknown
 */
record Lead(String best, String second, double points, double error) {
  /** How many standard errors a lead has to exceed. */
  static final double ERRORS = 2;

  /** What {@link #winner} is called where no lead is clear. */
  static final String TIE = "tie";

  /** Of methods that prune the same models and see the same samples: paired by seed. */
  static Lead of(Map<String, Seeds> byMethod) {
    Comparator<String> byMean = Comparator.comparingDouble(method -> byMethod.get(method).mean());
    List<String> ranking = byMethod.keySet().stream().sorted(byMean.reversed()).toList();
    Seeds difference = byMethod.get(ranking.get(0)).minus(byMethod.get(ranking.get(1)));
    return new Lead(ranking.get(0), ranking.get(1), difference.mean(), error(difference));
  }

  /** The standard error of a mean difference. */
  static double error(Seeds difference) {
    return Math.hypot(difference.seedError(), difference.sampleError());
  }

  /**
   * Of means that are published with their standard deviations over so many seeds: by seed the
   * differences are unknown, and their standard error is that of independent means.
   */
  static Lead published(
      String best, String second, double points, double spread, double other, int seeds) {
    return new Lead(best, second, points, Math.hypot(spread, other) / Math.sqrt(seeds));
  }

  /** Whether a mean difference is more than chance, whatever its sign. */
  static boolean isClear(double points, double error) {
    return Math.abs(points) > ERRORS * error + SweptModel.ROUNDING;
  }

  String winner() {
    return isClear(points, error) ? best : TIE;
  }

  /** What tables have of it: winner, best, second, points, error. */
  List<Object> values() {
    double known = Double.isFinite(error) ? error : Double.NaN;
    return List.of(winner(), best, second, points, known);
  }
}
