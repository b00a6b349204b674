package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.aside;
import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Numbers.POLE;
import static io.github.last4j.audit.Relation.EQUAL;

import io.github.last4j.audit.Numbers.Range;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.math3.complex.Complex;

/** App. A: stability; A.1 is about models that train other parameters. */
final class AppendixA {
  private static final Numbers POLYNOMIAL =
      Numbers.of(new Range("a₁", -2.5, 2.5), new Range("a₂", -1.5, 1.5));

  static final List<Claim<?>> CLAIMS =
      List.of(
          aside(
                  "A.1 a",
                  "App. A.1",
                  "z² + a₁z + a₂ is stable if and only if a₂² < 1 and (1 + a₂)² - a₁² > 0")
              .on(POLYNOMIAL)
              .equal(AppendixA::againstSchurCohn),
          aside("A.1 b", "App. A.1.1", "|a₁| + |a₂| ≤ 1 suffices: the largest root is below one")
              .on(POLYNOMIAL)
              .below(a -> sizes(a) <= 1 ? largestRoot(a) : Double.NaN)
              .repaired(
                  "|a₁| + |a₂| < 1 suffices; with 1 there may be a root on the circle",
                  a -> sizes(a) <= 1 - 1e-3 ? largestRoot(a) : Double.NaN),
          aside(
                  "A.1 c",
                  "App. A.1.2",
                  "a = (0, 0) is the centre of the stable region (1 + its distance from the"
                      + " centroid)")
              .on(Numbers.NONE)
              .equal(nothing -> 1 + fromCentroid(a -> largestRoot(a) < 1))
              .repaired(
                  "it is the centre of Montel's region; the stable triangle has its centroid at"
                      + " (0, 1/3)",
                  nothing -> 1 + fromCentroid(a -> sizes(a) <= 1)),
          printed("11", "App. A.2", "|exp(λΔ)| = exp(Re λ·Δ)")
              .on(POLE)
              .equal(AppendixA::poleSize, x -> Math.exp(x[0] * x[2]))
              .seen(
                  EQUAL.ofStates(
                      (layer, i) -> Math.hypot(layer.pairs().poleRe[i], layer.pairs().poleIm[i]),
                      // The margin came from Re λ.
                      (layer, i) -> 1 - layer.pairs().margin[i])),
          printed("11a", "App. A.2", "|λ̄| < 1 for Re λ < 0 and Δ > 0")
              .on(POLE)
              .below(x -> Math.exp(x[0] * x[2]))
              .seen(s -> 1 - Arrays.stream(s.layer().pairs().margin).min().orElseThrow()));

  private AppendixA() {}

  /** How far z² + a₁z + a₂ contradicts the Schur–Cohn conditions, as a ratio of radii. */
  private static double againstSchurCohn(double[] a) {
    double root = largestRoot(a);
    boolean stable = a[1] * a[1] < 1 && (1 + a[1]) * (1 + a[1]) - a[0] * a[0] > 0;
    return stable ? Math.max(1, root) : Math.max(1, 1 / root);
  }

  private static double largestRoot(double[] a) {
    double half = -a[0] / 2;
    double discriminant = half * half - a[1];
    return discriminant >= 0 ? Math.abs(half) + Math.sqrt(discriminant) : Math.sqrt(a[1]);
  }

  private static double sizes(double[] a) {
    return Math.abs(a[0]) + Math.abs(a[1]);
  }

  /** How far the origin is from the centroid of a region of (a₁, a₂). */
  private static double fromCentroid(Predicate<double[]> region) {
    double[] sum = new double[3];
    int points = 400;
    for (int i = 0; i < points; i++) {
      for (int k = 0; k < points; k++) {
        double[] a = {-2 + 4 * (i + 0.5) / points, -1 + 2 * (k + 0.5) / points};
        if (region.test(a)) {
          sum[0] += a[0];
          sum[1] += a[1];
          sum[2]++;
        }
      }
    }
    return Math.hypot(sum[0], sum[1]) / sum[2];
  }

  /** |exp(λΔ)| from its parts; x = (Re λ, Im λ, Δ). */
  private static double poleSize(double[] x) {
    Complex pole = new Complex(x[0], x[1]).multiply(x[2]).exp();
    return Math.hypot(pole.getReal(), pole.getImaginary());
  }
}
