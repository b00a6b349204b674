package io.github.last4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.audit.Ledger;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
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
public final class Audit {
  private static final int SEEDS = 3;

  private Audit() {}

  /** Tries every claim; takes some minutes. */
  public static void main(String[] args) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] done = {0};
      Table ledger =
          Ledger.FULL.table(
              manager,
              cases(manager, false),
              cases(manager, true),
              () -> System.out.println(++done[0] + " of " + Ledger.size() + " claims"));
      StringWriter csv = new StringWriter();
      ledger.write().csv(csv);
      AtomicFile.write(DataFolder.locate().resolve("ledger.csv"), csv.toString());
    }
  }

  /**
   * The layers of sequential MNIST's S5, at initialisation or trained, with what they see of a real
   * digit, and each model's layers as a stack; LAST removes half of all states. At initialisation
   * also those of a bidirectional one, of which none is trained.
   *
   * @param manager holds the arrays
   * @param trained whether the models under data/models are taken, or their initialisations
   */
  public static List<Ledger.Case> cases(NDManager manager, boolean trained) throws IOException {
    List<Ledger.Case> cases = new ArrayList<>();
    ModelConfig config = CpuPreset.SMNIST_S5.config();
    for (int seed = 0; seed < SEEDS; seed++) {
      Path file = DataFolder.locate().resolve("models/smnist-s5-" + seed + ".safetensors");
      try (SequenceClassifier model =
          trained
              ? Checkpoints.load(manager, file)
              : SequenceClassifier.create(manager, config, seed)) {
        cases.addAll(cases(manager, model, seed));
      }
    }
    if (!trained) {
      ModelConfig both = config.with(c -> c.bidirectional(true));
      try (SequenceClassifier model = SequenceClassifier.create(manager, both, 0)) {
        cases.addAll(cases(manager, model, 0));
      }
    }
    return cases;
  }

  private static List<Ledger.Case> cases(NDManager manager, SequenceClassifier model, int seed)
      throws IOException {
    List<Ledger.Case> cases = new ArrayList<>();
    List<DiscreteSsm> layers = model.discreteSystems(manager);
    States kept = Criterion.LAST.select(layers, 0.5);
    List<LayerTrace> traces = model.trace(new NDList(digit(manager, seed)));
    for (int l = 0; l < layers.size(); l++) {
      NDArray input = traces.get(l).normalized().get(0);
      cases.add(new Ledger.Case(List.of(layers.get(l)), new States(List.of(kept.layer(l))), input));
    }
    cases.add(new Ledger.Case(layers, kept, traces.get(0).normalized().get(0)));
    return cases;
  }

  private static NDArray digit(NDManager manager, int index) throws IOException {
    SequenceData digits = ImageSequences.mnist(Split.TEST, ImageOptions.SEQUENTIAL);
    return manager.create(digits.input(index), new Shape(1, digits.length(), digits.channels()));
  }
}
