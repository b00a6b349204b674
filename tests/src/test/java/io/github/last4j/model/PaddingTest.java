package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much padding there is says nothing about a sequence. */
class PaddingTest {
  private static final int[] LENGTHS = {6, 4, 5, 6};
  private static final long[][] WORDS = {
    {3, 1, 4, 1, 5, 2}, {2, 7, 1, 6, 0, 0}, {1, 4, 1, 4, 2, 0}, {5, 7, 7, 2, 1, 5}
  };

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static ModelConfig config(Family family, Normalization norm, boolean postNorm) {
    return ModelConfig.s5(8, 4)
        .with(
            c ->
                c.tokens(true)
                    .channels(4)
                    .pairs(ModelConfig.layers(3, 8))
                    .dropout(0)
                    .bidirectional(true)
                    .family(family)
                    .normalization(norm)
                    .postNorm(postNorm));
  }

  private SequenceClassifier model(ModelConfig config) {
    Map<String, NDArray> exact = new LinkedHashMap<>();
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 1)) {
      model
          .parametersByName(manager)
          .forEach((name, array) -> exact.put(name, array.toType(DataType.FLOAT64, true)));
    }
    return SequenceClassifier.of(manager, config, exact);
  }

  /** The sequences behind so many steps of padding, the words of which are anything. */
  private NDList padded(int more) {
    int length = 6 + more;
    long[] words = new long[4 * length];
    Arrays.fill(words, 7);
    for (int i = 0; i < 4; i++) {
      System.arraycopy(WORDS[i], 0, words, i * length, LENGTHS[i]);
    }
    return new NDList(manager.create(words, new Shape(4, length)), manager.create(LENGTHS));
  }

  private double[] one(SequenceClassifier model, int sequence) {
    long[] words = Arrays.copyOf(WORDS[sequence], LENGTHS[sequence]);
    NDList x = new NDList(manager.create(words, new Shape(1, words.length)));
    return model.logProbabilities(x).toDoubleArray();
  }

  @ParameterizedTest
  @CsvSource({
    "S5, BATCH, false",
    "S5, LAYER, true",
    "S4D, BATCH, true",
    "S4D, LAYER, false",
  })
  void answersDoNotDependOnIt(Family family, Normalization norm, boolean postNorm) {
    try (SequenceClassifier model = model(config(family, norm, postNorm))) {
      for (int more : new int[] {0, 4, 40, 90}) {
        double[] answers = model.logProbabilities(padded(more)).toDoubleArray();
        List<LayerTrace> traces = model.trace(padded(more));
        for (int i = 0; i < 4; i++) {
          // The order of float64 sums alone.
          assertArrayEquals(one(model, i), Arrays.copyOfRange(answers, 4 * i, 4 * i + 4), 1e-12);
        }
        NDArray seen = traces.get(1).normalized().get("1, 4:");
        assertEquals(0, seen.abs().sum().toDoubleArray()[0]);
      }
    }
  }

  /** Batch statistics and running ones, too, are of what counts only. */
  @ParameterizedTest
  @CsvSource({
    "S5, BATCH, false",
    "S5, LAYER, true",
    "S4D, BATCH, true",
    "S4D, LAYER, false",
  })
  void gradientsDoNotDependOnIt(Family family, Normalization norm, boolean postNorm) {
    ModelConfig config = config(family, norm, postNorm);
    for (boolean bothWays : new boolean[] {true, false}) {
      ModelConfig directed = config.with(c -> c.bidirectional(bothWays));
      Map<String, double[]> expected = gradients(directed, 0);
      gradients(directed, 33)
          .forEach(
              (name, gradient) -> {
                double scale = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
                assertArrayEquals(expected.get(name), gradient, 1e-10 * (scale + 1e-3), name);
              });
    }
  }

  private Map<String, double[]> gradients(ModelConfig config, int more) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (SequenceClassifier model = model(config)) {
      for (Pair<String, Parameter> each : model.getParameters()) {
        each.getValue().getArray().setRequiresGradient(each.getValue().requiresGradient());
      }
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray y =
            model
                .forward(new ParameterStore(manager, false), padded(more), true)
                .singletonOrThrow();
        NDList labels = new NDList(manager.create(new int[] {0, 3, 1, 2}));
        collector.backward(Evaluation.losses("train", y, labels).mean());
      }
      for (Pair<String, Parameter> each : model.getParameters()) {
        NDArray array = each.getValue().getArray();
        NDArray value = each.getValue().requiresGradient() ? array.getGradient() : array;
        gradients.put(each.getKey(), value.toDoubleArray());
      }
    }
    return gradients;
  }

  /** What imports of the S5 release do, and what a configuration without a word of it says. */
  @Test
  void theReleaseReadsIt() {
    ModelConfig masked = config(Family.S5, Normalization.BATCH, false);
    assertTrue(masked.maskPadding());
    try (SequenceClassifier model = model(masked.with(c -> c.maskPadding(false)))) {
      double[] little = model.logProbabilities(padded(4)).toDoubleArray();
      double[] much = model.logProbabilities(padded(40)).toDoubleArray();
      assertTrue(Math.abs(little[4] - much[4]) > 1e-3);
    }
  }
}
