package io.github.last4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Texts of files, which are UTF-8 or refused. */
final class Utf8 {
  private Utf8() {}

  /** Reads a file. */
  static String read(Path file) throws IOException {
    return decode(Files.readAllBytes(file), file, "");
  }

  /** The lines of a file. */
  static String[] lines(Path file) throws IOException {
    return read(file).lines().toArray(String[]::new);
  }

  /**
   * Decodes bytes of a file.
   *
   * @param where what part of the file, such as {@code " in line 3"}, for the error
   * @throws IOException if they are not UTF-8, naming the file and the first byte that is wrong
   */
  static String decode(byte[] bytes, Path file, String where) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw BadFile.of(
          file,
          "UTF-8",
          String.format(
              Locale.ROOT,
              "byte 0x%02x at %d%s",
              Byte.toUnsignedInt(bytes[in.position()]),
              in.position(),
              where));
    }
    return out.flip().toString();
  }

  /** As {@link #decode}, of a text that has more than white space. */
  static byte[] requireText(byte[] bytes, Path file, String where) throws IOException {
    if (decode(bytes, file, where).isBlank()) {
      throw BadFile.of(file, "a text" + where, "none");
    }
    return bytes;
  }
}
