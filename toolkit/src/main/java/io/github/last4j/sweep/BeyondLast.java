package io.github.last4j.sweep;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.data.SequenceData;
import io.github.last4j.prune.Allocation;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Distilled;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.prune.Refit;
import io.github.last4j.prune.Response;
import io.github.last4j.prune.Surgeon;
import io.github.last4j.prune.Taylor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The methods that go beyond the paper's, by what they need, with one title for all lengths. */
public final class BeyondLast {
  /** How many sequences calibrate them in the sweeps under data/results. */
  public static final int SEQUENCES = 100;

  /** How many the whole model teaches on. */
  public static final int LESSONS = 2000;

  private static final int BATCH = 50;

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

  /**
   * What takes more than a calibration: covariance balancing with refit on the first {@link
   * #SEQUENCES}, and then distillation on {@link #LESSONS}.
   *
   * @param data sequences of the task, whose labels are not looked at
   */
  public static List<Layerwise> distilled(SequenceData data) {
    SequenceData some = data.take(Math.min(SEQUENCES, data.size()));
    Layerwise balanced = Refit.on(some, Balanced.on(some));
    Dataset lessons = data.take(Math.min(LESSONS, data.size())).asDataset(BATCH);
    return List.of(Distilled.on(lessons, balanced).titled("Covariance-balanced + distillation"));
  }

  /**
   * Two of them by what they are calibrated on: 20, 100 or 500 sequences of the task, 100 of
   * another task with sequences of the same shape, and 100 of white noise with the mean and the
   * deviation of the task's.
   *
   * @param data sequences of the task, at least 500
   * @param others the same of the other task, at least 100
   */
  public static List<Layerwise> calibrations(SequenceData data, SequenceData others) {
    List<Layerwise> methods = new ArrayList<>();
    for (int count : List.of(20, 100, 500)) {
      methods.addAll(best(data.take(count), count + " sequences"));
    }
    methods.addAll(best(others.take(SEQUENCES), "other data"));
    methods.addAll(best(noise(data.take(SEQUENCES)), "noise"));
    return methods;
  }

  private static List<Layerwise> best(SequenceData data, String on) {
    return List.of(
        Refit.on(data, Surgeon.on(data)).titled("Surgeon + refit, " + on),
        Refit.on(data, Balanced.on(data)).titled("Covariance-balanced + refit, " + on));
  }

  private static SequenceData noise(SequenceData like) {
    float[] inputs = like.inputs();
    double mean = IntStream.range(0, inputs.length).mapToDouble(i -> inputs[i]).average().orElse(0);
    double square =
        IntStream.range(0, inputs.length)
            .mapToDouble(i -> Math.pow(inputs[i] - mean, 2))
            .average()
            .orElse(0);
    SplittableRandom random = new SplittableRandom(0);
    float[] noise = new float[inputs.length];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (mean + Math.sqrt(square) * random.nextGaussian());
    }
    return SequenceData.of(
        "noise",
        "seed 0",
        like.length(),
        like.channels(),
        like.classes(),
        noise,
        new int[like.size()]);
  }
}
