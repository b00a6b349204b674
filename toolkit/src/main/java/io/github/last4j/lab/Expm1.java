package io.github.last4j.lab;

import org.apache.commons.math3.complex.Complex;

/** Exercise 1.1: f(z) = e^z - 1, by f(z + w) = f(z) + f(w) + f(z)f(w) and f(z) ≈ z at 0. */
final class Expm1 {
  private Expm1() {}

  static Verdict judge(Answer answer, Draw draw) {
    Complex atZero = value(answer, Complex.ZERO);
    Wrong.when(
        atZero.subtract(Complex.ONE).abs() < 1e-12, "this is e^z: at z = 0 it is 1, less 1 is 0");
    Wrong.unless(atZero.abs() < 1e-15, "at z = 0 it must be 0, and is %s", show(atZero));
    Complex turn = value(answer, new Complex(0, 1));
    Wrong.when(
        Math.abs(turn.getReal()) < 1e-12,
        "at z = j the real part is cos 1 - 1, not 0: expm1(a)·cos b leaves out cos b - 1");
    Wrong.when(
        turn.getImaginary() < 0, "the imaginary part has the wrong sign: e^(jb) = cos b + j sin b");
    slope(answer);
    for (int i = 0; i < 40; i++) {
      Complex z = new Complex(draw.between(-3, 1), draw.between(-4, 4));
      Complex w = new Complex(draw.between(-3, 1), draw.between(-4, 4));
      addition(answer, z, w);
    }
    small(answer, draw);
    return Verdict.right("f(z + w) = f(z) + f(w) + f(z)f(w), to all digits down to |z| = 1e-300");
  }

  private static void addition(Answer answer, Complex z, Complex w) {
    Complex f = value(answer, z);
    Complex g = value(answer, w);
    Complex sum = f.add(g).add(f.multiply(g));
    double size = Math.max(1, Math.max(f.abs(), g.abs()));
    double error = value(answer, z.add(w)).subtract(sum).abs() / size;
    Wrong.when(
        error > 1e-10,
        "f(z + w) = f(z) + f(w) + f(z)f(w) is off by %.1g at z = %s, w = %s%s",
        error,
        show(z),
        show(w),
        ": is it a series that was cut off, or a sign?");
  }

  private static void slope(Answer answer) {
    for (Complex z : new Complex[] {new Complex(1e-4, 0), new Complex(0, 1e-4)}) {
      Complex ratio = value(answer, z).divide(z);
      Wrong.unless(
          ratio.subtract(Complex.ONE).abs() < 1e-3,
          "near 0, f(z) is nearly z; at z = %s the quotient is %s",
          show(z),
          show(ratio));
    }
  }

  private static void small(Answer answer, Draw draw) {
    close(answer, new Complex(-1e-8, 0));
    double real = value(answer, new Complex(0, 1e-6)).getReal();
    double error = Math.abs(real / -0.5e-12 - 1);
    Wrong.when(
        error > 1e-6,
        "right, but the real part at z = 1e-6 j is off by %.1g of itself: cos b - 1 cancels, and"
            + " -2 sin²(b/2) does not",
        error);
    for (double size : new double[] {1e-3, 1e-8, 1e-12, 1e-300}) {
      double angle = draw.between(0.3, 1.2);
      close(answer, new Complex(-size * Math.cos(angle), size * Math.sin(angle)));
    }
  }

  private static void close(Answer answer, Complex z) {
    // Some terms of the series are enough: f(z) = z + z²/2 + z³/6 + z⁴/24 ...
    Complex near = z.add(z.multiply(z).multiply(0.5));
    Complex cube = z.multiply(z).multiply(z);
    Complex exact = near.add(cube.divide(6)).add(cube.multiply(z).divide(24));
    double error = value(answer, z).subtract(exact).abs() / z.abs();
    Wrong.when(
        error > 1e-12,
        "right, but loses digits near 0: at |z| = %.0e it is off by %.1g of itself, because"
            + " e^z - 1 subtracts numbers near 1",
        z.abs(),
        error);
  }

  private static Complex value(Answer answer, Complex z) {
    double[] parts = answer.numbers(2, z.getReal(), z.getImaginary());
    return new Complex(parts[0], parts[1]);
  }

  private static String show(Complex z) {
    return Text.of("%.4g%+.4gj", z.getReal(), z.getImaginary());
  }
}
