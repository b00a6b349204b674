package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.ModelConfigBuilder;
import io.github.last4j.model.SequenceClassifier;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Models that nobody trained, of two layers with eight states each, and noise for them. */
final class TinyModels {
  private TinyModels() {}

  static SequenceClassifier of(NDManager manager, Family family, boolean bidirectional, long seed) {
    return of(manager, family, bidirectional, seed, config -> {});
  }

  static SequenceClassifier of(
      NDManager manager,
      Family family,
      boolean bidirectional,
      long seed,
      Consumer<ModelConfigBuilder> change) {
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.family(family)
                        .inputs(2)
                        .channels(4)
                        .pairs(ModelConfig.layers(2, 8))
                        .classes(5)
                        .bidirectional(bidirectional)
                        .activation(Activation.FULL_GLU)
                        .stepMin(0.02)
                        .stepMax(0.3));
    return SequenceClassifier.create(manager, config.with(change), seed);
  }

  static SequenceClassifier inDoublePrecision(NDManager manager, SequenceClassifier model) {
    Map<String, NDArray> parameters = model.parametersByName(manager);
    parameters.replaceAll((name, array) -> array.toType(DataType.FLOAT64, false));
    return SequenceClassifier.of(manager, model.config(), parameters);
  }

  static SequenceData noise(int samples) {
    Random random = new Random(1);
    float[] inputs = new float[samples * 40 * 2];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    int[] labels = random.ints(samples, 0, 5).toArray();
    return SequenceData.of("noise", "of seed 1", 40, 2, 5, inputs, labels);
  }
}
