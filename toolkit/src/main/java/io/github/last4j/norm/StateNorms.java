package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;

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
    return ssm.lambdaBar().real().getManager().create(values(ssm));
  }

  /**
   * The same norms as plain numbers.
   *
   * @param ssm a stable layer with n states
   * @throws IllegalArgumentException as there
   */
  public static double[] values(DiscreteSsm ssm) {
    Factors factors = Factors.of(ssm);
    double[] norms = new double[ssm.states()];
    for (int i = 0; i < norms.length; i++) {
      // In units of powers of two: the product alone may be too small for a double.
      int output = Math.getExponent(factors.output[i]);
      int input = Math.getExponent(factors.input[i]);
      double product =
          Math.scalb(factors.output[i], -output) * Math.scalb(factors.input[i], -input);
      norms[i] = Math.scalb(product / factors.margin[i], output + input);
      if (!Double.isFinite(norms[i])) {
        throw new IllegalArgumentException(
            "ssm: expected norms in the range of double precision, but state "
                + i
                + " has "
                + norms[i]);
      }
    }
    return norms;
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
    double[] magnitudes = new double[ssm.states()];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] =
          Math.log(factors.output[i]) + Math.log(factors.input[i]) + Math.log(factors.radius[i]);
    }
    return magnitudes;
  }

  /** ‖Cᵢ‖, ‖B̄ᵢ‖, 1-|λ̄ᵢ| and |λ̄ᵢ| of every state. */
  private static final class Factors {
    private final double[] output;
    private final double[] input;
    private final double[] margin;
    private final double[] radius;

    private Factors(LayerNumbers layer) {
      output = norms(layer.c.get(0));
      input = norms(layer.b);
      margin = layer.margin;
      radius = new double[layer.states];
      Arrays.setAll(radius, i -> Math.hypot(layer.poleRe[i], layer.poleIm[i]));
      if (layer.c.size() > 1) {
        double[] backward = norms(layer.c.get(1));
        Arrays.setAll(output, i -> Math.hypot(output[i], backward[i]) * Math.sqrt(0.5));
      }
    }

    static Factors of(DiscreteSsm ssm) {
      return new Factors(LayerNumbers.stable(ssm));
    }

    private static double[] norms(LayerNumbers.Rows rows) {
      double[] norms = new double[rows.re.length];
      Arrays.setAll(norms, i -> norm(rows.re[i], rows.im[i]));
      return norms;
    }

    private static double norm(double[] re, double[] im) {
      double sum = sumOfSquares(re, im, 0);
      if (sum > SMALL_SQUARE && sum < LARGE_SQUARE) {
        return Math.sqrt(sum);
      }
      double largest = 0;
      for (int k = 0; k < re.length; k++) {
        largest = Math.max(largest, Math.max(Math.abs(re[k]), Math.abs(im[k])));
      }
      // A power of two scales without rounding, so that squares neither overflow nor vanish.
      int exponent = Math.getExponent(largest);
      return Math.scalb(Math.sqrt(sumOfSquares(re, im, exponent)), exponent);
    }

    private static double sumOfSquares(double[] re, double[] im, int exponent) {
      double sum = 0;
      for (int k = 0; k < re.length; k++) {
        double a = Math.scalb(re[k], -exponent);
        double b = Math.scalb(im[k], -exponent);
        sum += a * a + b * b;
      }
      return sum;
    }
  }
}
