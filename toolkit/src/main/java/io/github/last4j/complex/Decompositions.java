package io.github.last4j.complex;

import java.util.Optional;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.MatrixDecomposition;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/** The way to ojAlgo's decompositions, some of which never end on a NaN. */
public final class Decompositions {
  private Decompositions() {}

  /**
   * Decomposes a matrix.
   *
   * @param decomposition ojAlgo's, real or complex
   * @param name of the matrix, for the message
   * @return the decomposition
   * @throws IllegalArgumentException if a number is not finite
   */
  public static <N extends Comparable<N>, D extends MatrixDecomposition<N>> D of(
      D decomposition, String name, MatrixStore<N> matrix) {
    decomposition.decompose(finite(name, matrix));
    return decomposition;
  }

  /**
   * The eigenvalues of a real matrix, without vectors.
   *
   * @param name of the matrix, for the message
   * @return their real parts and their imaginary parts, (2, n)
   * @throws IllegalArgumentException if a number is not finite
   */
  public static double[][] eigenvalues(String name, MatrixStore<Double> matrix) {
    int n = (int) matrix.countRows();
    Eigenvalue<Double> decomposition = Eigenvalue.R064.make(n, false);
    decomposition.computeValuesOnly(finite(name, matrix));
    double[][] values = new double[2][n];
    decomposition.getEigenvalues(values[0], Optional.of(values[1]));
    return values;
  }

  private static <N extends Comparable<N>> MatrixStore<N> finite(
      String name, MatrixStore<N> matrix) {
    for (long i = 0; i < matrix.count(); i++) {
      N value = matrix.get(i);
      boolean finite =
          value instanceof ComplexNumber z
              ? Double.isFinite(z.getReal()) && Double.isFinite(z.getImaginary())
              : Double.isFinite(matrix.doubleValue(i));
      if (!finite) {
        throw new IllegalArgumentException(name + ": expected finite numbers, got " + value);
      }
    }
    return matrix;
  }
}
