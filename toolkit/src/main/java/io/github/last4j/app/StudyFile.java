package io.github.last4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A table that grows row by row, in a file that begins with the names of its columns. A row that
 * another writer did not finish is taken off.
 */
final class StudyFile {
  private final Path file;
  private final List<String> columns;

  StudyFile(Path file, List<String> columns) throws IOException {
    this.file = file;
    this.columns = columns;
    Files.createDirectories(file.toAbsolutePath().getParent());
    String text = Files.exists(file) ? Files.readString(file) : "";
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    String header = String.join(",", columns) + "\n";
    if (whole.isEmpty()) {
      whole = header;
    } else if (!whole.startsWith(header)) {
      throw new IOException(
          file + ": expected columns " + columns + ", got " + whole.lines().findFirst().orElse(""));
    }
    if (!whole.equals(text)) {
      Files.writeString(file, whole);
    }
  }

  /** The rows, as texts. */
  List<List<String>> rows() throws IOException {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> Arrays.asList(line.split(",", -1)))
        .toList();
  }

  /** The place of a column. */
  int column(String name) {
    return columns.indexOf(name);
  }

  /** Adds a row; none of its texts has a comma. */
  void add(Object... values) throws IOException {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "values: expected " + columns.size() + ", got " + values.length);
    }
    String row = Arrays.stream(values).map(StudyFile::text).collect(Collectors.joining(","));
    Files.writeString(file, row + "\n", StandardOpenOption.APPEND);
  }

  private static String text(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.6g", number)
        : value.toString().replace(",", ";");
  }
}
