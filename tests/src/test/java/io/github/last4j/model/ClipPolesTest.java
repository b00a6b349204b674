package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.prune.Criterion;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clipped poles are as if the parameters were at the limit, and have norms. */
class ClipPolesTest {
  private static final String RE = "params/encoder/layers_1/seq/Lambda_re";

  @Test
  void unstablePolesCountAsSlowOnes() {
    ModelConfig free = ModelConfig.s5(1, 10).with(c -> c.channels(5).pairs(layers(2, 6)));
    ModelConfig clipped = free.with(c -> c.clipPoles(true));
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier source = SequenceClassifier.create(manager, free, 1)) {
      Map<String, NDArray> unstable = new HashMap<>(source.parametersByName(manager));
      float[] re = {-0.5f, 0.3f, 0, -1e-5f, -2e-4f, 1e-3f};
      unstable.put(RE, manager.create(re));
      Map<String, NDArray> limited = new HashMap<>(unstable);
      limited.put(RE, manager.create(new float[] {-0.5f, -1e-4f, -1e-4f, -1e-4f, -2e-4f, -1e-4f}));
      NDArray x = manager.randomNormal(0, 1, new Shape(3, 40, 1), DataType.FLOAT32);
      try (SequenceClassifier model = SequenceClassifier.of(manager, clipped, unstable);
          SequenceClassifier expected = SequenceClassifier.of(manager, free, limited)) {
        // The same arithmetic on the same numbers.
        assertArrayEquals(
            expected.logProbabilities(new NDList(x)).toFloatArray(),
            model.logProbabilities(new NDList(x)).toFloatArray());
        assertArrayEquals(re, model.parametersByName(manager).get(RE).toFloatArray());
        assertEquals(Criterion.LAST.select(expected, 0.5), Criterion.LAST.select(model, 0.5));
        assertThrows(
            IllegalArgumentException.class, () -> SequenceClassifier.of(manager, free, unstable));
      }
    }
  }
}
