package io.github.last4j.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.Signals;
import io.github.last4j.prune.Criterion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks against the signals of the models that they are of. */
class S5BlockTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static ModelConfig config(Activation activation, boolean exactGelu) {
    return ModelConfig.s5(2, 3)
        .with(
            c ->
                c.channels(4)
                    .pairs(ModelConfig.layers(2, 6))
                    .activation(activation)
                    .exactGelu(exactGelu));
  }

  /** A model in double precision whose normalisations do something. */
  private SequenceClassifier model(ModelConfig config) {
    Random random = new Random(config.activation().name().hashCode());
    try (SequenceClassifier drawn = SequenceClassifier.create(manager, config, 0)) {
      Map<String, NDArray> parameters = new HashMap<>();
      drawn
          .parametersByName(manager)
          .forEach(
              (name, array) -> {
                NDArray value = array.toType(DataType.FLOAT64, false);
                if (name.contains("/norm/")) {
                  double[] numbers = random.doubles(value.size(), 0.5, 2).toArray();
                  value = manager.create(numbers, value.getShape());
                }
                parameters.put(name, value);
              });
      return SequenceClassifier.of(manager, drawn.config(), parameters);
    }
  }

  private static SequenceData noise() {
    Random random = new Random(0);
    float[] values = new float[30 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (3 * random.nextGaussian());
    }
    return SequenceData.of("noise", "none", 30, 2, 3, values, new int[1]);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void partsOfTheModel(Activation activation) {
    partsOf(model(config(activation, false)), activation);
    partsOf(model(config(activation, true)), activation);
  }

  private void partsOf(SequenceClassifier model, Activation activation) {
    List<S5Block> blocks = S5Block.of(model, manager);
    List<LayerTrace> whole = model.trace(noise());
    List<LayerTrace> pruned = model.keep(Criterion.LAST.select(model, 0.5)).trace(noise());
    for (int l = 0; l < 2; l++) {
      S5Block block = blocks.get(l);
      LayerTrace trace = whole.get(l);
      if (l > 0) {
        NDArray x = whole.get(l - 1).output();
        NDArray normalized = x.mul(block.scale()).add(block.shift());
        assertClose(trace.normalized(), normalized);
      }
      assertClose(trace.response(), block.system().output(trace.normalized()));
      double moved = Signals.distance(added(whole, l), added(pruned, l));
      double before = Signals.distance(trace.response(), pruned.get(l).response());
      double c = block.mixing(trace.response().get(0));
      assertTrue(moved <= c * c * before * (1 + 1e-9), activation + ": " + moved + " " + before);
      // Not by orders of magnitude, which swapped matrices or signals would be.
      assertTrue(moved >= 1e-4 * c * c * before, activation + ": " + moved + " " + before);
    }
  }

  /** What the first layer adds: its input is the encoder's output, normalised. */
  private NDArray added(List<LayerTrace> traces, int l) {
    if (l > 0) {
      return traces.get(l).output().sub(traces.get(l - 1).output());
    }
    // The same in both models but for what the layer adds.
    return traces.get(l).output();
  }

  private static void assertClose(NDArray expected, NDArray actual) {
    // Rounding of double precision over sums of a few terms.
    assertEquals(0, Signals.distance(expected, actual) / Signals.energy(expected), 1e-24);
  }

  @Test
  void refusesOtherNormalisations() {
    ModelConfig after = config(Activation.GELU, false).with(c -> c.postNorm(true));
    try (SequenceClassifier model = SequenceClassifier.create(manager, after, 0)) {
      assertThrows(IllegalArgumentException.class, () -> S5Block.of(model, manager));
    }
  }
}
