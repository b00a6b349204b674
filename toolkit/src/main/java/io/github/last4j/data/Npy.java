package io.github.last4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables of texts in NumPy's format, of types {@code <U} and {@code |S}, which DJL does not read.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(<U|\\|S)(\\d{1,4})', 'fortran_order': False, 'shape': \\((\\d{1,8}), "
              + "(\\d{1,4})\\), \\}\\s*");

  private Npy() {}

  static boolean is(byte[] content) {
    return Arrays.equals(content, 0, Math.min(6, content.length), MAGIC, 0, 6);
  }

  /** The rows of a table. */
  static List<List<String>> rows(byte[] content, Path file) throws IOException {
    int version = content.length < 10 ? 0 : content[6];
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int start = version == 1 ? 10 : 12;
    if (version < 1 || version > 3 || content.length < start) {
      throw BadFile.of(file, "an npy file of version 1 to 3", "version " + version);
    }
    int length = version == 1 ? Short.toUnsignedInt(in.getShort(8)) : in.getInt(8);
    if (length < 0 || length > content.length - start) {
      throw BadFile.of(file, "a header of " + length + " bytes", content.length - start);
    }
    String header = new String(content, start, length, StandardCharsets.ISO_8859_1);
    Matcher fields = HEADER.matcher(header);
    if (!fields.matches()) {
      throw BadFile.of(file, "a table of texts, <U or |S", header.strip());
    }
    boolean unicode = fields.group(1).equals("<U");
    int width = Integer.parseInt(fields.group(2)) * (unicode ? 4 : 1);
    int count = Integer.parseInt(fields.group(3));
    int columns = Integer.parseInt(fields.group(4));
    long expected = (long) count * columns * width;
    if (content.length - start - length != expected) {
      throw BadFile.of(file, expected + " bytes after the header", content.length - start - length);
    }
    Charset charset = unicode ? Charset.forName("UTF-32LE") : StandardCharsets.ISO_8859_1;
    List<List<String>> rows = new ArrayList<>();
    int at = start + length;
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>();
      for (int j = 0; j < columns; j++, at += width) {
        row.add(new String(content, at, width, charset).replace("\0", ""));
      }
      rows.add(row);
    }
    return rows;
  }
}
