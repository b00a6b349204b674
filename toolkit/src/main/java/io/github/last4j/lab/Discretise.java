package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.Discretization;
import java.util.List;
import org.apache.commons.math3.complex.Complex;

/** Lab 1: from a differential equation to a recurrence. */
final class Discretise {
  static final List<Exercise> EXERCISES =
      List.of(
          Exercise.of("1.1", 3, "e^z - 1 of a complex z, to all digits", "expm1", Expm1::judge)
              .without("ComplexArray"),
          Exercise.of("1.2", 4, "zero-order hold of one mode", "zoh", Zoh::judge)
              .without("discretize", "Discretization", "ComplexArray"),
          Exercise.of("1.3", 3, "the response by the recurrence", "respond", Respond::recurrence)
              .without("output", "trajectories", "Scan"),
          Exercise.of("1.4", 2, "the kernel of the convolution", "kernel", Respond::kernel)
              .without("respond"),
          Exercise.of("1.5", 2, "where float32 loses 1 % of 1 - |λ̄|", "lossy", Discretise::lossy)
              .with(draw -> new double[] {-draw.log(0.1, 2)}),
          Exercise.of("1.6", 2, "two λ with one λ̄", "alias", Discretise::alias)
              .with(
                  draw ->
                      new double[] {
                        -draw.log(0.1, 1), draw.between(0.5, 3), draw.between(0.2, 0.8)
                      }),
          Exercise.of("1.7", 4, "two modes that swap their order", "swap", Discretise::swap)
              .with(draw -> new double[] {draw.between(0.3, 2)}));

  private Discretise() {}

  private static Verdict lossy(Answer answer, Draw draw) {
    double re = draw.own(0);
    double step = answer.number();
    Wrong.unless(step > 0, "Δ is a length of time: expected a positive number, got %s", step);
    double exact = -Math.expm1(re * step);
    double error = Math.abs((1 - (float) Math.exp(re * step)) - exact) / exact;
    Wrong.when(
        error < 0.01,
        "at Δ = %.3g float32 still knows 1 - |λ̄| to %.2g %%: its spacing just below 1 is 6e-8",
        step,
        100 * error);
    Wrong.when(
        -re * step < 2.5e-7,
        "it is lost there, by %.0f %%, but larger steps are lost already: find one with"
            + " |Re λ|Δ above 2.5e-7",
        100 * error);
    return Verdict.right(
        "at Δ = %.3g, 1f - (float) exp(Re λ·Δ) is wrong by %.1f %%, and expm1 by nothing",
        step, 100 * error);
  }

  private static Verdict alias(Answer answer, Draw draw) {
    double[] given = answer.numbers(2);
    Complex one = new Complex(draw.own(0), draw.own(1));
    Complex other = new Complex(given[0], given[1]);
    double step = draw.own(2);
    Wrong.unless(other.getReal() < 0, "the other mode must decay too: Re λ < 0");
    Wrong.when(one.subtract(other).abs() < 1e-6, "that is the λ you were given, not another one");
    double gap = one.multiply(step).exp().subtract(other.multiply(step).exp()).abs();
    if (gap > 1e-9) {
      Complex apart = one.subtract(other);
      Wrong.when(
          one.conjugate().subtract(other).abs() < 1e-9,
          "conjugate λ have conjugate λ̄, which are two numbers unless λ̄ is real");
      Wrong.when(
          Math.abs(Math.IEEEremainder(apart.getImaginary(), 2 * Math.PI)) < 1e-6,
          "Im λ differs by 2π, and must differ by 2π/Δ: the exponent is λΔ");
      Wrong.when(
          Math.abs(apart.getReal()) > 1e-9,
          "the real parts differ, so |λ̄| = exp(Re λ·Δ) does: only Im λ is free");
      throw new Wrong(Text.of("their λ̄ differ by %.2g", gap));
    }
    return Verdict.right(
        "both become λ̄ = %.6f%+.6fj: a recurrence can't tell frequencies that are 2π/Δ apart",
        one.multiply(step).exp().getReal(), one.multiply(step).exp().getImaginary());
  }

  private static Verdict swap(Answer answer, Draw draw) {
    double[][] modes = answer.rows(2);
    double step = draw.own(0);
    Wrong.unless(modes.length == 2, "expected two rows {Re λ, Im λ}, got %d", modes.length);
    for (double[] mode : modes) {
      Wrong.unless(mode[0] < 0, "a mode must decay: Re λ < 0");
    }
    double[] zoh = norms(modes, step, Discretization.ZOH);
    double[] bilinear = norms(modes, step, Discretization.BILINEAR);
    String numbers =
        Text.of(
            "ZOH has %.4g and %.4g, bilinear %.4g and %.4g",
            zoh[0], zoh[1], bilinear[0], bilinear[1]);
    double first = Math.log(zoh[0] / zoh[1]);
    double second = Math.log(bilinear[0] / bilinear[1]);
    Wrong.when(
        Math.abs(first) < 1e-6 || Math.abs(second) < 1e-6,
        "the two have the same norm, and so no order: %s",
        numbers);
    Wrong.when(
        first * second > 0 && step * largest(modes) < 0.5,
        "both rank alike (%s): at so small a |λΔ| the two methods agree; take it above 1",
        numbers);
    Wrong.when(
        first * second > 0,
        "both rank alike: %s. Where does each method put a pole whose |λ|Δ is large?",
        numbers);
    return Verdict.right("the order swaps: %s", numbers);
  }

  private static double largest(double[][] modes) {
    double most = 0;
    for (double[] mode : modes) {
      most = Math.max(most, Math.hypot(mode[0], mode[1]));
    }
    return most;
  }

  /** Eq. 5 with B = C = 1. */
  private static double[] norms(double[][] modes, double delta, Discretization method) {
    try (NDManager manager = NDManager.newBaseManager()) {
      int n = modes.length;
      double[] re = new double[n];
      double[] im = new double[n];
      double[] step = new double[n];
      double[] ones = new double[n];
      for (int i = 0; i < n; i++) {
        re[i] = modes[i][0];
        im[i] = modes[i][1];
        step[i] = delta;
        ones[i] = 1;
      }
      ComplexArray lambda = ComplexArray.of(manager.create(re), manager.create(im));
      ComplexArray b = real(manager, ones, n, 1);
      ComplexArray c = real(manager, ones, 1, n);
      return StateNorms.values(
          method.discretize(DiagonalSsm.of(lambda, b, c, manager.create(step))));
    }
  }

  private static ComplexArray real(NDManager manager, double[] values, long... shape) {
    return ComplexArray.of(
        manager.create(values, new Shape(shape)),
        manager.create(new double[values.length], new Shape(shape)));
  }
}
