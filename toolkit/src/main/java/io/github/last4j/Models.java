package io.github.last4j;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.DataFolder;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.sweep.Results;
import io.github.last4j.sweep.Trained;
import io.github.last4j.table.Rows;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/**
 * The models that come with this project, and what every method makes of them, by the titles of
 * {@link CpuPreset}. Each model has a base manager of its own as parent.
 */
public final class Models {
  private Models() {}

  /** The kinds of which there are trained models. */
  public static List<CpuPreset> kinds() throws IOException {
    List<CpuPreset> kinds = new ArrayList<>();
    for (CpuPreset preset : CpuPreset.values()) {
      if (!seeds(preset).isEmpty()) {
        kinds.add(preset);
      }
    }
    return kinds;
  }

  /** The kinds of which there are results of a sweep. */
  public static List<CpuPreset> swept() throws IOException {
    return swept(CpuPreset::results);
  }

  /**
   * What there is to load, from the cards that are kept beside the models.
   *
   * @return one row for each kind: task, family, model (its title), seeds (how many models it is),
   *     layers, states (stored pairs in all layers), and as text accuracy (%), of the whole models
   *     on all test data: mean ± standard deviation over the seeds, with n - 1 in its denominator
   * @throws IOException if a card can't be read
   */
  public static Table table() throws IOException {
    Rows rows = Rows.of("models", "task", "family", "model", "seeds", "layers", "states");
    rows = rows.and(List.of("accuracy (%)"));
    for (CpuPreset kind : kinds()) {
      List<Integer> pairs = kind.config().pairs();
      DoubleColumn percent = DoubleColumn.create("accuracy");
      for (Card card : cards(kind)) {
        percent.append(100 * card.test().accuracy());
      }
      rows.add(
          kind.task().name(),
          kind.family(),
          kind.title(),
          percent.size(),
          pairs.size(),
          pairs.stream().mapToInt(Integer::intValue).sum(),
          String.format(Locale.ROOT, "%.1f ± %.1f", percent.mean(), percent.standardDeviation()));
    }
    return rows.table();
  }

  /**
   * The sizes of some kinds, and what they were trained on and how.
   *
   * @return one row for each: model (its title), in words, training data, layers, channels, pairs a
   *     layer (stored), smallest and largest time step at the beginning, clipped (whether real
   *     parts of poles are kept at -1e-4 or below), epochs
   */
  public static Table sizes(List<CpuPreset> kinds) {
    Rows rows = Rows.of("sizes and recipes", "model", "in words", "training data", "layers");
    rows =
        rows.and(List.of("channels", "pairs a layer", "smallest time step", "largest time step"));
    rows = rows.and(List.of("clipped", "epochs"));
    for (CpuPreset kind : kinds) {
      ModelConfig config = kind.config();
      String data =
          kind == CpuPreset.SMNIST_S5_FULL ? "58,000 of 60,000 digits" : kind.task().smaller();
      rows.add(
          kind.title(),
          kind.inWords(),
          data,
          config.pairs().size(),
          config.channels(),
          config.pairs().get(0),
          config.stepMin(),
          config.stepMax(),
          config.clipPoles(),
          kind.recipe(0).epochs());
    }
    return rows.table();
  }

  private static List<Card> cards(CpuPreset preset) throws IOException {
    List<Card> cards = new ArrayList<>();
    for (long seed : seeds(preset)) {
      Path data = DataFolder.locate();
      Path file = data.resolve(preset.card(seed));
      Path checkpoint = data.resolve(preset.checkpoint(seed));
      Card card = Card.fromJson(Files.readString(file));
      if (!card.isOf(Files.readAllBytes(checkpoint))) {
        throw new IOException(
            file + ": expected the card of " + checkpoint + ", whose training did not end");
      }
      cards.add(card);
    }
    return cards;
  }

