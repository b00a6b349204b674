package io.github.last4j.sweep;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Results of sweeps as files with comma-separated values: a header, and one line for each row,
 * appended when it is known. A line that was cut off, since its writer was killed, does not count.
 */
public final class Results {
  static final List<String> COLUMNS =
      List.of(
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
  static final String LAYER = "layer ";

  private Results() {}

  /**
   * One pruned model, evaluated.
   *
   * @param cell which
   * @param accuracy in [0, 1]
   * @param loss in nats
   * @param samples on how many test samples
   * @param layers the stored pairs that each layer keeps
   * @param seconds wall time of making and evaluating it
   */
  record Result(
      Cell cell,
      double accuracy,
      double loss,
      long samples,
      List<Integer> layers,
      double seconds) {}

  /**
   * What a result is of.
   *
   * @param model the model's name
   * @param seed its seed
   * @param criterion the method's title
   * @param ratio the share to remove
   * @param checksum of the model's parameters and the test data
   */
  record Cell(String model, long seed, String criterion, double ratio, String checksum) {
    boolean isSameButForChecksum(Cell other) {
      return new Cell(model, seed, criterion, ratio, other.checksum).equals(other);
    }
  }

  /**
   * Reads a file of results.
   *
   * @return as {@link Sweep#run} does, all rows that are there
   * @throws IOException if there is no such file or it holds something else
   */
  public static Table read(Path file) throws IOException {
    return table(results(file));
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
                      case "model", "method", "checksum" -> ColumnType.STRING;
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
    Cell cell =
        new Cell(
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
      String header =
          Stream.concat(
                  COLUMNS.stream(),
                  Stream.iterate(1, i -> i <= layers, i -> i + 1).map(i -> LAYER + i))
              .collect(joining(","));
      Files.writeString(file, header + "\n", StandardOpenOption.CREATE_NEW);
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
    Cell cell = result.cell();
    String line =
        Stream.concat(
                Stream.of(
                    quoted(cell.model()),
                    cell.seed(),
                    quoted(cell.criterion()),
                    cell.ratio(),
                    result.accuracy(),
                    result.loss(),
                    result.samples(),
                    total(result),
                    result.seconds(),
                    cell.checksum()),
                result.layers().stream())
            .map(Object::toString)
            .collect(joining(","));
    Files.write(file, (line + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static int total(Result result) {
    return result.layers().stream().mapToInt(Integer::intValue).sum();
  }

  static Table table(Collection<Result> results) {
    int layers = results.stream().mapToInt(result -> result.layers().size()).max().orElse(0);
    StringColumn model = StringColumn.create("model");
    LongColumn seed = LongColumn.create("seed");
    StringColumn criterion = StringColumn.create("method");
    DoubleColumn ratio = DoubleColumn.create("ratio");
    DoubleColumn accuracy = DoubleColumn.create("accuracy");
    DoubleColumn loss = DoubleColumn.create("loss");
    LongColumn samples = LongColumn.create("samples");
    IntColumn states = IntColumn.create("states");
    DoubleColumn seconds = DoubleColumn.create("seconds");
    StringColumn checksum = StringColumn.create("checksum");
    Table table =
        Table.create(
            "sweep", model, seed, criterion, ratio, accuracy, loss, samples, states, seconds,
            checksum);
    for (int i = 1; i <= layers; i++) {
      table.addColumns(IntColumn.create(LAYER + i));
    }
    for (Result result : results) {
      model.append(result.cell().model());
      seed.append(result.cell().seed());
      criterion.append(result.cell().criterion());
      ratio.append(result.cell().ratio());
      accuracy.append(result.accuracy());
      loss.append(result.loss());
      samples.append(result.samples());
      states.append(total(result));
      seconds.append(result.seconds());
      checksum.append(result.cell().checksum());
      for (int i = 1; i <= layers; i++) {
        IntColumn column = table.intColumn(LAYER + i);
        if (i <= result.layers().size()) {
          column.append(result.layers().get(i - 1));
        } else {
          column.appendMissing();
        }
      }
    }
    return table;
  }
}
