package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two ways to the same numbers: removal and silence, tokens and one-hot, lengths and none. */
class KeepTest {
  private static final int CHANNELS = 4;
  private static final boolean[][] KEPT = {
    {true, false, true, false}, {false, false, true, false, false, false}, {true, true, true, false}
  };

  private final Random random = new Random(4);
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static ModelConfig.Builder config(boolean bidirectional) {
    return ModelConfig.sequentialMnist().toBuilder()
        .inputs(3)
        .channels(CHANNELS)
        .pairs(List.of(4, 6, 4))
        .classes(5)
        .bidirectional(bidirectional);
  }

  /** The initial parameters, moved so that no bias is zero and no scale one. */
  private Map<String, NDArray> parameters(ModelConfig config, DataType type) {
    Map<String, NDArray> result = new LinkedHashMap<>();
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 8)) {
      model
          .parametersByName(manager)
          .forEach(
              (name, array) -> {
                float[] values = array.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                  values[i] += 0.1f * random.nextFloat();
                }
                result.put(name, manager.create(values, array.getShape()).toType(type, false));
              });
    }
    return result;
  }

  private NDArray noise(DataType type, long... shape) {
    Shape target = new Shape(shape);
    double[] values = random.doubles(target.size(), -1, 1).toArray();
    return manager.create(values, target).toType(type, false);
  }

  /** The parameters with the rows of B and the columns of C of removed states set to zero. */
  private Map<String, NDArray> silenced(Map<String, NDArray> parameters, DataType type) {
    Map<String, NDArray> result = new LinkedHashMap<>(parameters);
    for (int layer = 0; layer < KEPT.length; layer++) {
      int n = KEPT[layer].length;
      for (String name : List.of("B", "C", "C1", "C2")) {
        String path = "params/encoder/layers_" + layer + "/seq/" + name;
        NDArray array = parameters.get(path);
        if (array == null) {
          continue;
        }
        double[] values = array.toType(DataType.FLOAT64, true).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
          int state = name.equals("B") ? i / 2 / CHANNELS : i / 2 % n;
          values[i] = KEPT[layer][state] ? values[i] : 0;
        }
        result.put(path, manager.create(values, array.getShape()).toType(type, false));
      }
    }
    return result;
  }

  private static double difference(NDArray first, NDArray second) {
    assertEquals(first.getShape(), second.getShape());
    return first.sub(second).abs().max().toType(DataType.FLOAT64, false).getDouble();
  }

  /** Lengths with exact and with padded layouts; log-probabilities are of order one. */
  @ParameterizedTest
  @CsvSource({
    "false, FLOAT32, 50, 1e-5", "true, FLOAT32, 67, 1e-5",
    "false, FLOAT64, 67, 1e-12", "true, FLOAT64, 784, 1e-12",
  })
  void removalIsSilence(boolean bidirectional, DataType type, int length, double tolerance) {
    ModelConfig config = config(bidirectional).build();
    Map<String, NDArray> parameters = parameters(config, type);
    NDList masks = new NDList();
    for (boolean[] kept : KEPT) {
      masks.add(manager.create(kept));
    }
    NDList x = new NDList(noise(type, 3, length, 3));
    try (SequenceClassifier whole = SequenceClassifier.of(manager, config, parameters);
        SequenceClassifier smaller = whole.keep(masks);
        SequenceClassifier silent =
            SequenceClassifier.of(manager, config, silenced(parameters, type))) {
      assertEquals(List.of(2, 1, 3), smaller.config().pairs());
      NDArray actual = smaller.logProbabilities(x);
      assertEquals(0, difference(silent.logProbabilities(x), actual), tolerance);
      // That the states mattered at all.
      assertEquals(true, difference(whole.logProbabilities(x), actual) > 1e-3);
    }
  }

  @Test
  void tokensAreOneHot() {
    ModelConfig dense = config(true).inputs(7).build();
    ModelConfig tokens = config(true).vocabulary(7).build();
    Map<String, NDArray> parameters = parameters(dense, DataType.FLOAT64);
    int[] words = random.ints(2 * 30, 0, 7).toArray();
    double[] oneHot = new double[words.length * 7];
    for (int i = 0; i < words.length; i++) {
      oneHot[i * 7 + words[i]] = 1;
    }
    try (SequenceClassifier first = SequenceClassifier.of(manager, dense, parameters);
        SequenceClassifier second = SequenceClassifier.of(manager, tokens, parameters)) {
      NDArray expected =
          first.logProbabilities(new NDList(manager.create(oneHot, new Shape(2, 30, 7))));
      NDArray actual = second.logProbabilities(new NDList(manager.create(words, new Shape(2, 30))));
      assertEquals(0, difference(expected, actual), 1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "48", "67"})
  void fullLengthsAreNoLengths(int length) {
    ModelConfig config = config(false).build();
    Map<String, NDArray> parameters = parameters(config, DataType.FLOAT64);
    NDArray x = noise(DataType.FLOAT64, 2, length, 3);
    NDArray lengths = manager.create(new long[] {length, length});
    try (SequenceClassifier model = SequenceClassifier.of(manager, config, parameters)) {
      // Only the order of the sum over time may differ.
      assertEquals(
          0,
          difference(
              model.logProbabilities(new NDList(x)),
              model.logProbabilities(new NDList(x, lengths))),
          1e-12);
    }
  }
}
