package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** What the encoder sees of a model's inputs. */
final class Inputs {
  private Inputs() {}

  /**
   * The features of every time step.
   *
   * @param x sequences (batch, L, inputs), or tokens (batch, L) or (batch, L, 1)
   * @return shape (batch, L, inputs), of the given dtype
   * @throws IllegalArgumentException if the shape does not fit
   */
  static NDArray features(ModelConfig config, NDArray x, DataType type) {
    if (!config.tokens()) {
      requireShape(x.getShape(), 3, config.inputs());
      return x.getDataType() == type ? x : x.toType(type, false);
    }
    Shape shape = x.getShape();
    boolean oneFeature = shape.dimension() == 3 && shape.get(2) == 1;
    NDArray words = oneFeature ? x.reshape(shape.get(0), shape.get(1)) : x;
    requireShape(words.getShape(), 2, -1);
    return words.toType(DataType.INT64, false).oneHot(config.inputs(), type);
  }

  private static void requireShape(Shape shape, int dimensions, long last) {
    boolean fits = shape.dimension() == dimensions && shape.size() > 0;
    require(
        fits && (last < 0 || shape.get(dimensions - 1) == last),
        "x: expected shape %s, got %s",
        dimensions == 3 ? "(batch, L, " + last + ")" : "(batch, L)",
        shape);
  }
}
