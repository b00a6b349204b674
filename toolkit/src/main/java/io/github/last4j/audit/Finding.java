package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * What a search found about a claim.
 *
 * @param worst the largest ratio
 * @param repaired the largest ratio of the repaired statement, if there is one
 * @param counterexample in words and short numbers, or empty
 * @param verdict that follows
 */
record Finding(double worst, Optional<Double> repaired, String counterexample, Verdict verdict) {
  // What a counterexample in short numbers keeps of the violation at least.
  private static final double SHARE = 0.75;

  /** Tries a claim. */
  static <T> Finding of(Claim<T> claim, Search search, NDManager manager) {
    double worst = Double.NEGATIVE_INFINITY;
    Optional<Double> repaired = Optional.empty();
    String counterexample = "";
    for (Domain<T> domain : claim.domains()) {
      ToDoubleFunction<double[]> ratio = natural -> domain.measure(claim.ratio(), natural, manager);
      double[] point = search.worst(domain, ratio);
      double found = ratio.applyAsDouble(point);
      worst = Math.max(worst, found);
      Optional<double[]> simple = simple(claim.relation(), domain, ratio, point, found);
      if (simple.isPresent()) {
        double value = ratio.applyAsDouble(simple.get());
        worst = Math.max(worst, value);
        if (counterexample.isEmpty()) {
          counterexample = show(domain, simple.get(), value);
        }
      }
      if (claim.repair().isPresent()) {
        ToDoubleFunction<T> repair = claim.repair().get().ratio();
        ToDoubleFunction<double[]> mended = natural -> domain.measure(repair, natural, manager);
        double left = mended.applyAsDouble(search.worst(domain, mended));
        repaired = Optional.of(Math.max(left, repaired.orElse(left)));
      }
    }
    return new Finding(worst, repaired, counterexample, Verdict.of(claim, worst));
  }

  /** A counterexample in short numbers that keeps most of the violation. */
  private static Optional<double[]> simple(
      Relation relation,
      Domain<?> domain,
      ToDoubleFunction<double[]> ratio,
      double[] point,
      double found) {
    for (UnaryOperator<BigDecimal> rounding : roundings()) {
      for (double[] start : List.of(domain.simpler(point), point)) {
        double[] rounded =
            Arrays.stream(start)
                .map(x -> rounding.apply(new BigDecimal(x)).doubleValue())
                .toArray();
        if (!domain.contains(rounded)) {
          continue;
        }
        double value = ratio.applyAsDouble(rounded);
        boolean most = value - 1 >= SHARE * (found - 1) || relation == Relation.BELOW;
        if (relation.violatedBy(value) && most) {
          return Optional.of(rounded);
        }
      }
    }
    return Optional.empty();
  }

  /** From whole numbers to all digits. */
  private static List<UnaryOperator<BigDecimal>> roundings() {
    List<UnaryOperator<BigDecimal>> roundings = new ArrayList<>();
    for (int k = 0; k <= 2; k++) {
      int decimals = k;
      roundings.add(x -> x.setScale(decimals, RoundingMode.HALF_EVEN));
    }
    for (int k = 1; k <= 17; k++) {
      MathContext digits = new MathContext(k);
      roundings.add(x -> x.round(digits));
    }
    return roundings;
  }

  private static String show(Domain<?> domain, double[] point, double ratio) {
    String numbers = domain.show(point);
    return String.format(
        Locale.ROOT, "%s%sratio %.5g", numbers, numbers.isEmpty() ? "" : "; ", ratio);
  }
}
