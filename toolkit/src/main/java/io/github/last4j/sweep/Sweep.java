package io.github.last4j.sweep;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.Checksum;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.progress.Progress;
import io.github.last4j.prune.Pruning;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.sweep.Result.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * Prunes models by methods and ratios, in one shot and without retraining, and evaluates what is
 * left.
 *
 * @param methods how they are pruned
 * @param ratios the shares to remove, each in [0, 1]
 */
public record Sweep(List<Pruning> methods, List<Double> ratios) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no method or no ratio, one is null, two methods
   *     have the same title, two ratios are equal, or one is not in [0, 1]
   */
  public Sweep {
    requireMethods(methods);
    requireSome("ratios", ratios);
    methods = List.copyOf(methods);
    // Zero by two signs is one ratio.
    ratios = ratios.stream().map(ratio -> ratio + 0.0).toList();
    for (double ratio : ratios) {
      if (!(ratio >= 0 && ratio <= 1)) {
        throw new IllegalArgumentException("ratios: expected numbers in [0, 1], got " + ratios);
      }
    }
    if (ratios.stream().distinct().count() < ratios.size()) {
      throw new IllegalArgumentException("ratios: expected different ones, got " + ratios);
    }
  }

  /** Requires methods that tables can tell apart. */
  static void requireMethods(List<? extends Pruning> methods) {
    requireSome("methods", methods);
    List<String> titles = methods.stream().map(Pruning::title).toList();
    if (titles.stream().distinct().count() < titles.size()) {
      throw new IllegalArgumentException("methods: expected different titles, got " + titles);
    }
  }

  private static void requireSome(String name, List<?> values) {
    if (values == null || values.isEmpty() || values.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          name + ": expected at least one and no null, got " + values);
    }
  }

  /** A sweep over the paper's grid of ratios. */
  public static Sweep of(List<? extends Pruning> methods) {
    return of(methods, tenths());
  }

  /** A sweep over some ratios. */
  public static Sweep of(List<? extends Pruning> methods, List<Double> ratios) {
    requireSome("methods", methods);
    return new Sweep(List.copyOf(methods), ratios);
  }

  /** The paper's grid of ratios: 0, 10, …, 100 %. */
  public static List<Double> tenths() {
    List<Double> ratios = new ArrayList<>();
    for (int percent = 0; percent <= 100; percent += 10) {
      ratios.add(percent / 100.0);
    }
    return ratios;
  }

  /** How many rows a table of so many models has. */
  public int size(int models) {
    return models * methods.size() * ratios.size();
  }

  /**
   * Runs the sweep, and shows how far it is. Prunings of a model that coincide are evaluated once.
   *
   * @param models trained models
   * @param test what they are evaluated on
   * @return one row for each model, method and ratio: task, family, model, seed, method, ratio (the
   *     share of states to remove, in [0, 1]), accuracy (in [0, 1]), loss (in nats), samples,
   *     states (stored pairs kept in all layers), seconds (that making and evaluating took),
   *     checksum (of the model and the test data), and layer 1, layer 2, … (what each keeps)
   * @throws IllegalArgumentException if there is no model, two have the same name and seed, or a
   *     method does not fit one
   */
  public Table run(List<Trained> models, SequenceData test) {
    return Results.table(run(models, test, List.of(), result -> {}));
  }

  /**
   * Runs the sweep, and appends every row to a file as soon as it is known. Rows that the file has
   * already, of the same model and test data, are taken from there, so that a sweep that was
   * interrupted goes on where it was.
   *
   * @param file where results are kept; made if it is not there
   * @return as {@link #run(List, SequenceData)} does, whatever else the file has
   * @throws IllegalArgumentException also if the file has results under the same name and seed, but
   *     of other parameters or test data, or has fewer layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the file keeps
   *     the rows that were known
   * @throws IOException if the file can't be read or written, or another sweep adds to it, naming
   *     its process and host
   */
  public Table run(List<Trained> models, SequenceData test, Path file) throws IOException {
    requireModels(models);
    int layers = models.stream().mapToInt(m -> m.model().config().layers()).max().orElseThrow();
    try (ResultsFile results = ResultsFile.open(file, layers)) {
      Consumer<Result> keep =
          result -> {
            try {
              results.append(result);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      return Results.table(run(models, test, results.results(), keep));
    } catch (ClosedByInterruptException e) {
      // An interrupt closes the channel of a lock that is being taken.
      Interruption.check("the sweep", e);
      throw e;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Requires models that tables can tell apart. */
  static void requireModels(List<Trained> models) {
    requireSome("models", models);
    List<String> names = models.stream().map(m -> m.name() + ", seed " + m.seed()).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("models: expected other names or seeds, got " + names);
    }
  }

  private List<Result> run(
      List<Trained> models, SequenceData test, List<Result> known, Consumer<Result> whenNew) {
    requireModels(models);
    try (Progress progress = Progress.of("sweep", size(models.size()))) {
      return run(models, test, known, whenNew, progress);
    }
  }

  private List<Result> run(
      List<Trained> models,
      SequenceData test,
      List<Result> known,
      Consumer<Result> whenNew,
      Progress progress) {
    List<Result> results = new ArrayList<>();
    for (Trained trained : models) {
      String checksum = checksum(trained.model(), test);
      Map<Contents, Timed> evaluated = new HashMap<>();
      for (Pruning method : methods) {
        Supplier<DoubleFunction<SequenceClassifier>> prepared =
            memoize(() -> method.of(trained.model(), trained.seed()));
        for (double ratio : ratios) {
          Interruption.check("the sweep");
          Cell cell = trained.cell(method.title(), ratio, checksum);
          Optional<Result> before = find(known, cell);
          Result result = before.orElseGet(() -> evaluate(cell, prepared, evaluated, test));
          if (before.isEmpty()) {
            whenNew.accept(result);
          }
          results.add(result);
          progress.step();
        }
      }
    }
    return results;
  }

  /** Prepares when the first ratio asks for it, and once. */
  private static <T> Supplier<T> memoize(Supplier<T> make) {
    List<T> made = new ArrayList<>();
    return () -> {
      if (made.isEmpty()) {
        made.add(make.get());
      }
      return made.get(0);
    };
  }

  private static Result evaluate(
      Cell cell,
      Supplier<DoubleFunction<SequenceClassifier>> prepared,
      Map<Contents, Timed> evaluated,
      SequenceData test) {
    long start = System.nanoTime();
    try (SequenceClassifier pruned = prepared.get().apply(cell.ratio())) {
      Timed timed =
          evaluated.computeIfAbsent(
              new Contents(Checksum.hex(digest(pruned)), pruned.config()),
              unseen -> {
                Evaluation evaluation = Evaluation.of(pruned, test);
                // Milliseconds: the rest is noise.
                double seconds = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
                return new Timed(evaluation, seconds);
              });
      Evaluation evaluation = timed.evaluation();
      return new Result(
          cell,
          evaluation.accuracy(),
          evaluation.loss(),
          evaluation.samples(),
          pruned.config().pairs(),
          timed.seconds());
    }
  }

  private static Optional<Result> find(List<Result> known, Cell cell) {
    Optional<Result> found =
        known.stream().filter(result -> result.cell().place().equals(cell.place())).findFirst();
    found.ifPresent(
        result -> {
          if (!result.cell().checksum().equals(cell.checksum())) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "file: expected results of checksum %s for %s with seed %d, got %s: they are of"
                        + " another model or other test data",
                    cell.checksum(),
                    cell.model(),
                    cell.seed(),
                    result.cell().checksum()));
          }
        });
    return found;
  }

  /**
   * The first 16 hexadecimal digits of the SHA-256 of all parameters, of choices that they do not
   * tell, and of what the data are.
   */
  private static String checksum(SequenceClassifier model, SequenceData test) {
    MessageDigest digest = digest(model);
    String data = test.name() + test.checksum() + test.size();
    digest.update((choices(model.config()) + data).getBytes(StandardCharsets.UTF_8));
    return Checksum.hex(digest).substring(0, 16);
  }

  /** Those that are not as they were before there was a choice: checksums of then stay. */
  private static String choices(ModelConfig config) {
    return Stream.of(
            config.postNorm() ? "postNorm" : "",
            config.discretization() == Discretization.ZOH ? "" : config.discretization().name(),
            config.pooling() == Pooling.MEAN ? "" : config.pooling().name(),
            config.maskPadding() && config.bidirectional() ? "maskPadding" : "",
            config.stepRescale() == 1 ? "" : "stepRescale " + config.stepRescale(),
            config.exactGelu() ? "exactGelu" : "",
            config.normEpsilon() == 0 ? "" : "normEpsilon " + config.normEpsilon())
        .filter(choice -> !choice.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static MessageDigest digest(SequenceClassifier model) {
    MessageDigest digest = Checksum.sha256();
    try (NDManager scratch = model.manager().newSubManager()) {
      new TreeMap<>(model.parametersByName(scratch))
          .forEach(
              (name, array) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(array.toByteBuffer());
              });
    }
    return digest;
  }

  /** All that a model answers by, of which two prunings may make the same. */
  private record Contents(String parameters, ModelConfig config) {}

  /** An evaluation and the seconds that it took, with what came before it. */
  private record Timed(Evaluation evaluation, double seconds) {}
}
