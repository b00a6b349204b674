package io.github.last4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.io.FileFormat;
import io.github.last4j.io.Tensor;
import io.github.last4j.io.Tensors;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.model.SequenceStream;
import io.github.last4j.prune.Criterion;
import io.github.last4j.train.S5Preset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The toolkit's side of beside_steps.py, which asks line by line, so that both sides take turns.
 *
 * <p>{@code model FAMILY BATCH} makes one, writes m.npz and m.data.npz (x; y, its
 * log-probabilities; and streamed, those of a stream after the last step) into the folder that is
 * the only argument, and answers with the share of multiplications that a model without 80 % of the
 * states has. {@code step whole COUNT} and {@code step pruned COUNT} answer with the seconds that
 * one of so many took.
 */
public final class BesideSteps {
  private static final int LENGTH = 784;

  private final Path folder;
  private final NDManager manager;
  private SequenceStream whole;
  private SequenceStream pruned;
  private float[][][] steps;
  private int next;

  private BesideSteps(Path folder, NDManager manager) {
    this.folder = folder;
    this.manager = manager;
  }

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (NDManager manager = NDManager.newBaseManager()) {
      BesideSteps program = new BesideSteps(Path.of(args[0]), manager);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(program.answer(line.split(" ")));
        System.out.flush();
      }
    }
  }

  private double answer(String[] words) throws IOException {
    return switch (words[0]) {
      case "model" -> make(words[1], Integer.parseInt(words[2]));
      case "step" -> seconds(words[1].equals("whole") ? whole : pruned, Integer.parseInt(words[2]));
      default -> throw new IOException("unknown request " + words[0]);
    };
  }

  private static ModelConfig config(String family) {
    return family.equals("S5") ? S5Preset.SMNIST.config() : ModelConfig.s4d(1, 10);
  }

  private double make(String family, int batch) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    steps = new float[LENGTH][batch][1];
    float[] values = new float[batch * LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
      steps[i % LENGTH][i / LENGTH][0] = values[i];
    }
    try (SequenceClassifier model = SequenceClassifier.create(manager, config(family), 0);
        SequenceClassifier smaller = Criterion.LAST.prune(model, 0.8);
        NDArray x = manager.create(values, new Shape(batch, LENGTH, 1));
        NDArray y = model.logProbabilities(new NDList(x));
        NDArray streamed = manager.create(last(model.stream(batch)))) {
      Map<String, Tensor> data = new LinkedHashMap<>();
      data.put("x", Tensor.of(x));
      data.put("y", Tensor.of(y));
      data.put("streamed", Tensor.of(streamed));
      Checkpoints.save(model, folder.resolve("m.npz"), FileFormat.NPZ);
      FileFormat.NPZ.write(new Tensors(data, Map.of()), folder.resolve("m.data.npz"));
      whole = model.stream(batch);
      pruned = smaller.stream(batch);
      return (double) pruned.multiplications() / whole.multiplications();
    }
  }

  private float[][] last(SequenceStream stream) {
    float[][] scores = null;
    for (float[][] step : steps) {
      scores = stream.step(step);
    }
    return scores;
  }

  private double seconds(SequenceStream stream, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      stream.step(steps[next++ % LENGTH]);
    }
    return (System.nanoTime() - start) / 1e9 / count;
  }
}
