package io.github.last4j.bench;

import ai.djl.ndarray.NDList;
import io.github.last4j.Last;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.States;
import io.github.last4j.train.S5Preset;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Global masks from the scores of an S5 for Image beside the removal that follows. */
public class MaskBenchmark extends Comparison {
  private SequenceClassifier model;
  private NDList scores;
  private States kept;

  @Setup
  public void make() {
    model = SequenceClassifier.create(manager, S5Preset.IMAGE.config(), 0);
    scores = Last.lastScores(model.discreteSystems(manager));
    kept = Criterion.LAST.select(model, 0.5);
  }

  @Benchmark
  public void ours() {
    freeing(() -> Last.pruneMasks(scores, 0.5));
  }

  @Benchmark
  public void beside() {
    model.keep(kept).close();
  }
}
