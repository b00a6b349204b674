package io.github.last4j.bench;

import static io.github.last4j.model.ModelConfig.layers;

import ai.djl.ndarray.NDList;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.train.S4dPreset;
import io.github.last4j.train.S5Preset;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A layer with half of its states removed beside the whole one: 8 sequences of 1,024 steps. */
public class LayerBenchmark extends Comparison {
  @Param({"S5", "S4D"})
  public String family;

  private SequenceClassifier whole;
  private SequenceClassifier half;
  private NDList inputs;

  @Setup
  public void make() {
    ModelConfig config = family.equals("S5") ? S5Preset.SMNIST.config() : S4dPreset.IMAGE.config();
    ModelConfig layer = config.with(c -> c.pairs(layers(1, config.pairs().get(0))));
    whole = SequenceClassifier.create(manager, layer, 0);
    half = Criterion.LAST.prune(whole, 0.5);
    inputs = new NDList(normal(8, 1024, layer.inputs()));
  }

  @Benchmark
  public void ours() {
    freeing(() -> half.logProbabilities(inputs));
  }

  @Benchmark
  public void beside() {
    freeing(() -> whole.logProbabilities(inputs));
  }
}
