package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The scores of {@link Variant#REFERENCE_CODE}. All arithmetic here is float32, on purpose. */
final class ReleasedScores {
  private static final float ADDED = 1e-8f;

  private ReleasedScores() {}

  /**
   * Logarithms of a layer's scores.
   *
   * @param normalized whether they are divided by the sums of Eq. 9
   * @throws IllegalArgumentException if the layer is unstable or not finite
   */
  static double[] logScores(DiscreteSsm layer, boolean normalized) {
    // For its checks: in float32 a stable pole may lie on the unit circle.
    StateNorms.logHinf(layer);
    float[] scores = squaredNorms(layer);
    if (normalized) {
      scores = energyNormalized(scores);
    }
    double[] logarithms = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      logarithms[i] = Math.log(scores[i]);
    }
    return logarithms;
  }

  private static float[] squaredNorms(DiscreteSsm layer) {
    int n = layer.states();
    float[] re = floats(layer.lambdaBar().real());
    float[] im = floats(layer.lambdaBar().imag());
    float[] input = norms(layer.bBar(), n, layer.bBar().shape().get(1), 1);
    float[] output = norms(layer.c(), n, 1, n);
    float[] backward = layer.backwardC().map(c -> norms(c, n, 1, n)).orElse(null);
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      float gain = backward == null ? output[i] * output[i] : (output[i] + backward[i]) / 4;
      float margin = 1 - (float) Math.hypot(re[i], im[i]);
      scores[i] = gain * (input[i] * input[i]) / (margin * margin + ADDED);
    }
    return scores;
  }

  /** Norms of n vectors, given where each begins and how far its elements are apart. */
  private static float[] norms(ComplexArray matrix, int n, long start, long stride) {
    float[] re = floats(matrix.real());
    float[] im = floats(matrix.imag());
    int length = re.length / n;
    float[] norms = new float[n];
    for (int i = 0; i < n; i++) {
      float sum = 0;
      for (int k = 0; k < length; k++) {
        int at = (int) (i * start + k * stride);
        sum += re[at] * re[at] + im[at] * im[at];
      }
      norms[i] = (float) Math.sqrt(sum);
    }
    return norms;
  }

  private static float[] energyNormalized(float[] scores) {
    List<Integer> ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparing(i -> scores[i]))
            .toList();
    float[] result = new float[scores.length];
    float sum = 0;
    for (int rank = scores.length - 1; rank >= 0; rank--) {
      int i = ascending.get(rank);
      sum += scores[i];
      result[i] = sum == 0 ? 0 : scores[i] / sum;
    }
    return result;
  }

  private static float[] floats(NDArray array) {
    try (NDArray copy = ComplexArray.copy(array, DataType.FLOAT32)) {
      return copy.toFloatArray();
    }
  }
}
