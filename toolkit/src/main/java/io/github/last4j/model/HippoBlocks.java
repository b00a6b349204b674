package io.github.last4j.model;

import io.github.last4j.ssm.Hippo;
import java.util.List;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/**
 * Equal HiPPO-LegS blocks, from which an S5 starts. Their poles come in conjugate pairs, of which n
 * are kept of 2n, in each block the first half.
 *
 * @param hippo one block
 * @param pairs n of all blocks together
 */
record HippoBlocks(Hippo hippo, int pairs) {
  static HippoBlocks of(int pairs, int blocks) {
    ModelConfig.require(
        pairs % blocks == 0, "pairs: expected a multiple of the %s blocks, got %s", blocks, pairs);
    return new HippoBlocks(Hippo.legs(2 * pairs / blocks), pairs);
  }

  /** The poles of all n states. */
  List<ComplexNumber> poles() {
    return IntStream.range(0, pairs).mapToObj(state -> hippo.poles().get(state % half())).toList();
  }

  /** The first n rows of V⁻¹B for a real B (2n, h): shape (n, h, 2). */
  double[] inputs(double[] b) {
    int h = b.length / (2 * pairs);
    double[] result = new double[pairs * h * 2];
    MatrixStore<ComplexNumber> v = hippo.vectors();
    for (int state = 0; state < pairs; state++) {
      for (int k = 0; k < 2 * half(); k++) {
        // V is unitary: its inverse is its conjugate transpose.
        ComplexNumber weight = v.get(k, state % half()).conjugate();
        for (int j = 0; j < h; j++) {
          double value = b[(first(state) + k) * h + j];
          result[(state * h + j) * 2] += weight.getReal() * value;
          result[(state * h + j) * 2 + 1] += weight.getImaginary() * value;
        }
      }
    }
    return result;
  }

  /** The first n columns of CV for a complex C (h, 2n, 2): shape (h, n, 2). */
  double[] outputs(double[] c) {
    int h = c.length / (4 * pairs);
    double[] result = new double[h * pairs * 2];
    MatrixStore<ComplexNumber> v = hippo.vectors();
    for (int state = 0; state < pairs; state++) {
      for (int k = 0; k < 2 * half(); k++) {
        ComplexNumber weight = v.get(k, state % half());
        for (int i = 0; i < h; i++) {
          int from = (i * 2 * pairs + first(state) + k) * 2;
          int to = (i * pairs + state) * 2;
          result[to] += c[from] * weight.getReal() - c[from + 1] * weight.getImaginary();
          result[to + 1] += c[from] * weight.getImaginary() + c[from + 1] * weight.getReal();
        }
      }
    }
    return result;
  }

  private int half() {
    return hippo.poles().size();
  }

  /** Where the block of a state begins among all 2n. */
  private int first(int state) {
    return state / half() * 2 * half();
  }
}
