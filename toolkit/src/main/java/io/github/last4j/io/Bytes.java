package io.github.last4j.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads and writes bytes, and says what it did not expect. */
final class Bytes {
  private static final int LONGEST_QUOTE = 200;
  private static final int LONGEST_REASON = 2000;

  private Bytes() {}

  /** A view of bytes as all formats here have them. */
  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Turns the order of bytes round in numbers of so many. */
  static void reverse(byte[] bytes, int width) {
    for (int at = 0; at + width <= bytes.length; at += width) {
      for (int i = 0; i < width / 2; i++) {
        byte other = bytes[at + i];
        bytes[at + i] = bytes[at + width - 1 - i];
        bytes[at + width - 1 - i] = other;
      }
    }
  }

  // The annotation that is asked for would be one more library to depend on.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean condition, String format, Object... values) {
    if (!condition) {
      Object[] shown = Arrays.stream(values).map(Bytes::shown).toArray();
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, shown));
    }
  }

  private static Object shown(Object value) {
    return value instanceof Integer || value instanceof Long
        ? value
        : shortened(String.valueOf(value));
  }

  /** The beginning of what a file says, which may be as long as the file. */
  static String shortened(String text) {
    int end = Math.min(text.length(), LONGEST_QUOTE);
    return end == text.length() ? text : text.substring(0, end) + "… (" + text.length() + ")";
  }

  /** What an exception says, some of which say nothing, and some as much as the file holds. */
  static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    String said = message == null ? thrown.getClass().getSimpleName() : message;
    return said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON) + "…";
  }

  /** Makes a part of a file; what is wrong with it is said after its name. */
  static <T> T named(String name, Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(shortened(name) + ": " + e.getMessage(), e);
    }
  }
}
