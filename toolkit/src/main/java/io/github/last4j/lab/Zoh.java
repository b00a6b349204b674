package io.github.last4j.lab;

import org.apache.commons.math3.complex.Complex;

/**
 * Exercise 1.2, by what characterises zero-order hold: two steps of Δ are one of 2Δ, so λ̄(2Δ) =
 * λ̄² and b̄(2Δ) = (1 + λ̄)b̄; it begins as λ̄ ≈ 1 + λΔ; and a constant input settles where the
 * differential equation does.
 */
final class Zoh {
  /** λ̄ and b̄ with b = 1. */
  private record Mode(Complex pole, Complex gain) {
    static Mode of(Answer answer, Complex lambda, double step) {
      double[] parts = answer.numbers(4, lambda.getReal(), lambda.getImaginary(), step);
      return new Mode(new Complex(parts[0], parts[1]), new Complex(parts[2], parts[3]));
    }
  }

  private Zoh() {}

  static Verdict judge(Answer answer, Draw draw) {
    for (int i = 0; i < 20; i++) {
      Complex lambda = new Complex(-draw.log(0.1, 3), draw.log(0.3, 5) * (draw.coin() ? 1 : -1));
      double step = draw.log(0.02, 0.5);
      poles(answer, lambda, step);
      gains(answer, lambda, step);
    }
    atZero(answer, draw);
    digits(answer, draw);
    return Verdict.right("λ̄(2Δ) = λ̄², b̄(2Δ) = (1 + λ̄)b̄, and a constant input settles at -1/λ");
  }

  private static void poles(Answer answer, Complex lambda, double step) {
    Complex pole = Mode.of(answer, lambda, step).pole();
    Complex product = lambda.multiply(step);
    Complex half = product.multiply(0.5);
    is(pole, product.add(1), "this is forward Euler: λ̄ = 1 + λΔ");
    is(
        pole,
        Complex.ONE.divide(Complex.ONE.subtract(product)),
        "this is backward Euler: λ̄ = 1/(1 - λΔ)");
    is(
        pole,
        half.add(1).divide(Complex.ONE.subtract(half)),
        "this is the bilinear method: λ̄ = (1 + λΔ/2)/(1 - λΔ/2)");
    is(pole, product.exp().subtract(1), "λ̄ is e^(λΔ), not e^(λΔ) - 1");
    Wrong.when(
        Math.abs(pole.getImaginary()) < 1e-12 && Math.abs(product.getImaginary()) > 1e-3,
        "λ̄ is real: the imaginary part of λ turns it by Im λ·Δ");
    Wrong.when(
        pole.subtract(product.conjugate().exp()).abs() < 1e-9,
        "λ̄ turns the wrong way: its imaginary part has the wrong sign");
    Complex twice = Mode.of(answer, lambda, 2 * step).pole();
    Wrong.unless(
        twice.subtract(pole.multiply(pole)).abs() < 1e-10,
        "two steps of Δ must be one of 2Δ, but λ̄(2Δ) - λ̄(Δ)² is %.2g at λ = %s, Δ = %.3g",
        twice.subtract(pole.multiply(pole)).abs(),
        show(lambda),
        step);
    double tiny = 1e-5;
    Complex slope = Mode.of(answer, lambda, tiny).pole().subtract(1).divide(tiny);
    Wrong.unless(
        slope.subtract(lambda).abs() < 1e-3 * lambda.abs(),
        "for small Δ, (λ̄ - 1)/Δ must tend to λ = %s, and is %s",
        show(lambda),
        show(slope));
  }

  private static void gains(Answer answer, Complex lambda, double step) {
    Mode mode = Mode.of(answer, lambda, step);
    Complex rest = Complex.ONE.subtract(mode.pole());
    is(mode.gain(), new Complex(step, 0), "λ̄ is that of ZOH, but b̄ = Δ is that of Euler's step");
    is(mode.gain(), rest.negate(), "b̄ lacks the factor 1/λ: it is λ⁻¹(λ̄ - 1)b");
    is(mode.gain(), rest.divide(lambda), "b̄ has the wrong sign: λ̄ - 1, not 1 - λ̄");
    is(mode.gain(), Complex.ONE, "b̄ is still b: what is held for Δ has to be integrated");
    is(mode.gain(), mode.pole().multiply(step), "b̄ = Δλ̄ is one sample of the integral, not all");
    Complex settled = mode.gain().divide(rest).multiply(lambda).add(1);
    Wrong.unless(
        settled.abs() < 1e-9,
        "for a constant input 1 the state must settle at -1/λ: b̄/(1 - λ̄) is off by %.2g of it"
            + " at λ = %s, Δ = %.3g",
        settled.abs(),
        show(lambda),
        step);
    Complex twice = Mode.of(answer, lambda, 2 * step).gain();
    double gap = twice.subtract(mode.pole().add(1).multiply(mode.gain())).abs() / twice.abs();
    Wrong.unless(gap < 1e-9, "b̄(2Δ) must be (1 + λ̄)b̄(Δ), and is off by %.2g of it", gap);
  }

  private static void atZero(Answer answer, Draw draw) {
    double step = draw.log(0.01, 1);
    double[] parts = (double[]) answer.any(0.0, 0.0, step);
    Wrong.when(
        parts.length > 2 && (Double.isNaN(parts[2]) || Double.isInfinite(parts[2])),
        "at λ = 0 the quotient (λ̄ - 1)/λ is 0/0: there the state sums its inputs, and b̄ = Δ");
    Mode mode = Mode.of(answer, Complex.ZERO, step);
    Wrong.unless(
        mode.pole().subtract(1).abs() < 1e-15 && Math.abs(mode.gain().getReal() / step - 1) < 1e-12,
        "at λ = 0 the state sums its inputs: λ̄ = 1 and b̄ = Δ; got %s and %s",
        show(mode.pole()),
        show(mode.gain()));
  }

  private static void digits(Answer answer, Draw draw) {
    Complex lambda = new Complex(-draw.log(0.2, 1), draw.log(0.3, 3));
    for (double step : new double[] {1e-4, 1e-8, 1e-12}) {
      Complex gain = Mode.of(answer, lambda, step).gain();
      // The next term of the series is below λ²Δ²/6, and so below the tolerance at these steps.
      Complex near = lambda.multiply(step / 2).add(1).multiply(step);
      double allowed = 1e-13 + Math.pow(lambda.abs() * step, 2);
      double error = gain.subtract(near).abs() / step;
      Wrong.when(
          error > allowed,
          "right, but loses digits of b̄ at Δ = %.0e, where it is off by %.1g of itself: λ̄ - 1"
              + " subtracts numbers near 1; 1.1 does not",
          step,
          error);
    }
  }

  private static void is(Complex found, Complex wrong, String hint) {
    Wrong.when(found.subtract(wrong).abs() < 1e-12 * (1 + wrong.abs()), hint);
  }

  private static String show(Complex z) {
    return Text.of("%.3g%+.3gj", z.getReal(), z.getImaginary());
  }
}
