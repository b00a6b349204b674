package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Compares two documents by their means a and b over time: W₂ gelu(W₁[a, b, a − b, a · b]), with
 * biases. As in the S5 release, of means (2·batch, h) the first half are those of the documents a.
 */
final class PairDecoder extends AbstractBlock {
  /** The features of a pair for each one of a document. */
  static final int FEATURES = 4;

  private final ModelConfig config;
  final Linear hidden;
  final Linear output;

  PairDecoder(ModelConfig config) {
    this.config = config;
    hidden = addChildBlock("layer1", Linear.builder().setUnits(config.channels()).build());
    output = addChildBlock("layer2", Linear.builder().setUnits(config.classes()).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    NDList documents = inputs.singletonOrThrow().split(2);
    NDArray a = documents.get(0);
    NDArray b = documents.get(1);
    NDArray features = NDArrays.concat(new NDList(a, b, a.sub(b), a.mul(b)), 1);
    NDArray y = hidden.forward(store, new NDList(features), training).singletonOrThrow();
    return output.forward(store, new NDList(Activation.gelu(config, y)), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager owner, DataType type, Shape... inputShapes) {
    long batch = inputShapes[0].get(0) / 2;
    hidden.initialize(owner, type, new Shape(batch, (long) FEATURES * config.channels()));
    output.initialize(owner, type, new Shape(batch, config.channels()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0) / 2, config.classes())};
  }
}
