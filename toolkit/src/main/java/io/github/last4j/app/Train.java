package io.github.last4j.app;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Models;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.io.AtomicFile;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import io.github.last4j.train.Epoch;
import io.github.last4j.train.Outcome;
import io.github.last4j.train.Penalty;
import io.github.last4j.train.Plan;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Schedule;
import io.github.last4j.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Trains the checkpoints under data/models. */
public final class Train {
  private static final Set<String> OPTIONS =
      Set.of("schedule", "ratio", "loss", "method", "hankel", "radius", "epochs");
  private static final int CALIBRATION = 100;

  private Train() {}

  /**
   * Trains a preset with seeds and writes each model, after every epoch, and at the end its card. A
   * training that was stopped goes on after its last epoch when it is asked for again.
   *
   * @param args the preset, as its checkpoints are called, and the seeds, by default 0, 1 and 2;
   *     without a preset all those of which there are checkpoints, but for those that were trained
   *     elsewhere. With options, models go to data/models/scheduled: --schedule early, once,
   *     iterative, cubic or tolerance prunes while training, by --method last or balanced, until
   *     the share --ratio (0.8) of the states is gone, or as much as costs an accuracy of --loss
   *     (0.01) each time; --hankel and --radius are weights of penalties; --epochs is another
   *     number of them
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there is no such preset, it was trained elsewhere, a seed
   *     is no number, or an option is wrong
   */
  static void run(String... args) throws IOException {
    Options options = Options.of(OPTIONS, args);
    List<String> words = options.words();
    List<Long> seeds =
        words.stream()
            .skip(1)
            .map(word -> Options.whole("seeds", word))
            .collect(toCollection(ArrayList::new));
    if (seeds.isEmpty()) {
      seeds.addAll(List.of(0L, 1L, 2L));
    }
    for (CpuPreset preset : words.isEmpty() ? kinds() : List.of(kind(words.get(0)))) {
      for (long seed : seeds) {
        train(preset, seed, options);
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

  private static void train(CpuPreset preset, long seed, Options options) throws IOException {
    SequenceData data = preset.task().data(Split.TRAIN);
    SequenceData validation = preset.task().data(Split.VALIDATION);
    Plan plan = plan(preset.recipe(seed), options, data, validation);
    String name = preset.title() + "-" + seed;
    Path file = DataFolder.locate().resolve(preset.checkpoint(seed));
    String note = preset.note();
    if (!options.values().isEmpty()) {
      name += suffix(options);
      file = file.resolveSibling("scheduled").resolve(name + ".safetensors");
      note += " Not as the models beside: " + options.values() + ".";
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, preset.config(), seed);
      System.out.println(name + " on " + manager.getDevice());
      Outcome outcome =
          plan.resuming(file.resolveSibling(name + ".training"))
              .run(model, data, validation, listener(file));
      SequenceClassifier trained = outcome.model();
      Evaluation test = Evaluation.of(trained, preset.task().data(Split.TEST));
      System.out.printf(
          Locale.ROOT,
          "%s: %s states, test accuracy %.4f%n",
          name,
          trained.config().pairs(),
          test.accuracy());
      // Also where it was stopped after the last epoch.
      save(trained, file);
      Card card =
          Card.of(
              name,
              trained.config(),
              plan.recipe(),
              data,
              note,
              outcome.epochs(),
              test,
              manager.getDevice(),
              Files.readAllBytes(file));
      AtomicFile.write(file.resolveSibling(name + ".json"), card.toJson());
    }
  }

  private static Training.Listener listener(Path file) {
    return new Training.Listener() {
      @Override
      public void epoch(Epoch epoch, SequenceClassifier model) {
        print(epoch, model);
        save(model, file);
      }
    };
  }

  private static String suffix(Options options) {
    return options.values().entrySet().stream()
        .map(option -> "-" + option.getKey() + "-" + option.getValue())
        .collect(joining());
  }

  /** What the options ask for. */
  static Plan plan(Recipe whole, Options options, SequenceData data, SequenceData validation) {
    Recipe recipe = whole;
    if (options.has("epochs")) {
      Recipe other = Recipe.epochs(options.whole("epochs", 0));
      recipe =
          other
              .batch(whole.batchSize())
              .rates(whole.learningRate(), whole.ssmLearningRate())
              .decay(whole.weightDecay())
              .seed(whole.seed());
    }
    Plan plan = Plan.of(recipe);
    if (options.has("schedule")) {
      plan = plan.with(schedule(options, data, validation));
    }
    if (options.has("hankel")) {
      plan = plan.with(Penalty.hankel(options.number("hankel", 0)));
    }
    if (options.has("radius")) {
      plan = plan.with(Penalty.radius(options.number("radius", 0)));
    }
    return plan;
  }

  private static Schedule schedule(Options options, SequenceData data, SequenceData validation) {
    Pruning pruning =
        switch (options.text("method", "last")) {
          case "last" -> Criterion.LAST;
          case "balanced" -> Balanced.on(data.take(CALIBRATION));
          default ->
              throw new IllegalArgumentException(
                  "method: expected last or balanced, got " + options.text("method", ""));
        };
    double ratio = options.number("ratio", 0.8);
    return switch (options.text("schedule", "")) {
      case "once" -> Schedule.once(pruning, 0.75, ratio);
      case "early" -> Schedule.early(pruning, ratio);
      case "iterative" -> Schedule.iterative(pruning, ratio);
      case "cubic" -> Schedule.cubic(pruning, ratio);
      case "tolerance" ->
          Schedule.within(pruning, Tolerance.accuracy(options.number("loss", 0.01), validation));
      default ->
          throw new IllegalArgumentException(
              "schedule: expected once, early, iterative, cubic or tolerance, got "
                  + options.text("schedule", ""));
    };
  }

  private static void print(Epoch epoch, SequenceClassifier model) {
    System.out.printf(
        Locale.ROOT,
        "epoch %d: loss %.4f, validation accuracy %.4f, loss %.4f, %d states, %.0f s%n",
        epoch.number(),
        epoch.loss(),
        epoch.validation().accuracy(),
        epoch.validation().loss(),
        model.config().pairs().stream().mapToInt(Integer::intValue).sum(),
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
