package io.github.last4j.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files, good and bad ones. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] idx(int magic, int[] dims, byte... content) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dims.length + content.length).putInt(magic);
    for (int dim : dims) {
      file.putInt(dim);
    }
    return file.put(content).array();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(result)) {
      out.write(content);
    }
    return result.toByteArray();
  }

  /** Image i, pixel p is i·16 + p, of 4×4 pixels, and its label is i mod 10. */
  static void writeImages(Path folder, String prefix, int count, boolean zipped)
      throws IOException {
    byte[] pixels = new byte[16 * count];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
      for (int p = 0; p < 16; p++) {
        pixels[16 * i + p] = (byte) (16 * i + p);
      }
    }
    write(
        folder, prefix + "-images-idx3-ubyte", idx(0x803, new int[] {count, 4, 4}, pixels), zipped);
    write(folder, prefix + "-labels-idx1-ubyte", idx(0x801, new int[] {count}, labels), zipped);
  }

  private static void write(Path folder, String name, byte[] content, boolean zipped)
      throws IOException {
    Files.write(folder.resolve(zipped ? name + ".gz" : name), zipped ? gzip(content) : content);
  }
}
