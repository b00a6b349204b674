package io.github.last4j;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.Family;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.ReleasedCode;
import io.github.last4j.prune.UnstructuredRandom;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prunes the models under data/models by every method and ratio, and writes data/results. */
public final class Compare {
  private static final List<Long> SEEDS = List.of(0L, 1L, 2L);
  private static final int SAMPLES = 1000;

  private Compare() {}

  /**
   * Sweeps over the models of some presets, those of seeds 0, 1 and 2 that are there; goes on where
   * an earlier run of it was interrupted.
   *
   * @param args the presets, as their checkpoints are called; without any, all that have
   *     checkpoints
   * @throws IllegalArgumentException if there is no such preset, or data/results has a file about
   *     models that are no longer there
   */
  public static void main(String[] args) throws IOException {
    Path data = DataFolder.locate();
    List<CpuPreset> presets =
        args.length > 0
            ? Arrays.stream(args).map(CpuPreset::of).toList()
            : Arrays.stream(CpuPreset.values())
                .filter(preset -> !seeds(preset, data).isEmpty())
                .toList();
    for (CpuPreset preset : presets) {
      compare(preset, data);
    }
  }

  private static List<Long> seeds(CpuPreset preset, Path data) {
    return SEEDS.stream()
        .filter(seed -> Files.exists(data.resolve(preset.checkpoint(seed))))
        .toList();
  }

  private static void compare(CpuPreset preset, Path data) throws IOException {
    SequenceData test = preset.data(Split.TEST).take(SAMPLES);
    List<Pruning> methods = new ArrayList<>(Criterion.TABLE_6);
    if (preset.config().family() == Family.S5) {
      methods.addAll(0, UnstructuredRandom.TABLE_5);
      methods.add(ReleasedCode.LAST);
    }
    List<Trained> models = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (long seed : seeds(preset, data)) {
        Path file = data.resolve(preset.checkpoint(seed));
        models.add(new Trained(preset.title(), seed, Checkpoints.load(manager, file)));
      }
      Sweep.of(methods).run(models, test, data.resolve(preset.results()));
    }
  }
}
