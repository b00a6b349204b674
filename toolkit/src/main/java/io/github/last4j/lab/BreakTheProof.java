package io.github.last4j.lab;

import io.github.last4j.bound.Nonlinearity;
import java.util.Arrays;
import java.util.List;

/** Lab 3: the paper's proofs, step by step. */
final class BreakTheProof {
  private static final Nonlinearity GELU = Nonlinearity.GELU;
  private static final int RINGING = 400;

  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of(
              "3.1", 2, "vectors against step (d) of App. B.2", "vectors", BreakTheProof::vectors),
          Exercise.of("3.2", 4, "counterexample golf for Eq. 4", "golf", BreakTheProof::golf),
          Exercise.of(
              "3.3", 2, "two inputs that the GELU pushes apart", "apart", BreakTheProof::gelu),
          Exercise.of("3.4", 4, "two layers against Eq. 8", "layers", BreakTheProof::layers),
          Exercise.of("3.5", 5, "a bound that holds", "bound", ValidBound::judge)
              .without("EnergyBound", "Bound")
              .within(40));

  private BreakTheProof() {}

  private static Verdict vectors(Answer answer, Draw draw) {
    double[][] vectors = answer.as(double[][].class);
    Wrong.when(vectors.length < 2, "with one vector both sides are the same: take two");
    double[] sum = new double[vectors[0].length];
    double right = 0;
    for (double[] vector : vectors) {
      Wrong.unless(
          vector != null && vector.length == sum.length, "all vectors need the same length");
      for (int i = 0; i < sum.length; i++) {
        Wrong.unless(Double.isFinite(vector[i]), "a number is not finite");
        sum[i] += vector[i];
      }
      right += squared(vector);
    }
    double left = squared(sum);
    String both = Text.of("‖Σv‖² = %.4g and Σ‖v‖² = %.4g", left, right);
    Wrong.when(right == 0, "all vectors are zero, and so are both sides");
    Wrong.when(
        left < right * (1 - 1e-12),
        "%s: the inequality holds; vectors that oppose each other help" + " it",
        both);
    Wrong.when(
        left < right * (1 + 1e-9),
        "%s: for orthogonal vectors that is Pythagoras, and both sides are equal",
        both);
    return Verdict.right(
        "%s: the triangle inequality is about norms. Squares of k equal vectors are k times too"
            + " small",
        both);
  }

  private static double squared(double... vector) {
    return Arrays.stream(vector).map(x -> x * x).sum();
  }

  private static Verdict golf(Answer answer, Draw draw) {
    Counterexample given = answer.as(Counterexample.class);
    Wrong.when(
        given.removed() == null || given.kept() == null || given.input() == null,
        "removed, kept and input: expected arrays, got null");
    Wrong.when(given.removed().length == 0, "nothing is removed, and so nothing is lost");
    Wrong.when(given.input().length == 0 || squared(given.input()) == 0, "the input is zero");
    states(given.removed());
    states(given.kept());
    double[] u = Arrays.copyOf(given.input(), given.input().length + RINGING);
    double[] kept = response(given.kept(), u);
    double[] removed = response(given.removed(), u);
    double left = 0;
    for (int k = 0; k < u.length; k++) {
      double gap = GELU.apply(kept[k] + removed[k]) - GELU.apply(kept[k]);
      left += gap * gap;
    }
    double norms = 0;
    for (double[] state : given.removed()) {
      norms += Math.pow(state[1] / (1 - Math.abs(state[0])), 2);
    }
    double right = norms * squared(u);
    String both = Text.of("the loss is %.4g, and Eq. 4 allows %.4g", left, right);
    Wrong.when(Double.isNaN(left) || Double.isInfinite(right), "numbers too large to compare");
    Wrong.when(
        left <= right * (1 + 1e-9) && given.removed().length == 1,
        "%s. One removed state has no cross term; either remove two, or bring the GELU to its"
            + " steep part by a kept one",
        both);
    Wrong.when(
        left <= right * (1 + 1e-9) && poles(given.removed()) > 0.5,
        "%s: Eq. 4 is tight only in step with the pole, for long. A pole at 0 has no memory: its"
            + " norm is reached in one step",
        both);
    Wrong.when(
        left <= right * (1 + 1e-9),
        "%s: Eq. 4 holds here. Do the removed states push into the same direction, where the GELU"
            + " lets it through?",
        both);
    int steps = given.input().length;
    return steps > 1
        ? Verdict.partly(0.5, "%s: a counterexample, in %d steps. Par is one", both, steps)
        : Verdict.right("%s: a counterexample in one step", both);
  }

  private static double poles(double[]... states) {
    return Arrays.stream(states).mapToDouble(state -> Math.abs(state[0])).max().orElse(0);
  }

  private static void states(double[]... states) {
    for (double[] state : states) {
      Wrong.unless(
          state != null && state.length == 2, "a state is a row of two numbers, {pole, gain}");
      Wrong.unless(
          Math.abs(state[0]) < 1,
          "a pole of %s is not stable, and Eq. 5 does not apply to it: take it inside (-1, 1)",
          state[0]);
      Wrong.unless(Double.isFinite(state[1]), "a gain is not finite");
    }
  }

  private static double[] response(double[][] states, double... u) {
    double[] y = new double[u.length];
    for (double[] state : states) {
      double x = 0;
      for (int k = 0; k < u.length; k++) {
        x = state[0] * x + u[k];
        y[k] += state[1] * x;
      }
    }
    return y;
  }

  private static Verdict gelu(Answer answer, Draw draw) {
    double[] pair = answer.numbers(2);
    double apart = pair[0] - pair[1];
    Wrong.when(apart == 0, "two equal numbers have no ratio");
    Wrong.when(
        Math.abs(apart) < 1e-3,
        "less than 0.001 apart: there the digits of the GELU begin to count");
    double slope = (GELU.apply(pair[0]) - GELU.apply(pair[1])) / apart;
    double ratio = slope * slope;
    Wrong.when(
        ratio < 0.05, "|σ(a) - σ(b)|²/|a - b|² = %.3g: on this side the GELU is flat", ratio);
    Wrong.when(
        ratio <= 1,
        "|σ(a) - σ(b)|²/|a - b|² = %.4g: no counterexample yet. Where is the slope above 1?",
        ratio);
    Wrong.when(
        ratio <= 1.27,
        "|σ(a) - σ(b)|²/|a - b|² = %.4g: the GELU is not 1-Lipschitz, and the steepest place gives"
            + " 1.274; there its second derivative is 0",
        ratio);
    return Verdict.right("|σ(a) - σ(b)|²/|a - b|² = %.4g: the GELU is not 1-Lipschitz", ratio);
  }

  private static Verdict layers(Answer answer, Draw draw) {
    double[] given = answer.numbers(4);
    double kept = given[0];
    double removed = given[1];
    double second = given[2];
    double u = given[3];
    Wrong.when(removed * second * u == 0, "a factor is 0, and so are both sides");
    Wrong.when(
        Math.abs(removed * u) < 1e-3,
        "the removed part is below 0.001: there the digits of the GELU begin to count");
    double whole = GELU.apply((kept + removed) * u);
    double pruned = GELU.apply(kept * u);
    double left = Math.pow(GELU.apply(second * whole) - GELU.apply(second * pruned), 2);
    double ratio = left / Math.pow(removed * second * u, 2);
    String both = Text.of("the loss is %.4g times the right side of Eq. 8", ratio);
    Wrong.when(
        ratio <= 1,
        "%s: it holds here. Each GELU has a steep place at √2; where does kept·u put the first?",
        both);
    return ratio <= 1.6
        ? Verdict.partly(
            0.5,
            "%s: a counterexample. Two nonlinearities can give 1.62: put the second on its steep"
                + " place, too",
            both)
        : Verdict.right("%s: a factor 1.27 for each of two nonlinearities", both);
  }
}
