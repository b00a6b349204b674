package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import java.util.Arrays;

/**
 * Real signals and their energies: as rows of time steps, (steps, channels), in plain arrays, or as
 * arrays of any shape.
 */
public final class Signals {
  private Signals() {}

  /** The rows of an array (L, channels) of any dtype. */
  public static double[][] of(NDArray array) {
    int length = (int) array.getShape().get(0);
    int channels = (int) array.getShape().get(1);
    double[] values = ComplexArray.doubles(array);
    double[][] rows = new double[length][];
    Arrays.setAll(rows, t -> Arrays.copyOfRange(values, t * channels, (t + 1) * channels));
    return rows;
  }

  /** ‖y‖₂²: the sum of squares. */
  public static double energy(double[][] signal) {
    double sum = 0;
    for (double[] row : signal) {
      for (double value : row) {
        sum += value * value;
      }
    }
    return sum;
  }

  /** ‖y‖₂² of all numbers of an array of any dtype, in double precision. */
  public static double energy(NDArray signal) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return signal.toType(DataType.FLOAT64, false).square().sum().getDouble();
    }
  }

  /** ‖a - b‖₂² of arrays of one shape and dtype. */
  public static double distance(NDArray a, NDArray b) {
    try (NDArray difference = a.sub(b)) {
      return energy(difference);
    }
  }

  /** ‖a - b‖₂², of signals of one shape. */
  public static double distance(double[][] a, double[][] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      for (int k = 0; k < a[t].length; k++) {
        double difference = a[t][k] - b[t][k];
        sum += difference * difference;
      }
    }
    return sum;
  }
}
