package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The .npz files of numpy: a zip archive of .npy files, versions 1 to 3 of their format, in both
 * orders of bytes and of indices. Arrays of objects, which would be pickles, and others of no
 * numbers stay unread.
 */
final class Npz {
  private static final String SUFFIX = ".npy";
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;

  /** What numpy writes, and nothing else that Python would also understand. */
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': ?'([^']{1,16})', ?'fortran_order': ?(True|False), ?"
              + "'shape': ?\\(((?:\\d{1,18}, ?){0,64}\\d{0,18})\\),? ?\\}[ \n]*");

  private Npz() {}

  static Tensors parse(Archive archive) throws IOException {
    Tensors.Builder found = new Tensors.Builder();
    for (String name : archive.names()) {
      boolean array = name.endsWith(SUFFIX);
      String key = array ? name.substring(0, name.length() - SUFFIX.length()) : name;
      byte[] content = archive.content(name);
      try {
        require(array, "expected entries that end in %s", SUFFIX);
        Object value = value(content);
        if (value instanceof Tensor tensor) {
          found.array(key, tensor);
        } else {
          found.text(key, (String) value);
        }
      } catch (IllegalArgumentException e) {
        found.unread(key, e.getMessage());
      }
    }
    return found.build();
  }

  private static long sum(byte[]... parts) {
    CRC32 sum = new CRC32();
    Stream.of(parts).forEach(sum::update);
    return sum.getValue();
  }

  /** A tensor or a text. */
  private static Object value(byte[] content) {
    require(
        content.length >= 12 && Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        "expected the start of an array of numpy");
    int version = content[6];
    require(version >= 1 && version <= 3, "expected a version from 1 to 3, got %d", version);
    ByteBuffer start = Bytes.littleEndian(content).position(8);
    int length = version == 1 ? Short.toUnsignedInt(start.getShort()) : start.getInt();
    int longest = Math.min(LONGEST_HEADER, start.remaining());
    require(
        length >= 0 && length <= longest,
        "expected a header of at most %d bytes, got a length of %d",
        longest,
        length);
    int end = start.position() + length;
    String text = new String(content, start.position(), length, StandardCharsets.UTF_8);
    Matcher header = HEADER.matcher(text);
    require(
        header.matches(),
        "expected descr, fortran_order and shape of an array of numbers, got %s",
        text.strip());
    long[] shape =
        Arrays.stream(header.group(3).split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    String descr = header.group(1);
    byte[] bytes = Arrays.copyOfRange(content, end, content.length);
    if (descr.startsWith("<U") && shape.length == 0) {
      return string(descr, bytes);
    }
    Tensor.Type type =
        Tensor.Type.ofNumpy(descr)
            .orElseThrow(
                () -> new IllegalArgumentException("expected numbers such as <f4, got " + descr));
    if (descr.startsWith(">")) {
      Bytes.reverse(bytes, type.width());
    }
    boolean fortran = header.group(2).equals("True");
    return fortran ? Tensor.firstIndexFastest(type, shape, bytes) : Tensor.of(type, shape, bytes);
  }

  /** A text: four bytes for each of its characters, and zeros up to the length. */
  private static String string(String descr, byte[] bytes) {
    require(
        descr.equals("<U" + bytes.length / 4) && bytes.length % 4 == 0,
        "expected the bytes of a text %s, got %d",
        descr,
        bytes.length);
    int[] characters = new int[bytes.length / 4];
    Bytes.littleEndian(bytes).asIntBuffer().get(characters);
    for (int each : characters) {
      require(Character.isValidCodePoint(each), "expected Unicode, got %d", each);
    }
    int end = characters.length;
    while (end > 0 && characters[end - 1] == 0) {
      end--;
    }
    return new String(characters, 0, end);
  }

  static void write(Tensors tensors, OutputStream out) throws IOException {
    // Closing the archive would close the stream, which is not ours.
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    for (Map.Entry<String, Tensor> entry : tensors.arrays().entrySet()) {
      String name = entry.getKey();
      Tensor tensor = entry.getValue();
      String descr = tensor.type().numpy;
      require(descr != null, "%s: expected a type that numpy has, got %s", name, tensor.type());
      store(zip, name, header(descr, tensor.sizes()), tensor.raw());
    }
    for (Map.Entry<String, String> entry : tensors.texts().entrySet()) {
      String name = entry.getKey();
      boolean both = tensors.arrays().containsKey(name);
      require(!both, "%s: expected one array or text of a name, got both", name);
      int[] characters = entry.getValue().codePoints().toArray();
      byte[] bytes = new byte[4 * characters.length];
      Bytes.littleEndian(bytes).asIntBuffer().put(characters);
      store(zip, name, header("<U" + characters.length), bytes);
    }
    zip.finish();
  }

  /** Not compressed, as numpy does it, and without the time, so that equal models are equal. */
  private static void store(ZipOutputStream zip, String name, byte[] header, byte[] content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize((long) header.length + content.length);
    entry.setCrc(sum(header, content));
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(header);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] header(String descr, long... shape) {
    String sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(joining(" "));
    String text =
        String.format(
            Locale.ROOT, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, sizes);
    // The numbers start at a multiple of 64 bytes, after a line feed.
    int padding = 63 - (MAGIC.length + 4 + text.length()) % 64;
    byte[] line = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] header = new byte[MAGIC.length + 4 + line.length];
    // Version 1.0.
    Bytes.littleEndian(header)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) line.length)
        .put(line);
    return header;
  }
}
