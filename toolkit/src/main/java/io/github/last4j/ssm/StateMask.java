package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;

/** Reads masks of states. */
public final class StateMask {
  private StateMask() {}

  /**
   * The elements of a mask.
   *
   * @param name of the argument, for the message
   * @param mask boolean, shape (n)
   * @param states the number n of states
   * @throws IllegalArgumentException if the dtype or the shape is another
   */
  public static boolean[] read(String name, NDArray mask, int states) {
    if (mask.getDataType() != DataType.BOOLEAN || !mask.getShape().equals(new Shape(states))) {
      throw new IllegalArgumentException(
          name
              + ": expected boolean of shape ("
              + states
              + "), got "
              + mask.getDataType()
              + " of shape "
              + mask.getShape());
    }
    return mask.toBooleanArray();
  }

  /** The indices of the elements that are true, ascending. */
  public static long[] indices(boolean[] mask) {
    return LongStream.range(0, mask.length).filter(i -> mask[(int) i]).toArray();
  }
}
