package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens are one-hot vectors. */
class TokensTest {
  private static final int BATCH = 2;
  private static final int LENGTH = 30;
  private static final int WORDS = 7;

  @Test
  void tokensAreOneHot() {
    ModelConfig config = ModelConfig.s5(WORDS, 10).with(c -> c.channels(4).pairs(layers(2, 6)));
    int[] words = new Random(4).ints(BATCH * LENGTH, 0, WORDS).toArray();
    float[] oneHot = new float[words.length * WORDS];
    for (int i = 0; i < words.length; i++) {
      oneHot[i * WORDS + words[i]] = 1;
    }
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier dense = SequenceClassifier.create(manager, config, 8)) {
      Map<String, NDArray> parameters = dense.parametersByName(manager);
      try (SequenceClassifier tokens =
          SequenceClassifier.of(manager, config.with(c -> c.tokens(true)), parameters)) {
        NDArray vectors = manager.create(oneHot, new Shape(BATCH, LENGTH, WORDS));
        NDArray integers = manager.create(words, new Shape(BATCH, LENGTH));
        float[] expected = dense.logProbabilities(new NDList(vectors)).toFloatArray();
        assertArrayEquals(
            expected, tokens.logProbabilities(new NDList(integers)).toFloatArray(), 1e-6f);
        // As sequence data hold them.
        NDArray feature = integers.toType(DataType.FLOAT32, false).reshape(BATCH, LENGTH, 1);
        assertArrayEquals(
            expected, tokens.logProbabilities(new NDList(feature)).toFloatArray(), 1e-6f);
      }
    }
  }
}
