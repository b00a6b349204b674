package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.last4j.complex.Scoped;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One layer: x + drop(activation(ssm(norm(x)))), or norm(x + drop(activation(ssm(x)))) with
 * post-normalisation, with dropout that is the same over time.
 */
final class SsmLayer extends AbstractBlock {
  private final ModelConfig config;
  final AbstractBlock norm;
  final SsmBlock<?> ssm;
  final Linear value;
  final Linear gate;

  SsmLayer(ModelConfig config, int index) {
    this.config = config;
    norm = addChildBlock("norm", config.normalization().block(config));
    ssm = addChildBlock("seq", config.family().block(config, index));
    value = config.activation().hasValue() ? addChildBlock("out1", dense(config)) : null;
    gate = config.activation().hasGate() ? addChildBlock("out2", dense(config)) : null;
  }

  private static Linear dense(ModelConfig config) {
    return Linear.builder().setUnits(config.channels()).build();
  }

  /** Maps x (L, batch, h), in any order of the steps that the system expects, to the same shape. */
  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    NDArray x = inputs.singletonOrThrow();
    // Results that no gradient needs are overwritten, and others closed where they are read last:
    // memory that is still cached is worth as much as the arithmetic here.
    try (NDArray y = response(store, x, training);
        NDArray bent = Activation.gelu(config, y);
        NDArray g = drop(bent, training)) {
      if (gate == null) {
        return new NDList(residual(store, x, g, training));
      }
      try (NDArray open = opening(store, g, training);
          NDArray gated =
              switch (config.activation()) {
                case FULL_GLU -> apply(value, store, g, training);
                case HALF_GLU2 -> y;
                default -> g;
              };
          NDArray product = training ? gated.mul(open) : gated.muli(open);
          NDArray dropped = drop(product, training)) {
        return new NDList(residual(store, x, dropped, training));
      }
    }
  }

  /** The system's output on the layer's input, normalised before it or not. */
  private NDArray response(ParameterStore store, NDArray x, boolean training) {
    if (config.postNorm()) {
      return apply(ssm, store, x, training);
    }
    Optional<NDList> affine =
        training
            ? Optional.empty()
            : config.normalization().affine(config, norm, store, x.getDevice());
    if (affine.isPresent()) {
      NDList inputs = new NDList(x);
      inputs.addAll(affine.get());
      return apply(ssm, store, inputs, false);
    }
    try (NDArray u = normalized(store, x, training)) {
      return apply(ssm, store, u, training);
    }
  }

  private NDArray opening(ParameterStore store, NDArray g, boolean training) {
    try (NDArray exponent = apply(gate, store, g, training)) {
      return Activation.sigmoid(exponent);
    }
  }

  /** What the layer gives; overwrites g, and is a view of its own of that memory. */
  private NDArray residual(ParameterStore store, NDArray x, NDArray g, boolean training) {
    NDArray sum = g.addi(x);
    return config.postNorm() ? normalized(store, sum, training) : sum.reshape(x.getShape());
  }

  private NDArray normalized(ParameterStore store, NDArray x, boolean training) {
    try (NDArray rows = x.reshape(-1, x.getShape().get(2));
        NDArray y = apply(norm, store, rows, training)) {
      return y.reshape(x.getShape());
    }
  }

  /** The signals at evaluation, in the order of the steps that x has. */
  LayerTrace trace(ParameterStore store, NDArray x) {
    NDArray seen = config.postNorm() ? x : normalized(store, x, false);
    NDArray response = response(store, x, false);
    return new LayerTrace(seen, response, apply(this, store, x, false));
  }

  /**
   * Applies a block. At evaluation nothing but its result outlives it, so that a model takes the
   * memory of one layer and not of all; in training a gradient may need the rest.
   */
  static NDArray apply(AbstractBlock block, ParameterStore store, NDArray x, boolean training) {
    return apply(block, store, new NDList(x), training);
  }

  private static NDArray apply(
      AbstractBlock block, ParameterStore store, NDList inputs, boolean training) {
    Supplier<NDArray> forward = () -> block.forward(store, inputs, training).singletonOrThrow();
    return training ? forward.get() : Scoped.array(inputs.head().getManager(), forward);
  }

  private NDArray drop(NDArray x, boolean training) {
    if (!training || config.dropout() == 0) {
      return x;
    }
    Shape oneStep = new Shape(1, x.getShape().get(1), x.getShape().get(2));
    NDArray kept = x.getManager().ones(oneStep, x.getDataType(), x.getDevice());
    return x.mul(Dropout.dropout(kept, (float) config.dropout(), true).singletonOrThrow());
  }

  @Override
  protected void initializeChildBlocks(NDManager owner, DataType type, Shape... inputShapes) {
    Shape steps = inputShapes[0];
    norm.initialize(owner, type, new Shape(steps.get(0) * steps.get(1), steps.get(2)));
    ssm.initialize(owner, type, steps);
    if (value != null) {
      value.initialize(owner, type, steps);
    }
    if (gate != null) {
      gate.initialize(owner, type, steps);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
