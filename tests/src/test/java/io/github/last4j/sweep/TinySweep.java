package io.github.last4j.sweep;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Task;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.ReleasedCode;
import io.github.last4j.prune.UnstructuredRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A sweep over models that nobody trained, in this process or in one that a test kills. */
final class TinySweep {
  static final Task NOISE =
      new Task("noise", Optional.empty(), 10, 60, "little", split -> data(40));
  static final Sweep S4D = Sweep.of(Criterion.TABLE_6);
  static final Sweep S5 = Sweep.of(methodsOfS5());

  private TinySweep() {}

  /** Runs {@link #S5} and writes to a file, which is the only argument. */
  public static void main(String[] args) throws Exception {
    try (NDManager manager = NDManager.newBaseManager()) {
      S5.run(models(manager, Family.S5), data(40), Path.of(args[0]));
    }
  }

  private static List<Pruning> methodsOfS5() {
    List<Pruning> methods = new ArrayList<>(UnstructuredRandom.TABLE_5);
    methods.addAll(Criterion.TABLE_6);
    methods.add(ReleasedCode.LAST);
    return methods;
  }

  /** Two models with the same architecture and other parameters. */
  static List<Trained> models(NDManager manager, Family family) {
    ModelConfig config =
        (family == Family.S5 ? ModelConfig.s5(2, 10) : ModelConfig.s4d(2, 10))
            .with(
                tiny ->
                    tiny.channels(6)
                        .pairs(ModelConfig.layers(3, family == Family.S4D ? 6 * 4 : 10))
                        .activation(Activation.FULL_GLU)
                        .bidirectional(true)
                        .stepMin(0.02)
                        .stepMax(0.3));
    List<Trained> models = new ArrayList<>();
    for (long seed = 0; seed < 2; seed++) {
      models.add(
          new Trained(
              NOISE, "tiny, of two", seed, SequenceClassifier.create(manager, config, seed)));
    }
    return models;
  }

  static SequenceData data(int samples) {
    Random random = new Random(1);
    float[] inputs = new float[samples * 60 * 2];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    int[] labels = random.ints(samples, 0, 10).toArray();
    return SequenceData.of("noise", "of seed 1", 60, 2, 10, inputs, labels);
  }
}
