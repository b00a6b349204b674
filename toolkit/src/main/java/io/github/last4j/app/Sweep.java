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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Prunes the models under data/models by every method and ratio, and writes data/results. */
public final class Sweep {
  private static final int SAMPLES = 1000;

  /** Tasks whose sequences are of the same shape, to calibrate models of the first on. */
  private static final Map<Task, Task> OTHERS =
      Map.of(Task.SMNIST14, Task.FASHION, Task.PSMNIST, Task.PFASHION);

  private Sweep() {}

  /**
   * Sweeps over the models of some presets; goes on where an earlier run of it was interrupted.
   *
   * @param args the presets, as their checkpoints are called; without any, all that have
   *     checkpoints
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there is no such preset, or data/results has a file about
   *     models that are no longer there
   */
  static void run(String... args) throws IOException {
    List<CpuPreset> presets =
        args.length > 0 ? Arrays.stream(args).map(CpuPreset::of).toList() : Models.kinds();
    for (CpuPreset preset : presets) {
      sweep(preset);
    }
  }

  private static void sweep(CpuPreset preset) throws IOException {
    SequenceData test = preset.task().data(Split.TEST).take(SAMPLES);
    List<Pruning> methods = new ArrayList<>(Criterion.TABLE_6);
    if (preset.family() == Family.S5) {
      methods.addAll(0, UnstructuredRandom.TABLE_5);
      methods.add(ReleasedCode.LAST);
    }
    SequenceData training = preset.task().data(Split.TRAIN);
    List<Trained> models = Models.trained(preset.title());
    run(methods, io.github.last4j.sweep.Sweep.tenths(), models, test, preset.results());
    List<Layerwise> beyond = BeyondLast.all(test.length(), training.take(BeyondLast.SEQUENCES));
    run(beyond, io.github.last4j.sweep.Sweep.tenths(), models, test, preset.beyond());
    // A minute a model: only where others lose accuracy.
    List<Double> high = List.of(0.0, 0.7, 0.8, 0.9);
    run(BeyondLast.distilled(training), high, models, test, preset.beyond());
    if (OTHERS.containsKey(preset.task())) {
      SequenceData others = OTHERS.get(preset.task()).data(Split.TRAIN);
      List<Layerwise> calibrations = BeyondLast.calibrations(training, others);
      run(calibrations, List.of(0.5, 0.6, 0.7, 0.8, 0.9), models, test, preset.calibration());
    }
    models.forEach(trained -> trained.model().close());
  }

  private static void run(
      List<? extends Pruning> methods,
      List<Double> ratios,
      List<Trained> models,
      SequenceData test,
      String file)
      throws IOException {
    Path path = DataFolder.locate().resolve(file);
    Files.createDirectories(path.getParent());
    // By its full name: this is the program, that the sweep.
    io.github.last4j.sweep.Sweep.of(methods, ratios).run(models, test, path);
  }
}
