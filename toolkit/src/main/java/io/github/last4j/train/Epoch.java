package io.github.last4j.train;

import io.github.last4j.model.Evaluation;

/**
 * What a training epoch came to.
 *
 * @param number counted from one
 * @param loss the mean training loss over the epoch, with dropout, in nats
 * @param validation the model on the validation data after the epoch
 * @param seconds wall time of the epoch, its evaluation included
 */
public record Epoch(int number, double loss, Evaluation validation, double seconds) {}
