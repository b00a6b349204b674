package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
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

  /**
   * Maps x (L, batch, h), in any order of the steps that the system expects, to the same shape.
   *
   * <p>A second input, {@link Padding#mask}, keeps the padding out of the system and out of the
   * statistics of a batch.
   */
  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    NDArray x = inputs.head();
    NDList mask = inputs.subNDList(1);
    try (NDArray y = response(store, x, mask, training)) {
      return new NDList(output(store, x, y, mask, training, training));
    }
  }

  /**
   * What the layer makes of its input x and the system's response y.
   *
   * <p>Results that no gradient needs are overwritten, and others closed where they are read last:
   * memory that is still cached is worth as much as the arithmetic here.
   *
   * @param gradient whether a gradient goes through y
   */
  NDArray output(
      ParameterStore store, NDArray x, NDArray y, NDList mask, boolean training, boolean gradient) {
    try (NDArray bent = Activation.gelu(config, y);
        NDArray g = drop(bent, training)) {
      if (gate == null) {
        return residual(store, x, g, mask, training);
      }
      try (NDArray open = opening(store, g, training);
          NDArray gated =
              switch (config.activation()) {
                case FULL_GLU -> apply(value, store, g, training);
                case HALF_GLU2 -> y;
                default -> g;
              };
          NDArray product = gradient ? gated.mul(open) : gated.muli(open);
          NDArray dropped = drop(product, training)) {
        return residual(store, x, dropped, mask, training);
      }
    }
  }

  /** The layer at evaluation as a recurrence, with copies of the parameters. */
  StepLayer step() {
    return new StepLayer(
        config,
        config.normalization().step(config, norm),
        ssm.step(),
        value == null ? null : product(value),
        gate == null ? null : product(gate));
  }

  /** A dense layer as a product of one time step. */
  static StepProduct product(Linear dense) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray weight = dense.getDirectParameters().get("weight").getArray();
      NDArray bias = dense.getDirectParameters().get("bias").getArray();
      return StepProduct.of(weight.transpose(), bias);
    }
  }

  /** The system's output on what it sees of the layer's input. */
  NDArray response(ParameterStore store, NDArray x, NDList mask, boolean training) {
    // A shift before the system is a constant input, which padding would end in each sequence at a
    // time of its own.
    Optional<NDList> affine =
        training || config.postNorm() || !mask.isEmpty()
            ? Optional.empty()
            : config.normalization().affine(config, norm, store, x.getDevice());
    if (affine.isPresent()) {
      NDList inputs = new NDList(x);
      inputs.addAll(affine.get());
      return apply(ssm, store, inputs, false);
    }
    try (NDArray u = seen(store, x, mask, training)) {
      return apply(ssm, store, u, training);
    }
  }

  /**
   * The layer at evaluation, where parameters need gradients: what evaluation keeps of them has
   * none.
   */
  NDArray differentiable(ParameterStore store, NDArray x, NDList mask) {
    try (NDArray u = seen(store, x, mask, false);
        NDArray response = apply(ssm, store, u, true)) {
      return output(store, x, response, mask, false, true);
    }
  }

  /** The layer's input, normalised or not, and zero in the padding: an array of its own. */
  private NDArray seen(ParameterStore store, NDArray x, NDList mask, boolean training) {
    NDArray u = config.postNorm() ? x.reshape(x.getShape()) : normalized(store, x, mask, training);
    if (mask.isEmpty()) {
      return u;
    }
    try (u) {
      return u.mul(mask.head());
    }
  }

  private NDArray opening(ParameterStore store, NDArray g, boolean training) {
    try (NDArray exponent = apply(gate, store, g, training)) {
      return Activation.sigmoid(exponent);
    }
  }

  /** What the layer gives; overwrites g, and is a view of its own of that memory. */
  private NDArray residual(
      ParameterStore store, NDArray x, NDArray g, NDList mask, boolean training) {
    NDArray sum = g.addi(x);
    return config.postNorm() ? normalized(store, sum, mask, training) : sum.reshape(x.getShape());
  }

  private NDArray normalized(ParameterStore store, NDArray x, NDList mask, boolean training) {
    // Only the statistics of a batch see more than one step.
    NDList counted =
        training && config.normalization() == Normalization.BATCH ? mask : new NDList();
    try (NDArray rows = x.reshape(-1, x.getShape().get(2));
        NDArray y = Padding.ofValid(counted, rows, r -> apply(norm, store, r, training))) {
      return y.reshape(x.getShape());
    }
  }

  /**
   * The signals at evaluation, in the order of the steps that x has.
   *
   * @param inputs as {@link #forwardInternal} has them
   */
  LayerTrace trace(ParameterStore store, NDList inputs) {
    NDArray x = inputs.head();
    NDList mask = inputs.subNDList(1);
    NDArray seen = seen(store, x, mask, false);
    NDArray response = response(store, x, mask, false);
    NDArray output =
        Scoped.array(
            x.getManager(), () -> output(store, x, response.duplicate(), mask, false, false));
    return new LayerTrace(seen, response, output);
  }

  /**
   * Applies a block. At evaluation nothing but its result outlives it, so that a model takes the
   * memory of one layer and not of all; in training a gradient may need the rest.
   */
  private static NDArray apply(
      AbstractBlock block, ParameterStore store, NDArray x, boolean training) {
    return apply(block, store, new NDList(x), training);
  }

  static NDArray apply(AbstractBlock block, ParameterStore store, NDList inputs, boolean training) {
    Supplier<NDArray> forward = () -> block.forward(store, inputs, training).singletonOrThrow();
    return training ? forward.get() : Scoped.array(inputs.head().getManager(), forward);
  }

  /** Draws what dropout draws in a training pass over so many sequences, and forgets it. */
  void drawDropout(NDManager scratch, DataType type, long sequences) {
    NDArray features = scratch.ones(new Shape(1, sequences, config.channels()), type);
    for (int i = 0; i < (gate == null ? 1 : 2); i++) {
      drop(features, true);
    }
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
