package io.github.last4j.data;

/** The part of a task's samples to load. No sample is in two of them. */
public enum Split {
  /** Samples to fit weights on. */
  TRAIN,
  /** Samples to choose by: recipes, early stopping, pruning ratios. */
  VALIDATION,
  /** Samples to report on. */
  TEST
}
