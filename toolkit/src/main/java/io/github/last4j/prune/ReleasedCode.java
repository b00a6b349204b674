package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A criterion of squared H∞ norms as the paper's released code computes it, for comparison with its
 * results.
 *
 * <ul>
 *   <li>All arithmetic is float32, 1-|λ̄| by subtraction. Small scores vanish; a layer of zeros
 *       scores zero.
 *   <li>1e-8 is added to (1-|λ̄|)², which scales the score of a state with Re λ = -1/2 by 0.96 at Δ
 *       = 1e-3, by 0.20 at 1e-4 and by 0.0025 at 1e-5.
 *   <li>In a bidirectional layer (‖Cᶠ‖+‖Cᵇ‖)/4 stands for ‖C‖², where Sec. 3.1 has (‖Cᶠ‖²+‖Cᵇ‖²)/2.
 *   <li>Of equal states of a layer, energy normalisation takes the last one as the highest.
 *   <li>Every state stays whose score is at least the K-th highest, K = max(1, ⌊N(1-ratio)⌋) of N
 *       states, over all layers or in each, and the highest of each layer: ties keep more states
 *       than the ratio says.
 * </ul>
 *
 * @param title its name in tables and figures
 * @param rescaling what becomes of a layer's scores before they are compared with other layers'
 * @param scope which states compete
 */
public record ReleasedCode(String title, Rescaling rescaling, Scope scope) implements Selection {
  /** LAST. */
  public static final ReleasedCode LAST = of(Criterion.LAST);

  private static final float ADDED = 1e-8f;

  /**
   * Checks that no part is missing.
   *
   * @throws IllegalArgumentException if one is null
   */
  public ReleasedCode {
    if (title == null || rescaling == null || scope == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "title, rescaling, scope: expected one of each, got %s, %s, %s",
              title,
              rescaling,
              scope));
    }
  }

  /**
   * A criterion as the released code computes it.
   *
   * @throws IllegalArgumentException if its importance is not H∞
   */
  public static ReleasedCode of(Criterion criterion) {
    if (criterion.importance() != PaperImportance.HINF) {
      throw new IllegalArgumentException(
          "criterion: expected one of H∞ norms, as the released code has, got "
              + criterion.title());
    }
    return new ReleasedCode(
        criterion.title() + " (released code)", criterion.rescaling(), criterion.scope());
  }

  /**
   * Scores every state; higher is worth more.
   *
   * @param layers the discrete layers of a model
   * @return n float32 numbers for each layer of n states, not logarithms
   * @throws IllegalArgumentException if there is no layer, or one is null, unstable or not finite
   */
  public List<float[]> scores(List<DiscreteSsm> layers) {
    return Criterion.requireLayers(layers).stream()
        .map(
            layer ->
                rescaling == Rescaling.LAYER_ENERGY
                    ? energyNormalized(squaredNorms(layer))
                    : squaredNorms(layer))
        .toList();
  }

  /** Chooses the states that stay, of layers that need no model around them. */
  public States select(List<DiscreteSsm> layers, double ratio) {
    return atThreshold(scores(layers), ratio);
  }

  @Override
  public Choices choices(SequenceClassifier model, long seed) {
    try (NDManager scratch = model.manager().newSubManager()) {
      List<float[]> scores = scores(model.discreteSystems(scratch));
      Choices exact = scope.choices(scores.stream().map(ReleasedCode::doubles).toList());
      return new Choices() {
        @Override
        public States at(double ratio) {
          return atThreshold(scores, ratio);
        }

        @Override
        public States keeping(List<Integer> counts) {
          return exact.keeping(counts);
        }
      };
    }
  }

  private States atThreshold(List<float[]> scores, double ratio) {
    Scope.requireRatio(ratio);
    List<double[]> layers = scores.stream().map(ReleasedCode::doubles).toList();
    double[] all = layers.stream().flatMapToDouble(Arrays::stream).toArray();
    return new States(
        layers.stream().map(own -> above(own, scope == Scope.GLOBAL ? all : own, ratio)).toList());
  }

  private static StateSet above(double[] own, double[] competing, double ratio) {
    int[] highest = Scores.highest(competing, ratio);
    // Where float32 overflows, Eq. 9 divides an infinity by an infinity.
    double best = Arrays.stream(Scores.requireNumbers("scores", own)).max().orElseThrow();
    double threshold = Math.min(best, competing[highest[highest.length - 1]]);
    return StateSet.where(own.length, i -> own[i] >= threshold);
  }

  private static float[] squaredNorms(DiscreteSsm layer) {
    // For its checks: in float32 a stable pole may lie on the unit circle.
    StateNorms.logHinf(layer);
    int n = layer.states();
    float[] re = floats(layer.lambdaBar().real());
    float[] im = floats(layer.lambdaBar().imag());
    // The norm of one number is its own.
    DiscreteSsm states = layer.withoutChannels();
    float[] input = norms(states.bBar(), n, states.inputs(), 1);
    float[] output = norms(states.c(), n, 1, n);
    float[] backward = states.backwardC().map(c -> norms(c, n, 1, n)).orElse(null);
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

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
