package io.github.last4j.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.train.S5Preset;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * LAST scores and masks of an S5 for Image, 6 layers of 192 pairs and h = 512, beside a pass of it:
 * one sequence of 1,024 steps.
 */
public class ScoreBenchmark extends Comparison {
  private SequenceClassifier model;
  private NDList inputs;

  @Setup
  public void make() {
    model = SequenceClassifier.create(manager, S5Preset.IMAGE.config(), 0);
    inputs = new NDList(normal(1, 1024, model.config().inputs()));
  }

  @Benchmark
  public void ours() {
    try (NDManager scratch = manager.newSubManager()) {
      Last.pruneMasks(Last.lastScores(model.discreteSystems(scratch)), 0.5);
    }
  }

  @Benchmark
  public void beside() {
    freeing(() -> model.logProbabilities(inputs));
  }
}
