package io.github.last4j.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of tab-separated values that are read row by row, at any row. A field that begins with a
 * quotation mark ends with one, may have tabs and line ends in it, and has two for one. Libraries
 * say neither where a row begins nor which bytes it has.
 *
 * @param starts where each row begins in the file, and where the last one ends
 */
record Tsv(Path file, List<Long> starts) {
  /** Finds the rows of a file; blank lines are none. */
  static Tsv open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadFile.missing(file, "expected tab-separated values here");
    }
    List<Long> starts = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      Fields fields = new Fields(null);
      long start = 0;
      long at = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        at++;
        if (fields.ends(next)) {
          if (fields.any) {
            starts.add(start);
          }
          start = at;
          fields.any = false;
        }
      }
      if (fields.quoted) {
        throw BadFile.of(file, "a quotation mark that ends the last field", "the end of the file");
      }
      if (fields.any) {
        starts.add(start);
        start = at;
      }
      starts.add(start);
    }
    if (starts.size() == 1) {
      throw BadFile.of(file, "at least one row", "none");
    }
    return new Tsv(file, starts);
  }

  int rows() {
    return starts.size() - 1;
  }

  /** The fields of row i, from 0, without their quotation marks. */
  List<byte[]> row(int i, int fields) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(starts.get(i + 1) - starts.get(i)));
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, starts.get(i) + bytes.position()) < 0) {
          throw BadFile.of(file, "the file as it was", "its end" + where(i));
        }
      }
    }
    List<byte[]> result = new ArrayList<>();
    Fields parser = new Fields(result);
    boolean ended = false;
    for (byte next : bytes.array()) {
      ended = parser.ends(Byte.toUnsignedInt(next));
    }
    if (!ended) {
      parser.finish();
    }
    if (result.size() != fields) {
      throw BadFile.of(file, fields + " fields", result.size() + where(i));
    }
    return result;
  }

  /** For errors: " in row 1" for the first. */
  static String where(int row) {
    return " in row " + (row + 1);
  }

  /** What is known between two bytes. */
  private static final class Fields {
    private final List<byte[]> fields;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private boolean begun;
    private boolean quoted;
    private boolean closed;
    private boolean any;

    Fields(List<byte[]> fields) {
      this.fields = fields;
    }

    /** Takes the next byte, and returns whether it ends the row. */
    boolean ends(int next) {
      if (quoted) {
        quoted = next != '"';
        closed = !quoted;
        add(next, quoted);
        return false;
      }
      if (next == '\n') {
        finish();
        return true;
      }
      any |= next != '\r';
      if (next == '\t') {
        finish();
      } else if (next == '"' && (closed || !begun)) {
        // The second of two stands for one, and the first of a field for none.
        add(next, closed);
        quoted = true;
        closed = false;
      } else {
        closed = false;
        add(next, next != '\r');
      }
      return false;
    }

    private void add(int next, boolean content) {
      begun = true;
      if (content && fields != null) {
        field.write(next);
      }
    }

    void finish() {
      if (fields != null) {
        fields.add(field.toByteArray());
        field.reset();
      }
      begun = false;
      closed = false;
    }
  }
}
