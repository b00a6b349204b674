package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * The files of flax.serialization: nested maps in msgpack, whose leaves are arrays. An array is
 * extension 1 around [shape, name of the dtype, bytes], a number of numpy extension 3 around the
 * same, a complex number extension 2 around [real, imaginary part]. Arrays too large for msgpack
 * are maps of chunks.
 *
 * <p>A length counts only once that many bytes are seen to be there, so that no file makes us
 * reserve more than it has.
 */
final class FlaxMsgpack {
  private static final int ARRAY = 1;
  private static final int COMPLEX = 2;
  private static final int SCALAR = 3;
  private static final String CHUNKED = "__msgpack_chunked_array__";
  // Far beyond any model, and little enough for the stack and the memory.
  private static final int LARGEST_DEPTH = 64;
  private static final int LONGEST_NAME = 4096;
  private static final int MOST_LEAVES = 100_000;
  // Flax cuts arrays of more bytes into chunks.
  private static final int LARGEST_ARRAY = 1 << 30;

  private final MessageUnpacker unpacker;
  private final int size;
  private final Map<String, Tensor> arrays = new LinkedHashMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private int leaves;
  // Where in the tree we are, for what the library says without a name.
  private String at = "";

  private FlaxMsgpack(byte[] content) {
    unpacker = MessagePack.newDefaultUnpacker(content);
    size = content.length;
  }

  static Tensors parse(byte[] content) throws IOException {
    FlaxMsgpack file = new FlaxMsgpack(content);
    try {
      file.root();
    } catch (MessageInsufficientBufferException e) {
      throw new IllegalArgumentException(
          file.at + ": expected more bytes, got the end of the file", e);
    } catch (MessagePackException e) {
      throw new IllegalArgumentException(file.at + ": " + e.getMessage(), e);
    }
    return new Tensors(file.arrays, file.texts);
  }

  private void root() throws IOException {
    require(unpacker.hasNext(), "expected a map, got no bytes");
    MessageFormat format = unpacker.getNextFormat();
    require(
        format.getValueType().isMapType(),
        "expected a map of names, got %s",
        format.getValueType());
    node("", 0);
    require(left() == 0, "expected the end after the map, got %d bytes", left());
  }

  private long left() {
    return size - unpacker.getTotalReadBytes();
  }

  private void node(String path, int depth) throws IOException {
    require(depth <= LARGEST_DEPTH, "%s: expected at most %d levels", path, LARGEST_DEPTH);
    at = path;
    switch (unpacker.getNextFormat().getValueType()) {
      case MAP -> map(path, depth);
      case ARRAY -> {
        // Lists hold what optimisers remember; their elements are named by number as Flax does.
        int count = count(unpacker.unpackArrayHeader(), path);
        for (int i = 0; i < count; i++) {
          node(child(path, Integer.toString(i)), depth + 1);
        }
      }
      case EXTENSION -> extension(path);
      case STRING -> {
        leaf(path);
        texts.put(path, text(path));
      }
      case INTEGER -> {
        leaf(path);
        // Python's integers may be of any size, and matter to nothing here; but chunks count.
        arrays.put(path, integer(path));
      }
      case FLOAT -> {
        leaf(path);
        arrays.put(path, number(unpacker.unpackDouble()));
      }
      case NIL -> unpacker.unpackNil();
      case BOOLEAN -> {
        leaf(path);
        byte value = (byte) (unpacker.unpackBoolean() ? 1 : 0);
        arrays.put(path, Tensor.of(Tensor.Type.BOOL, new long[0], new byte[] {value}));
      }
      case BINARY -> {
        int length = length(unpacker.unpackBinaryHeader(), path);
        unpacker.readPayload(length);
      }
    }
  }

  private void leaf(String path) {
    require(++leaves <= MOST_LEAVES, "%s: expected at most %d leaves", path, MOST_LEAVES);
  }

  private Tensor integer(String path) throws IOException {
    if (unpacker.getNextFormat() == MessageFormat.UINT64) {
      return number(unpacker.unpackBigInteger().doubleValue());
    }
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(unpacker.unpackLong());
    return tensor(path, Tensor.Type.INT64, new long[0], bytes);
  }

  private static Tensor number(double value) {
    byte[] bytes = new byte[Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(value);
    return Tensor.of(Tensor.Type.FLOAT64, new long[0], bytes);
  }

  private void map(String path, int depth) throws IOException {
    int count = count(unpacker.unpackMapHeader(), path);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Names are strings, but Flax does not insist.
      String name =
          unpacker.getNextFormat().getValueType().isIntegerType()
              ? unpacker.unpackBigInteger().toString()
              : text(path);
      String child = child(path, name);
      seen.add(name);
      node(child, depth + 1);
    }
    if (seen.contains(CHUNKED)) {
      arrays.remove(child(path, CHUNKED));
      arrays.put(path, chunked(path));
    }
  }

  private static String child(String path, String name) {
    String child = path.isEmpty() ? name : path + "/" + name;
    require(
        child.length() <= LONGEST_NAME,
        "%s: expected names of at most %d characters",
        child.substring(0, Math.min(child.length(), 80)),
        LONGEST_NAME);
    return child;
  }

