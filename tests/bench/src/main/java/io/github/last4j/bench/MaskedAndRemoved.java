package io.github.last4j.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.last4j.Last;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.States;
import io.github.last4j.train.S4dPreset;
import io.github.last4j.train.S5Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Passes through paper-shaped models, with states masked and with the same states removed.
 *
 * <p>Arguments: "time" or "memory", a row of the paper's tables as FAMILY:PRESET:LENGTH:BATCH,
 * "random" or "last", the seconds to spend on a pass, and ratios. Models are as initialised; random
 * masks take the same share of every layer, those of LAST are global. A training pass is forward
 * and backward, without the optimiser. Prints one CSV line a ratio.
 */
public final class MaskedAndRemoved {
  private MaskedAndRemoved() {}

  private record Case(SequenceClassifier model, NDArray x) {
    /** Runs one pass and returns the seconds it took. */
    double run(boolean training) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        long start = System.nanoTime();
        if (training) {
          try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            ParameterStore store = new ParameterStore(x.getManager(), false);
            collector.backward(model.forward(store, new NDList(x), true).head().sum());
          }
        } else {
          // The numbers are read, so that the work is done on any device.
          model.logProbabilities(new NDList(x)).toFloatArray();
        }
        return (System.nanoTime() - start) * 1e-9;
      }
    }

    void prepare(boolean training) {
      model
          .getParameters()
          .values()
          .forEach(p -> p.getArray().setRequiresGradient(training && p.requiresGradient()));
    }
  }

  public static void main(String[] args) throws IOException {
    String[] row = args[1].split(":");
    Family family = Family.valueOf(row[0]);
    ModelConfig config =
        family == Family.S5
            ? S5Preset.valueOf(row[1]).config()
            : S4dPreset.valueOf(row[1]).config();
    int length = Integer.parseInt(row[2]);
    int batch = Integer.parseInt(row[3]);
    double budget = Double.parseDouble(args[3]);
    try (NDManager manager = NDManager.newBaseManager()) {
      Random random = new Random(1);
      NDArray x = inputs(manager, config, batch, length, random);
      SequenceClassifier whole = SequenceClassifier.create(manager, config, 1);
      NDList scores = new NDList();
      Scope scope = Scope.UNIFORM;
      if (args[2].equals("last")) {
        scores = Last.lastScores(whole.discreteSystems(manager));
        scope = Scope.GLOBAL;
      } else {
        for (int n : config.pairs()) {
          scores.add(manager.create(random.doubles(n).toArray()));
        }
      }
      for (int i = 4; i < args.length; i++) {
        double ratio = Double.parseDouble(args[i]);
        NDList masks = Last.pruneMasks(scores, ratio, scope);
        SequenceClassifier removed = whole.keep(States.of(masks));
        double share = multiplications(removed.config()) / multiplications(config);
        if (args[0].equals("memory")) {
          for (boolean training : new boolean[] {false, true}) {
            Case one = new Case(removed, x);
            one.prepare(training);
            print(ratio, share, training, peak(one, training));
          }
        } else {
          try (SequenceClassifier masked = masked(manager, whole, masks)) {
            double error =
                masked
                    .logProbabilities(new NDList(x))
                    .sub(removed.logProbabilities(new NDList(x)))
                    .abs()
                    .max()
                    .getFloat();
            for (boolean training : new boolean[] {false, true}) {
              print(ratio, share, training, time(masked, removed, x, training, budget, error));
            }
          }
        }
        removed.close();
      }
    }
  }

  private static void print(double ratio, double share, boolean training, double... values) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "%.1f,%s,%.4f", ratio, training ? "training" : "forward", share));
    for (double value : values) {
      line.append(String.format(Locale.ROOT, ",%.6g", value));
    }
    System.out.println(line);
  }

  /** The least seconds of a masked and of a removed pass, in turns, and the given error. */
  private static double[] time(
      SequenceClassifier masked,
      SequenceClassifier removed,
      NDArray x,
      boolean training,
      double budget,
      double error) {
    Case[] sides = {new Case(masked, x), new Case(removed, x)};
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, error};
    for (Case side : sides) {
      side.prepare(training);
      side.run(training);
    }
    long end = System.nanoTime() + (long) (budget * 1e9);
    for (int count = 0; count < 3 || System.nanoTime() < end; count++) {
      for (int side = 0; side < 2; side++) {
        least[side] = Math.min(least[side], sides[side].run(training));
      }
    }
    for (Case side : sides) {
      side.prepare(false);
    }
    return least;
  }

  /** By how many MB a pass raises the resident memory of the process at its highest. */
  private static double peak(Case one, boolean training) throws IOException {
    System.gc();
    // Resets the kernel's highest value to the present one.
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    double before = status("VmRSS");
    one.run(training);
    return status("VmHWM") - before;
  }

  private static double status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name + ":")) {
        return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no " + name + " in /proc/self/status");
  }

  /** The whole model with zeros in what C has for removed states. */
  private static SequenceClassifier masked(
      NDManager manager, SequenceClassifier whole, NDList masks) {
    Map<String, NDArray> arrays = new HashMap<>(whole.parametersByName(manager));
    boolean s5 = whole.config().family() == Family.S5;
    for (int layer = 0; layer < masks.size(); layer++) {
      NDArray mask = masks.get(layer).toType(DataType.FLOAT32, false);
      NDArray factor = s5 ? mask.reshape(1, -1, 1) : mask.reshape(-1, 1);
      for (String name : new String[] {"C", "C1", "C2"}) {
        arrays.computeIfPresent(
            "params/encoder/layers_" + layer + "/seq/" + name, (key, c) -> c.mul(factor));
      }
    }
    SequenceClassifier model = SequenceClassifier.of(manager, whole.config(), arrays);
    arrays.values().forEach(NDArray::close);
    return model;
  }

  private static NDArray inputs(
      NDManager manager, ModelConfig config, int batch, int length, Random random) {
    if (config.tokens()) {
      long[] words = random.longs((long) batch * length, 0, config.inputs()).toArray();
      return manager.create(words, new Shape(batch, length));
    }
    double[] values = random.doubles((long) batch * length * config.inputs()).toArray();
    try (NDArray x = manager.create(values, new Shape(batch, length, config.inputs()))) {
      return x.toType(DataType.FLOAT32, false);
    }
  }

  /**
   * Real multiplications a time step, those of features alone left out: four for the recurrence of
   * a pair, in each direction, two for each of its inputs and outputs, and the dense layers. It is
   * what a model asks for; a scan by chunks takes more, a convolution by FFT always the same.
   */
  private static double multiplications(ModelConfig config) {
    double h = config.channels();
    double directions = config.bidirectional() ? 2 : 1;
    double ports = config.family() == Family.S5 ? h : 1;
    double dense =
        switch (config.activation()) {
          case FULL_GLU -> 2 * h * h;
          case GELU -> 0;
          default -> h * h;
        };
    double sum = config.inputs() * h;
    for (int n : config.pairs()) {
      sum += n * (2 * ports + directions * (4 + 2 * ports)) + dense;
    }
    return sum;
  }
}
