package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Models;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Lab 6: one's own criterion against LAST. The checks use seeds 0 and 1 of the models and
 * validation data; grading uses what students do not get to see.
 */
final class BeatLast {
  private static final double[] RATIOS = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
  private static final int DIGITS = 100;
  private static final int CALIBRATION = 20;

  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of("6.1", 6, "a criterion that sees no data", "mine", BeatLast::noData)
              .within(120),
          Exercise.of("6.2", 6, "20 digits without labels", "calibrated", BeatLast::calibrated)
              .within(120),
          Exercise.of(
                  "6.3",
                  5,
                  "the certified energy of what is removed",
                  "certified",
                  BeatLast::certified)
              .within(120));

  private BeatLast() {}

  private static Verdict noData(Answer answer, Draw draw) throws IOException {
    return against("smnist14-slow-s5", draw, digits -> criterion(answer));
  }

  private static Verdict calibrated(Answer answer, Draw draw) throws IOException {
    return against("smnist14-s5", draw, digits -> answer.as(Pruning.class, digits));
  }

  /** A function of a layer is an importance; a criterion is taken as it is. */
  private static Criterion criterion(Answer answer) {
    if (answer.isValue()) {
      return answer.as(Criterion.class);
    }
    return Criterion.of("mine", layer -> scores(answer, layer));
  }

  private static double[] scores(Answer answer, DiscreteSsm layer) {
    double[] scores = answer.numbers(layer.states(), layer);
    Wrong.when(
        scores.length > 1 && Arrays.stream(scores).distinct().count() == 1,
        "all states of a layer get the same number: nothing is ranked");
    return scores;
  }

  /** Gives a way to prune for sequences without labels. */
  @FunctionalInterface
  private interface Method {
    Pruning on(SequenceData digits);
  }

  private static Verdict against(String kind, Draw draw, Method method) throws IOException {
    boolean grading = draw.isGrading();
    Pruning mine = method.on(unlabelled(draw));
    SequenceData digits =
        Task.SMNIST14
            .data(grading ? Split.TEST : Split.VALIDATION)
            .shuffled(grading ? draw.below(1000) : 0)
            .take(DIGITS);
    double sum = 0;
    List<String> texts = new ArrayList<>();
    boolean same = true;
    int[] seeds = grading ? new int[] {2, draw.below(2)} : new int[] {0, 1};
    for (int seed : seeds) {
      try (SequenceClassifier model = Models.load(kind, seed)) {
        double[] own = curve(mine, model, digits);
        double[] last = curve(Criterion.LAST, model, digits);
        same &= Arrays.equals(own, last);
        double gap = 100 * (mean(own) - mean(last));
        sum += gap / seeds.length;
        texts.add(Text.of("%.1f for %.1f (%+.1f)", 100 * mean(own), 100 * mean(last), gap));
      }
    }
    String all = "mean accuracy from 30 to 90 %, yours for LAST's: " + String.join(", ", texts);
    Wrong.when(same, "%s: the same at every ratio, so this ranks as LAST does", all);
    Wrong.when(sum < -25, "%s: far below. Is it the wrong way round? Higher is worth more", all);
    Wrong.unless(sum > 0, "%s: not better on average", all);
    return Verdict.right(all).withScore(sum);
  }

  /** Digits of the training data, every label 0. */
  private static SequenceData unlabelled(Draw draw) throws IOException {
    SequenceData digits =
        Task.SMNIST14.data(Split.TRAIN).shuffled(draw.below(1000)).take(CALIBRATION);
    return SequenceData.of(
        "calibration",
        digits.checksum(),
        digits.length(),
        digits.channels(),
        digits.classes(),
        digits.inputs(),
        new int[CALIBRATION]);
  }

  private static double mean(double... values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double[] curve(Pruning pruning, SequenceClassifier model, SequenceData digits) {
    DoubleFunction<SequenceClassifier> of = pruning.of(model, 0);
    int total = model.config().pairs().stream().mapToInt(Integer::intValue).sum();
    double[] curve = new double[RATIOS.length];
    for (int i = 0; i < RATIOS.length; i++) {
      try (SequenceClassifier smaller = of.apply(RATIOS[i])) {
        int left = smaller.config().pairs().stream().mapToInt(Integer::intValue).sum();
        int allowed = (int) Math.floor(total * (1 - RATIOS[i]) + 1e-9);
        Wrong.when(
            left > Math.max(allowed, model.config().pairs().size()),
            "at a ratio of %.1f it leaves %d states, and may leave %d of %d",
            RATIOS[i],
            left,
            allowed,
            total);
        curve[i] = Evaluation.of(smaller, digits).accuracy();
      }
    }
    return curve;
  }

  private static Verdict certified(Answer answer, Draw draw) throws IOException {
    boolean grading = draw.isGrading();
    double sum = 0;
    List<String> texts = new ArrayList<>();
    String[] kinds = {"smnist14-s5", grading ? "smnist14-s5" : "psmnist-s5"};
    for (int k = 0; k < kinds.length; k++) {
      try (SequenceClassifier model = Models.load(kinds[k], grading ? k : 0);
          NDManager scratch = NDManager.newBaseManager()) {
        DiscreteSsm layer = model.discreteSystem(scratch, 0).withoutFeedthrough();
        double own = removed(layer, scores(answer, layer));
        double last = removed(layer, StateNorms.logHinf(layer));
        sum += Math.log(last / own) / kinds.length;
        texts.add(Text.of("%.4g for %.4g", own, last));
      }
    }
    String all =
        "certified norm of the removed half of layer 1, yours for LAST's: "
            + String.join(", ", texts);
    Wrong.when(Math.abs(sum) < 1e-9, "%s: the same half goes. Eq. 5 is for one of a pair", all);
    Wrong.when(
        sum < -Math.log(2), "%s: far above. Is it the wrong way round? Higher is worth more", all);
    Wrong.unless(sum > 0, "%s: more energy can get lost than with LAST", all);
    return Verdict.right(all).withScore(100 * sum);
  }

  /** The certified norm of the half of the states with the lowest scores. */
  private static double removed(DiscreteSsm layer, double... scores) {
    StateSet kept = Scope.UNIFORM.select(List.of(scores), 0.5).layer(0);
    return SystemNorms.hinf(layer.keep(kept.complement()), 1e-4).upper();
  }
}
