package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ssm.TimeLayout;

/** What of a sequence's features the decoder sees. */
public enum Pooling {
  /** Their mean over time; with lengths, over the first steps only. */
  MEAN {
    @Override
    NDArray of(NDArray steps, NDList lengths, TimeLayout layout) {
      return lengths.isEmpty()
          ? steps.mean(new int[] {0})
          : maskedMean(steps, lengths.head(), layout);
    }
  },

  /** Those of the last time step, for sequences without lengths only. */
  LAST {
    @Override
    NDArray of(NDArray steps, NDList lengths, TimeLayout layout) {
      if (!lengths.isEmpty()) {
        throw new IllegalArgumentException(
            "lengths: expected none where the last step is pooled, got "
                + lengths.head().getShape());
      }
      NDArray ordered = layout.restore(steps);
      return ordered.get(":, -1");
    }
  };

  /**
   * Pools sequences.
   *
   * @param steps shape (L, batch, h), in the layout's order
   * @param lengths nothing, or one array (batch)
   * @return shape (batch, h)
   */
  abstract NDArray of(NDArray steps, NDList lengths, TimeLayout layout);

  /** The mean over the first steps of each sequence, Σ mask·x / length. */
  private static NDArray maskedMean(NDArray steps, NDArray lengths, TimeLayout layout) {
    long length = steps.getShape().get(0);
    long batch = steps.getShape().get(1);
    Shape shape = lengths.getShape();
    require(shape.equals(new Shape(batch)), "lengths: expected shape (%s), got %s", batch, shape);
    NDArray count = lengths.toType(steps.getDataType(), false).reshape(batch, 1);
    NDArray time =
        steps.getManager().arange(0, (int) length, 1, steps.getDataType()).reshape(1, length);
    NDArray mask = time.lt(count).toType(steps.getDataType(), false).reshape(batch, length, 1);
    return steps.mul(layout.arrange(mask)).sum(new int[] {0}).div(count);
  }
}
