package io.github.last4j.sweep;

import io.github.last4j.model.Family;
import io.github.last4j.progress.Interruption;
import io.github.last4j.prune.Pruning;
import io.github.last4j.table.Rows;
import io.github.last4j.table.Tablesaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Results of sweeps as files with comma-separated values: a header, and one line for each row,
 * appended when it is known. A line that was cut off, since its writer was killed, does not count,
 * be it the header: such a file has no rows.
 */
public final class Results {
  static final List<String> COLUMNS =
      List.of(
          "task",
          "family",
          "model",
          "seed",
          "method",
          "ratio",
          "accuracy",
          "loss",
          "samples",
          "states",
          "seconds",
          "checksum");
  private static final String LAYER = "layer ";

  private Results() {}

  /**
   * Reads a file of results.
   *
   * @return as {@link Sweep#run} does, all rows that are there
   * @throws IOException if there is no such file or it holds something else, a value is impossible,
   *     or a row is there twice
   */
  public static Table read(Path file) throws IOException {
    return read(List.of(file));
  }

  /**
   * Adds to a file of results what another has and it lacks.
   *
   * @param file made if it is not there
   * @param other of models with at most as many layers
   * @throws IOException if one of them can't be read or written, or a sweep adds to the first
   */
  public static void merge(Path file, Path other) throws IOException {
    List<Result> found = results(other);
    int layers = found.stream().mapToInt(result -> result.layers().size()).max().orElse(0);
    try (ResultsFile open = ResultsFile.open(file, layers)) {
      Set<List<Object>> there = new HashSet<>();
      open.results().forEach(result -> there.add(result.cell().place()));
      for (Result result : found) {
        if (there.add(result.cell().place())) {
          open.append(result);
        }
      }
    }
  }

  /**
   * Reads several files of results as one table; a model with fewer layers than another has empty
   * fields for the rest.
   *
   * @return the rows of the first file, then of the next
   * @throws IllegalArgumentException if there is no file
   * @throws IOException if a file is not there or holds something else, a value is impossible, or a
   *     row is there twice
   */
  public static Table read(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files: expected at least one, got none");
    }
    List<Result> all = new ArrayList<>();
    for (Path file : files) {
      all.addAll(results(file));
    }
    try {
      requireDifferent(all);
    } catch (IllegalArgumentException e) {
      throw new IOException(files + ": " + e.getMessage(), e);
    }
    return table(all);
  }

  /**
   * The rows of some models.
   *
   * @throws IllegalArgumentException if one is not there
   */
  public static Table models(Table results, String... names) {
    return existing(results, "model", List.of(names));
  }

  /**
   * The rows of all models of a family.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Table family(Table results, Family family) {
    return existing(results, "family", List.of(family.name()));
  }

  /**
   * The rows of some methods.
   *
   * @throws IllegalArgumentException if one is not there
   */
  public static Table methods(Table results, List<? extends Pruning> methods) {
    return existing(results, "method", methods.stream().map(Pruning::title).toList());
  }

  private static Table existing(Table results, String column, List<String> values) {
    List<String> there = results.stringColumn(column).asList();
    for (String value : values) {
      if (!there.contains(value)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: expected one of %s, got %s",
                column,
                there.stream().distinct().toList(),
                value));
      }
    }
    return results.where(results.stringColumn(column).isIn(values));
  }

  /** The rows with a text in a column. */
  static Table where(Table results, String column, String value) {
    return results.where(results.stringColumn(column).isEqualTo(value));
  }

  static List<Result> results(Path file) throws IOException {
    String text = Files.readString(file);
    String whole = whole(file, text);
    if (whole.isEmpty()) {
      return List.of();
    }
    CsvReadOptions options =
        CsvReadOptions.builderFromString(whole)
            .columnTypes(
                name ->
                    switch (name) {
                      case "task", "family", "model", "method", "checksum" -> ColumnType.STRING;
                      case "seed", "samples" -> ColumnType.LONG;
                      case "ratio", "accuracy", "loss", "seconds" -> ColumnType.DOUBLE;
                      default -> ColumnType.INTEGER;
                    })
            .build();
    Tablesaw.ready();
    List<Result> results = new ArrayList<>();
    try {
      for (Row row : Table.read().usingOptions(options)) {
        try {
          results.add(result(row));
        } catch (RuntimeException e) {
          throw new IllegalArgumentException(
              "row " + (results.size() + 1) + ": " + e.getMessage(), e);
        }
      }
      requireDifferent(results);
    } catch (RuntimeException e) {
      Interruption.check("the reading of results", e);
      throw new IOException(file + ": expected results of a sweep: " + e.getMessage(), e);
    }
    return results;
  }

  /**
   * The lines of a file that were written to their ends; none where even the header was not.
   *
   * @throws IOException if it does not begin as results do
   */
  static String whole(Path file, String text) throws IOException {
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    String begin = String.join(",", COLUMNS);
    if (!(whole.isEmpty() && begin.startsWith(text)) && !text.startsWith(begin)) {
      String header = text.lines().findFirst().orElse("");
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected a header that starts with %s, got '%s'",
              file,
              COLUMNS,
              header.substring(0, Math.min(header.length(), 200))));
    }
    return whole;
  }

  /** What two writers at once, or a file that is named twice, would make of it. */
  private static void requireDifferent(List<Result> results) {
    Set<List<Object>> places = new HashSet<>();
    for (Result result : results) {
      if (!places.add(result.cell().place())) {
        throw new IllegalArgumentException(
            "expected one row for each model, seed, method and ratio, got two for "
                + result.cell().place());
      }
    }
  }

  private static Result result(Row row) {
    List<Integer> layers = new ArrayList<>();
    for (String name : row.columnNames()) {
      if (name.startsWith(LAYER) && !row.isMissing(name)) {
        layers.add(row.getInt(name));
      }
    }
    Result.Cell cell =
        new Result.Cell(
            row.getString("task"),
            row.getString("family"),
            row.getString("model"),
            row.getLong("seed"),
            row.getString("method"),
            row.getDouble("ratio"),
            row.getString("checksum"));
    Result result =
        new Result(
            cell,
            row.getDouble("accuracy"),
            row.getDouble("loss"),
            row.getLong("samples"),
            layers,
            row.getDouble("seconds"));
    if (row.getInt("states") != result.states()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "states: expected %d, the sum of the layers %s, got %d",
              result.states(),
              layers,
              row.getInt("states")));
    }
    return result;
  }

  static Table table(Collection<Result> results) {
    int layers = results.stream().mapToInt(result -> result.layers().size()).max().orElse(0);
    Rows rows = Rows.of("sweep").and(columns(layers));
    for (Result result : results) {
      List<Object> values = result.values();
      values.addAll(Collections.nCopies(layers - result.layers().size(), null));
      rows.add(values);
    }
    return rows.table();
  }

  static List<String> columns(int layers) {
    return Stream.concat(
            COLUMNS.stream(), IntStream.rangeClosed(1, layers).mapToObj(i -> LAYER + i))
        .toList();
  }
}
