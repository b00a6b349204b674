package io.github.last4j.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes files that are either whole or not there, whenever the process or the machine ends. */
public final class AtomicFile {
  // The process that writes, and a number of its own.
  private static final Pattern TEMPORARY = Pattern.compile("\\.(\\d{1,18})-(-?\\d{1,19})\\.tmp");

  // By so much the system may be wrong about when a process began.
  private static final Duration CLOCKS = Duration.ofSeconds(2);

  private AtomicFile() {}

  /** Something that writes. */
  @FunctionalInterface
  public interface Content {
    /** Writes the content. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes to a temporary file in the same folder, made if it is missing, and then moves it into
   * place in one step; a file that was there before stays until then. Temporary files of processes
   * that ended while they wrote the same file are removed.
   *
   * @throws IOException if writing fails, or a folder is in the way; nothing is left behind
   */
  public static void write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": expected a file to write, got a folder");
    }
    Files.createDirectories(folder);
    removeAbandoned(folder, file.getFileName().toString());
    // Not createTempFile, whose files nobody else may read, after the move too.
    String unique = "." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp";
    Path temporary = folder.resolve(file.getFileName() + unique);
    try {
      fill(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
    } catch (IOException e) {
      String before = Files.exists(file) ? "the file from before was kept" : "there is no file";
      throw new IOException(file + ": not written, " + before + ": " + Bytes.reason(e), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void fill(Path temporary, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      content.writeTo(out);
      out.flush();
      // Else a machine that stops might have the new name, and not yet the bytes.
      channel.force(true);
    }
  }

  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system opens folders; the file is in its place whether or not this one does.
    }
  }

  private static void removeAbandoned(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> abandoned =
          files
              .filter(path -> path.getFileName().toString().startsWith(name + "."))
              .filter(path -> isAbandoned(path, name.length()))
              .toList();
      for (Path path : abandoned) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Whether no process is there that may still be writing, or only a later one of its number. */
  private static boolean isAbandoned(Path path, int nameLength) {
    Matcher matcher = TEMPORARY.matcher(path.getFileName().toString().substring(nameLength));
    if (!matcher.matches()) {
      return false;
    }
    try {
      Instant written = Files.getLastModifiedTime(path).toInstant();
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(matcher.group(1)));
      return process.isEmpty()
          || process.get().info().startInstant().filter(written.plus(CLOCKS)::isBefore).isPresent();
    } catch (IOException e) {
      // Somebody else removed it.
      return false;
    }
  }

  /** Writes a text as UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
