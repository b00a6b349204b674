package io.github.last4j.data;

import static io.github.last4j.data.IdxFiles.gzip;
import static io.github.last4j.data.IdxFiles.idx;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxTest {
  private static final byte[] GOOD =
      idx(0x803, new int[] {1, 2, 3}, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) -1);

  @TempDir Path folder;

  @Test
  void readsPlainAndGzippedFilesAlike() throws IOException {
    Idx plain = Idx.read(file(GOOD), 3);
    Idx zipped = Idx.read(file(gzip(GOOD)), 3);

    assertEquals(List.of(1, 2, 3), plain.dims());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, -1}), plain.bytes());
    assertEquals(plain, zipped);
  }

  @Test
  void cannotBeChanged() throws IOException {
    Idx idx = Idx.read(file(GOOD), 3);
    idx.bytes().position(4);

    assertEquals(6, idx.bytes().remaining());
    assertThrows(ReadOnlyBufferException.class, () -> idx.bytes().put((byte) 0));
    assertThrows(UnsupportedOperationException.class, () -> idx.dims().set(0, 9));
  }

  static Stream<Arguments> badFiles() throws IOException {
    byte[] zipped = gzip(GOOD);
    byte[] wrongCrc = zipped.clone();
    wrongCrc[zipped.length - 8] ^= 1;
    byte[] wrongDeflate = zipped.clone();
    Arrays.fill(wrongDeflate, 10, zipped.length - 8, (byte) 0xff);
    int huge = Integer.MAX_VALUE;
    return Stream.of(
        Arguments.of("empty", new byte[0], "header of 16 bytes, got 0"),
        Arguments.of("header cut", Arrays.copyOf(GOOD, 15), "header of 16 bytes, got 15"),
        Arguments.of("content cut", Arrays.copyOf(GOOD, 20), "expected 6 bytes after the header"),
        Arguments.of("too long", Arrays.copyOf(GOOD, 23), "got more"),
        Arguments.of("zipped, content cut", gzip(Arrays.copyOf(GOOD, 20)), "got 4"),
        Arguments.of("zipped, too long", gzip(Arrays.copyOf(GOOD, 23)), "got more"),
        Arguments.of("labels for images", idx(0x801, new int[] {1}, (byte) 1), "got 0x00000801"),
        Arguments.of("floats", idx(0xd03, new int[] {1, 1, 1}, new byte[4]), "got 0x00000d03"),
        Arguments.of("text", "<!DOCTYPE html><html>".getBytes(UTF_8), "expected magic 0x00000803"),
        Arguments.of(
            "zero dim", idx(0x803, new int[] {0, 28, 28}), "positive dims, got [0, 28, 28]"),
        Arguments.of("negative dim", idx(0x803, new int[] {-1, 28, 28}), "got [-1, 28, 28]"),
        Arguments.of("overflow", idx(0x803, new int[] {huge, huge, huge}), "expected at most"),
        Arguments.of(
            "wraps to 0", idx(0x803, new int[] {1 << 30, 1 << 30, 16}), "expected at most"),
        Arguments.of("promises 64 MB", idx(0x803, new int[] {1, 1 << 13, 1 << 13}), "got 0"),
        Arguments.of("gzip cut", Arrays.copyOf(zipped, zipped.length - 12), "whole gzip stream"),
        Arguments.of(
            "gzip trailer cut", Arrays.copyOf(zipped, zipped.length - 3), "whole gzip stream"),
        Arguments.of("gzip header cut", Arrays.copyOf(zipped, 5), "whole gzip stream"),
        Arguments.of("gzip CRC", wrongCrc, "whole gzip stream"),
        Arguments.of("gzip deflate", wrongDeflate, "whole gzip stream"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFiles")
  void badFilesAreRefusedByName(String name, byte[] content, String message) throws IOException {
    Path file = file(content);

    IOException e = assertThrows(IOException.class, () -> Idx.read(file, 3));

    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /** Its header is true, and its 2 GB are as real as a zip bomb's. */
  @Test
  void aFileBeyondTheHeapIsRefusedBeforeItIsRead() throws IOException {
    Path file = folder.resolve("bomb.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(idx(0x803, new int[] {Integer.MAX_VALUE, 1, 1}));
      out.write(new byte[1 << 20]);
    }

    IOException e = assertThrows(IOException.class, () -> Idx.read(file, 3));

    assertTrue(e.getMessage().contains("half of the heap"), e.getMessage());
  }

  @Test
  void missingFilesAndWrongArgumentsAreRefused() {
    Path file = folder.resolve("none");

    assertThrows(NoSuchFileException.class, () -> Idx.read(file, 3));
    assertThrows(IllegalArgumentException.class, () -> Idx.read(file, 0));
    assertThrows(IllegalArgumentException.class, () -> Idx.read(file, 256));
    assertThrows(IllegalArgumentException.class, () -> new Idx(List.of(2), ByteBuffer.allocate(3)));
    assertThrows(
        IllegalArgumentException.class, () -> new Idx(List.of(-1), ByteBuffer.allocate(0)));
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(folder, "idx", ""), content);
  }
}
