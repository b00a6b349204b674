package io.github.last4j.io;

import static io.github.last4j.io.Bytes.named;
import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, raw
 * little-endian numbers.
 *
 * <p>DJL reads it too, but trusts the lengths that a file claims and drops its metadata.
 */
final class SafeTensors {
  private static final String METADATA = "__metadata__";

  private SafeTensors() {}

  /**
   * A tensor as the header describes it; its bytes count from the end of the header, and types that
   * there are none of here have no more than a name.
   */
  private record Entry(
      String name, String dtype, Optional<Tensor.Type> type, Shape shape, long from, long to) {}

  static void write(Tensors tensors, OutputStream out) throws IOException {
    Gson gson = new Gson();
    JsonObject header = new JsonObject();
    header.add(METADATA, gson.toJsonTree(tensors.texts()));
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.arrays().entrySet()) {
      Tensor tensor = entry.getValue();
      String type = tensor.type().safetensors;
      require(
          type != null,
          "%s: expected a type that safetensors has, got %s",
          entry.getKey(),
          tensor.type());
      long end = offset + tensor.raw().length;
      JsonObject description = new JsonObject();
      description.addProperty("dtype", type);
      description.add("shape", gson.toJsonTree(tensor.sizes()));
      description.add("data_offsets", gson.toJsonTree(new long[] {offset, end}));
      header.add(entry.getKey(), description);
      offset = end;
    }
    String json = header.toString();
    // Readers that map the file want the numbers aligned.
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    byte[] text = (json + " ".repeat((8 - size % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    byte[] length = new byte[8];
    Bytes.littleEndian(length).putLong(text.length);
    out.write(length);
    out.write(text);
    for (Tensor tensor : tensors.arrays().values()) {
      out.write(tensor.raw());
    }
  }

  static Tensors parse(byte[] file) {
    require(file.length >= 8, "expected a header, got %d bytes", file.length);
    long length = Bytes.littleEndian(file).getLong();
    require(
        length >= 2 && length <= file.length - 8,
        "expected a header of at most %d bytes, got a length of %d",
        file.length - 8,
        length);
    int start = 8 + (int) length;
    JsonElement root = StrictJson.parse(new String(file, 8, (int) length, StandardCharsets.UTF_8));
    require(root.isJsonObject(), "expected the header to be an object");
    List<Entry> entries = new ArrayList<>();
    Tensors.Builder found = new Tensors.Builder();
    root.getAsJsonObject()
        .asMap()
        .forEach(
            (name, value) -> {
              require(value.isJsonObject(), "%s: expected an object", name);
              Map<String, JsonElement> fields = value.getAsJsonObject().asMap();
              if (name.equals(METADATA)) {
                fields.forEach((key, text) -> metadata(found, key, text));
              } else {
                entries.add(named(name, () -> entry(name, fields)));
              }
            });
    requireWhole(entries, file.length - start);
    for (Entry entry : entries) {
      if (entry.type.isEmpty()) {
        found.unread(entry.name, "numbers of type " + entry.dtype);
      } else {
        byte[] bytes = Arrays.copyOfRange(file, start + (int) entry.from, start + (int) entry.to);
        found.array(entry.name, Tensor.of(entry.type.get(), entry.shape.getShape(), bytes));
      }
    }
    return found.build();
  }

  private static void metadata(Tensors.Builder found, String key, JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
      found.text(key, value.getAsString());
    } else {
      found.unread(key, METADATA + " that is no text: " + Bytes.shortened(value.toString()));
    }
  }

  /** The tensors lie one behind the other, and there is nothing else. */
  private static void requireWhole(List<Entry> entries, long size) {
    List<Entry> inOrder = new ArrayList<>(entries);
    inOrder.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
    long end = 0;
    for (Entry entry : inOrder) {
      require(
          entry.from == end,
          "%s: expected data_offsets from %d, where the tensor before it ends, got %d",
          entry.name,
          end,
          entry.from);
      end = entry.to;
    }
    require(end == size, "expected %d bytes of numbers, got %d", end, size);
  }

  private static Entry entry(String name, Map<String, JsonElement> description) {
    Stream.of("dtype", "shape", "data_offsets")
        .forEach(key -> require(description.containsKey(key), "expected %s", key));
    String dtype = text(description.get("dtype"));
    Optional<Tensor.Type> type = Tensor.Type.of(dtype, each -> each.safetensors);
    long[] shape = longs(description.get("shape"));
    long[] offsets = longs(description.get("data_offsets"));
    require(offsets.length == 2, "expected two data_offsets");
    long bytes = offsets[1] - offsets[0];
    if (type.isPresent()) {
      bytes = Tensor.bytes(type.get(), shape);
    }
    require(
        offsets[1] - offsets[0] == bytes && bytes >= 0,
        "expected data_offsets %d apart, got %d to %d",
        bytes,
        offsets[0],
        offsets[1]);
    return new Entry(name, dtype, type, new Shape(shape), offsets[0], offsets[1]);
  }

  private static String text(JsonElement value) {
    require(
        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString(),
        "expected a text, got %s",
        value);
    return value.getAsString();
  }

  /** Whole numbers from zero on, of so few digits that their differences fit, too. */
  private static long[] longs(JsonElement array) {
    require(array.isJsonArray(), "expected a list of whole numbers, got %s", array);
    return array.getAsJsonArray().asList().stream()
        .mapToLong(
            value -> {
              boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
              require(
                  number && value.getAsString().matches("\\d{1,18}"),
                  "expected whole numbers of at most 18 digits, got %s",
                  array);
              return value.getAsLong();
            })
        .toArray();
  }
}
