package io.github.last4j.app;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.Models;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prunes the models under data/models by every method and ratio, and writes data/results. */
public final class Sweep {
  private static final int SAMPLES = 1000;

  private Sweep() {}

  /**
   * Sweeps over the models of some presets; goes on where an earlier run of it was interrupted.
   *
   * @param args the presets, as their checkpoints are called; without any, all that have
   *     checkpoints
   * @throws IllegalArgumentException if there is no such preset, or data/results has a file about
   *     models that are no longer there
   */
  public static void main(String[] args) throws IOException {
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
    Dataset calibration = preset.task().data(Split.TRAIN).take(BeyondLast.SEQUENCES);
    List<Layerwise> beyond = BeyondLast.all(test.length(), calibration);
    List<Trained> models = Models.trained(preset.title());
    // By its full name: this is the program, that the sweep.
    io.github.last4j.sweep.Sweep.of(methods)
        .run(models, test, DataFolder.locate().resolve(preset.results()));
    io.github.last4j.sweep.Sweep.of(beyond)
        .run(models, test, DataFolder.locate().resolve(preset.beyond()));
    models.forEach(trained -> trained.model().close());
  }
}
