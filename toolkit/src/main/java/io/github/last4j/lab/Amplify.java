package io.github.last4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.norm.EnergyGain;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.PairNorm;
import io.github.last4j.norm.WorstCaseInput;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;

/** Lab 2: how much a layer can amplify. */
final class Amplify {
  private static final int STEPS = 784;
  private static final int GRID = 1000;

  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of("2.1", 3, "Eq. 5 of every state, by hand", "eq5", Eq5::judge)
              .without("hinfNorm", "StateNorms", "PairNorm", "SystemNorms"),
          Exercise.of("2.2", 4, "the norm of a channel on a grid", "gridNorm", Amplify::grid)
              .without("SystemNorms", "FrequencyResponse", "HamiltonianHinf"),
          Exercise.of("2.3", 3, "pairs with 2, 1 and 0 times Eq. 5", "pairs", Amplify::pairs),
          Exercise.of(
              "2.4",
              3,
              "a peak that a grid of 1,000 points misses by half",
              "missed",
              Amplify::missed),
          Exercise.of("2.5", 4, "the strongest input of 784 steps", "strongest", Amplify::strongest)
              .within(40)
              .with(draw -> Channel.flat(draw.channel(4))));

  private Amplify() {}

  private static Verdict grid(Answer answer, Draw draw) {
    for (int i = 0; i < 6; i++) {
      double[][] states = draw.channel(1 + draw.below(4));
      if (i % 2 == 1) {
        states[0] = new double[] {0.97, draw.between(2.6, 3.1), 3, 1};
      }
      Channel channel = Channel.of(states);
      HinfNorm norm = channel.norm(1e-6);
      double found = answer.number(states, 2001);
      double single = 0;
      for (int k = 0; k <= 2000; k++) {
        single = Math.max(single, channel.transfer(Math.PI * k / 2000, false).abs());
      }
      double sum = Arrays.stream(channel.norms()).sum();
      Wrong.when(
          near(found, single) && !near(single, norm.upper()),
          "the conjugates are missing: a channel's G is Σ CB̄/(1 - λ̄e^(-jθ)) + its conjugates'");
      Wrong.when(
          near(found, 2 * single) && !near(2 * single, norm.upper()),
          "twice the stored states' sum is not the sum with their conjugates, whose poles lie"
              + " elsewhere");
      Wrong.when(
          near(found, 2 * sum) && !near(2 * sum, norm.upper()),
          "the sum of the norms is an upper bound; the gains meet at one θ, with their signs");
      Wrong.when(
          near(found, norm.upper() * norm.upper()) && norm.upper() > 1.1,
          "this is the square of the gain");
      Wrong.when(
          found > norm.upper() * (1 + 1e-9),
          "%.4g is more than the certified norm, %.4g: no gain is",
          found,
          norm.upper());
      Wrong.when(
          found < norm.lower() * 0.98,
          "%.4g misses the peak %.4g, which is at θ = %.2f: does the grid go from 0 to π, and are"
              + " sums taken before absolute values?",
          found,
          norm.lower(),
          norm.peakFrequency());
      double coarse = answer.number(states, 3);
      Wrong.when(
          coarse > channel.onGrid(3) * 1.2 && coarse > 0.97 * norm.lower(),
          "with 3 points it finds what only 2,001 can: it does not use the number of points");
    }
    return Verdict.right("a grid is a lower bound; here it comes within 2 % of the certified norm");
  }

  private static boolean near(double a, double b) {
    return Math.abs(a / b - 1) < 1e-6;
  }

  private static Verdict pairs(Answer answer, Draw draw) {
    double[][] pairs = answer.rows(4);
    Wrong.unless(
        pairs.length == 3,
        "expected three rows {|λ̄|, arg λ̄, Re CB̄, Im CB̄}, got %d",
        pairs.length);
    double[] ratios = new double[3];
    for (int i = 0; i < 3; i++) {
      Wrong.when(pairs[i][2] == 0 && pairs[i][3] == 0, "CB̄ = 0 is no pair: Eq. 5 is 0, too");
      Channel.of(pairs[i]);
      try (NDManager manager = NDManager.newBaseManager()) {
        DiscreteSsm pair = DiscreteSsm.singleChannel(manager, pairs[i]);
        ratios[i] = PairNorm.of(pair, 1e-6).get(0).ratio();
      }
    }
    String all = Text.of("the ratios are %.3f, %.3f and %.3f", ratios[0], ratios[1], ratios[2]);
    Wrong.unless(
        ratios[0] > 1.99,
        "%s; for 2 both members of the pair must peak at one frequency, where neither turns",
        all);
    Wrong.when(
        Math.abs(ratios[1] - 1) > 0.01,
        "%s; for 1 the other member must be silent where one peaks: far away, and both narrow",
        all);
    Wrong.when(
        ratios[2] > 0.01,
        "%s; for 0 the members must cancel: the same pole, and opposite CB̄. What is 2·Re of an"
            + " imaginary number?",
        all);
    return Verdict.right("%s: Eq. 5 alone says nothing about what leaves with a pair", all);
  }

  private static Verdict missed(Answer answer, Draw draw) {
    double[][] states = answer.rows(4);
    Wrong.unless(
        states.length >= 1 && states.length <= 8, "expected 1 to 8 states, got %d", states.length);
    Channel channel = Channel.of(states);
    HinfNorm norm = channel.norm(1e-3);
    double grid = channel.onGrid(GRID);
    Wrong.when(norm.upper() == 0, "this layer has no output at all");
    double cell = norm.peakFrequency() * (GRID - 1) / Math.PI;
    Wrong.when(
        grid > 0.5 * norm.lower() && Math.abs(cell - Math.rint(cell)) < 0.05,
        "the grid sees %.0f %%: its angles are πk/999, and your peak at θ = %.4f is one of them",
        100 * grid / norm.lower(),
        norm.peakFrequency());
    Wrong.when(
        grid > 0.5 * norm.lower(),
        "the grid sees %.0f %% of the certified norm %.4g: a peak is about 1 - |λ̄| wide, and the"
            + " grid's spacing is 0.0031",
        100 * grid / norm.lower(),
        norm.lower());
    return Verdict.right(
        "the grid sees %.4g, and the norm is at least %.4g: a grid certifies nothing",
        grid, norm.lower());
  }

  private static Verdict strongest(Answer answer, Draw draw) {
    double[] u = answer.numbers(STEPS);
    Wrong.when(Arrays.stream(u).allMatch(x -> x == 0), "no answer yet: the input is all zero");
    try (NDManager manager = NDManager.newBaseManager()) {
      DiscreteSsm ssm = Channel.flat(4, draw).in(manager);
      double theta = Channel.flat(4, draw).norm(1e-6).peakFrequency();
      double most = WorstCaseInput.gainWithinSteps(ssm, theta, STEPS, 200);
      NDArray input = manager.create(u, new Shape(1, STEPS, 1));
      double share = EnergyGain.withinSteps(ssm, input)[0] / most;
      long used = Arrays.stream(u).filter(x -> x != 0).count();
      Wrong.when(
          share < 0.95 && used == 1,
          "an impulse gains %.0f %% of what is possible: it has all frequencies, and one is best",
          100 * share);
      Wrong.when(
          share < 0.95 && Arrays.stream(u).distinct().count() == 1,
          "a constant gains %.0f %% of what is possible: it is the frequency 0, and the peak is at"
              + " θ = %.2f",
          100 * share,
          theta);
      Wrong.when(
          share < 0.95,
          "this gains %.1f %% of what 784 steps allow: put all of it near the frequency of the"
              + " peak",
          100 * share);
      return share < 0.9999
          ? Verdict.partly(
              0.5,
              "%.2f %% of what 784 steps allow. The rest is in the shape: turn the output back in"
                  + " time, send it through again, and repeat (power iteration)",
              100 * share)
          : Verdict.right("%.3f %% of what a power iteration reaches", 100 * share);
    }
  }
}
