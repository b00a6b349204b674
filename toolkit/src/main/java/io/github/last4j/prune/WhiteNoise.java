package io.github.last4j.prune;

import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.OptionalInt;
import org.ojalgo.matrix.store.R064Store;

/**
 * Second moments of states that white noise drives, in closed form: Gramians, after any number of
 * steps or after L.
 *
 * <p>With vᵢ the row of inputs of a state, E[xᵢxₖ*] = vᵢvₖᴴ(1 - (λ̄ᵢλ̄ₖ*)ᴸ)/(1 - λ̄ᵢλ̄ₖ*), and
 * E[xᵢxₖ] the same without conjugates. Half the sums and differences of their parts are the moments
 * of the real and imaginary parts. 1 - λ̄ᵢλ̄ₖ comes from the margins and angles, without
 * cancellation.
 */
final class WhiteNoise {
  private final double[] logRadius;
  private final double[] angle;
  private final double[] re;
  private final double[] im;

  private WhiteNoise(DiscreteSsm system, int sign, ComplexArray inputs) {
    double[] margin = ComplexArray.doubles(system.margin());
    double[] poleRe = ComplexArray.doubles(system.lambdaBar().real());
    double[] poleIm = ComplexArray.doubles(system.lambdaBar().imag());
    int n = margin.length;
    logRadius = new double[n];
    angle = new double[n];
    for (int i = 0; i < n; i++) {
      if (!(margin[i] > 0)) {
        throw new IllegalArgumentException(
            "model: expected poles inside the unit circle, got |λ̄| = " + (1 - margin[i]));
      }
      logRadius[i] = Math.log1p(-Math.min(margin[i], 1 - 0x1p-53));
      angle[i] = sign * Math.atan2(poleIm[i], poleRe[i]);
    }
    re = ComplexArray.doubles(inputs.real());
    im = ComplexArray.doubles(inputs.imag());
  }

  /**
   * E[f f'ᵀ] of the real and then imaginary parts of the states of two systems that the same noise
   * drives, (2n, 2n'); for one system twice its controllability Gramian.
   */
  static R064Store driven(DiscreteSsm first, DiscreteSsm second, OptionalInt length) {
    return moments(
        new WhiteNoise(first, 1, first.bBar()), new WhiteNoise(second, 1, second.bBar()), length);
  }

  /**
   * The observability Gramian in the same coordinates, (2n, 2n): that of the adjoint states, which
   * have conjugated poles and 2·conj(Cᵀ) for inputs.
   */
  static R064Store observability(DiscreteSsm system, ComplexArray c, OptionalInt length) {
    ComplexArray inputs = c.transpose().mul(2);
    WhiteNoise adjoint =
        new WhiteNoise(system, -1, ComplexArray.of(inputs.real(), inputs.imag().neg()));
    return moments(adjoint, adjoint, length);
  }

  private static R064Store moments(WhiteNoise a, WhiteNoise b, OptionalInt length) {
    int n = a.angle.length;
    int m = b.angle.length;
    int inputs = a.re.length / n;
    R064Store moments = R064Store.FACTORY.make(2L * n, 2L * m);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < m; k++) {
        double rr = 0;
        double ii = 0;
        double ri = 0;
        double ir = 0;
        for (int j = 0; j < inputs; j++) {
          rr += a.re[i * inputs + j] * b.re[k * inputs + j];
          ii += a.im[i * inputs + j] * b.im[k * inputs + j];
          ri += a.re[i * inputs + j] * b.im[k * inputs + j];
          ir += a.im[i * inputs + j] * b.re[k * inputs + j];
        }
        double log = a.logRadius[i] + b.logRadius[k];
        double[] mixed = sum(rr + ii, ir - ri, log, a.angle[i] - b.angle[k], length);
        double[] plain = sum(rr - ii, ir + ri, log, a.angle[i] + b.angle[k], length);
        moments.set(i, k, (mixed[0] + plain[0]) / 2);
        moments.set(n + i, m + k, (mixed[0] - plain[0]) / 2);
        moments.set(i, m + k, (plain[1] - mixed[1]) / 2);
        moments.set(n + i, k, (plain[1] + mixed[1]) / 2);
      }
    }
    return moments;
  }

  /** (x + jy)(1 - zᴸ)/(1 - z) with z = e^(log + j·turn), L infinite if there is none. */
  private static double[] sum(double x, double y, double log, double turn, OptionalInt length) {
    double re = x;
    double im = y;
    if (length.isPresent()) {
      double[] end = oneMinus(log * length.getAsInt(), turn * length.getAsInt());
      re = x * end[0] - y * end[1];
      im = x * end[1] + y * end[0];
    }
    double[] one = oneMinus(log, turn);
    double size = one[0] * one[0] + one[1] * one[1];
    return new double[] {(re * one[0] + im * one[1]) / size, (im * one[0] - re * one[1]) / size};
  }

  /** 1 - e^(a + jb). */
  private static double[] oneMinus(double a, double b) {
    double half = Math.sin(b / 2);
    return new double[] {2 * half * half - Math.expm1(a) * Math.cos(b), -Math.exp(a) * Math.sin(b)};
  }
}
