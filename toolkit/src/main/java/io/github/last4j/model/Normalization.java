package io.github.last4j.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import java.util.Optional;
import java.util.function.Function;

/** How a layer's features are brought to mean zero and variance one, then scaled and shifted. */
public enum Normalization {
  /** Each channel over batch and time, ε = 1e-5 as in Flax; in evaluation by running statistics. */
  BATCH(1e-5) {
    @Override
    AbstractBlock block(ModelConfig config) {
      return BatchNorm.builder()
          .optAxis(1)
          .optEpsilon((float) epsilon(config))
          .optMomentum((float) config.batchNormMomentum())
          .build();
    }

    @Override
    Optional<NDList> affine(
        ModelConfig config, AbstractBlock norm, ParameterStore store, Device device) {
      Function<String, NDArray> value =
          name -> store.getValue(norm.getParameters().get(name), device, false);
      NDArray deviation = value.apply("runningVar").add(epsilon(config)).sqrt();
      NDArray scale = value.apply("gamma").div(deviation);
      NDArray shift = value.apply("beta").sub(value.apply("runningMean").mul(scale));
      return Optional.of(new NDList(scale, shift));
    }

    @Override
    StepNorm step(ModelConfig config, AbstractBlock norm) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray gamma = norm.getParameters().get("gamma").getArray();
        ParameterStore store = new ParameterStore(gamma.getManager(), false);
        NDList both = affine(config, norm, store, gamma.getDevice()).orElseThrow();
        return new StepNorm.Affine(
            StepProduct.floats(both.get(0)), StepProduct.floats(both.get(1)));
      }
    }
  },

  /** Each time step over its channels, ε = 1e-6 as in Flax. */
  LAYER(1e-6) {
    @Override
    AbstractBlock block(ModelConfig config) {
      return new ChannelNorm(config.channels(), (float) epsilon(config));
    }

    @Override
    StepNorm step(ModelConfig config, AbstractBlock norm) {
      return new StepNorm.Layer(
          StepProduct.floats(norm.getParameters().get("gamma").getArray()),
          StepProduct.floats(norm.getParameters().get("beta").getArray()),
          epsilon(config));
    }
  };

  private final double flaxEpsilon;

  Normalization(double flaxEpsilon) {
    this.flaxEpsilon = flaxEpsilon;
  }

  /** The ε that is added to variances: the configuration's, or Flax's where that is zero. */
  public double epsilon(ModelConfig config) {
    return config.normEpsilon() == 0 ? flaxEpsilon : config.normEpsilon();
  }

  /** The scale and shift (h) that a block is at evaluation, if it is. */
  Optional<NDList> affine(
      ModelConfig config, AbstractBlock norm, ParameterStore store, Device device) {
    return Optional.empty();
  }

  /** What a block is at evaluation, for one time step after another. */
  abstract StepNorm step(ModelConfig config, AbstractBlock norm);

  /** A block for rows (steps, h) with parameters gamma and beta. */
  abstract AbstractBlock block(ModelConfig config);

  /** DJL's layer normalisation learns its shape in an initialisation that loaded models skip. */
  private static final class ChannelNorm extends LayerNorm {
    ChannelNorm(int channels, float epsilon) {
      super(builder().axis(1).optEpsilon(epsilon));
      normalizedShape = new Shape(channels);
    }
  }
}
