package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dropout of a layer is one choice a sequence and channel, kept for all of its steps. */
class DropoutTest {
  private static final int LENGTH = 12;
  private static final int BATCH = 50;
  private static final int CHANNELS = 20;
  private static final double RATE = 0.3;

  private static ModelConfig config(double dropout) {
    return ModelConfig.s5(1, 10)
        .with(
            c ->
                c.channels(CHANNELS)
                    .pairs(layers(1, 4))
                    .activation(Activation.GELU)
                    .dropout(dropout));
  }

  private static NDArray branch(
      NDManager manager, Map<String, NDArray> parameters, double dropout, NDArray x) {
    SequenceClassifier model = SequenceClassifier.of(manager, config(dropout), parameters);
    List<SsmLayer> layers =
        model.getChildren().stream()
            .map(Pair::getValue)
            .filter(SsmLayer.class::isInstance)
            .map(SsmLayer.class::cast)
            .toList();
    assertEquals(1, layers.size());
    ParameterStore store = new ParameterStore(manager, false);
    return layers.get(0).forward(store, new NDList(x), true).singletonOrThrow().sub(x);
  }

  @Test
  void isTheSameOverTime() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config(0), 1)) {
      Map<String, NDArray> parameters = model.parametersByName(manager);
      Random random = new Random(1);
      float[] noise = new float[LENGTH * BATCH * CHANNELS];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) random.nextGaussian();
      }
      NDArray x = manager.create(noise, new Shape(LENGTH, BATCH, CHANNELS));
      Engine.getInstance().setRandomSeed(1);
      float[] whole = branch(manager, parameters, 0, x).toFloatArray();
      float[] dropped = branch(manager, parameters, RATE, x).toFloatArray();
      int lost = 0;
      int features = BATCH * CHANNELS;
      for (int feature = 0; feature < features; feature++) {
        int strongest = feature;
        for (int at = feature; at < whole.length; at += features) {
          strongest = Math.abs(whole[at]) > Math.abs(whole[strongest]) ? at : strongest;
        }
        double factor = dropped[strongest] == 0 ? 0 : 1 / (1 - RATE);
        lost += factor == 0 ? 1 : 0;
        for (int at = feature; at < whole.length; at += features) {
          // Single precision of x + branch, from which x was subtracted again.
          assertEquals(factor * whole[at], dropped[at], 1e-5, "feature " + feature);
        }
      }
      // Four standard deviations of a binomial share.
      double deviation = Math.sqrt(RATE * (1 - RATE) / features);
      assertEquals(RATE, (double) lost / features, 4 * deviation);
    }
  }
}
