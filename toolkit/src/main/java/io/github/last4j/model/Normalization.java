package io.github.last4j.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;

/** How a layer's features are brought to mean zero and variance one, then scaled and shifted. */
public enum Normalization {
  /** Each channel over batch and time, ε = 1e-5; in evaluation by running statistics. */
  BATCH {
    @Override
    AbstractBlock block(ModelConfig config) {
      return BatchNorm.builder()
          .optAxis(1)
          .optEpsilon(1e-5f)
          .optMomentum((float) config.batchNormMomentum())
          .build();
    }
  },

  /** Each time step over its channels, ε = 1e-6 as in Flax. */
  LAYER {
    @Override
    AbstractBlock block(ModelConfig config) {
      return new ChannelNorm(config.channels());
    }
  };

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
