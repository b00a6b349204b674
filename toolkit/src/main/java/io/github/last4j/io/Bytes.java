package io.github.last4j.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads and writes bytes, and says what it did not expect. */
final class Bytes {
  private Bytes() {}

  /** A view of bytes as all formats here have them. */
  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  // The annotation that is asked for would be one more library to depend on.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, values));
    }
  }

  /** Makes a part of a file; what is wrong with it is said after its name. */
  static <T> T named(String name, Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage());
    }
  }
}
