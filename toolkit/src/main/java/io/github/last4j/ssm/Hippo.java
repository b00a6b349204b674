package io.github.last4j.ssm;

import io.github.last4j.complex.Decompositions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/**
 * The diagonalised normal part of the HiPPO-LegS matrix, from which S5 and S4D start.
 *
 * <p>HiPPO-LegS is a normal matrix plus one of rank one. The normal part has the constant diagonal
 * -½ and otherwise a skew-symmetric S, so that -iS is Hermitian: its eigenvalues are the imaginary
 * parts of the poles, and its eigenvectors V are unitary.
 *
 * @param poles half of the poles, one of each conjugate pair: real part -½, imaginary parts
 *     negative and ascending
 * @param vectors their eigenvectors, the columns of a (size, size/2) matrix
 */
public record Hippo(List<ComplexNumber> poles, MatrixStore<ComplexNumber> vectors) {

  /**
   * The poles and eigenvectors of one block.
   *
   * @param size the number of states of the block, even
   * @throws IllegalArgumentException if the size is odd or not positive
   */
  public static Hippo legs(int size) {
    if (size < 2 || size % 2 != 0) {
      throw new IllegalArgumentException("size: expected an even number of states, got " + size);
    }
    GenericStore<ComplexNumber> hermitian = GenericStore.C128.make(size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        double s = Math.sqrt((i + 0.5) * (j + 0.5));
        // The normal part is -½I + S with S_ij = -s below the diagonal and s above; this is -iS.
        hermitian.set(i, j, ComplexNumber.of(0, s));
        hermitian.set(j, i, ComplexNumber.of(0, -s));
      }
    }
    Eigenvalue<ComplexNumber> decomposition =
        Decompositions.of(Eigenvalue.C128.make(size, true), "hermitian", hermitian);
    double[] values =
        decomposition.getEigenvalues().stream().mapToDouble(ComplexNumber::getReal).toArray();
    int[] ascending =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .limit(size / 2)
            .toArray();
    List<ComplexNumber> poles =
        Arrays.stream(ascending).mapToObj(i -> ComplexNumber.of(-0.5, values[i])).toList();
    return new Hippo(poles, decomposition.getV().columns(ascending));
  }
}
