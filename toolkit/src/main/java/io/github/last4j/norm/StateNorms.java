package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;

/**
 * Norms of the subsystems that single states are (Sec. 3.1).
 *
 * <p>They are summed by plain loops in the order of the rows, so that equal states have equal
 * norms: a vectorised sum takes its elements in an order that depends on where a state lies, and
 * ties would be decided by the last bit.
 */
public final class StateNorms {
  // Sums of squares between them have lost nothing to underflow that matters, and not overflowed.
  private static final double SMALL_SQUARE = 0x1p-900;
  private static final double LARGE_SQUARE = 0x1p1000;

  private StateNorms() {}

  /**
   * The H∞ norm of every state's subsystem, ‖Cᵢ‖‖B̄ᵢ‖ / (1-|λ̄ᵢ|) (Eq. 5, exact for the one complex
   * subsystem; the conjugate pair's norm is at most twice as large). In a bidirectional layer ‖Cᵢ‖²
   * is the mean of the two directions', as in Sec. 3.1, which makes it a criterion and not a bound.
   *
   * @param ssm a stable layer with n states
   * @return shape (n), float64, in state order, held by the manager of {@code ssm.lambdaBar()}
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite, or a norm is too large for double precision
   */
  public static NDArray hinf(DiscreteSsm ssm) {
    Factors factors = Factors.of(ssm);
    double[] norms = new double[ssm.states()];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = factors.output[i] * factors.input[i] / factors.margin[i];
      if (!Double.isFinite(norms[i])) {
        throw new IllegalArgumentException(
            "ssm: expected norms in the range of double precision, but state "
                + i
                + " has "
                + norms[i]);
      }
    }
    return ssm.lambdaBar().real().getManager().create(norms);
  }

  /**
   * The natural logarithms of the same norms, which neither overflow nor vanish.
   *
   * @param ssm a stable layer with n states
   * @return n numbers in state order; -∞ for a state without input or output
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite
   */
  public static double[] logHinf(DiscreteSsm ssm) {
    Factors factors = Factors.of(ssm);
    double[] norms = new double[ssm.states()];
    for (int i = 0; i < norms.length; i++) {
      norms[i] =
          Math.log(factors.output[i]) + Math.log(factors.input[i]) - Math.log(factors.margin[i]);
    }
    return norms;
  }

  /**
   * The natural logarithms of the magnitudes |λ̄ᵢ|‖B̄ᵢ‖‖Cᵢ‖ (App. D.2), with ‖Cᵢ‖ as above.
   *
   * @param ssm a stable layer with n states
   * @return n numbers in state order; -∞ for a state without input, output or memory
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite
   */
  public static double[] logMagnitude(DiscreteSsm ssm) {
    Factors factors = Factors.of(ssm);
    double[] re = ComplexArray.doubles(ssm.lambdaBar().real());
    double[] im = ComplexArray.doubles(ssm.lambdaBar().imag());
    double[] magnitudes = new double[ssm.states()];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] =
          Math.log(factors.output[i])
              + Math.log(factors.input[i])
              + Math.log(Math.hypot(re[i], im[i]));
    }
    return magnitudes;
  }

  /** ‖Cᵢ‖, ‖B̄ᵢ‖ and 1-|λ̄ᵢ| of every state. */
  private static final class Factors {
    private final double[] output;
    private final double[] input;
    private final double[] margin;

    private Factors(double[] output, double[] input, double[] margin) {
      this.output = output;
      this.input = input;
      this.margin = margin;
    }

    static Factors of(DiscreteSsm ssm) {
      int n = ssm.states();
      double[] margin = ComplexArray.doubles(ssm.margin());
      for (int i = 0; i < n; i++) {
        if (!(margin[i] > 0)) {
          throw new IllegalArgumentException(
              "ssm: expected every pole inside the unit circle, but state "
                  + i
                  + " has 1-|λ̄| = "
                  + margin[i]
                  + "; an unstable system has no H∞ norm");
        }
      }
      double[] output = norms(ssm.c(), 1);
      if (ssm.backwardC().isPresent()) {
        double[] backward = norms(ssm.backwardC().get(), 1);
        for (int i = 0; i < n; i++) {
          output[i] = Math.hypot(output[i], backward[i]) * Math.sqrt(0.5);
        }
      }
      double[] input = norms(ssm.bBar(), 0);
      for (int i = 0; i < n; i++) {
        if (!Double.isFinite(output[i]) || !Double.isFinite(input[i])) {
          throw new IllegalArgumentException(
              "ssm: expected finite numbers, but state " + i + " has a NaN or an infinity");
        }
      }
      return new Factors(output, input, margin);
    }

    /** The norms of the rows or columns of states. */
    private static double[] norms(ComplexArray matrix, int stateAxis) {
      double[] re = ComplexArray.doubles(matrix.real());
      double[] im = ComplexArray.doubles(matrix.imag());
      int rows = (int) matrix.shape().get(0);
      int columns = (int) matrix.shape().get(1);
      int n = stateAxis == 0 ? rows : columns;
      double[] norms = new double[n];
      for (int row = 0, k = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++, k++) {
          norms[stateAxis == 0 ? row : column] += re[k] * re[k] + im[k] * im[k];
        }
      }
      for (int i = 0; i < n; i++) {
        norms[i] =
            norms[i] > SMALL_SQUARE && norms[i] < LARGE_SQUARE
                ? Math.sqrt(norms[i])
                : stateAxis == 0
                    ? scaledNorm(re, im, i * columns, 1, columns)
                    : scaledNorm(re, im, i, columns, rows);
      }
      return norms;
    }

    /** A norm scaled so that squares neither overflow nor vanish. */
    private static double scaledNorm(double[] re, double[] im, int first, int step, int count) {
      double largest = 0;
      for (int k = 0, at = first; k < count; k++, at += step) {
        largest = Math.max(largest, Math.max(Math.abs(re[at]), Math.abs(im[at])));
      }
      if (largest == 0) {
        return 0;
      }
      // A power of two scales without rounding.
      int exponent = Math.getExponent(largest);
      double sum = 0;
      for (int k = 0, at = first; k < count; k++, at += step) {
        double a = Math.scalb(re[at], -exponent);
        double b = Math.scalb(im[at], -exponent);
        sum += a * a + b * b;
      }
      return Math.scalb(Math.sqrt(sum), exponent);
    }
  }
}
