package io.github.last4j.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Writes small files in the formats of the public sets. */
final class PublicFiles {
  private PublicFiles() {}

  /** Color c of pixel p of picture i. */
  static int color(int i, int p, int c) {
    return (31 * i + 7 * p + 83 * c + p / 32) % 256;
  }

  /** Picture i has label i mod 10. */
  static void cifarBinary(Path folder, int eachBatch, int test) throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      byte[] content = cifarBatch((batch - 1) * eachBatch, eachBatch);
      write(folder.resolve("data_batch_" + batch + ".bin"), content);
    }
    write(folder.resolve("test_batch.bin"), cifarBatch(1000, test));
  }

  private static byte[] cifarBatch(int first, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 3073);
    for (int i = first; i < first + count; i++) {
      bytes.put((byte) (i % 10));
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < 1024; p++) {
          bytes.put((byte) color(i, p, c));
        }
      }
    }
    return bytes.array();
  }

  static void cifarPng(Path folder, int eachBatch, int test) throws IOException {
    Files.createDirectories(folder);
    for (int batch = 1; batch <= 5; batch++) {
      cifarImage(
          folder.resolve("data_batch_" + batch + ".png"), (batch - 1) * eachBatch, eachBatch);
    }
    cifarImage(folder.resolve("test_batch.png"), 1000, test);
    write(folder.resolve("train_lables.json"), labels(0, 5 * eachBatch));
    write(folder.resolve("test_lables.json"), labels(1000, test));
  }

  private static void cifarImage(Path file, int first, int count) throws IOException {
    BufferedImage image = new BufferedImage(1024, count, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < 1024; p++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          rgb = 256 * rgb + color(first + i, p, c);
        }
        image.setRGB(p, i, rgb);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  private static String labels(int first, int count) {
    StringBuilder text = new StringBuilder("[");
    for (int i = first; i < first + count; i++) {
      text.append(i == first ? "" : ",").append(i % 10);
    }
    return text.append("]").toString();
  }

  /** A grey image in which pixel (x, y) is (value + x + 2y) mod 256. */
  static void greyPng(Path file, int side, int value) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.getRaster().setSample(x, y, 0, (value + x + 2 * y) % 256);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  /** Images 0 to count − 1 in folders of ten, with label i mod 2; text, or NumPy's table. */
  static void pathfinder(Path folder, int count, int side, boolean numpy) throws IOException {
    Path set = folder.resolve("curv_contour_length_14");
    for (int group = 0; 10 * group < count; group++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 10 * group; i < Math.min(count, 10 * group + 10); i++) {
        String line = "imgs/" + group + " sample_" + i % 10 + ".png " + i % 10 + " " + i % 2;
        lines.append(line).append(" 1.8 14.0\n");
        greyPng(set.resolve("imgs/" + group + "/sample_" + i % 10 + ".png"), side, i);
      }
      Path file = set.resolve("metadata/" + group + ".npy");
      if (numpy) {
        write(
            file,
            npy(
                lines
                    .toString()
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .toArray(String[][]::new)));
      } else {
        write(file, lines.toString());
      }
    }
  }

  /** As numpy.save writes an array of dtype {@code <U16}. */
  static byte[] npy(String[]... rows) {
    String dict =
        String.format(
            Locale.ROOT,
            "{'descr': '<U16', 'fortran_order': False, 'shape': (%d, %d), }",
            rows.length,
            rows[0].length);
    String header = dict + " ".repeat(118 - dict.length() - 1) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(128 + rows.length * rows[0].length * 64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (String[] row : rows) {
      for (String text : row) {
        for (int i = 0; i < 16; i++) {
          bytes.putInt(i < text.length() ? text.charAt(i) : 0);
        }
      }
    }
    return bytes.array();
  }

  /** Sample k of a clip is (seed + 37·k) mod 2¹⁶, as a short. */
  static short sound(int seed, int k) {
    return (short) (seed + 37 * k);
  }

  static void wav(Path file, int seed, int samples) throws IOException {
    wav(file, seed, samples, new AudioFormat(16_000, 16, 1, true, false));
  }

  static void wav(Path file, int seed, int samples, AudioFormat format) throws IOException {
    Files.createDirectories(file.getParent());
    ByteBuffer bytes =
        ByteBuffer.allocate(samples * format.getFrameSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (int k = 0; bytes.remaining() > 1; k++) {
      bytes.putShort(sound(seed, k));
    }
    try (AudioInputStream in =
        new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, samples)) {
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }

  static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts a file short. */
  static void truncate(Path file, int by) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - by));
  }
}
