package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Reads masks. */
final class Survivors {
  private Survivors() {}

  /** The indices of the states that survive, one array a layer. */
  static List<long[]> of(NDList masks, List<Integer> states) {
    if (masks == null || masks.size() != states.size()) {
      throw new IllegalArgumentException(
          "masks: expected "
              + states.size()
              + " of them, one a layer, got "
              + (masks == null ? null : masks.size()));
    }
    List<long[]> result = new ArrayList<>();
    for (int layer = 0; layer < masks.size(); layer++) {
      NDArray mask = masks.get(layer);
      String name = "masks[" + layer + "]";
      if (mask == null) {
        throw new IllegalArgumentException(name + ": expected an array, got null");
      }
      if (mask.getDataType() != DataType.BOOLEAN
          || !mask.getShape().equals(new Shape(states.get(layer)))) {
        throw new IllegalArgumentException(
            name
                + ": expected boolean of shape ("
                + states.get(layer)
                + "), got "
                + mask.getDataType()
                + " of shape "
                + mask.getShape());
      }
      boolean[] kept = mask.toBooleanArray();
      long[] indices = LongStream.range(0, kept.length).filter(i -> kept[(int) i]).toArray();
      if (indices.length == 0) {
        throw new IllegalArgumentException(name + ": expected at least one survivor, got none");
      }
      result.add(indices);
    }
    return result;
  }
}
