package io.github.last4j.lab;

import io.github.last4j.bound.Nonlinearity;
import java.util.Arrays;

/**
 * Exercise 3.5: a bound on the energy that a layer's output loses behind the GELU, whatever states
 * are kept. An adversary looks for a layer and an input that lose more.
 */
final class ValidBound {
  private static final Nonlinearity GELU = Nonlinearity.GELU;
  private static final double SLOPE = GELU.slope();

  /** What an adversary found: states that are removed, the energy of an input, and the loss. */
  private record Case(Channel removed, double energy, double loss, String what) {}

  private ValidBound() {}

  static Verdict judge(Answer answer, Draw draw) {
    double closest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 60; i++) {
      Case found = adversary(draw, i);
      double bound = value(answer, found.removed(), found.energy());
      Wrong.when(
          bound < found.loss() * (1 - 1e-9),
          "broken: %s lose %.4g, and the bound says %.4g. %s",
          found.what(),
          found.loss(),
          bound,
          reason(answer, draw));
      closest = Math.min(closest, bound / found.loss());
    }
    for (int i = 0; i < 10; i++) {
      Channel removed = Channel.of(draw.channel(1 + draw.below(3)));
      double sum = 4 * square(total(removed)) * square(SLOPE);
      Wrong.when(
          value(answer, removed, 1) > 100 * sum,
          "true, and says nothing: for some layers it is more than 100 times (L·Σ2‖Gᵢ‖)²‖u‖²");
    }
    return Verdict.right(
        "it survives the search, which came to within a factor of %.3g of it", closest);
  }

  private static double value(Answer answer, Channel removed, double energy) {
    double[][] copy = Arrays.stream(removed.states()).map(double[]::clone).toArray(double[][]::new);
    return answer.number(copy, energy);
  }

  private static double total(Channel removed) {
    return Arrays.stream(removed.norms()).sum();
  }

  private static double square(double x) {
    return x * x;
  }

  /** Which of the known bounds that fail this is. */
  private static String reason(Answer answer, Draw draw) {
    Channel removed = Channel.of(draw.channel(3));
    double bound = value(answer, removed, 1);
    double squares = Arrays.stream(removed.norms()).map(ValidBound::square).sum();
    double sum = square(total(removed));
    double slopes = square(SLOPE);
    if (near(bound, squares) || near(bound, 2 * squares)) {
      return "This is Eq. 4: two equal states push twice as far, which is four times the energy";
    }
    if (near(bound, slopes * squares)
        || near(bound, 2 * slopes * squares)
        || near(bound, 4 * squares)
        || near(bound, 4 * slopes * squares)) {
      return "It sums squares: with k equal states the square of the sum is k times as large";
    }
    if (near(bound, sum) || near(bound, slopes * sum)) {
      return "A stored state is a conjugate pair, whose norm is up to 2‖Gᵢ‖";
    }
    if (near(bound, 4 * sum)) {
      return "Nearly: behind the GELU differences grow by up to L = 1.1289, squared";
    }
    double form = bound / (4 * slopes * sum);
    if (form < 1 && form > 0.99) {
      return "The right form, with a constant that was rounded down: L is 1.128904..., L² 1.27443";
    }
    if (near(bound, 4 * SLOPE * sum)) {
      return "Nearly: energies are squares, and so is the factor L² of the GELU";
    }
    if (near(value(answer, removed, 4) / bound, 16)) {
      return "‖u‖² is what you are given: it need not be squared";
    }
    if (near(value(answer, removed, 4) / bound, 1)) {
      return "It does not depend on ‖u‖²";
    }
    return "How far can the removed states push together, and how much does the GELU add?";
  }

  private static boolean near(double a, double b) {
    return Math.abs(a / b - 1) < 1e-6;
  }

  private static Case adversary(Draw draw, int round) {
    return switch (round % 3) {
      case 0 -> atOnce(draw);
      case 1 -> inStep(draw);
      default -> anything(draw);
    };
  }

  /** Equal states without memory, one step, and a kept state that brings the GELU to √2. */
  private static Case atOnce(Draw draw) {
    int count = 1 + draw.below(6);
    double[][] states = new double[count][];
    double gain = draw.log(0.1, 10);
    Arrays.setAll(states, i -> new double[] {0, 0, gain, 0});
    Channel removed = Channel.of(states);
    double u = draw.log(1e-3, 0.1) / gain;
    double push = removed.response(u)[0];
    double from = Math.sqrt(2) - push / 2;
    double loss = square(GELU.apply(from + push) - GELU.apply(from));
    return new Case(
        removed, u * u, loss, Text.of("%d equal states without memory, in one step,", count));
  }

  /** Slow states at frequency 0, pushed for long; kept states hold the GELU at √2. */
  private static Case inStep(Draw draw) {
    int count = 1 + draw.below(4);
    double[][] states = new double[count][];
    double gain = draw.log(0.1, 10);
    double pole = draw.between(0.5, 0.95);
    Arrays.setAll(states, i -> new double[] {pole, 0, gain, 0});
    Channel removed = Channel.of(states);
    int steps = 2000;
    double u = draw.log(1e-3, 0.02) * (1 - pole) / gain;
    double[] input = new double[steps];
    Arrays.fill(input, u);
    double loss = 0;
    for (double push : removed.response(input)) {
      double from = Math.sqrt(2);
      loss += square(GELU.apply(from + push) - GELU.apply(from));
    }
    return new Case(
        removed,
        steps * u * u,
        loss,
        Text.of("%d equal slow states, pushed for 2,000 steps,", count));
  }

  /** Any states at the frequency of their peak, without kept ones, at any amplitude. */
  private static Case anything(Draw draw) {
    Channel removed = Channel.of(draw.channel(1 + draw.below(4)));
    double theta = removed.norm(1e-3).peakFrequency();
    double size = draw.log(0.01, 100);
    double[] input = new double[1500];
    Arrays.setAll(input, k -> k < 1000 ? size * Math.cos(theta * k) : 0);
    double loss = 0;
    for (double push : removed.response(input)) {
      loss += square(GELU.apply(push));
    }
    double energy = Arrays.stream(input).map(ValidBound::square).sum();
    return new Case(removed, energy, loss, "random states at the frequency of their peak");
  }
}
