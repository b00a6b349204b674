package io.github.last4j.model;

/** What of a sequence's features the decoder sees. */
public enum Pooling {
  /** Their mean over time; with lengths, over the first steps only. */
  MEAN,
  /** Those of the last time step, for sequences without lengths only. */
  LAST
}
