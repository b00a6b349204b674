package io.github.last4j.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.train.S4dPreset;
import io.github.last4j.train.S5Preset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A layer with half of its states removed beside the whole one: 8 sequences of 1,024 steps. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class LayerBenchmark {
  @Param({"S5", "S4D"})
  public String family;

  private NDManager manager;
  private SequenceClassifier whole;
  private SequenceClassifier half;
  private NDList inputs;

  @Setup
  public void make() {
    manager = NDManager.newBaseManager();
    ModelConfig config = family.equals("S5") ? S5Preset.SMNIST.config() : S4dPreset.IMAGE.config();
    ModelConfig layer = config.toBuilder().layers(1, config.pairs().get(0)).build();
    whole = SequenceClassifier.create(manager, layer, 0);
    NDList scores = Last.lastScores(whole.discreteSystems(manager));
    half = whole.keep(Last.pruneMasks(scores, 0.5));
    inputs = new NDList(Tensors.normal(manager, 8, 1024, layer.inputs()));
  }

  @TearDown
  public void close() {
    manager.close();
  }

  @Benchmark
  public void ours() {
    Tensors.freeing(() -> half.logProbabilities(inputs));
  }

  @Benchmark
  public void beside() {
    Tensors.freeing(() -> whole.logProbabilities(inputs));
  }
}
