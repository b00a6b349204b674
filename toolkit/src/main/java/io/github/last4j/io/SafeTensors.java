package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, raw
 * little-endian numbers.
 *
 * <p>DJL reads it too, but trusts the lengths that a file claims and drops its metadata.
 */
final class SafeTensors {
  private static final String METADATA = "__metadata__";

  private SafeTensors() {}

  static void write(Tensors tensors, Path file) throws IOException {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    tensors.texts().forEach(texts::addProperty);
    header.add(METADATA, texts);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.arrays().entrySet()) {
      Tensor tensor = entry.getValue();
      require(
          tensor.type().safetensors != null,
          "%s: expected a type that safetensors has, got %s",
          entry.getKey(),
          tensor.type());
      JsonObject description = new JsonObject();
      description.addProperty("dtype", tensor.type().safetensors);
      description.add("shape", numbers(tensor.sizes()));
      description.add("data_offsets", numbers(offset, offset + tensor.raw().length));
      header.add(entry.getKey(), description);
      offset += tensor.raw().length;
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
          for (Tensor tensor : tensors.arrays().values()) {
            out.write(tensor.raw());
          }
        });
  }

  private static JsonArray numbers(long... values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  static Tensors parse(byte[] file) {
    require(file.length >= 8, "expected a header, got %d bytes", file.length);
    long length = Bytes.int64(file, 0);
    require(
        length >= 2 && length <= file.length - 8,
        "expected a header of at most %d bytes, got a length of %d",
        file.length - 8,
        length);
    int start = 8 + (int) length;
    JsonElement root =
        JsonParser.parseString(new String(file, 8, (int) length, StandardCharsets.UTF_8));
    require(root.isJsonObject(), "expected the header to be an object");
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : root.getAsJsonObject().entrySet()) {
      require(entry.getValue().isJsonObject(), "%s: expected an object", entry.getKey());
      JsonObject value = entry.getValue().getAsJsonObject();
      if (entry.getKey().equals(METADATA)) {
        value.entrySet().forEach(e -> metadata.put(e.getKey(), text(METADATA, e.getValue())));
      } else {
        entries.add(Entry.of(entry.getKey(), value));
      }
    }
    requireWhole(entries, file.length - start);
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (Entry entry : entries) {
      int from = start + (int) entry.from;
      int to = start + (int) entry.to;
      long[] shape = entry.shape.stream().mapToLong(Long::longValue).toArray();
      arrays.put(entry.name, Tensor.of(entry.type, shape, Arrays.copyOfRange(file, from, to)));
    }
    return new Tensors(arrays, metadata);
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

  /** A tensor as the header describes it; its bytes count from the end of the header. */
  private record Entry(String name, Tensor.Type type, List<Long> shape, long from, long to) {
    static Entry of(String name, JsonObject description) {
      for (String key : new String[] {"dtype", "shape", "data_offsets"}) {
        require(description.has(key), "%s: expected %s", name, key);
      }
      String label = text(name, description.get("dtype"));
      Tensor.Type type =
          Arrays.stream(Tensor.Type.values())
              .filter(each -> label.equals(each.safetensors))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          name + ": expected a number's dtype such as F32, got " + label));
      List<Long> shape = longs(name, description.get("shape"));
      List<Long> offsets = longs(name, description.get("data_offsets"));
      require(offsets.size() == 2, "%s: expected two data_offsets", name);
      long bytes;
      try {
        bytes = Tensor.bytes(type, shape.stream().mapToLong(Long::longValue).toArray());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
      require(
          offsets.get(1) - offsets.get(0) == bytes,
          "%s: expected data_offsets %d apart, got %d to %d",
          name,
          bytes,
          offsets.get(0),
          offsets.get(1));
      return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    }
  }

  private static String text(String name, JsonElement value) {
    require(
        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString(),
        "%s: expected a text, got %s",
        name,
        value);
    return value.getAsString();
  }

  /** Whole numbers from zero on, of so few digits that their differences fit, too. */
  private static List<Long> longs(String name, JsonElement array) {
    require(array.isJsonArray(), "%s: expected a list of whole numbers, got %s", name, array);
    List<Long> values = new ArrayList<>();
    for (JsonElement value : array.getAsJsonArray()) {
      boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
      require(
          number && value.getAsString().matches("\\d{1,18}"),
          "%s: expected whole numbers of at most 18 digits, got %s",
          name,
          array);
      values.add(value.getAsLong());
    }
    return values;
  }
}
