package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.ssm.TimeLayout;
import java.util.function.UnaryOperator;

/**
 * Which steps of sequences of unequal length count.
 *
 * @param mask one where a step counts and zero in the padding, shape (L, batch, 1), in a layout's
 *     order
 * @param count how many count, shape (batch, 1), of the dtype of the mask
 */
record Padding(NDArray mask, NDArray count) {
  /**
   * That of sequences.
   *
   * @param lengths shape (batch), of any dtype
   */
  static Padding of(NDArray lengths, TimeLayout layout, DataType type) {
    long batch = lengths.size();
    int length = layout.length();
    NDArray count = lengths.toType(type, false).reshape(batch, 1);
    NDArray time = lengths.getManager().arange(0, length, 1, type).reshape(1, length);
    NDArray mask = time.lt(count).toType(type, false).reshape(batch, length, 1);
    return new Padding(layout.arrange(mask), count);
  }

  /** The mean of steps (L, batch, h) over those that count, Σ mask·x / length: shape (batch, h). */
  NDArray mean(NDArray steps) {
    return steps.mul(mask).sum(new int[] {0}).div(count);
  }

  /**
   * What an operation makes of the rows that count and of no other.
   *
   * @param mask as in {@link Padding}, or nothing if all rows count
   * @param rows shape (L·batch, h)
   * @return shape (L·batch, h); in the padding any of the numbers
   */
  static NDArray ofValid(NDList mask, NDArray rows, UnaryOperator<NDArray> operation) {
    if (mask.isEmpty()) {
      return operation.apply(rows);
    }
    NDArray valid = mask.head().reshape(-1).toType(DataType.INT64, false);
    NDArray places = valid.cumSum(0).sub(valid).mul(valid);
    NDArray picked = rows.get(new NDIndex("{}", valid.nonzero().reshape(-1)));
    return operation.apply(picked).get(new NDIndex("{}", places));
  }
}
