package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/**
 * A nonlinearity σ applied to every number, with σ(0) = 0 and |σ(x)| ≤ |x|, and its slope.
 *
 * <p>The slope bounds what σ makes of a difference of two signals. The paper takes it to be one for
 * the GELU (App. B.2), which is true of its effect on a single signal, but not on differences.
 */
// What lambdas capture can't be seen to be nothing.
@SuppressWarnings("ImmutableEnumChecker")
public enum Nonlinearity {
  /** σ(x) = x. */
  IDENTITY(1, x -> x),
  /** σ(x) = max(x, 0). */
  RELU(1, x -> Math.max(x, 0)),
  /** σ(x) = x·Φ(x), Φ the normal distribution function; steepest at √2, by 1.12890415. */
  GELU(1.1289042, x -> x * 0.5 * (1 + Erf.erf(x * Math.sqrt(0.5)))),
  /** The tanh form of the GELU, which the models use unless they are told otherwise. */
  GELU_TANH(
      1.1289931,
      x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
  /** σ(x) = x/(1 + e⁻ˣ). */
  SILU(1.0998394, x -> x / (1 + Math.exp(-x)));

  private final double slope;
  private final DoubleUnaryOperator function;

  Nonlinearity(double slope, DoubleUnaryOperator function) {
    this.slope = slope;
    this.function = function;
  }

  /** The value at x. */
  public double apply(double x) {
    return function.applyAsDouble(x);
  }

  /** The values at the numbers of a signal in rows. */
  public double[][] apply(double[][] signal) {
    return Arrays.stream(signal).map(this::apply).toArray(double[][]::new);
  }

  /**
   * The values at the numbers of an array of any dtype.
   *
   * @return float64, of the same shape and held by the same manager
   */
  public NDArray apply(NDArray signal) {
    double[] values = apply(ComplexArray.doubles(signal));
    return signal.getManager().create(values, signal.getShape());
  }

  private double[] apply(double[] row) {
    return Arrays.stream(row).map(function).toArray();
  }

  /**
   * The Lipschitz constant L<sub>σ</sub>: |σ(a) - σ(b)| ≤ L<sub>σ</sub>|a - b| for all a and b.
   * Rounded up in the seventh decimal where it is not one.
   */
  public double slope() {
    return slope;
  }
}
