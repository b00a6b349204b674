package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/** Real matrices on their way from tensors to linear algebra. */
final class Matrices {
  private Matrices() {}

  static R064Store zeros(long rows, long columns) {
    return R064Store.FACTORY.make(rows, columns);
  }

  /** A copy of a float64 array (rows, columns). */
  static R064Store of(NDArray array) {
    R064Store copy = zeros(array.getShape().get(0), array.getShape().get(1));
    add(copy, array);
    return copy;
  }

  /** Adds a float64 array (rows, columns). */
  static void add(R064Store sum, NDArray array) {
    double[] values = array.toDoubleArray();
    int columns = (int) sum.countColumns();
    for (int i = 0; i < values.length; i++) {
      sum.add(i / columns, i % columns, values[i]);
    }
  }

  /** The elements, row after row. */
  static double[] rows(MatrixStore<Double> matrix) {
    int columns = (int) matrix.countColumns();
    double[] values = new double[(int) matrix.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = matrix.doubleValue(i / columns, i % columns);
    }
    return values;
  }

  /** A complex array of real and imaginary parts, row after row. */
  static ComplexArray complex(NDManager manager, double[] re, double[] im, Shape shape) {
    return ComplexArray.of(manager.create(re, shape), manager.create(im, shape));
  }
}
