package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.ssm.StateMask;
import java.util.ArrayList;
import java.util.List;

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
      long[] indices = StateMask.indices(StateMask.read(name, mask, states.get(layer)));
      if (indices.length == 0) {
        throw new IllegalArgumentException(name + ": expected at least one survivor, got none");
      }
      result.add(indices);
    }
    return result;
  }
}
