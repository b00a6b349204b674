package io.github.last4j.sweep;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of {@link Results} that one sweep at a time adds to.
 *
 * <p>The lock is on a hidden file beside it, which says who holds it and stays, empty of meaning,
 * when nobody does: a lock on the file itself would end with the first reader of it in this
 * process. When a process is killed the system takes its lock away.
 */
final class ResultsFile implements AutoCloseable {
  private final Path file;
  private final FileChannel lock;

  private ResultsFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Makes a file with a header, or takes off the line that another writer did not finish.
   *
   * @param layers how many a row may need
   * @throws IllegalArgumentException if the file has columns for fewer
   * @throws IOException if the file holds something else, or another sweep adds to it
   */
  static ResultsFile open(Path file, int layers) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + ".lock");
    FileChannel channel = FileChannel.open(beside, CREATE, WRITE);
    try {
      take(file, beside, channel);
      ResultsFile opened = new ResultsFile(file, channel);
      opened.prepare(layers);
      return opened;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Takes the lock, and says so in the file. */
  private static void take(Path file, Path beside, FileChannel channel) throws IOException {
    String other = null;
    try {
      if (channel.tryLock() == null) {
        other = "process " + Files.readString(beside).strip();
      }
    } catch (OverlappingFileLockException e) {
      other = "this process";
    }
    if (other != null) {
      throw new IOException(
          file + ": expected no other sweep that adds to it, got one in " + other);
    }
    // Such as 1234@localhost.
    String self = ManagementFactory.getRuntimeMXBean().getName();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)));
  }

  private void prepare(int layers) throws IOException {
    String text = Files.exists(file) ? Files.readString(file) : "";
    String whole = Results.whole(file, text);
    if (whole.isEmpty()) {
      Files.writeString(file, String.join(",", Results.columns(layers)) + "\n");
      return;
    }
    int columns = whole.lines().findFirst().orElseThrow().split(",", -1).length;
    int there = columns - Results.COLUMNS.size();
    if (there < layers) {
      throw new IllegalArgumentException(
          "file: expected columns for " + layers + " layers, got " + there + " in " + file);
    }
    if (whole.length() < text.length()) {
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
      }
    }
  }

  /** The rows that are there. */
  List<Result> results() throws IOException {
    return Results.results(file);
  }

  /** Adds a row at the end. */
  void append(Result result) throws IOException {
    String line =
        result.values().stream().map(value -> quoted(value.toString())).collect(joining(","));
    Files.writeString(file, line + "\n", APPEND);
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** Lets others in. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
