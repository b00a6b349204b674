package io.github.last4j.app;

import io.github.last4j.Models;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.model.Family;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.ReleasedCode;
import io.github.last4j.prune.UnstructuredRandom;
import io.github.last4j.sweep.BeyondLast;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tech.tablesaw.api.Table;

/** Prunes the models under data/models by every method and ratio, and writes data/results. */
public final class Sweep {
  private static final int SAMPLES = 1000;

  private static final List<Double> TENTHS = io.github.last4j.sweep.Sweep.tenths();

  /** Tasks whose sequences are of the same shape, to calibrate models of the first on. */
  private static final Map<Task, Task> OTHERS =
      Map.of(Task.SMNIST14, Task.FASHION, Task.PSMNIST, Task.PFASHION);

  private Sweep() {}

  /**
   * Sweeps over the models of some presets; goes on where an earlier run of it was interrupted.
   *
   * @param args the presets, as their checkpoints are called; without any, all that have
   *     checkpoints. With --methods "LAST;Global H∞" only these, with --ratios 0.5,0.8 only these
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there is no such preset, an option is wrong, or
   *     data/results has a file about models that are no longer there
   */
  static void run(String... args) throws IOException {
    Options options = options(args);
    for (CpuPreset preset : presets(options)) {
      List<Trained> models = Models.trained(preset.title());
      for (Plan plan : plans(preset)) {
        Optional<Plan> wanted = plan.only(options);
        if (wanted.isPresent()) {
          wanted.get().run(models);
        }
      }
      models.forEach(trained -> trained.model().close());
    }
  }

  /** The arguments of {@link #main}. */
  public static Options options(String... args) {
    return Options.of(Set.of("methods", "ratios"), args);
  }

  /**
   * The presets that are asked for.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  public static List<CpuPreset> presets(Options options) throws IOException {
    return options.words().isEmpty()
        ? Models.kinds()
        : options.words().stream().map(CpuPreset::of).toList();
  }

  /**
   * What one file of results holds.
   *
   * @param sweep the methods and ratios
   * @param test what the models are evaluated on
   * @param file its place in the data folder
   */
  public record Plan(io.github.last4j.sweep.Sweep sweep, SequenceData test, String file) {
    /** Where the file is. */
    public Path path() throws IOException {
      return DataFolder.locate().resolve(file);
    }

    /** What of it is asked for, if anything is. */
    public Optional<Plan> only(Options options) {
      List<String> titles = List.of(options.text("methods", "").split(";"));
      List<Pruning> methods =
          sweep.methods().stream()
              .filter(method -> !options.has("methods") || titles.contains(method.title()))
              .toList();
      List<Double> ratios = options.numbers("ratios", sweep.ratios());
      return methods.isEmpty()
          ? Optional.empty()
          : Optional.of(new Plan(io.github.last4j.sweep.Sweep.of(methods, ratios), test, file));
    }

    /** Adds the rows that the file lacks, and gives all of them in the order of the sweep. */
    public Table run(List<Trained> models) throws IOException {
      return sweep.run(models, test, path());
    }
  }

  /**
   * All that is tried on the models of a preset.
   *
   * @throws IOException if its data can't be read
   */
  public static List<Plan> plans(CpuPreset preset) throws IOException {
    SequenceData test = preset.task().data(Split.TEST).take(SAMPLES);
    SequenceData training = preset.task().data(Split.TRAIN);
    List<Pruning> paper = new ArrayList<>(Criterion.TABLE_6);
    if (preset.family() == Family.S5) {
      paper.addAll(0, UnstructuredRandom.TABLE_5);
      paper.add(ReleasedCode.LAST);
    }
    List<Layerwise> beyond = BeyondLast.all(test.length(), training.take(BeyondLast.SEQUENCES));
    // A minute a model: only where others lose accuracy.
    List<Double> high = List.of(0.0, 0.7, 0.8, 0.9);
    List<Plan> plans = new ArrayList<>();
    plans.add(plan(paper, TENTHS, test, preset.results()));
    plans.add(plan(beyond, TENTHS, test, preset.beyond()));
    plans.add(plan(BeyondLast.distilled(training), high, test, preset.beyond()));
    if (OTHERS.containsKey(preset.task())) {
      SequenceData others = OTHERS.get(preset.task()).data(Split.TRAIN);
      List<Layerwise> calibrations = BeyondLast.calibrations(training, others);
      plans.add(plan(calibrations, List.of(0.5, 0.6, 0.7, 0.8, 0.9), test, preset.calibration()));
    }
    return plans;
  }

  private static Plan plan(
      List<? extends Pruning> methods, List<Double> ratios, SequenceData test, String file) {
    // By its full name: this is the program, that the sweep.
    return new Plan(io.github.last4j.sweep.Sweep.of(methods, ratios), test, file);
  }
}
