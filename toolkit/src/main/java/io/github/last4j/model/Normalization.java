package io.github.last4j.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import java.util.Optional;
import java.util.function.Function;

/** How a layer's features are brought to mean zero and variance one, then scaled and shifted. */
public enum Normalization {
  /** Each channel over batch and time, ε = 1e-5; in evaluation by running statistics. */
  BATCH {
    @Override
    AbstractBlock block(ModelConfig config) {
      return BatchNorm.builder()
          .optAxis(1)
          .optEpsilon((float) BATCH_EPSILON)
          .optMomentum((float) config.batchNormMomentum())
          .build();
    }

    @Override
    Optional<NDList> affine(AbstractBlock norm, ParameterStore store, Device device) {
      Function<String, NDArray> value =
          name -> store.getValue(norm.getParameters().get(name), device, false);
      NDArray deviation = value.apply("runningVar").add(BATCH_EPSILON).sqrt();
      NDArray scale = value.apply("gamma").div(deviation);
      NDArray shift = value.apply("beta").sub(value.apply("runningMean").mul(scale));
      return Optional.of(new NDList(scale, shift));
    }
  },

  /** Each time step over its channels, ε = 1e-6 as in Flax. */
  LAYER {
    @Override
    AbstractBlock block(ModelConfig config) {
      return new ChannelNorm(config.channels());
    }
  };

  /** The ε of batch normalisation. */
  public static final double BATCH_EPSILON = 1e-5;

  /** The scale and shift (h) that a block is at evaluation, if it is. */
  Optional<NDList> affine(AbstractBlock norm, ParameterStore store, Device device) {
    return Optional.empty();
  }

  /** A block for rows (steps, h) with parameters gamma and beta. */
  abstract AbstractBlock block(ModelConfig config);

  /** DJL's layer normalisation learns its shape in an initialisation that loaded models skip. */
  private static final class ChannelNorm extends LayerNorm {
    ChannelNorm(int channels) {
      super(builder().axis(1).optEpsilon(1e-6f));
      normalizedShape = new Shape(channels);
    }
  }
}
