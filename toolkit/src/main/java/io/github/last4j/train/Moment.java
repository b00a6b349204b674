package io.github.last4j.train;

import ai.djl.ndarray.NDArray;

/**
 * What Adam remembers of a parameter.
 *
 * @param mean of its gradients, shaped as the parameter
 * @param square the mean of their squares
 * @param updates how many it has seen, which the correction of both depends on
 */
record Moment(NDArray mean, NDArray square, int updates) {}
