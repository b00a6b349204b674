package io.github.last4j.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads bytes, and says what it did not expect. */
final class Bytes {
  private Bytes() {}

  static int int32(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  static long int64(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  // The annotation that is asked for would be one more library to depend on.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(format, values));
    }
  }
}
