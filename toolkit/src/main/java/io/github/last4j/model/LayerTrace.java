package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.ssm.TimeLayout;

/**
 * The signals in one layer at evaluation, each (batch, L, h).
 *
 * @param normalized what the state space system sees; with post-normalisation the layer's input
 * @param response what it answers, feedthrough included
 * @param output what the layer hands on
 */
public record LayerTrace(NDArray normalized, NDArray response, NDArray output) {

  NDList arrays() {
    return new NDList(normalized, response, output);
  }

  /** In the order of time. */
  LayerTrace restored(TimeLayout layout) {
    return new LayerTrace(
        layout.restore(normalized), layout.restore(response), layout.restore(output));
  }
}
