package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import io.github.last4j.ssm.TimeLayout;
import java.util.Optional;

/** What of a sequence's features the decoder sees. */
public enum Pooling {
  /** Their mean over time; with lengths, over the first steps only. */
  MEAN {
    @Override
    NDArray of(NDArray steps, Optional<Padding> padding, TimeLayout layout) {
      return padding.map(p -> p.mean(steps)).orElseGet(() -> steps.mean(new int[] {0}));
    }
  },

  /** Those of the last time step, for sequences without lengths only. */
  LAST {
    @Override
    NDArray of(NDArray steps, Optional<Padding> padding, TimeLayout layout) {
      padding.ifPresent(
          p -> {
            throw new IllegalArgumentException(
                "lengths: expected none where the last step is pooled, got " + p.count().size());
          });
      NDArray ordered = layout.restore(steps);
      return ordered.get(":, -1");
    }
  };

  /**
   * Pools sequences.
   *
   * @param steps shape (L, batch, h), in the layout's order
   * @param padding of sequences with lengths
   * @return shape (batch, h)
   */
  abstract NDArray of(NDArray steps, Optional<Padding> padding, TimeLayout layout);
}
