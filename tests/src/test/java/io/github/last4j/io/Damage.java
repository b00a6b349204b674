package io.github.last4j.io;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Files that something is wrong with. */
final class Damage {
  private Damage() {}

  /** Safetensors with any header, and so many bytes of zeros for numbers. */
  static byte[] safetensors(String header, int numbers) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[8 + text.length + numbers];
    Bytes.littleEndian(content).putLong(text.length).put(text);
    return content;
  }

  /** A copy that was cut off, or in which bits, bytes or lengths changed. */
  static byte[] of(byte[] whole, Random random) {
    byte[] content = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> content = Arrays.copyOf(content, random.nextInt(content.length));
      case 1 -> content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        // Lengths that are as large as can be.
        int at = random.nextInt(content.length);
        Arrays.fill(content, at, Math.min(content.length, at + 4), (byte) 0x7f);
      }
      default -> {
        for (int change = random.nextInt(8); change >= 0; change--) {
          content[random.nextInt(content.length)] = (byte) random.nextInt();
        }
      }
    }
    return content;
  }
}
