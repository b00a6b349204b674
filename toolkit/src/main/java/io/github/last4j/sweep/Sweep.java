package io.github.last4j.sweep;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.sweep.Results.Cell;
import io.github.last4j.sweep.Results.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tech.tablesaw.api.Table;

/**
 * Prunes models by methods and ratios, in one shot and without retraining, and evaluates what is
 * left.
 *
 * @param methods how they are pruned
 * @param ratios the shares to remove, each in [0, 1]
 */
public record Sweep(List<Method> methods, List<Double> ratios) {
  private static final int BATCH = 50;

  /**
   * A trained model.
   *
   * @param name what it is called in tables, the same for models that differ in their seeds only
   * @param seed its seed, from which a random method draws too
   */
  public record Trained(String name, long seed, SequenceClassifier model) {}

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if two methods have the same title
   */
  public Sweep {
    methods = List.copyOf(methods);
    ratios = List.copyOf(ratios);
    List<String> titles = methods.stream().map(Method::title).toList();
    if (titles.stream().distinct().count() < titles.size()) {
      throw new IllegalArgumentException("methods: expected different titles, got " + titles);
    }
  }

  /** A sweep over ways to choose states. */
  public static Sweep of(List<Criterion> criteria, List<Double> ratios) {
    return new Sweep(Method.of(criteria), ratios);
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
   * Runs the sweep. A pruned model is evaluated with its smaller matrices; choices of states that
   * coincide are evaluated once.
   *
   * @param models trained models
   * @param test what they are evaluated on
   * @param afterEach called after each row, for progress
   * @return one row for each model, method and ratio: model, seed, criterion, ratio, accuracy,
   *     loss, samples, states kept in all, the seconds that making and evaluating took, a checksum
   *     of the model's parameters and the test data, and the states kept in each layer
   * @throws IllegalArgumentException if there is no model, or a method does not fit one
   */
  public Table run(List<Trained> models, SequenceData test, Runnable afterEach) {
    return Results.table(run(models, test, List.of(), result -> {}, afterEach));
  }

  /**
   * Runs the sweep, and appends every row to a file as soon as it is known. Rows that the file has
   * already, of the same model and test data, are taken from there, so that a sweep that was
   * interrupted goes on where it was.
   *
   * @param file where results are kept; made if it is not there
   * @return as {@link #run(List, SequenceData, Runnable)} does, whatever else the file has
   * @throws IllegalArgumentException also if the file has results under the same name and seed, but
   *     of other parameters or test data, or has fewer layers
   * @throws IOException if the file can't be read or written
   */
  public Table run(List<Trained> models, SequenceData test, Path file, Runnable afterEach)
      throws IOException {
    Results.open(file, models.stream().mapToInt(m -> m.model().config().layers()).max().orElse(0));
    try {
      Consumer<Result> keep =
          result -> {
            try {
              Results.append(file, result);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      return Results.table(run(models, test, Results.results(file), keep, afterEach));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private List<Result> run(
      List<Trained> models,
      SequenceData test,
      List<Result> known,
      Consumer<Result> whenNew,
      Runnable afterEach) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models: expected at least one, got none");
    }
    List<Result> results = new ArrayList<>();
    for (Trained trained : models) {
      try (NDManager manager = trained.model().manager().newSubManager()) {
        Candidate candidate =
            new Candidate(trained, trained.model().discreteSystems(manager), new HashMap<>());
        String checksum = checksum(trained.model(), test);
        for (Method method : methods) {
          for (double ratio : ratios) {
            Cell cell = new Cell(trained.name(), trained.seed(), method.title(), ratio, checksum);
            Optional<Result> before = find(known, cell);
            Result result = before.orElseGet(() -> candidate.evaluate(cell, method, test));
            if (before.isEmpty()) {
              whenNew.accept(result);
            }
            results.add(result);
            afterEach.run();
          }
        }
      }
    }
    return results;
  }

  private static Optional<Result> find(List<Result> known, Cell cell) {
    Optional<Result> found =
        known.stream().filter(result -> result.cell().isSameButForChecksum(cell)).findFirst();
    found.ifPresent(
        result -> {
          if (!result.cell().equals(cell)) {
            throw new IllegalArgumentException(
                String.format(
                    "file: expected results of checksum %s for %s with seed %d, got %s: they are of"
                        + " another model or other test data",
                    cell.checksum(), cell.model(), cell.seed(), result.cell().checksum()));
          }
        });
    return found;
  }

  /** The first 16 hexadecimal digits of the SHA-256 of all parameters and what the data are. */
  private static String checksum(SequenceClassifier model, SequenceData test) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
    try (NDManager scratch = model.manager().newSubManager()) {
      new TreeMap<>(model.parametersByName(scratch))
          .forEach(
              (name, array) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(array.toByteBuffer());
              });
    }
    String data = test.name() + test.checksum() + test.size();
    digest.update(data.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  /** An evaluation and the seconds that it took, with what came before it. */
  private record Timed(Evaluation evaluation, double seconds) {
    static Timed of(Supplier<SequenceClassifier> pruning, SequenceData test) {
      long start = System.nanoTime();
      try (SequenceClassifier pruned = pruning.get()) {
        Evaluation evaluation = Evaluation.of(pruned, test.asDataset(BATCH));
        // Milliseconds: the rest is noise.
        return new Timed(evaluation, Math.round((System.nanoTime() - start) / 1e6) / 1e3);
      }
    }
  }

  /** A model, its discrete layers, and what is known of its choices of states. */
  private record Candidate(Trained trained, List<DiscreteSsm> systems, Map<String, Timed> known) {
    Result evaluate(Cell cell, Method method, SequenceData test) {
      SequenceClassifier model = trained.model();
      if (method instanceof Method.Elements elements) {
        Timed timed =
            Timed.of(
                () -> UnstructuredModels.random(model, elements.pole(), cell.ratio(), cell.seed()),
                test);
        return result(cell, timed, model.config().pairs());
      }
      Criterion criterion = ((Method.States) method).criterion();
      try (NDList masks = criterion.masks(systems, cell.ratio(), cell.seed())) {
        List<boolean[]> kept = masks.stream().map(NDArray::toBooleanArray).toList();
        String choice = kept.stream().map(Arrays::toString).collect(joining());
        Timed timed =
            known.computeIfAbsent(choice, unseen -> Timed.of(() -> model.keep(masks), test));
        return result(cell, timed, kept.stream().map(Candidate::count).toList());
      }
    }

    private static Result result(Cell cell, Timed timed, List<Integer> layers) {
      Evaluation evaluation = timed.evaluation();
      return new Result(
          cell,
          evaluation.accuracy(),
          evaluation.loss(),
          evaluation.samples(),
          layers,
          timed.seconds());
    }

    private static int count(boolean[] mask) {
      int count = 0;
      for (boolean survives : mask) {
        count += survives ? 1 : 0;
      }
      return count;
    }
  }
}
