package io.github.last4j.complex;

import io.github.last4j.progress.Interruption;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.decomposition.MatrixDecomposition;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/**
 * The way to ojAlgo's decompositions, some of which never end on a NaN, and none of which asks for
 * interrupts: what may last is run aside.
 */
public final class Decompositions {
  private static final String TASK = "the decomposition of a matrix";

  // Of so many rows the dearest takes some ten milliseconds, and a thread less than one.
  private static final int LARGE = 128;

  private Decompositions() {}

  /**
   * Decomposes a matrix.
   *
   * @param decomposition ojAlgo's, real or complex
   * @param name of the matrix, for the message
   * @return the decomposition
   * @throws IllegalArgumentException if a number is not finite
   * @throws CancellationException if the thread was interrupted
   */
  public static <N extends Comparable<N>, D extends MatrixDecomposition<N>> D of(
      D decomposition, String name, MatrixStore<N> matrix) {
    MatrixStore<N> checked = finite(name, matrix);
    return aside(
        matrix,
        () -> {
          decomposition.decompose(checked);
          return decomposition;
        });
  }

  /**
   * The eigenvalues of a real matrix, without vectors.
   *
   * @param name of the matrix, for the message
   * @return their real parts and their imaginary parts, (2, n)
   * @throws IllegalArgumentException if a number is not finite
   * @throws CancellationException if the thread was interrupted
   */
  public static double[][] eigenvalues(String name, MatrixStore<Double> matrix) {
    int n = (int) matrix.countRows();
    Eigenvalue<Double> decomposition = Eigenvalue.R064.make(n, false);
    MatrixStore<Double> checked = finite(name, matrix);
    return aside(
        matrix,
        () -> {
          decomposition.computeValuesOnly(checked);
          double[][] values = new double[2][n];
          decomposition.getEigenvalues(values[0], Optional.of(values[1]));
          return values;
        });
  }

  /**
   * The inverse of a complex matrix.
   *
   * @param name of the matrix, for the message
   * @throws IllegalArgumentException if a number is not finite
   * @throws CancellationException if the thread was interrupted
   */
  public static MatrixStore<ComplexNumber> inverse(String name, MatrixStore<ComplexNumber> matrix) {
    MatrixStore<ComplexNumber> checked = finite(name, matrix);
    return aside(
        matrix,
        () -> {
          LU<ComplexNumber> lu = LU.C128.make(matrix);
          lu.decompose(checked);
          return lu.getInverse();
        });
  }

  private static <T> T aside(MatrixStore<?> matrix, Supplier<T> body) {
    return matrix.countRows() < LARGE ? body.get() : Interruption.aside(TASK, body);
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
