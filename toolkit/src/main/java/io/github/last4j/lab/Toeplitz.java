package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.WorstCaseInput;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;

/** Exercise 5.5: the most that an input of L steps can gain within them, from below and above. */
final class Toeplitz {
  private static final int ITERATIONS = 1000;

  private Toeplitz() {}

  static Verdict judge(Answer answer, Draw draw) {
    double ratio = 1;
    for (int i = 0; i < 4; i++) {
      double[][] states = draw.channel(1 + draw.below(3));
      // A memory beyond the horizon, so that the norm of all time is another one.
      states[0][0] = 1 - draw.log(1e-4, 2e-3);
      Channel channel = Channel.of(states);
      double one = answer.number(copy(states), 1);
      double first = 2 * Math.abs(Arrays.stream(states).mapToDouble(state -> state[2]).sum());
      Wrong.unless(
          Math.abs(one - first) < 1e-9,
          "for one step the operator is the number 2·Re ΣCB̄, so its norm is %.4g, and not %.4g",
          first,
          one);
      int length = 40 + draw.below(40);
      double found = answer.number(copy(states), length);
      HinfNorm norm = channel.norm(1e-6);
      double[] impulse = new double[length];
      impulse[0] = 1;
      double[] kernel = channel.response(impulse);
      known(channel, norm, found, kernel);
      double least = reached(channel, norm.peakFrequency(), length);
      Wrong.unless(
          found > least * (1 - 1e-4),
          "an input of %d steps gains %.4g, and your norm is only %.4g",
          length,
          least,
          found);
      Wrong.unless(
          found < least * 1.01,
          "%.4g is a bound, but not the norm: no input of %d steps gains more than about %.4g",
          found,
          length,
          least);
      ratio = Math.min(ratio, found / norm.upper());
    }
    return Verdict.right(
        "the largest singular value of the Toeplitz matrix, here down to %.2g of the H∞ norm",
        ratio);
  }

  private static double[][] copy(double[]... states) {
    return Arrays.stream(states).map(double[]::clone).toArray(double[][]::new);
  }

  private static void known(Channel channel, HinfNorm norm, double found, double... kernel) {
    Wrong.when(
        Math.abs(found / norm.upper() - 1) < 1e-3,
        "this is the H∞ norm, of all time; the matrix has L rows and columns");
    Wrong.when(
        near(found, Arrays.stream(kernel).map(Math::abs).sum()),
        "Σ|K| is a bound for the norm (Young), and reached only if all signs agree");
    Wrong.when(
        near(found, Math.sqrt(Arrays.stream(kernel).map(x -> x * x).sum())),
        "this is what an impulse gains");
    double frobenius = 0;
    for (int k = 0; k < kernel.length; k++) {
      frobenius += (kernel.length - k) * kernel[k] * kernel[k];
    }
    Wrong.when(
        near(found, Math.sqrt(frobenius)),
        "this is the Frobenius norm, the root of the sum of all squared singular values");
    double sum = 0;
    for (double[] state : channel.states()) {
      sum +=
          2
              * Math.hypot(state[2], state[3])
              * -Math.expm1(kernel.length * Math.log(state[0]))
              / (1 - state[0]);
    }
    Wrong.when(
        near(found, sum), "that is the sum of the states' norms within L: a bound for the whole");
  }

  private static boolean near(double a, double b) {
    return Math.abs(a / b - 1) < 1e-6;
  }

  private static double reached(Channel channel, double theta, int length) {
    try (NDManager manager = NDManager.newBaseManager()) {
      DiscreteSsm ssm = channel.in(manager);
      return WorstCaseInput.gainWithinSteps(ssm, theta, length, ITERATIONS);
    }
  }
}
