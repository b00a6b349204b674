package io.github.last4j.sweep;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;

/**
 * Accuracies of one model, pruned by one method and ratio, or differences of such accuracies.
 *
 * @param bySeed what each seed gives
 */
record Seeds(SortedMap<Long, Seed> bySeed) {
  /**
   * @param percent accuracy or difference
   * @param states that stay
   * @param samples that the accuracy is of; all seeds see the same
   */
  record Seed(double percent, double states, double samples) {}

  Seeds() {
    this(new TreeMap<>());
  }

  Set<Long> seeds() {
    return bySeed.keySet();
  }

  private DoubleColumn column(ToDoubleFunction<Seed> number) {
    return DoubleColumn.create("", bySeed.values().stream().mapToDouble(number));
  }

  double mean() {
    return column(Seed::percent).mean();
  }

  double states() {
    return column(Seed::states).mean();
  }

  /** The least, if seeds differ. */
  double samples() {
    return column(Seed::samples).min();
  }

  /** The standard deviation with n - 1 in its denominator; NaN, which tables miss, of one seed. */
  double spread() {
    return bySeed.size() < 2 ? Double.NaN : column(Seed::percent).standardDeviation();
  }

  /** Of the mean, for other seeds; unknown, and so infinite, of one seed. */
  double seedError() {
    return bySeed.size() < 2 ? Double.POSITIVE_INFINITY : spread() / Math.sqrt(bySeed.size());
  }

  /**
   * The standard error √(p(1 - p)/N) of the mean, for other samples. All seeds see the same ones,
   * so that it does not fall with their number. Of an accuracy it is exact for one seed, and the
   * most for several. Of a difference it is low: what it is for one seed if one method is right
   * wherever the two disagree.
   */
  double sampleError() {
    double share = Math.abs(mean()) / 100;
    return 100 * Math.sqrt(share * (1 - share) / samples());
  }

  /** Seed by seed. */
  Seeds minus(Seeds other) {
    SortedMap<Long, Seed> differences = new TreeMap<>();
    bySeed.forEach(
        (seed, mine) -> {
          Seed theirs = other.bySeed.get(seed);
          double samples = Math.min(mine.samples, theirs.samples);
          differences.put(seed, new Seed(mine.percent - theirs.percent, theirs.states, samples));
        });
    return new Seeds(differences);
  }

  /** The seeds of several models as those of one. */
  static Seeds all(List<Seeds> models) {
    SortedMap<Long, Seed> all = new TreeMap<>();
    models.forEach(
        model -> model.bySeed.values().forEach(seed -> all.put((long) all.size(), seed)));
    return new Seeds(all);
  }

  /** Mean ± spread, with so many decimals; the mean alone of one seed. */
  String text(int decimals) {
    String number = "%." + decimals + "f";
    return bySeed.size() < 2
        ? String.format(Locale.ROOT, number, mean())
        : String.format(Locale.ROOT, number + " ± " + number, mean(), spread());
  }
}
