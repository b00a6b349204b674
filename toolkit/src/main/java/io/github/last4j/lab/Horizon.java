package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Models;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Rescaling;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.DiscreteSsm;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Lab 5: norms of all time, and sequences of 196 steps. */
final class Horizon {
  private static final String MODEL = "smnist14-s4d";
  private static final int LENGTH = 196;
  private static final double HALF = 0.5;

  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of(
                  "5.1", 2, "how many states LAST leaves in each layer", "counts", Horizon::counts)
              .within(60),
          Exercise.of("5.2", 2, "the state that does it", "culprit", Horizon::culprit).within(60),
          Exercise.of("5.3", 3, "1 - |λ̄|^L from 1 - |λ̄|", "reached", Horizon::reached),
          Exercise.of(
                  "5.4", 4, "norms within 196 steps repair the choice", "finite", Horizon::repaired)
              .without("within", "Within")
              .within(90),
          Exercise.of(
                  "5.5", 4, "the norm of the finite Toeplitz operator", "toeplitz", Toeplitz::judge)
              .without("WorstCaseInput", "EnergyGain")
              .within(60),
          Exercise.of(
                  "5.6",
                  3,
                  "what the three criteria gain by counting steps",
                  "gains",
                  Horizon::gains)
              .with(draw -> new double[] {draw.below(3), 0.4 + 0.1 * draw.below(4)})
              .within(90),
          Exercise.of("5.7", 4, "a model trained with another Δ", "trained", Horizon::trained)
              .within(60));

  private Horizon() {}

  private static Verdict counts(Answer answer, Draw draw) throws IOException {
    double[] found = answer.numbers(4);
    int[] last = counts(Criterion.LAST);
    Wrong.when(
        same(found, counts(Criterion.LAST.within(LENGTH))),
        "these are the counts within 196 steps, after the repair");
    Wrong.when(same(found, counts(Criterion.GLOBAL_HINF)), "these are the counts of Global H∞");
    int[] gone = Arrays.stream(last).map(kept -> 1024 - kept).toArray();
    Wrong.when(same(found, gone), "these go; asked for are those that stay");
    Wrong.unless(
        Arrays.stream(found).sum() == 2048,
        "half of 4 × 1,024 states stay: the four numbers must add up to 2,048, not %.0f",
        Arrays.stream(found).sum());
    Wrong.unless(same(found, last), "that adds up, but LAST leaves others: see the choice of LAST");
    return Verdict.right("a layer with one state has forgotten what it read: 16.9 % of the digits");
  }

  private static int[] counts(Criterion criterion) throws IOException {
    try (SequenceClassifier model = Models.load(MODEL, 1);
        NDManager scratch = NDManager.newBaseManager()) {
      return criterion.select(model.discreteSystems(scratch), HALF).layers().stream()
          .mapToInt(layer -> layer.count())
          .toArray();
    }
  }

  private static boolean same(double[] found, int... expected) {
    return IntStream.range(0, expected.length).allMatch(i -> found[i] == expected[i]);
  }

  private static Verdict culprit(Answer answer, Draw draw) throws IOException {
    double[] found = answer.numbers(2);
    try (SequenceClassifier model = Models.load(MODEL, 1);
        NDManager scratch = NDManager.newBaseManager()) {
      DiscreteSsm first = model.discreteSystem(scratch, 0);
      double[] norms = StateNorms.logHinf(first);
      double[] memory = first.timeConstants();
      int loudest = highest(norms);
      int state = (int) found[0];
      Wrong.unless(
          state == found[0] && state >= 0 && state < norms.length,
          "the first number is the index of a state, from 0 to %d",
          norms.length - 1);
      Wrong.when(
          state == loudest + 1 && norms[state] < norms[loudest],
          "close: states are counted from 0");
      Wrong.when(
          state == highest(memory) && state != loudest,
          "that one remembers longest; which one has the largest norm, and so the largest"
              + " denominators below it?");
      Wrong.unless(
          state == loudest,
          "state %d has a norm of %.3g, and the largest of layer 1 is %.3g",
          state,
          Math.exp(norms[state]),
          Math.exp(norms[loudest]));
      Wrong.unless(
          Math.abs(found[1] / memory[state] - 1) < 0.01,
          "the right state; its time constant is -1/ln|λ̄| steps, of the discrete pole, and not"
              + " %.4g",
          found[1]);
      return Verdict.right(
          "it adds up over %.3g steps what it gets in 196: its norm is of a time that never comes",
          memory[state]);
    }
  }

  private static int highest(double... values) {
    return IntStream.range(0, values.length).reduce(0, (a, b) -> values[b] > values[a] ? b : a);
  }

  private static Verdict reached(Answer answer, Draw draw) {
    for (int i = 0; i < 20; i++) {
      double margin = draw.log(1e-3, 0.9);
      int length = 2 + draw.below(200);
      double one = answer.number(margin, 1);
      Wrong.when(
          Math.abs(one - (1 - margin)) < 1e-12 && Math.abs(margin - 0.5) > 1e-6,
          "after one step this is |λ̄|: asked for is 1 less that");
      Wrong.when(Math.abs(one) < 1e-15, "after one step it is 0: the exponent is one too small");
      Wrong.unless(
          Math.abs(one / margin - 1) < 1e-9,
          "after one step it must be 1 - |λ̄| itself: %.4g, and is %.4g",
          margin,
          one);
      double first = answer.number(margin, length);
      double more = answer.number(margin, 7);
      double both = answer.number(margin, length + 7);
      Wrong.unless(
          Math.abs(both - (first + more - first * more)) < 1e-12,
          "what is left after L + M steps is what L leave times what M leave, and that fails for"
              + " L = %d, M = 7 by %.2g",
          length,
          Math.abs(both - (first + more - first * more)));
    }
    for (double margin : new double[] {1e-9, 1e-13, 1e-16}) {
      // L(1-|λ̄|) less a part of the size of its square, which these margins make small.
      double error = Math.abs(answer.number(margin, LENGTH) / (LENGTH * margin) - 1);
      Wrong.when(
          error > 200 * margin + 1e-12,
          "right, but at 1 - |λ̄| = %.0e it is off by %.1g of itself: powers of a number near 1"
              + " cancel; expm1 and log1p don't",
          margin,
          error);
    }
    return Verdict.right("-expm1(L·log1p(-(1 - |λ̄|))): slow states have done L of their steps");
  }

  private static Verdict repaired(Answer answer, Draw draw) throws IOException {
    try (SequenceClassifier model = Models.load(MODEL, 1);
        NDManager scratch = NDManager.newBaseManager()) {
      List<DiscreteSsm> layers = model.discreteSystems(scratch);
      double[] found = answer.numbers(layers.get(0).states(), layers.get(0));
      Wrong.when(
          Arrays.stream(found).anyMatch(x -> x < 0),
          "norms are asked for, not logarithms: a number is negative");
      double[] norms = StateNorms.values(layers.get(0));
      double[] margin = ComplexArray.doubles(layers.get(0).margin());
      boolean asBefore = true;
      for (int i = 0; i < norms.length; i++) {
        asBefore &= Math.abs(found[i] / norms[i] - 1) < 1e-9;
      }
      Wrong.when(asBefore, "these are the norms of Eq. 5, which left one state in layer 1");
      for (int i = 0; i < norms.length; i++) {
        double most = norms[i] * Math.min(1, LENGTH * margin[i]);
        Wrong.when(
            found[i] > most * (1 + 1e-9),
            "state %d: %.4g, but within 196 steps ‖C‖‖B̄‖Σ|λ̄|ᵏ is at most %.4g",
            i,
            found[i],
            most);
        Wrong.when(
            found[i] < most * 0.6,
            "state %d: %.4g, but within 196 steps ‖C‖‖B̄‖Σ|λ̄|ᵏ is at least %.4g",
            i,
            found[i],
            0.63 * most);
      }
      Criterion mine =
          new Criterion(
              "mine",
              layer -> answer.numbers(layer.states(), layer),
              Rescaling.LAYER_ENERGY,
              Scope.GLOBAL);
      SequenceData digits = digits(draw, 100);
      double before = accuracy(Criterion.LAST, model, digits);
      double after = accuracy(mine, model, digits);
      Wrong.unless(
          after > 0.9,
          "at 50 %% the model has %.0f %% of the digits; 90 are asked for",
          100 * after);
      return Verdict.right(
          "at 50 %%: %.0f %% of 100 validation digits before, %.0f %% after",
          100 * before, 100 * after);
    }
  }

  private static SequenceData digits(Draw draw, int count) throws IOException {
    return Task.SMNIST14.data(Split.VALIDATION).shuffled(draw.below(1000)).take(count);
  }

  private static double accuracy(
      Criterion criterion, SequenceClassifier model, SequenceData digits) {
    return accuracy(criterion, model, HALF, digits);
  }

  private static double accuracy(
      Criterion criterion, SequenceClassifier model, double ratio, SequenceData digits) {
    try (SequenceClassifier smaller = criterion.prune(model, ratio)) {
      return Evaluation.of(smaller, digits).accuracy();
    }
  }

  private static Verdict gains(Answer answer, Draw draw) throws IOException {
    double[][] found = answer.rows(2);
    Wrong.unless(
        found.length == 3, "expected three rows {all time, within 196}, got %d", found.length);
    Wrong.when(
        Arrays.stream(found).flatMapToDouble(Arrays::stream).anyMatch(x -> x > 1),
        "accuracies are shares, from 0 to 1, not percent");
    SequenceData digits = Task.SMNIST14.data(Split.VALIDATION).take(100);
    double ratio = draw.own(1);
    try (SequenceClassifier model = Models.load("smnist14-slow-s5", (long) draw.own(0))) {
      double[][] measured = new double[3][2];
      for (int i = 0; i < 3; i++) {
        Criterion criterion = Criterion.HINF.get(i);
        measured[i][0] = accuracy(criterion, model, ratio, digits);
        measured[i][1] = accuracy(criterion.within(LENGTH), model, ratio, digits);
      }
      boolean exchanged = true;
      for (int i = 0; i < 3; i++) {
        exchanged &= near(found[i][0], measured[i][1]) && near(found[i][1], measured[i][0]);
      }
      Wrong.when(exchanged, "the columns are exchanged: all time first, within 196 second");
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
          Wrong.unless(
              near(found[i][j], measured[i][j]),
              "%s%s has %.2f on the first 100 validation digits at a ratio of %.1f, and not %.2f:"
                  + " is it your model, your ratio, and the rows Uniform H∞, Global H∞, LAST?",
              Criterion.HINF.get(i).title(),
              j == 0 ? "" : " within 196",
              measured[i][j],
              ratio,
              found[i][j]);
        }
      }
      return Verdict.right(
          "Uniform H∞ gains %+.0f points, Global H∞ %+.0f, LAST %+.0f: compare like with like",
          100 * (measured[0][1] - measured[0][0]),
          100 * (measured[1][1] - measured[1][0]),
          100 * (measured[2][1] - measured[2][0]));
    }
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) < 0.015;
  }

  private static Verdict trained(Answer answer, Draw draw) throws IOException {
    SequenceClassifier model = answer.as(SequenceClassifier.class);
    try (NDManager scratch = NDManager.newBaseManager()) {
      double longer = 0;
      double all = 0;
      for (DiscreteSsm layer : model.discreteSystems(scratch)) {
        longer += Arrays.stream(layer.timeConstants()).filter(steps -> steps > LENGTH).count();
        all += layer.states();
      }
      Wrong.when(
          all > 100,
          "it has %.0f states, and a small one is asked for: at most 100, trained by yourself",
          all);
      double accuracy = Evaluation.of(model, digits(draw, 200)).accuracy();
      Wrong.when(
          accuracy < 0.2,
          "it reads %.0f %% of the digits, which is chance: was it trained?",
          100 * accuracy);
      Wrong.when(
          longer / all > 0.1,
          "%.0f %% of its states remember longer than the 196 steps: a larger least Δ, near 2/L,"
              + " shortens that",
          100 * longer / all);
      Wrong.when(
          accuracy < 0.4,
          "it reads %.0f %% of the digits, and 40 are asked for: more digits or epochs",
          100 * accuracy);
      return Verdict.right(
          "%.0f %% of the digits, and %.0f %% of its states remember longer than a digit",
          100 * accuracy, 100 * longer / all);
    }
  }
}
