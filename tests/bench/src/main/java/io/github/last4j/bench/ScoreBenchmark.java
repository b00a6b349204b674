package io.github.last4j.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.train.S5Preset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * LAST scores and masks of an S5 for Image, 6 layers of 192 pairs and h = 512, beside a pass of it:
 * one sequence of 1,024 steps.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ScoreBenchmark {
  private NDManager manager;
  private SequenceClassifier model;
  private NDList inputs;

  @Setup
  public void make() {
    manager = NDManager.newBaseManager();
    model = SequenceClassifier.create(manager, S5Preset.IMAGE.config(), 0);
    inputs = new NDList(Tensors.normal(manager, 1, 1024, model.config().inputs()));
  }

  @TearDown
  public void close() {
    manager.close();
  }

  @Benchmark
  public void ours() {
    try (NDManager scratch = manager.newSubManager()) {
      Last.pruneMasks(Last.lastScores(model.discreteSystems(scratch)), 0.5);
    }
  }

  @Benchmark
  public void beside() {
    Tensors.freeing(() -> model.logProbabilities(inputs));
  }
}
