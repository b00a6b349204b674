package io.github.last4j.lab;

import java.util.Arrays;
import org.apache.commons.math3.complex.Complex;

/**
 * Exercises 1.3 and 1.4: x(k) = λ̄x(k-1) + b̄u(k), y(k) = 2·Re(c·x(k)).
 *
 * <p>An impulse response of one pair obeys h(k+2) = 2Re(λ̄)h(k+1) - |λ̄|²h(k) and begins with
 * 2Re(cb̄) and 2Re(cλ̄b̄), which no other sequence does; the response to anything else is then a
 * sum of delayed impulse responses.
 */
final class Respond {
  private static final int STEPS = 24;

  /** Re and Im of λ̄, b̄ and c. */
  private record Pair(double[] numbers) {
    static Pair of(Draw draw) {
      double radius = draw.between(0.5, 0.97);
      double angle = draw.between(0.3, 2.8);
      return new Pair(
          new double[] {
            radius * Math.cos(angle),
            radius * Math.sin(angle),
            draw.normal(),
            draw.normal(),
            draw.normal(),
            draw.normal()
          });
    }

    Complex pole() {
      return new Complex(numbers[0], numbers[1]);
    }

    Complex gain() {
      return new Complex(numbers[2], numbers[3]).multiply(new Complex(numbers[4], numbers[5]));
    }
  }

  private Respond() {}

  static Verdict recurrence(Answer answer, Draw draw) {
    for (int i = 0; i < 8; i++) {
      Pair pair = Pair.of(draw);
      double[] impulse = new double[STEPS];
      impulse[0] = 1;
      double[] h = response(answer, pair, impulse);
      impulse(pair, h);
      double[] u = draw.normals(STEPS);
      double[] y = response(answer, pair, u);
      double error = distance(y, convolution(h, u));
      Wrong.when(
          error > 1e-9,
          "the response to an impulse is right, but not to other inputs, by %.2g: is the state"
              + " carried on from step to step, and set to 0 at the start?",
          error);
    }
    return Verdict.right("the recurrence is the convolution with its impulse response");
  }

  static Verdict kernel(Answer answer, Draw draw) {
    for (int i = 0; i < 8; i++) {
      Pair pair = Pair.of(draw);
      double[] h = answer.numbers(-1, pair.numbers().clone(), STEPS);
      Wrong.unless(h.length == STEPS, "expected a kernel of %d numbers, got %d", STEPS, h.length);
      impulse(pair, h);
    }
    return Verdict.right("K(k) = 2·Re(c·λ̄ᵏ·b̄): the recurrence, without a recurrence");
  }

  private static double[] response(Answer answer, Pair pair, double[] u) {
    double[] y = answer.numbers(-1, pair.numbers().clone(), u.clone());
    Wrong.unless(y.length == u.length, "expected %d outputs, got %d", u.length, y.length);
    return y;
  }

  private static void impulse(Pair pair, double[] h) {
    Complex gain = pair.gain();
    Complex next = gain.multiply(pair.pole());
    double first = 2 * gain.getReal();
    Wrong.when(
        near(h[0], gain.getReal()) && near(h[1], next.getReal()),
        "half of it is missing: a stored state stands for a conjugate pair, so y = 2·Re(c·x)");
    Wrong.when(
        near(h[0], 0) && near(h[1], first),
        "everything comes one step late: in these models y(k) reads the state that has seen u(k)");
    Wrong.when(
        near(h[0], 2 * next.getReal()),
        "everything comes one step early: the first output is 2·Re(c·b̄), without a λ̄");
    Complex crossed =
        new Complex(pair.numbers()[2], pair.numbers()[3])
            .multiply(new Complex(pair.numbers()[4], -pair.numbers()[5]));
    Wrong.when(near(h[0], 2 * crossed.getReal()), "c is not conjugated: Re(c·x) is c₁x₁ - c₂x₂");
    Wrong.unless(
        near(h[0], first),
        "the first output for an impulse must be 2·Re(c·b̄) = %.6g, and is %.6g",
        first,
        h[0]);
    Wrong.unless(
        near(h[1], 2 * next.getReal()),
        "the second output for an impulse must be 2·Re(c·λ̄·b̄) = %.6g, and is %.6g: is λ̄x a"
            + " complex product?",
        2 * next.getReal(),
        h[1]);
    double a = 2 * pair.pole().getReal();
    double b = Math.pow(pair.pole().abs(), 2);
    for (int k = 2; k < h.length; k++) {
      Wrong.unless(
          Math.abs(h[k] - a * h[k - 1] + b * h[k - 2]) < 1e-9,
          "from the third output on it goes wrong: h(k+2) = 2·Re(λ̄)h(k+1) - |λ̄|²h(k) fails at %d",
          k);
    }
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) < 1e-9;
  }

  private static double[] convolution(double[] h, double[] u) {
    double[] y = new double[u.length];
    for (int k = 0; k < y.length; k++) {
      for (int l = 0; l <= k; l++) {
        y[k] += h[l] * u[k - l];
      }
    }
    return y;
  }

  private static double distance(double[] a, double[] b) {
    double[] gaps = new double[a.length];
    Arrays.setAll(gaps, i -> Math.abs(a[i] - b[i]));
    return Arrays.stream(gaps).max().orElse(0);
  }
}
