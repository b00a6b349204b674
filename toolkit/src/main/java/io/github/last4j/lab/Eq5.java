package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;

/** Exercise 2.1: ‖C‖‖B̄‖/(1 - |λ̄|) of every state, by what it depends on and how. */
final class Eq5 {
  private static final int STATES = 6;

  private Eq5() {}

  static Verdict judge(Answer answer, Draw draw) {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < 5; i++) {
        DiscreteSsm layer = RandomLayer.of(manager, draw, STATES, 3);
        double[] found = answer.numbers(STATES, layer);
        scales(answer, layer, found);
        values(layer, found);
      }
      DiscreteSsm slow = RandomLayer.slow(manager, draw, 3, 1e-3, 1e-9, 1e-13);
      double[] found = answer.numbers(3, slow);
      for (int i = 0; i < 3; i++) {
        double margin = ComplexArray.doubles(slow.margin())[i];
        double exact = product(slow, i) / margin;
        Wrong.when(
            Math.abs(found[i] / exact - 1) > 1e-9,
            "right, but at 1 - |λ̄| = %.0e it is off by %.1g of itself: 1 minus an absolute value"
                + " cancels, and layer.margin() has all digits",
            margin,
            Math.abs(found[i] / exact - 1));
      }
    }
    return Verdict.right("‖C‖‖B̄‖Σ|λ̄|ᵏ, for slow states, too");
  }

  private static void scales(Answer answer, DiscreteSsm layer, double... found) {
    double[] louder = answer.numbers(STATES, layer.withC(layer.c().mul(3.0)));
    double[] driven = answer.numbers(STATES, layer.withBBar(layer.bBar().mul(3.0)));
    double byC = louder[0] / found[0];
    double byB = driven[0] / found[0];
    Wrong.when(
        Math.abs(byC - 9) < 1e-6 && Math.abs(byB - 9) < 1e-6,
        "three times C makes nine times: this is the square, Eq. 6");
    Wrong.when(Math.abs(byC - 1) < 1e-9, "it does not depend on C");
    Wrong.when(Math.abs(byB - 1) < 1e-9, "it does not depend on B̄: the norm of G has both");
    Wrong.unless(
        Math.abs(byC - 3) < 1e-9 && Math.abs(byB - 3) < 1e-9,
        "three times C must make three times the norm, and makes %.4g; B̄ %.4g",
        byC,
        byB);
  }

  private static void values(DiscreteSsm layer, double... found) {
    double[] re = ComplexArray.doubles(layer.lambdaBar().real());
    double[] im = ComplexArray.doubles(layer.lambdaBar().imag());
    for (int i = 0; i < STATES; i++) {
      double size = Math.hypot(re[i], im[i]);
      double factor = found[i] / product(layer, i);
      is(factor, 1, "‖C‖‖B̄‖ is what one step does: the factor 1/(1 - |λ̄|) is missing");
      is(factor, 1 / (1 - size * size), "1 - |λ̄|² belongs to the H2 norm: Eq. 5 has 1 - |λ̄|");
      is(factor, 1 / Math.sqrt(1 - size * size), "that is the H2 norm: Eq. 5 has 1 - |λ̄|");
      is(
          factor,
          1 / Math.hypot(1 - re[i], im[i]),
          "1/|1 - λ̄| is the gain at θ = 0: the peak is at θ = arg λ̄");
      is(factor, 1 / (1 - re[i]), "1 - Re λ̄: it is the absolute value of λ̄ that counts");
      is(factor, 2 / (1 - size), "twice Eq. 5: that bounds the pair, Eq. 5 is for one of the two");
      double series = 0;
      double power = 1;
      for (int k = 0; k < 100_000; k++) {
        series += power;
        power *= size;
      }
      Wrong.unless(
          Math.abs(factor / series - 1) < 1e-8,
          "state %d has %.6g, where ‖C‖‖B̄‖Σ|λ̄|ᵏ is %.6g: is ‖C‖ of a column, ‖B̄‖ of a row, and"
              + " both Euclidean?",
          i,
          found[i],
          series * product(layer, i));
    }
  }

  private static double product(DiscreteSsm layer, int state) {
    double c = squares(layer.c().transpose(), state);
    double b = squares(layer.bBar(), state);
    return Math.sqrt(c * b);
  }

  private static double squares(ComplexArray rows, int row) {
    int columns = (int) rows.shape().get(1);
    double[] re = ComplexArray.doubles(rows.real());
    double[] im = ComplexArray.doubles(rows.imag());
    double sum = 0;
    for (int k = row * columns; k < (row + 1) * columns; k++) {
      sum += re[k] * re[k] + im[k] * im[k];
    }
    return sum;
  }

  private static void is(double found, double wrong, String hint) {
    Wrong.when(Math.abs(found / wrong - 1) < 1e-9, hint);
  }
}
