package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.States;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Models of any architecture, whose parameters and statistics are all drawn, and inputs for them.
 */
public final class RandomModels {
  private RandomModels() {}

  /** Anything that a model can be, in one direction of time, for single sequences. */
  public static ModelConfig causal(Random random) {
    Family family = pick(random, Family.values());
    boolean tokens = random.nextBoolean();
    int h = 1 + random.nextInt(7);
    int pairs = family == Family.S4D ? h * (1 + random.nextInt(4)) : 1 + random.nextInt(6);
    int layers = 1 + random.nextInt(3);
    return ModelConfig.s5(tokens ? 5 : 1 + random.nextInt(4), 2 + random.nextInt(5))
        .with(
            c ->
                c.family(family)
                    .tokens(tokens)
                    .channels(h)
                    .pairs(ModelConfig.layers(layers, pairs))
                    .activation(pick(random, Activation.values()))
                    .normalization(pick(random, Normalization.values()))
                    .postNorm(random.nextBoolean())
                    .pooling(pick(random, Pooling.values()))
                    .discretization(pick(random, Discretization.values()))
                    .clipPoles(random.nextBoolean())
                    .maskPadding(random.nextBoolean())
                    .exactGelu(random.nextBoolean())
                    .singleStates(family == Family.S5 && random.nextBoolean())
                    .stepRescale(random.nextBoolean() ? 1 : 0.5 + random.nextDouble())
                    .normEpsilon(random.nextBoolean() ? 0 : 1e-3 * random.nextDouble()));
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /**
   * A model whose biases, scales and statistics are not those of a new one either, and which, every
   * other time, has lost some of its states.
   *
   * @param type float32 or float64
   */
  public static SequenceClassifier of(
      NDManager manager, ModelConfig config, DataType type, Random random) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    try (SequenceClassifier fresh = SequenceClassifier.create(manager, config, random.nextLong())) {
      fresh
          .parametersByName(manager)
          .forEach((name, array) -> parameters.put(name, moved(name, array, random, type)));
    }
    SequenceClassifier model = SequenceClassifier.of(manager, config, parameters);
    if (random.nextBoolean()) {
      return model;
    }
    try (model) {
      NDList masks = new NDList();
      for (int pairs : config.pairs()) {
        boolean[] stay = new boolean[pairs];
        for (int i = 0; i < pairs; i++) {
          stay[i] = random.nextInt(3) == 0;
        }
        stay[random.nextInt(pairs)] = true;
        masks.add(manager.create(stay));
      }
      return model.keep(States.of(masks));
    }
  }

  private static NDArray moved(String name, NDArray array, Random random, DataType type) {
    float[] numbers = array.toFloatArray();
    for (int i = 0; i < numbers.length; i++) {
      if (name.endsWith("norm/scale") || name.endsWith("norm/var")) {
        numbers[i] = 0.5f + random.nextFloat();
      } else if (name.endsWith("bias") || name.endsWith("norm/mean")) {
        numbers[i] = random.nextFloat() - 0.5f;
      }
    }
    return array.getManager().create(numbers, array.getShape()).toType(type, true);
  }

  /** Inputs (batch, L, inputs) or tokens (batch, L) of a model, float32. */
  public static NDArray inputs(
      NDManager manager, ModelConfig config, int batch, int length, Random random) {
    int features = config.tokens() ? 1 : config.inputs();
    float[] numbers = new float[batch * length * features];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          config.tokens() ? random.nextInt(config.inputs()) : (float) random.nextGaussian();
    }
    return manager.create(
        numbers, config.tokens() ? new Shape(batch, length) : new Shape(batch, length, features));
  }
}
