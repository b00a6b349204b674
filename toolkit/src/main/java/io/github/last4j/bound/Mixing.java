package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Decompositions;
import java.util.Arrays;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.R064Store;

/**
 * Constants c with ‖m(y) - m(ŷ)‖ ≤ c‖y - ŷ‖ for what follows a layer, where y is a signal that was
 * seen and ŷ any other.
 *
 * <p>With s the logistic function, 0 ≤ s ≤ 1 and slope at most 1/4, a gate splits as p∘s(q) -
 * p̂∘s(q̂) = (p - p̂)∘s(q̂) + p∘(s(q) - s(q̂)): the second term is bounded by the largest |p| seen,
 * so that c depends on the signal. There is no constant for all signals, since the gate's slope
 * times p grows with p.
 *
 * @param activation the GELU of the model, in either form; L is its slope
 */
public record Mixing(Nonlinearity activation) {

  /** gelu(y): c = L, for all signals. */
  public double gelu() {
    return activation.slope();
  }

  /**
   * g∘s(Wg + w), g = gelu(y): c = L(1 + ¼‖diag(max|g|)W‖).
   *
   * @param largest max|g| over time, shape (h)
   * @param gate W, shape (h, h), outputs first
   */
  public double halfGlu1(NDArray largest, NDArray gate) {
    return activation.slope() * (1 + 0.25 * scaledNorm(largest, gate));
  }

  /**
   * y∘s(W gelu(y) + w): c = 1 + ¼L‖diag(max|y|)W‖.
   *
   * @param largest max|y| over time, shape (h)
   * @param gate W, shape (h, h), outputs first
   */
  public double halfGlu2(NDArray largest, NDArray gate) {
    return 1 + 0.25 * activation.slope() * scaledNorm(largest, gate);
  }

  /**
   * (Vg + v)∘s(Wg + w), g = gelu(y): c = L(‖V‖ + ¼‖diag(max|Vg + v|)W‖).
   *
   * @param largest max|Vg + v| over time, shape (h)
   * @param value V, shape (h, h), outputs first
   * @param gate W, shape (h, h), outputs first
   */
  public double fullGlu(NDArray largest, NDArray value, NDArray gate) {
    double[] ones = new double[(int) largest.size()];
    Arrays.fill(ones, 1);
    return activation.slope() * (scaledNorm(ones, value) + 0.25 * scaledNorm(largest, gate));
  }

  /** ‖diag(scale)·matrix‖₂. */
  private static double scaledNorm(NDArray scale, NDArray matrix) {
    return scaledNorm(ComplexArray.doubles(scale), matrix);
  }

  private static double scaledNorm(double[] factors, NDArray matrix) {
    int rows = (int) matrix.getShape().get(0);
    int columns = (int) matrix.getShape().get(1);
    double[] values = ComplexArray.doubles(matrix);
    if (factors.length != rows) {
      throw new IllegalArgumentException(
          "largest: expected shape (" + rows + "), got (" + factors.length + ")");
    }
    R064Store scaled = R064Store.FACTORY.make(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < columns; k++) {
        scaled.set(r, k, factors[r] * values[r * columns + k]);
      }
    }
    return Decompositions.of(SingularValue.R064.make(scaled), "largest, gate", scaled)
        .getOperatorNorm();
  }
}
