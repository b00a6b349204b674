package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;

/**
 * A matrix that vectors (in) are multiplied by, y = Wx + b, in plain Java: at the sizes of one time
 * step a call of the engine takes longer than the product.
 *
 * <p>The matrix is kept as one array (out) for every input, all of which are read at the same
 * index: loops of this kind are what the compiler of a JVM makes vector instructions of.
 */
final class StepProduct {
  private static final int AT_ONCE = 4;

  private final float[][] rows;
  private final float[] bias;

  private StepProduct(float[][] rows, float[] bias) {
    this.rows = rows;
    this.bias = bias;
  }

  /**
   * Reads a matrix.
   *
   * @param matrix shape (in, out), of any dtype
   * @param bias shape (out)
   */
  static StepProduct of(NDArray matrix, NDArray bias) {
    return new StepProduct(rows(matrix), floats(bias));
  }

  /** A matrix without a bias, shape (in, out). */
  static StepProduct of(NDArray matrix) {
    return new StepProduct(rows(matrix), new float[(int) matrix.getShape().get(1)]);
  }

  /** The numbers of an array of any dtype in single precision. */
  static float[] floats(NDArray array) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return array.toType(DataType.FLOAT32, false).toFloatArray();
    }
  }

  private static float[][] rows(NDArray matrix) {
    int in = (int) matrix.getShape().get(0);
    int out = (int) matrix.getShape().get(1);
    float[] numbers = floats(matrix);
    float[][] rows = new float[in][out];
    for (int i = 0; i < in; i++) {
      System.arraycopy(numbers, i * out, rows[i], 0, out);
    }
    return rows;
  }

  /** y = Wx + b for each of several vectors: x of shapes (in), y of shapes (out). */
  void apply(float[][] x, float[][] y) {
    for (float[] each : y) {
      System.arraycopy(bias, 0, each, 0, bias.length);
    }
    add(x, y);
  }

  /** y += Wx for each of several vectors. */
  void add(float[][] x, float[][] y) {
    int in = rows.length;
    int whole = in - in % AT_ONCE;
    // Some rows for all vectors before the next ones, so that rows are read from the cache.
    for (int i = 0; i < whole; i += AT_ONCE) {
      float[] a = rows[i];
      float[] b = rows[i + 1];
      float[] c = rows[i + 2];
      float[] d = rows[i + 3];
      for (int k = 0; k < x.length; k++) {
        float[] u = x[k];
        add(a, u[i], b, u[i + 1], c, u[i + 2], d, u[i + 3], y[k], bias.length);
      }
    }
    for (int i = whole; i < in; i++) {
      for (int k = 0; k < x.length; k++) {
        add(rows[i], x[k][i], y[k], bias.length);
      }
    }
  }

  private static void add(
      float[] a,
      float ua,
      float[] b,
      float ub,
      float[] c,
      float uc,
      float[] d,
      float ud,
      float[] y,
      int size) {
    for (int o = 0; o < size; o++) {
      y[o] += ua * a[o] + ub * b[o] + uc * c[o] + ud * d[o];
    }
  }

  private static void add(float[] a, float ua, float[] y, int size) {
    for (int o = 0; o < size; o++) {
      y[o] += ua * a[o];
    }
  }

  /** y = Wx + b of a vector that is one at an input and zero elsewhere. */
  void row(int input, float[] y) {
    System.arraycopy(bias, 0, y, 0, bias.length);
    add(rows[input], 1, y, bias.length);
  }
}
