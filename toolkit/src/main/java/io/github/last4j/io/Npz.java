package io.github.last4j.io;

import static io.github.last4j.io.Bytes.named;
import static io.github.last4j.io.Bytes.require;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The .npz files of numpy: a zip archive of .npy files, versions 1 to 3 of their format,
 * little-endian, in the order of C or of Fortran. No arrays of objects, which would be pickles.
 */
final class Npz {
  private static final String SUFFIX = ".npy";
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int MOST_ENTRIES = 100_000;
  // Weights hardly compress; only an archive made to fill memory unpacks to more than this.
  private static final long RATIO = 100;
  private static final long SLACK = 16L << 20;

  /** What numpy writes, and nothing else that Python would also understand. */
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': ?'([^']{1,16})', ?'fortran_order': ?(True|False), ?"
              + "'shape': ?\\(((?:\\d{1,18}, ?){0,64}\\d{0,18})\\),? ?\\}[ \n]*");

  private Npz() {}

  static Tensors parse(Path file) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    long allowed = Math.min(RATIO * Files.size(file) + SLACK, Integer.MAX_VALUE - 16);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      require(zip.size() <= MOST_ENTRIES, "expected at most %d entries", MOST_ENTRIES);
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        require(name.endsWith(SUFFIX), "%s: expected entries that end in %s", name, SUFFIX);
        String key = name.substring(0, name.length() - SUFFIX.length());
        boolean again = arrays.containsKey(key) || texts.containsKey(key);
        require(!again, "%s: expected it once, got it again", key);
        byte[] content = content(zip, entry, key, allowed);
        allowed -= content.length;
        Object value = named(key, () -> value(content));
        if (value instanceof Tensor tensor) {
          arrays.put(key, tensor);
        } else {
          texts.put(key, (String) value);
        }
      }
    }
    return new Tensors(arrays, texts);
  }

  private static byte[] content(ZipFile zip, ZipEntry entry, String name, long allowed)
      throws IOException {
    long size = entry.getSize();
    require(
        size >= 0 && size <= allowed, "%s: expected at most %d bytes, got %d", name, allowed, size);
    try (InputStream in = zip.getInputStream(entry)) {
      // Reserves memory as the bytes come, and not as many as the entry claims.
      byte[] content = in.readNBytes((int) size);
      boolean all = content.length == size && in.read() < 0;
      require(all, "%s: expected %d bytes, got other", name, size);
      require(sum(content) == entry.getCrc(), "%s: expected the checksum of its bytes", name);
      return content;
    }
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
        Tensor.Type.of(descr, each -> each.numpy, "little-endian numbers such as <f4");
    Tensor tensor = Tensor.of(type, shape, bytes);
    boolean fortran = header.group(2).equals("True") && shape.length > 1;
    return fortran ? Tensor.of(type, shape, lastIndexFastest(tensor)) : tensor;
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

  /** The elements of an array whose first index is the fastest, the other way round. */
  private static byte[] lastIndexFastest(Tensor tensor) {
    long[] shape = tensor.sizes();
    int size = tensor.type().size;
    byte[] from = tensor.raw();
    byte[] to = new byte[from.length];
    long[] index = new long[shape.length];
    for (int at = 0; at < to.length; at += size) {
      long source = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        source = source * shape[axis] + index[axis];
      }
      System.arraycopy(from, (int) source * size, to, at, size);
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return to;
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