  /**
   * One trained model.
   *
   * @param title such as "smnist-s5"
   * @throws IllegalArgumentException if there is no such kind, or none of it with this seed
   * @throws IOException if its checkpoint can't be read
   */
  public static SequenceClassifier load(String title, long seed) throws IOException {
    CpuPreset preset = CpuPreset.of(title);
    List<Long> seeds = seeds(preset);
    if (!seeds.contains(seed)) {
      throw new IllegalArgumentException("seed: expected one of " + seeds + ", got " + seed);
    }
    NDManager manager = NDManager.newBaseManager();
    try {
      return Checkpoints.load(manager, DataFolder.locate().resolve(preset.checkpoint(seed)));
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * All trained models of a kind, by seed.
   *
   * @param title such as "smnist-s5"
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if a checkpoint can't be read
   */
  public static List<Trained> trained(String title) throws IOException {
    CpuPreset preset = CpuPreset.of(title);
    List<Trained> models = new ArrayList<>();
    try {
      for (long seed : seeds(preset)) {
        Interruption.check("the loading of models");
        models.add(new Trained(preset.task(), title, seed, load(title, seed)));
      }
    } catch (IOException | RuntimeException e) {
      models.forEach(trained -> trained.model().manager().getParentManager().close());
      throw e;
    }
    return models;
  }

  /**
   * The results of sweeps over models of some kinds.
   *
   * @param titles such as "smnist-s5"; without any, all of which there are results
   * @return as {@link io.github.last4j.sweep.Sweep#run} does
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if there are no results of a kind, or they can't be read
   */
  public static Table results(String... titles) throws IOException {
    return results(CpuPreset::results, titles);
  }

  /**
   * The same of the methods that go beyond the paper's, {@link io.github.last4j.sweep.BeyondLast}.
   *
   * @param titles such as "smnist14-s5"; without any, all of which there are results
   * @return as {@link io.github.last4j.sweep.Sweep#run} does
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if there are no results of a kind, or they can't be read
   */
  public static Table beyond(String... titles) throws IOException {
    return results(CpuPreset::beyond, titles);
  }

  /**
   * The same of two of them by what they are calibrated on, {@link
   * io.github.last4j.sweep.BeyondLast#calibrations}.
   *
   * @param titles such as "smnist14-s5"; without any, all of which there are results
   * @return as {@link io.github.last4j.sweep.Sweep#run} does
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if there are no results of a kind, or they can't be read
   */
  public static Table calibrations(String... titles) throws IOException {
    return results(CpuPreset::calibration, titles);
  }

  /**
   * What the study of pruning while training came to ({@code make study}).
   *
   * @param title such as "smnist14-s5"
   * @return one row for each seed and method: model, seed, samples (sequences in an epoch), epochs
   *     (those of the study; methods of equal time have more), method, states before, states,
   *     accuracy in [0, 1] and loss in nats on the test data, seconds and cpu seconds (the wall and
   *     processor time of training and pruning), steps, multiplications
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if there are no results of it, or they can't be read
   */
  public static Table when(String title) throws IOException {
    return read("results/when/" + CpuPreset.of(title).title() + ".csv");
  }

  /**
   * The course of the trainings of that study.
   *
   * @param title such as "smnist14-s5"
   * @return one row for each epoch: model, seed, samples, epochs, method, epoch, states (left after
   *     it), training loss in nats, validation accuracy in [0, 1], seconds and cpu seconds
   * @throws IllegalArgumentException if there is no such kind
   * @throws IOException if there are no results of it, or they can't be read
   */
  public static Table whenCourse(String title) throws IOException {
    return read("results/when/" + CpuPreset.of(title).title() + "-course.csv");
  }

  private static Table read(String file) throws IOException {
    return Table.read().csv(Files.newBufferedReader(DataFolder.locate().resolve(file)));
  }

  private static Table results(Function<CpuPreset, String> file, String... titles)
      throws IOException {
    Path data = DataFolder.locate();
    List<CpuPreset> kinds =
        titles.length == 0 ? swept(file) : Arrays.stream(titles).map(CpuPreset::of).toList();
    return Results.read(kinds.stream().map(kind -> data.resolve(file.apply(kind))).toList());
  }

  private static List<CpuPreset> swept(Function<CpuPreset, String> file) throws IOException {
    Path data = DataFolder.locate();
    return Arrays.stream(CpuPreset.values())
        .filter(preset -> Files.exists(data.resolve(file.apply(preset))))
        .toList();
  }

  private static List<Long> seeds(CpuPreset preset) throws IOException {
    String prefix = preset.title() + "-";
    try (Stream<Path> files = Files.list(DataFolder.locate().resolve("models"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(prefix + "\\d+\\.safetensors"))
          .map(name -> Long.valueOf(name.substring(prefix.length(), name.indexOf('.'))))
          .sorted()
          .toList();
    }
  }
}