  /** Joins the chunks of the flattened array that lie at a path. */
  private Tensor chunked(String path) {
    List<Long> shape = new ArrayList<>();
    for (Tensor next; (next = arrays.remove(path + "/shape/" + shape.size())) != null; ) {
      require(
          next.type() == Tensor.Type.INT64 && next.shape().dimension() == 0,
          "%s: expected a shape of integers, got %s",
          path,
          next);
      shape.add(Bytes.int64(next.raw(), 0));
    }
    List<Tensor> chunks = new ArrayList<>();
    for (Tensor next; (next = arrays.remove(path + "/chunks/" + chunks.size())) != null; ) {
      require(
          chunks.isEmpty() || next.type() == chunks.get(0).type(),
          "%s: expected chunks of one type, got %s after %s",
          path,
          next,
          chunks);
      chunks.add(next);
    }
    require(!chunks.isEmpty(), "%s: expected chunks, got none", path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    chunks.forEach(chunk -> bytes.writeBytes(chunk.raw()));
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return tensor(path, chunks.get(0).type(), sizes, bytes.toByteArray());
  }

  private void extension(String path) throws IOException {
    leaf(path);
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    byte[] payload = unpacker.readPayload(length(header.getLength(), path));
    switch (header.getType()) {
      case ARRAY, SCALAR -> arrays.put(path, new FlaxMsgpack(payload).array(path));
      case COMPLEX -> arrays.put(path, new FlaxMsgpack(payload).complex(path));
      default ->
          throw new IllegalArgumentException(
              path + ": expected an extension of Flax, got type " + header.getType());
    }
  }

  private Tensor array(String path) throws IOException {
    int parts = unpacker.unpackArrayHeader();
    require(parts == 3, "%s: expected shape, dtype and bytes, got %d parts", path, parts);
    long[] shape = new long[count(unpacker.unpackArrayHeader(), path)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = unpacker.unpackLong();
    }
    String label =
        unpacker.getNextFormat().getValueType().isBinaryType()
            ? string(unpacker.readPayload(length(unpacker.unpackBinaryHeader(), path)))
            : text(path);
    Tensor.Type type =
        Arrays.stream(Tensor.Type.values())
            .filter(each -> each.label.equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        path + ": expected a number's dtype such as float32, got " + label));
    int length =
        unpacker.getNextFormat().getValueType().isBinaryType()
            ? unpacker.unpackBinaryHeader()
            : unpacker.unpackRawStringHeader();
    byte[] bytes = unpacker.readPayload(length(length, path));
    require(left() == 0, "%s: expected the end after the array, got %d bytes", path, left());
    return tensor(path, type, shape, bytes);
  }

  private Tensor complex(String path) throws IOException {
    int parts = unpacker.unpackArrayHeader();
    require(parts == 2, "%s: expected a real and an imaginary part, got %d parts", path, parts);
    byte[] bytes = new byte[2 * Double.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putDouble(unpacker.unpackDouble()).putDouble(unpacker.unpackDouble());
    return tensor(path, Tensor.Type.COMPLEX128, new long[0], bytes);
  }

  private static Tensor tensor(String path, Tensor.Type type, long[] shape, byte[] bytes) {
    try {
      return Tensor.of(type, shape, bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  /** A number of elements, of which each has at least one byte. */
  private int count(int count, String path) {
    return length(count, path);
  }

  private int length(int length, String path) {
    require(
        length >= 0 && length <= left(),
        "%s: expected at most the %d bytes that are left, got a length of %d",
        path,
        left(),
        length);
    return length;
  }

  private String text(String path) throws IOException {
    return string(unpacker.readPayload(length(unpacker.unpackRawStringHeader(), path)));
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void write(Tensors tensors, Path file) throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    tensors.arrays().forEach((name, tensor) -> put(root, name, tensor));
    tensors.texts().forEach((name, text) -> put(root, name, text));
    AtomicFile.write(
        file,
        out -> {
          // Closing the packer would close the stream, which is not ours.
          MessagePacker packer = MessagePack.newDefaultPacker(out);
          pack(packer, root);
          packer.flush();
        });
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> root, String name, Object leaf) {
    String[] parts = name.split("/", -1);
    require(parts.length <= LARGEST_DEPTH, "%s: expected at most %d parts", name, LARGEST_DEPTH);
    Map<String, Object> map = root;
    for (int i = 0; i < parts.length - 1; i++) {
      Object next = map.computeIfAbsent(parts[i], part -> new LinkedHashMap<String, Object>());
      require(next instanceof Map, "%s: expected names that are no beginnings of others", name);
      map = (Map<String, Object>) next;
    }
    Object other = map.put(parts[parts.length - 1], leaf);
    require(other == null, "%s: expected names that are no beginnings of others", name);
  }

  private static void pack(MessagePacker packer, Object node) throws IOException {
    if (node instanceof Map<?, ?> map) {
      packer.packMapHeader(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        packer.packString((String) entry.getKey());
        pack(packer, entry.getValue());
      }
    } else if (node instanceof Tensor tensor) {
      packArray(packer, tensor);
    } else {
      packer.packString((String) node);
    }
  }

  private static void packArray(MessagePacker packer, Tensor tensor) throws IOException {
    byte[] bytes = tensor.raw();
    require(
        bytes.length <= LARGEST_ARRAY,
        "expected arrays of at most %d bytes, got %d",
        LARGEST_ARRAY,
        bytes.length);
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    MessagePacker inner = MessagePack.newDefaultPacker(start);
    inner.packArrayHeader(3);
    long[] sizes = tensor.sizes();
    inner.packArrayHeader(sizes.length);
    for (long size : sizes) {
      inner.packLong(size);
    }
    inner.packString(tensor.type().label);
    inner.packBinaryHeader(bytes.length);
    inner.flush();
    packer.packExtensionTypeHeader((byte) ARRAY, start.size() + bytes.length);
    packer.writePayload(start.toByteArray());
    packer.writePayload(bytes);
  }
}
