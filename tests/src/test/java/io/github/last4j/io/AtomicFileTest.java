package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is the old one or the new one, at any time. */
class AtomicFileTest {
  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void locate() {
    file = folder.resolve("kept.txt");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** As when a disk is full. */
  @ParameterizedTest
  @ValueSource(strings = {"", "old"})
  void aFailedWriteLeavesWhatWasThere(String before) throws IOException {
    if (!before.isEmpty()) {
      AtomicFile.write(file, before);
    }
    List<Path> expected = files();
    IOException failed =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }));
    String kept = before.isEmpty() ? "there is no file" : "the file from before was kept";
    assertEquals(
        file + ": not written, " + kept + ": No space left on device", failed.getMessage());
    assertEquals(expected, files());
    if (!before.isEmpty()) {
      assertEquals(before, Files.readString(file));
    }
  }

  @Test
  void aFolderInTheWayIsLeftAlone() throws IOException {
    Files.createDirectory(file);
    IOException refused = assertThrows(IOException.class, () -> AtomicFile.write(file, "text"));
    assertEquals(file + ": expected a file to write, got a folder", refused.getMessage());
    assertEquals(List.of(file), files());
  }

  /** What a process that is gone left goes, what one that lives may still write stays. */
  @Test
  void abandonedTemporaryFiles() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path ofTheDead = Files.createFile(folder.resolve("kept.txt." + ended.pid() + "-12.tmp"));
    long own = ProcessHandle.current().pid();
    Path ofAnEarlier = Files.createFile(folder.resolve("kept.txt." + own + "-34.tmp"));
    Files.setLastModifiedTime(ofAnEarlier, FileTime.from(Instant.EPOCH));
    Path beingWritten = Files.createFile(folder.resolve("kept.txt." + own + "-56.tmp"));
    Path ofOther = Files.createFile(folder.resolve("other.txt." + ended.pid() + "-12.tmp"));
    Path notOurs = Files.createFile(folder.resolve("kept.txt.tmp"));
    AtomicFile.write(file, "text");
    assertTrue(Files.notExists(ofTheDead) && Files.notExists(ofAnEarlier));
    assertEquals(List.of(file, beingWritten, notOurs, ofOther).stream().sorted().toList(), files());
  }

  /** Writes two texts by turns until it is killed. */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      for (int i = 0; ; i++) {
        AtomicFile.write(Path.of(args[0]), (i % 2 == 0 ? "a" : "b").repeat(1 << 20));
      }
    }
  }

  /** There was a moment without a file when the old one was removed first. */
  @Test
  @Timeout(60)
  void aKillLeavesOneOfTheTwo() throws Exception {
    AtomicFile.write(file, "a".repeat(1 << 20));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    for (int kill = 0; kill < 3; kill++) {
      Process writer =
          new ProcessBuilder(java, "-Xshare:auto", "-cp", path, Writer.class.getName(), "" + file)
              .inheritIO()
              .start();
      FileTime before = Files.getLastModifiedTime(file);
      while (Files.getLastModifiedTime(file).equals(before)) {
        Thread.onSpinWait();
      }
      // Never missing while it is replaced again and again.
      for (int look = 0; look < 2000; look++) {
        assertTrue(Files.exists(file));
      }
      writer.destroyForcibly().waitFor();
      String text = Files.readString(file);
      assertEquals(text.substring(0, 1).repeat(1 << 20), text);
    }
    AtomicFile.write(file, "text");
    assertEquals(List.of(file), files());
  }
}
