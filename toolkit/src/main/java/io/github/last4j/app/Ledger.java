package io.github.last4j.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.audit.Sample;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.io.AtomicFile;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/** Makes the ledger of the paper's claims, data/ledger.csv. */
public final class Ledger {
  private static final CpuPreset PRESET = CpuPreset.SMNIST_S5;
  private static final int SEEDS = 3;

  private Ledger() {}

  /**
   * Tries every claim; takes some minutes.
   *
   * <p>Their slack is measured on the layers of sequential MNIST's S5, at initialisation and
   * trained, with what they see of a real digit, and on each model's layers as a stack; LAST
   * removes half of all states. At initialisation also on those of a bidirectional one, of which
   * none is trained.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there are arguments
   */
  static void run(String... args) throws IOException {
    if (args.length > 0) {
      throw new IllegalArgumentException("arguments: expected none, got " + List.of(args));
    }
    Path data = DataFolder.locate();
    ModelConfig config = PRESET.config();
    ModelConfig bothWays = config.with(c -> c.bidirectional(true));
    List<Sample> initial = new ArrayList<>();
    List<Sample> trained = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Path file = data.resolve(PRESET.checkpoint(seed));
        initial.addAll(samples(manager, SequenceClassifier.create(manager, config, seed), seed));
        trained.addAll(samples(manager, Checkpoints.load(manager, file), seed));
      }
      initial.addAll(samples(manager, SequenceClassifier.create(manager, bothWays, 0), 0));
      Table ledger = io.github.last4j.audit.Ledger.FULL.table(manager, initial, trained);
      StringWriter csv = new StringWriter();
      ledger.write().csv(csv);
      AtomicFile.write(data.resolve("ledger.csv"), csv.toString());
    }
  }

  /** Each layer, and all as a stack, with what they see of a digit. */
  private static List<Sample> samples(NDManager manager, SequenceClassifier model, int digit)
      throws IOException {
    List<DiscreteSsm> layers = model.discreteSystems(manager);
    States kept = Criterion.LAST.select(layers, 0.5);
    List<LayerTrace> traces = model.trace(new NDList(digit(manager, digit)));
    List<Sample> samples = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      NDArray seen = traces.get(l).normalized().get(0);
      samples.add(Sample.of(List.of(layers.get(l)), new States(List.of(kept.layer(l))), seen));
    }
    samples.add(Sample.of(layers, kept, traces.get(0).normalized().get(0)));
    return samples;
  }

  private static NDArray digit(NDManager manager, int index) throws IOException {
    SequenceData digits = PRESET.task().data(Split.TEST);
    return manager.create(digits.input(index), new Shape(1, digits.length(), digits.channels()));
  }
}
