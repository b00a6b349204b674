package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model is given, checked as {@code SequenceData} checks it.
 *
 * @param features what the encoder sees, shape (batch, L, inputs), of the model's dtype
 * @param lengths the steps before the padding, shape (batch), if there are lengths
 */
record Inputs(NDArray features, Optional<NDArray> lengths) {
  /**
   * Reads inputs.
   *
   * @param x sequences (batch, L, inputs), or tokens (batch, L) or (batch, L, 1), of any dtype,
   *     then lengths (batch) if there are any
   * @param type the dtype of the model
   * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or a token
   *     or a length is not an integer in its range
   */
  static Inputs of(ModelConfig config, NDList x, DataType type) {
    NDArray features = config.tokens() ? oneHot(config, x.head(), type) : features(config, x, type);
    Shape shape = features.getShape();
    if (x.size() == 1) {
      return new Inputs(features, Optional.empty());
    }
    Shape expected = new Shape(shape.get(0));
    NDArray lengths = x.get(1);
    require(
        lengths.getShape().equals(expected),
        "lengths: expected shape %s, got %s",
        expected,
        lengths.getShape());
    return new Inputs(features, Optional.of(integers("lengths", lengths, 1, shape.get(1))));
  }

  /**
   * The manager of inputs.
   *
   * @throws IllegalArgumentException if they are not one or two arrays
   */
  static NDManager manager(NDList x) {
    require(x != null, "x: expected sequences, got null");
    require(
        (x.size() == 1 || x.size() == 2) && x.stream().allMatch(Objects::nonNull),
        "x: expected sequences, and lengths if they have any, got %s",
        x.stream().map(array -> array == null ? null : array.getShape()).toList());
    return x.head().getManager();
  }

  private static NDArray features(ModelConfig config, NDList list, DataType type) {
    NDArray x = list.head();
    requireShape(x.getShape(), 3, config.inputs());
    NDArray features = x.getDataType() == type ? x : x.toType(type, false);
    if (!ComplexArray.isFinite(features)) {
      double[] values = ComplexArray.doubles(features);
      int at = 0;
      while (Double.isFinite(values[at])) {
        at++;
      }
      require(false, "x: expected finite values, got %s at %s", values[at], at);
    }
    return features;
  }

  private static NDArray oneHot(ModelConfig config, NDArray x, DataType type) {
    Shape shape = x.getShape();
    boolean oneFeature = shape.dimension() == 3 && shape.get(2) == 1;
    NDArray words = oneFeature ? x.reshape(shape.get(0), shape.get(1)) : x;
    requireShape(words.getShape(), 2, -1);
    return integers("x (tokens)", words, 0, config.inputs() - 1L)
        .toType(DataType.INT64, false)
        .oneHot(config.inputs(), type);
  }

  private static void requireShape(Shape shape, int dimensions, long last) {
    boolean fits = shape.dimension() == dimensions && shape.size() > 0;
    require(
        fits && (last < 0 || shape.get(dimensions - 1) == last),
        "x: expected shape %s, got %s",
        dimensions == 3 ? "(batch, L, " + last + ")" : "(batch, L)",
        shape);
  }

  /**
   * The classes of samples.
   *
   * @param name of the dataset, for the message
   * @param labels of a batch: one array (batch) of integers of any dtype
   * @return int64, shape (batch, 1)
   * @throws IllegalArgumentException if they are not one class for each of so many samples
   */
  static NDArray labels(String name, NDList labels, long samples, long classes) {
    require(
        labels != null && labels.size() == 1 && labels.head() != null,
        "%s: expected one array of labels a batch, got %s",
        name,
        labels == null ? null : labels.size() + " arrays");
    NDArray array = labels.head();
    require(
        array.size() == samples,
        "%s: expected a label for each of %s samples of a batch, got %s",
        name,
        samples,
        array.size());
    return integers(name + " (labels)", array, 0, classes - 1)
        .toType(DataType.INT64, false)
        .reshape(-1, 1);
  }

  /** Requires integers in a range, whatever their dtype. */
  private static NDArray integers(String name, NDArray array, long least, long most) {
    double[] values = ComplexArray.doubles(array);
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      boolean whole = value == Math.rint(value);
      require(
          whole && value >= least && value <= most,
          "%s: expected integers from %s to %s, got %s at %s",
          name,
          least,
          most,
          whole && Double.isFinite(value) ? String.valueOf((long) value) : String.valueOf(value),
          i);
    }
    return array;
  }
}
