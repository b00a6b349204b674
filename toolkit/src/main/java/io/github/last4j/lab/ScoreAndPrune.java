package io.github.last4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.List;

/** Lab 4: scores, counts, comparisons, removal. */
final class ScoreAndPrune {
  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of("4.1", 3, "Eq. 6 in logarithms", "logScores", ScoreAndPrune::logScores)
              .without("StateNorms", "hinfNorm", "PaperImportance", "Criterion", "GLOBAL_HINF"),
          Exercise.of("4.2", 4, "LAST in logarithms (Eq. 9)", "last", LastScore::judge)
              .without("lastScores", "Criterion", "LAST", "Rescaling"),
          Exercise.of("4.3", 4, "which states stay, exactly counted", "choose", Choice::judge)
              .without("pruneMasks", "Scope", "select", "Criterion"),
          Exercise.of("4.4", 3, "a paired comparison", "paired", ScoreAndPrune::paired),
          Exercise.of("4.5", 4, "removal with equal outputs", "remove", ScoreAndPrune::remove)
              .without("keep"));

  private static final int STATES = 8;
  private static final double TINY = 1e-170;

  private ScoreAndPrune() {}

  private static Verdict logScores(Answer answer, Draw draw) {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < 4; i++) {
        logScores(answer, RandomLayer.of(manager, draw, STATES, 3));
      }
      DiscreteSsm slow = RandomLayer.slow(manager, draw, 3, 1e-3, 1e-9, 1e-13);
      double gap = largest(answer.numbers(3, slow), StateNorms.logHinf(slow), 2);
      Wrong.when(
          gap > 1e-8,
          "right, but off by %.1g for slow states: log(1 - |λ̄|) needs layer.margin()",
          gap);
    }
    return Verdict.right("C × 1e-170 moves every score by 2·ln 1e-170, and none is lost");
  }

  private static void logScores(Answer answer, DiscreteSsm layer) {
    double[] norms = StateNorms.logHinf(layer);
    double[] found = answer.numbers(STATES, layer);
    Wrong.when(
        Arrays.stream(found).allMatch(x -> x >= 0)
            && Math.abs(Math.log(found[0]) - 2 * norms[0]) < 1e-8,
        "these are the scores, not their logarithms");
    Wrong.when(
        largest(found, norms, 1) < 1e-8,
        "these are logarithms of the norms: Eq. 6 squares them, which doubles the logarithm");
    Wrong.when(
        largest(found, norms, 2 / Math.log(10)) < 1e-8,
        "log10 is another logarithm: Eq. 9 wants ln");
    double byB = answer.numbers(STATES, layer.withBBar(layer.bBar().mul(2.0)))[0] - found[0];
    Wrong.when(Math.abs(byB) < 1e-9, "it does not depend on B̄");
    double[] margin = ComplexArray.doubles(layer.margin());
    double[] weights = new double[STATES];
    Arrays.setAll(weights, i -> norms[i] + Math.log(margin[i]));
    Wrong.when(largest(found, weights, 2) < 1e-8, "the part -2·ln(1 - |λ̄|) is missing");
    Wrong.when(
        Math.abs(found[0] - 2 * (weights[0] + Math.log(margin[0]))) < 1e-8,
        "the sign of ln(1 - |λ̄|) is wrong: slow states are worth more");
    Wrong.unless(
        largest(found, norms, 2) < 1e-8,
        "the exponential of half of it must be the norm of Eq. 5; state 0 has %.6g for %.6g",
        Math.exp(found[0] / 2),
        Math.exp(norms[0]));
    double[] tiny = doubles(answer.any(layer.withC(layer.c().mul(TINY))));
    Wrong.unless(tiny.length == STATES, "expected %d numbers, got %d", STATES, tiny.length);
    Wrong.when(
        Arrays.stream(tiny).anyMatch(Double::isInfinite),
        "right, but with C × 1e-170 it is -∞: the square, 1e-340, is 0 in double precision. Take"
            + " the logarithm before you square, and keep the sum of squares in range");
    double[] moved = Arrays.stream(tiny).map(x -> x - 2 * Math.log(TINY)).toArray();
    Wrong.unless(
        largest(moved, norms, 2) < 1e-8,
        "with C × 1e-170 every score must move by 2·ln 1e-170, and does by that ± %.2g",
        largest(moved, norms, 2));
  }

  private static double[] doubles(Object given) {
    Wrong.unless(given instanceof double[], "expected double[]");
    return (double[]) given;
  }

  /** The largest difference to so many times some numbers. */
  private static double largest(double[] found, double[] numbers, double times) {
    double most = 0;
    for (int i = 0; i < found.length; i++) {
      most = Math.max(most, Math.abs(found[i] - times * numbers[i]));
    }
    return most;
  }

  private static Verdict paired(Answer answer, Draw draw) {
    for (int i = 0; i < 10; i++) {
      int n = 3 + draw.below(5);
      double[] b = draw.many(n, () -> draw.between(0.3, 0.9));
      double[] gaps = draw.many(n, () -> 0.05 + 0.01 * draw.normal());
      double[] a = new double[n];
      Arrays.setAll(a, k -> b[k] + gaps[k]);
      double[] found = answer.numbers(2, a.clone(), b.clone());
      double mean = Arrays.stream(gaps).sum() / n;
      double squares = Arrays.stream(gaps).map(x -> (x - mean) * (x - mean)).sum();
      Wrong.when(
          Math.abs(found[0] + mean) < 1e-12, "the mean difference has the wrong sign: a less b");
      Wrong.unless(
          Math.abs(found[0] - mean) < 1e-12,
          "the mean of a - b is %.6g, and yours is %.6g",
          mean,
          found[0]);
      is(
          found[1],
          Math.sqrt(squares / (n - 1)),
          "that is the standard deviation of one difference;" + " the mean of n has 1/√n of it");
      is(
          found[1],
          Math.sqrt(squares / n),
          "that is a standard deviation of one difference; the mean" + " of n has 1/√n of it");
      is(
          found[1],
          Math.sqrt(squares) / n,
          "the spread has n in its denominator: from n numbers, one"
              + " of them spent on the mean, it is n - 1");
      is(found[1], squares / (n - 1) / n, "that is a variance: the standard error is its root");
      double[] louder = b.clone();
      louder[0] += 1;
      double[] shifted = a.clone();
      shifted[0] += 1;
      double[] same = answer.numbers(2, shifted, louder);
      Wrong.when(
          Math.abs(same[1] - found[1]) > 1e-9,
          "a seed that is better for both methods must change nothing: take the differences first,"
              + " and their spread");
      Wrong.unless(
          Math.abs(found[1] - Math.sqrt(squares / (n - 1) / n)) < 1e-12,
          "the standard error of the mean difference is %.6g, and yours is %.6g",
          Math.sqrt(squares / (n - 1) / n),
          found[1]);
    }
    return Verdict.right("what is common to a seed cancels, and what is left is the comparison");
  }

  private static void is(double found, double wrong, String hint) {
    Wrong.when(Math.abs(found - wrong) < 1e-12, hint);
  }

  private static Verdict remove(Answer answer, Draw draw) {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < 4; i++) {
        DiscreteSsm layer = RandomLayer.of(manager, draw, STATES, 3);
        int[] chosen = {draw.below(3), 3 + draw.below(3), 6 + draw.below(2)};
        StateSet kept = StateSet.of(STATES, chosen);
        DiscreteSsm smaller = answer.as(DiscreteSsm.class, layer, kept);
        Wrong.when(
            smaller.states() == STATES,
            "all %d states are still there: a mask of zeros is computed like all others",
            STATES);
        NDArray u = manager.create(draw.normals(40 * 3), new Shape(1, 40, 3));
        double[] found = smaller.output(u).toDoubleArray();
        double gone = distance(found, masked(layer, kept.complement()).output(u).toDoubleArray());
        Wrong.when(gone < 1e-9, "these are the states to remove; `kept` are those that stay");
        Wrong.unless(smaller.states() == 3, "3 states are to stay, and %d do", smaller.states());
        double gap = distance(found, masked(layer, kept).output(u).toDoubleArray());
        Wrong.unless(
            gap < 1e-9,
            "the output differs from that of the masked layer by %.2g: λ̄, B̄ and C must lose the"
                + " same states, in the same order",
            gap);
        double margins = Math.abs(smaller.margin().sum().getDouble() - sum(layer, kept));
        Wrong.unless(margins < 1e-12, "margin() belongs to the states, too: it is not of `kept`");
      }
    }
    return Verdict.right("3 of 8 states compute what 8 with a mask do");
  }

  private static double sum(DiscreteSsm layer, StateSet kept) {
    double[] margin = ComplexArray.doubles(layer.margin());
    return kept.indices().mapToDouble(i -> margin[i]).sum();
  }

  private static DiscreteSsm masked(DiscreteSsm layer, StateSet kept) {
    double[] mask = new double[layer.states()];
    kept.indices().forEach(i -> mask[i] = 1);
    NDArray row = layer.margin().getManager().create(mask);
    return layer.withC(layer.c().mul(row));
  }

  private static double distance(double[] a, double[] b) {
    Wrong.unless(a.length == b.length, "the output has another shape");
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
