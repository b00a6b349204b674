package io.github.last4j.sweep;

import static java.util.stream.Collectors.joining;

import io.github.last4j.model.Family;
import io.github.last4j.prune.Pruning;
import io.github.last4j.table.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Results of sweeps as files with comma-separated values: a header, and one line for each row,
 * appended when it is known. A line that was cut off, since its writer was killed, does not count.
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
   * @throws IOException if there is no such file or it holds something else
   */
  public static Table read(Path file) throws IOException {
    return read(List.of(file));
  }

  /**
   * Reads several files of results as one table; a model with fewer layers than another has empty
   * fields for the rest.
   *
   * @return the rows of the first file, then of the next
   * @throws IOException if a file is not there or holds something else
   */
  public static Table read(List<Path> files) throws IOException {
    List<Result> all = new ArrayList<>();
    for (Path file : files) {
      all.addAll(results(file));
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
                "%s: expected one of %s, got %s",
                column, there.stream().distinct().toList(), value));
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
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    String header = whole.lines().findFirst().orElse("");
    if (!header.startsWith(String.join(",", COLUMNS))) {
      throw new IOException(
          file + ": expected a header that starts with " + COLUMNS + ", got '" + header + "'");
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
    List<Result> results = new ArrayList<>();
    try {
      for (Row row : Table.read().usingOptions(options)) {
        results.add(result(row));
      }
    } catch (RuntimeException e) {
      throw new IOException(file + ": expected results of a sweep", e);
    }
    return results;
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
    return new Result(
        cell,
        row.getDouble("accuracy"),
        row.getDouble("loss"),
        row.getLong("samples"),
        layers,
        row.getDouble("seconds"));
  }

  /** Makes a file with a header, or takes off the line that another writer did not finish. */
  static void open(Path file, int layers) throws IOException {
    if (Files.notExists(file)) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file, String.join(",", columns(layers)) + "\n", StandardOpenOption.CREATE_NEW);
      return;
    }
    try (Stream<String> lines = Files.lines(file)) {
      long columns =
          lines.limit(1).flatMap(line -> Stream.of(line.split(","))).count() - COLUMNS.size();
      if (columns < layers) {
        throw new IllegalArgumentException(
            "file: expected columns for " + layers + " layers, got " + columns + " in " + file);
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
        channel.truncate(end);
      }
    }
  }

  /** Adds a row at the end of a file. */
  static void append(Path file, Result result) throws IOException {
    String line =
        result.values().stream().map(value -> quoted(value.toString())).collect(joining(","));
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
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

  private static List<String> columns(int layers) {
    return Stream.concat(
            COLUMNS.stream(), IntStream.rangeClosed(1, layers).mapToObj(i -> LAYER + i))
        .toList();
  }
}
