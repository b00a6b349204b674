package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageSizeException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

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
  private final Tensors.Builder found = new Tensors.Builder();
  private int leaves;
  // Where in the tree we are, for what is wrong there.
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
      throw file.wrong("expected more bytes, got the end of the file", e);
    } catch (MessageSizeException e) {
      throw file.wrong("expected a length below 2^31, got " + e.getSize(), e);
    } catch (MessagePackException | IllegalArgumentException e) {
      throw file.wrong(Bytes.reason(e), e);
    }
    return file.found.build();
  }

  /** What is not known here, but may be there where nobody needs it. */
  private static final class UnknownTypeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownTypeException(String message) {
      super(message);
    }
  }

  private IllegalArgumentException wrong(String reason, RuntimeException cause) {
    return new IllegalArgumentException(
        at.isEmpty() ? reason : Bytes.shortened(at) + ": " + reason, cause);
  }

  private void root() throws IOException {
    require(unpacker.hasNext(), "expected a map, got no bytes");
    ValueType type = next();
    require(type == ValueType.MAP, "expected a map of names, got %s", type);
    node("", 0);
    at = "";
    end();
  }

  private ValueType next() throws IOException {
    return unpacker.getNextFormat().getValueType();
  }

  private long left() {
    return size - unpacker.getTotalReadBytes();
  }

  private void end() {
    require(left() == 0, "expected the end, got %d bytes", left());
  }

  private void node(String path, int depth) throws IOException {
    at = path;
    require(depth <= LARGEST_DEPTH, "expected at most %d levels", LARGEST_DEPTH);
    switch (next()) {
      case MAP -> map(path, depth);
      case ARRAY -> {
        // Lists hold what optimisers remember; their elements are named by number as Flax does.
        int count = length(unpacker.unpackArrayHeader());
        for (int i = 0; i < count; i++) {
          node(child(path, Integer.toString(i)), depth + 1);
        }
      }
      case NIL -> unpacker.unpackNil();
      case BINARY -> unpacker.readPayload(length(unpacker.unpackBinaryHeader()));
      case STRING -> {
        leaf();
        found.text(path, text());
      }
      default -> {
        leaf();
        try {
          found.array(path, array());
        } catch (UnknownTypeException e) {
          found.unread(path, e.getMessage());
        }
      }
    }
  }

  private void leaf() {
    require(++leaves <= MOST_LEAVES, "expected at most %d leaves", MOST_LEAVES);
  }

  private void map(String path, int depth) throws IOException {
    int count = length(unpacker.unpackMapHeader());
    boolean chunks = false;
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      at = path;
      // Names are strings, but Flax does not insist.
      String name = next() == ValueType.INTEGER ? unpacker.unpackBigInteger().toString() : text();
      require(names.add(name), "expected %s once, got it again", name);
      chunks |= name.equals(CHUNKED);
      node(child(path, name), depth + 1);
    }
    at = path;
    if (chunks) {
      found.remove(child(path, CHUNKED));
      found.array(path, joined(path));
    }
  }

  private static String child(String path, String name) {
    String child = path.isEmpty() ? name : path + "/" + name;
    require(
        child.length() <= LONGEST_NAME, "expected names of at most %d characters", LONGEST_NAME);
    return child;
  }

  /** Joins the chunks of the flattened array that lie at a path. */
  private Tensor joined(String path) {
    List<Long> shape = new ArrayList<>();
    for (Tensor next; (next = found.remove(path + "/shape/" + shape.size())) != null; ) {
      require(
          next.type() == Tensor.Type.INT64 && next.shape().dimension() == 0,
          "expected a shape of integers, got %s",
          next);
      shape.add(Bytes.littleEndian(next.raw()).getLong());
    }
    List<Tensor> chunks = new ArrayList<>();
    for (Tensor next; (next = found.remove(path + "/chunks/" + chunks.size())) != null; ) {
      require(
          chunks.isEmpty() || next.type() == chunks.get(0).type(),
          "expected chunks of one type, got %s after %s",
          next,
          chunks);
      chunks.add(next);
    }
    require(!chunks.isEmpty(), "expected chunks, got none");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    chunks.forEach(chunk -> bytes.writeBytes(chunk.raw()));
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(chunks.get(0).type(), sizes, bytes.toByteArray());
  }

  /** An array of Flax, or a number of Python as one. */
  private Tensor array() throws IOException {
    ValueType type = next();
    if (type == ValueType.BOOLEAN) {
      byte value = (byte) (unpacker.unpackBoolean() ? 1 : 0);
      return Tensor.of(Tensor.Type.BOOL, new long[0], new byte[] {value});
    }
    if (type == ValueType.FLOAT) {
      return number(Tensor.Type.FLOAT64, unpacker.unpackDouble());
    }
    if (type == ValueType.INTEGER) {
      // Python's integers may be of any size, and matter to nothing here; but chunks count.
      if (unpacker.getNextFormat() == MessageFormat.UINT64) {
        return number(Tensor.Type.FLOAT64, unpacker.unpackBigInteger().doubleValue());
      }
      byte[] bytes = new byte[Long.BYTES];
      Bytes.littleEndian(bytes).putLong(unpacker.unpackLong());
      return Tensor.of(Tensor.Type.INT64, new long[0], bytes);
    }
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    FlaxMsgpack content = new FlaxMsgpack(unpacker.readPayload(length(header.getLength())));
    return switch (header.getType()) {
      case ARRAY, SCALAR -> content.parts();
      case COMPLEX -> content.complex();
      default -> throw new UnknownTypeException("an extension of type " + header.getType());
    };
  }

  private static Tensor number(Tensor.Type type, double... parts) {
    byte[] bytes = new byte[parts.length * Double.BYTES];
    Bytes.littleEndian(bytes).asDoubleBuffer().put(parts);
    return Tensor.of(type, new long[0], bytes);
  }

  private Tensor complex() throws IOException {
    int parts = unpacker.unpackArrayHeader();
    require(parts == 2, "expected a real and an imaginary part, got %d parts", parts);
    return number(Tensor.Type.COMPLEX128, unpacker.unpackDouble(), unpacker.unpackDouble());
  }

  private Tensor parts() throws IOException {
    int parts = unpacker.unpackArrayHeader();
    require(parts == 3, "expected shape, dtype and bytes, got %d parts", parts);
    long[] shape = new long[length(unpacker.unpackArrayHeader())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = unpacker.unpackLong();
    }
    String dtype = text();
    Tensor.Type type =
        Tensor.Type.of(dtype, Tensor.Type::toString)
            .orElseThrow(
                () -> new UnknownTypeException("numbers of type " + Bytes.shortened(dtype)));
    byte[] bytes = bytes();
    end();
    return Tensor.of(type, shape, bytes);
  }

  /** A number of bytes, or of elements, of which each has at least one byte. */
  private int length(int length) {
    require(
        length >= 0 && length <= left(),
        "expected at most the %d bytes that are left, got a length of %d",
        left(),
        length);
    return length;
  }

  /** Bytes, which older files have as strings. */
  private byte[] bytes() throws IOException {
    boolean binary = next() == ValueType.BINARY;
    return unpacker.readPayload(
        length(binary ? unpacker.unpackBinaryHeader() : unpacker.unpackRawStringHeader()));
  }

  private String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  static void write(Tensors tensors, OutputStream out) throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    tensors.arrays().forEach((name, tensor) -> put(root, name, tensor));
    tensors.texts().forEach((name, text) -> put(root, name, text));
    // Closing the packer would close the stream, which is not ours.
    MessagePacker packer = MessagePack.newDefaultPacker(out);
    pack(packer, root);
    packer.flush();
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
    inner.packString(tensor.type().toString());
    inner.packBinaryHeader(bytes.length);
    inner.flush();
    packer.packExtensionTypeHeader((byte) ARRAY, start.size() + bytes.length);
    packer.writePayload(start.toByteArray());
    packer.writePayload(bytes);
  }
}
