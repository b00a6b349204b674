package io.github.last4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Last;
import io.github.last4j.data.SequenceData;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.io.FileFormat;
import io.github.last4j.io.Tensor;
import io.github.last4j.io.Tensors;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.TimeLayout;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.S5Preset;
import io.github.last4j.train.Training;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The toolkit's side of beside_jax.py, which asks line by line, so that both sides take turns.
 *
 * <p>{@code model NAME PRESET BATCH LENGTH KEPT} makes one, with that share of its pairs, and
 * writes NAME.npz and NAME.data.npz (x, and y, its log-probabilities) into the folder that is the
 * only argument. {@code forward}, {@code gemms}, {@code score} answer with the seconds that one
 * took; {@code train STEPS} with those of one training step after another, each when a line comes.
 */
public final class BesideJax {
  private final Path folder;
  private final NDManager manager;
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private SequenceClassifier model;
  private NDArray x;

  private BesideJax(Path folder, NDManager manager) {
    this.folder = folder;
    this.manager = manager;
  }

  public static void main(String[] args) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      new BesideJax(Path.of(args[0]), manager).serve();
    }
  }

  private void serve() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "model" -> make(words);
        case "forward" -> answer(seconds(() -> model.logProbabilities(new NDList(x)).close()));
        case "gemms" -> gemms(Integer.parseInt(words[1]));
        case "score" -> answer(seconds(this::score));
        case "train" -> train(Integer.parseInt(words[1]));
        default -> throw new IOException("unknown request " + line);
      }
    }
  }

  private static void answer(Object value) {
    System.out.println(value);
    System.out.flush();
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      work.run();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static ModelConfig config(String preset) {
    return switch (preset) {
      case "sMNIST" -> S5Preset.SMNIST.config();
      // As Text, but with real inputs.
      case "LRA" -> S5Preset.TEXT.config().with(c -> c.inputs(1).tokens(false));
      case "Image" -> S5Preset.IMAGE.config();
      default -> throw new IllegalArgumentException("preset: " + preset);
    };
  }

  private void make(String[] words) throws IOException {
    if (model != null) {
      model.close();
      x.close();
    }
    int batch = Integer.parseInt(words[3]);
    int length = Integer.parseInt(words[4]);
    model = SequenceClassifier.create(manager, config(words[2]), 0);
    double kept = Double.parseDouble(words[5]);
    if (kept < 1) {
      SequenceClassifier whole = model;
      model = Criterion.UNIFORM_HINF.prune(whole, 1 - kept);
      whole.close();
    }
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[batch * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    x = manager.create(values, new Shape(batch, length, 1));
    Map<String, Tensor> data = new LinkedHashMap<>();
    data.put("x", Tensor.of(x));
    data.put("y", Tensor.of(model.logProbabilities(new NDList(x))));
    Checkpoints.save(model, folder.resolve(words[1] + ".npz"), FileFormat.NPZ);
    FileFormat.NPZ.write(new Tensors(data, Map.of()), folder.resolve(words[1] + ".data.npz"));
    answer("made");
  }

  private void score() {
    try (NDManager scratch = manager.newSubManager()) {
      List<DiscreteSsm> systems = model.discreteSystems(scratch);
      Last.pruneMasks(Last.lastScores(systems), 0.5);
    }
  }

  private void train(int steps) {
    int batch = (int) x.getShape().get(0);
    int length = (int) x.getShape().get(1);
    float[] inputs = new float[steps * batch * length];
    float[] one = x.toFloatArray();
    for (int i = 0; i < steps; i++) {
      System.arraycopy(one, 0, inputs, i * one.length, one.length);
    }
    SequenceData data =
        SequenceData.of(
            "bench", "", length, 1, model.config().classes(), inputs, new int[steps * batch]);
    Recipe recipe = Recipe.epochs(1).batch(batch);
    long[] start = {System.nanoTime()};
    Training.run(
        model,
        data,
        data.take(1),
        recipe,
        new Training.Listener() {
          @Override
          public void step(int epoch, int step, int stepsPerEpoch, double loss) {
            answer((System.nanoTime() - start[0]) / 1e9);
            try {
              in.readLine();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            start[0] = System.nanoTime();
          }
        });
    answer("trained");
  }

  /** Times the large matrix products of a forward pass on operands that lie ready. */
  private void gemms(int repeat) {
    try (NDManager scratch = manager.newSubManager()) {
      List<NDArray[]> products = products(scratch);
      for (int i = 0; i < repeat; i++) {
        answer(seconds(() -> products.forEach(pair -> pair[0].matMul(pair[1]).close())));
        readLine();
      }
    }
    answer("multiplied");
  }

  private void readLine() {
    try {
      in.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<NDArray[]> products(NDManager scratch) {
    ModelConfig config = model.config();
    long h = config.channels();
    long length = x.getShape().get(1);
    long columns = length * x.getShape().get(0);
    TimeLayout layout = TimeLayout.of((int) length);
    int directions = config.bidirectional() ? 2 : 1;
    List<NDArray[]> all = new ArrayList<>();
    for (long n : config.pairs()) {
      all.add(pair(scratch, new Shape(2 * n, h), new Shape(h, columns)));
      for (int direction = 0; direction < directions; direction++) {
        long width = columns;
        for (int level = 0; level < layout.radices().size(); level++) {
          long chunk = layout.radices().get(level);
          width /= chunk;
          Shape steps = new Shape(n, 2 * chunk, width);
          all.add(pair(scratch, new Shape(n, 2 * chunk, 2 * chunk), steps));
          if (level + 1 < layout.radices().size()) {
            all.add(pair(scratch, new Shape(n, 2, 2 * chunk), steps));
          }
        }
        all.add(pair(scratch, new Shape(columns, 2 * n), new Shape(2 * n, h)));
      }
      if (config.activation() != Activation.GELU) {
        all.add(pair(scratch, new Shape(columns, h), new Shape(h, h)));
      }
      if (config.activation() == Activation.FULL_GLU) {
        all.add(pair(scratch, new Shape(columns, h), new Shape(h, h)));
      }
    }
    return all;
  }

  private static NDArray[] pair(NDManager scratch, Shape left, Shape right) {
    return new NDArray[] {
      scratch.randomNormal(0, 1, left, DataType.FLOAT32),
      scratch.randomNormal(0, 1, right, DataType.FLOAT32)
    };
  }
}
