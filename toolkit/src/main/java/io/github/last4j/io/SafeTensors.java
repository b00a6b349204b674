package io.github.last4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, raw
 * little-endian numbers. float32 and float64 only.
 *
 * <p>DJL reads it too, but trusts the lengths that a file claims and drops its metadata.
 *
 * @param arrays the arrays by name
 * @param metadata texts by key
 */
public record SafeTensors(Map<String, NDArray> arrays, Map<String, String> metadata) {
  private static final Map<String, DataType> TYPES =
      Map.of("F32", DataType.FLOAT32, "F64", DataType.FLOAT64);
  private static final String METADATA = "__metadata__";

  /** Writes the arrays, which may be on any device. */
  public void write(Path file) throws IOException {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    header.add(METADATA, texts);
    Map<String, byte[]> contents = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      byte[] bytes = bytes(entry.getKey(), entry.getValue());
      contents.put(entry.getKey(), bytes);
      JsonObject description = new JsonObject();
      description.addProperty("dtype", typeName(entry.getKey(), entry.getValue().getDataType()));
      description.add("shape", numbers(entry.getValue().getShape().getShape()));
      description.add("data_offsets", numbers(offset, offset + bytes.length));
      header.add(entry.getKey(), description);
      offset += bytes.length;
    }
    String json = header.toString();
    // Readers that map the file want the numbers aligned.
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    byte[] text = (json + " ".repeat((8 - size % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        file,
        out -> {
          byte[] length = new byte[8];
          ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
          out.write(length);
          out.write(text);
          for (byte[] bytes : contents.values()) {
            out.write(bytes);
          }
        });
  }

  private static String typeName(String name, DataType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(name + ": expected float32 or float64, got " + type));
  }

  private static JsonArray numbers(long... values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  private static byte[] bytes(String name, NDArray array) {
    byte[] bytes = new byte[(int) (array.size() * array.getDataType().getNumOfBytes())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (array.getDataType()) {
      case FLOAT32 -> buffer.asFloatBuffer().put(array.toFloatArray());
      case FLOAT64 -> buffer.asDoubleBuffer().put(array.toDoubleArray());
      default -> typeName(name, array.getDataType());
    }
    return bytes;
  }

  /**
   * Reads a file.
   *
   * @param manager holds the arrays
   * @throws IOException if the file can't be read, or is not a whole and consistent safetensors
   *     file of float32 and float64 arrays, naming the file and what is wrong
   */
  public static SafeTensors read(NDManager manager, Path file) throws IOException {
    byte[] all;
    try (InputStream in = Files.newInputStream(file)) {
      all = in.readAllBytes();
    }
    try {
      return parse(manager, ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN));
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | ClassCastException
        | UnsupportedOperationException e) {
      // Gson reports an element of an unexpected kind by several of these.
      throw new IOException(file + ": not a whole safetensors file: " + e.getMessage(), e);
    }
  }

  private static SafeTensors parse(NDManager manager, ByteBuffer file) {
    require(file.remaining() >= 8, "expected a header, got " + file.remaining() + " bytes");
    long length = file.getLong();
    require(
        length >= 2 && length <= file.remaining(),
        "expected a header of at most " + file.remaining() + " bytes, got a length of " + length);
    byte[] text = new byte[(int) length];
    file.get(text);
    JsonElement root = JsonParser.parseString(new String(text, StandardCharsets.UTF_8));
    require(root.isJsonObject(), "expected the header to be an object");
    ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    List<Tensor> tensors = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : root.getAsJsonObject().entrySet()) {
      require(entry.getValue().isJsonObject(), entry.getKey() + ": expected an object");
      JsonObject value = entry.getValue().getAsJsonObject();
      if (entry.getKey().equals(METADATA)) {
        value.entrySet().forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
      } else {
        tensors.add(Tensor.of(entry.getKey(), value));
      }
    }
    requireWhole(tensors, data.capacity());
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    try {
      tensors.forEach(tensor -> arrays.put(tensor.name, tensor.array(manager, data)));
    } catch (RuntimeException e) {
      arrays.values().forEach(NDArray::close);
      throw e;
    }
    return new SafeTensors(arrays, metadata);
  }

  /** The tensors lie one behind the other, and there is nothing else. */
  private static void requireWhole(List<Tensor> tensors, long size) {
    List<Tensor> inOrder = new ArrayList<>(tensors);
    inOrder.sort(Comparator.comparingLong(Tensor::from).thenComparingLong(Tensor::to));
    long end = 0;
    for (Tensor tensor : inOrder) {
      require(
          tensor.from == end,
          String.format(
              "%s: expected data_offsets from %d, where the tensor before it ends, got %d",
              tensor.name, end, tensor.from));
      end = tensor.to;
    }
    require(end == size, String.format("expected %d bytes of numbers, got %d", end, size));
  }

  /** A tensor as the header describes it; its bytes count from the end of the header. */
  private record Tensor(String name, DataType type, Shape shape, long from, long to) {

    static Tensor of(String name, JsonObject description) {
      for (String key : new String[] {"dtype", "shape", "data_offsets"}) {
        require(description.has(key), name + ": expected " + key);
      }
      DataType type = TYPES.get(description.get("dtype").getAsString());
      require(type != null, name + ": expected F32 or F64, got " + description.get("dtype"));
      long[] shape = longs(description.getAsJsonArray("shape"));
      long[] offsets = longs(description.getAsJsonArray("data_offsets"));
      require(offsets.length == 2, name + ": expected two data_offsets");
      long bytes = type.getNumOfBytes();
      for (long size : shape) {
        require(size >= 0, name + ": expected sizes of at least zero, got " + size);
        bytes = Math.multiplyExact(bytes, size);
      }
      require(
          offsets[0] >= 0 && Math.subtractExact(offsets[1], offsets[0]) == bytes,
          String.format(
              "%s: expected data_offsets %d apart, got %d to %d",
              name, bytes, offsets[0], offsets[1]));
      return new Tensor(name, type, new Shape(shape), offsets[0], offsets[1]);
    }

    NDArray array(NDManager manager, ByteBuffer data) {
      ByteBuffer content = data.slice((int) from, (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
      if (type == DataType.FLOAT32) {
        float[] values = new float[content.remaining() / Float.BYTES];
        content.asFloatBuffer().get(values);
        return manager.create(values, shape);
      }
      double[] values = new double[content.remaining() / Double.BYTES];
      content.asDoubleBuffer().get(values);
      return manager.create(values, shape);
    }
  }

  private static long[] longs(JsonArray array) {
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsLong();
    }
    return values;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
