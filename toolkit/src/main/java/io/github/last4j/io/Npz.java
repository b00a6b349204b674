package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        name = name.substring(0, name.length() - SUFFIX.length());
        require(
            entry.getSize() >= 0 && entry.getSize() <= allowed,
            "%s: expected at most %d bytes, got %d",
            name,
            allowed,
            entry.getSize());
        allowed -= entry.getSize();
        require(
            !arrays.containsKey(name) && !texts.containsKey(name),
            "%s: expected it once, got it again",
            name);
        byte[] content;
        try (InputStream in = zip.getInputStream(entry)) {
          // Reserves memory as the bytes come, and not as many as the entry claims.
          content = in.readNBytes((int) entry.getSize());
          require(
              content.length == entry.getSize() && in.read() < 0,
              "%s: expected %d bytes, got other",
              name,
              entry.getSize());
        }
        CRC32 sum = new CRC32();
        sum.update(content);
        require(sum.getValue() == entry.getCrc(), "%s: expected the checksum of its bytes", name);
        try {
          add(name, content, arrays, texts);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
      }
    }
    return new Tensors(arrays, texts);
  }

  private static void add(
      String name, byte[] content, Map<String, Tensor> arrays, Map<String, String> texts) {
    require(
        content.length >= 10 && Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        "expected the start of an array of numpy");
    int version = content[6];
    require(version >= 1 && version <= 3, "expected a version from 1 to 3, got %d", version);
    boolean shortLength = version == 1;
    require(shortLength || content.length >= 12, "expected a header, got %d bytes", content.length);
    int start = shortLength ? 10 : 12;
    int length =
        shortLength
            ? Byte.toUnsignedInt(content[8]) | (Byte.toUnsignedInt(content[9]) << 8)
            : Bytes.int32(content, 8);
    require(
        length >= 0 && length <= LONGEST_HEADER && length <= content.length - start,
        "expected a header of at most %d bytes, got a length of %d",
        Math.min(LONGEST_HEADER, content.length - start),
        length);
    String text = new String(content, start, length, StandardCharsets.UTF_8);
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
    byte[] bytes = Arrays.copyOfRange(content, start + length, content.length);
    if (descr.startsWith("<U") && shape.length == 0) {
      texts.put(name, string(descr, bytes));
      return;
    }
    Tensor.Type type =
        Arrays.stream(Tensor.Type.values())
            .filter(each -> descr.equals(each.numpy))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "expected little-endian numbers such as <f4, got " + descr));
    boolean fortran = header.group(2).equals("True") && shape.length > 1;
    Tensor tensor = Tensor.of(type, shape, bytes);
    arrays.put(name, fortran ? Tensor.of(type, shape, lastIndexFastest(tensor)) : tensor);
  }

  /** A text: four bytes for each of its characters, and zeros up to the length. */
  private static String string(String descr, byte[] bytes) {
    require(
        descr.equals("<U" + bytes.length / 4) && bytes.length % 4 == 0,
        "expected the bytes of a text %s, got %d",
        descr,
        bytes.length);
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += 4) {
      int character = Bytes.int32(bytes, at);
      require(Character.isValidCodePoint(character), "expected Unicode, got %d", character);
      text.appendCodePoint(character);
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(0, end);
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

  static void write(Tensors tensors, Path file) throws IOException {
    Map<String, List<byte[]>> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.arrays().entrySet()) {
      Tensor tensor = entry.getValue();
      require(
          tensor.type().numpy != null,
          "%s: expected a type that numpy has, got %s",
          entry.getKey(),
          tensor.type());
      byte[] header = header(tensor.type().numpy, tensor.sizes());
      entries.put(entry.getKey(), List.of(header, tensor.raw()));
    }
    tensors
        .texts()
        .forEach(
            (name, text) -> {
              int[] characters = text.codePoints().toArray();
              ByteBuffer bytes =
                  ByteBuffer.wrap(new byte[4 * characters.length]).order(ByteOrder.LITTLE_ENDIAN);
              bytes.asIntBuffer().put(characters);
              byte[] content = new byte[bytes.remaining()];
              bytes.get(content);
              byte[] header = header("<U" + characters.length, new long[0]);
              List<byte[]> other = entries.put(name, List.of(header, content));
              require(other == null, "%s: expected one array or text of a name, got both", name);
            });
    AtomicFile.write(
        file,
        out -> {
          // Closing the archive would close the stream, which is not ours.
          ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
          for (Map.Entry<String, List<byte[]>> entry : entries.entrySet()) {
            zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
            for (byte[] part : entry.getValue()) {
              zip.write(part);
            }
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /** Not compressed, as numpy does it, and without the time, so that equal models are equal. */
  private static ZipEntry stored(String name, List<byte[]> parts) {
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    CRC32 sum = new CRC32();
    long size = 0;
    for (byte[] part : parts) {
      sum.update(part);
      size += part.length;
    }
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    return entry;
  }

  private static byte[] header(String descr, long[] shape) {
    StringBuilder sizes = new StringBuilder();
    for (long size : shape) {
      sizes.append(size).append(", ");
    }
    String text =
        String.format(
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
            descr, sizes.toString().strip());
    // The numbers start at a multiple of 64 bytes, after a line feed.
    int start = 10;
    int padding = 63 - (start + text.length()) % 64;
    byte[] line = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer header = ByteBuffer.allocate(start + line.length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) line.length).put(line);
    byte[] bytes = new byte[start + line.length];
    header.flip().get(bytes);
    return bytes;
  }
}
