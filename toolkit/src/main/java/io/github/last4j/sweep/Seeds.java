package io.github.last4j.sweep;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import tech.tablesaw.api.DoubleColumn;

/**
 * Accuracies of one model, pruned by one method and ratio, or what they lose.
 *
 * @param percent by seed
 * @param kept the states that stay, by seed
 */
record Seeds(SortedMap<Long, Double> percent, SortedMap<Long, Double> kept) {
  Seeds() {
    this(new TreeMap<>(), new TreeMap<>());
  }

  double mean() {
    return DoubleColumn.create("", percent.values()).mean();
  }

  double states() {
    return DoubleColumn.create("", kept.values()).mean();
  }

  /** The standard deviation with n - 1 in its denominator, and zero of one seed. */
  double spread() {
    return percent.size() < 2 ? 0 : DoubleColumn.create("", percent.values()).standardDeviation();
  }

  /** Of the mean; unknown, and so infinite, of one seed. */
  double standardError() {
    return percent.size() < 2 ? Double.POSITIVE_INFINITY : spread() / Math.sqrt(percent.size());
  }

  /** Seed by seed. */
  Seeds minus(Seeds other) {
    SortedMap<Long, Double> differences = new TreeMap<>();
    percent.forEach((seed, value) -> differences.put(seed, value - other.percent.get(seed)));
    return new Seeds(differences, other.kept);
  }

  /** Mean ± spread, with so many decimals. */
  String text(int decimals) {
    String format = "%." + decimals + "f";
    return String.format(Locale.ROOT, format + " ± " + format, mean(), spread());
  }
}
