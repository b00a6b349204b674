package io.github.last4j.app;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Models;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.io.AtomicFile;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import io.github.last4j.train.Epoch;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains the checkpoints under data/models. */
public final class Train {
  private Train() {}

  /**
   * Trains a preset with seeds and writes each model, after every epoch, and at the end its card.
   *
   * @param args the preset, as its checkpoints are called, and the seeds, by default 0, 1 and 2;
   *     without a preset all those of which there are checkpoints, but for those that were trained
   *     elsewhere
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there is no such preset, it was trained elsewhere, or a
   *     seed is no number
   */
  static void run(String... args) throws IOException {
    List<Long> seeds = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      try {
        seeds.add(Long.valueOf(args[i]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("seeds: expected whole numbers, got " + args[i], e);
      }
    }
    if (seeds.isEmpty()) {
      seeds.addAll(List.of(0L, 1L, 2L));
    }
    for (CpuPreset preset : args.length == 0 ? kinds() : List.of(kind(args[0]))) {
      for (long seed : seeds) {
        train(preset, seed);
      }
    }
  }

  private static List<CpuPreset> kinds() throws IOException {
    return Models.kinds().stream().filter(CpuPreset::trainedHere).toList();
  }

  /** The preset of a title; its data are not here if it was trained elsewhere. */
  private static CpuPreset kind(String title) {
    CpuPreset preset = CpuPreset.of(title);
    if (!preset.trainedHere()) {
      throw new IllegalArgumentException(
          "preset: expected one that this program trains, got " + title + ": make scale does that");
    }
    return preset;
  }

  private static void train(CpuPreset preset, long seed) throws IOException {
    Recipe recipe = preset.recipe(seed);
    String name = preset.title() + "-" + seed;
    Path file = DataFolder.locate().resolve(preset.checkpoint(seed));
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, preset.config(), seed)) {
      System.out.println(name + " on " + manager.getDevice());
      Training.Listener listener =
          Training.Listener.ofEpochs(
              epoch -> {
                print(epoch);
                save(model, file);
              });
      SequenceData data = preset.task().data(Split.TRAIN);
      SequenceData validation = preset.task().data(Split.VALIDATION);
      List<Epoch> epochs = Training.run(model, data, validation, recipe, listener);
      Evaluation test = Evaluation.of(model, preset.task().data(Split.TEST));
      System.out.printf(Locale.ROOT, "%s: test accuracy %.4f%n", name, test.accuracy());
      Card card =
          Card.of(
              name,
              model.config(),
              recipe,
              data,
              preset.note(),
              epochs,
              test,
              manager.getDevice(),
              Files.readAllBytes(file));
      AtomicFile.write(file.resolveSibling(name + ".json"), card.toJson());
    }
  }

  private static void print(Epoch epoch) {
    System.out.printf(
        Locale.ROOT,
        "epoch %d: loss %.4f, validation accuracy %.4f, loss %.4f, %.0f s%n",
        epoch.number(),
        epoch.loss(),
        epoch.validation().accuracy(),
        epoch.validation().loss(),
        epoch.seconds());
  }

  private static void save(SequenceClassifier model, Path file) {
    try {
      Checkpoints.save(model, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
