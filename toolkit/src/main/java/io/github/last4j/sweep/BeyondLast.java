package io.github.last4j.sweep;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.prune.Allocation;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.prune.Refit;
import io.github.last4j.prune.Response;
import io.github.last4j.prune.Surgeon;
import io.github.last4j.prune.Taylor;
import java.util.ArrayList;
import java.util.List;

/** The methods that go beyond the paper's, by what they need, with one title for all lengths. */
public final class BeyondLast {
  /** How many sequences calibrate them in the sweeps under data/results. */
  public static final int SEQUENCES = 100;

  private BeyondLast() {}

  /**
   * Those that need the model alone.
   *
   * @param length the steps L of the sequences that it will see
   */
  public static List<Layerwise> dataFree(int length) {
    Layerwise last = Criterion.LAST.within(length).titled("LAST within L");
    return List.of(
        Criterion.UNIFORM_HINF.within(length).titled("Uniform H∞ within L"),
        Criterion.GLOBAL_HINF.within(length).titled("Global H∞ within L"),
        last,
        Refit.h2(last, length).titled("LAST within L + H2 refit"),
        Criterion.AIRE,
        Balanced.truncation(),
        Balanced.truncation(length).titled("Balanced truncation within L"));
  }

  /**
   * Those that need sequences too, without labels; those by margins need gradients as well.
   *
   * @param data unlabelled sequences
   */
  public static List<Layerwise> calibrated(Dataset data) {
    Layerwise response = Response.on(data);
    Layerwise surgeon = Refit.on(data, Surgeon.on(data));
    Layerwise balanced = Balanced.on(data);
    return List.of(
        response,
        Taylor.on(data),
        Refit.on(data, response),
        surgeon,
        balanced,
        Refit.on(data, balanced),
        Allocation.on(data, surgeon));
  }

  /** The paper's criteria of H∞ norms, then all of these. */
  public static List<Layerwise> all(int length, Dataset data) {
    List<Layerwise> all = new ArrayList<>(Criterion.HINF);
    all.addAll(dataFree(length));
    all.addAll(calibrated(data));
    return all;
  }
}
