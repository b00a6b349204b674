package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/**
 * Reads JSON by RFC 8259 alone, every name of an object once. Gson's own parser also takes single
 * quotes, comments and other things that readers elsewhere refuse, or read as something else.
 */
final class StrictJson {
  private static final int LARGEST_DEPTH = 64;

  private StrictJson() {}

  /**
   * Parses a text that is one JSON value.
   *
   * @throws IllegalArgumentException if it is not
   */
  static JsonElement parse(String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement value = value(reader, 0);
      require(reader.peek() == JsonToken.END_DOCUMENT, "expected the end of the JSON text");
      return value;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      // Gson says how its own parser would take it, which is not what somebody with a file needs.
      String where =
          Bytes.reason(e).replaceFirst("(?s)Use JsonReader\\.\\S+ to accept |\\nSee .*", "");
      throw new IllegalArgumentException(
          "expected JSON: " + where.lines().findFirst().orElse(""), e);
    }
  }

  private static JsonElement value(JsonReader reader, int depth) throws IOException {
    require(depth <= LARGEST_DEPTH, "expected at most %d levels of JSON", LARGEST_DEPTH);
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader, depth);
      case BEGIN_ARRAY -> {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
          array.add(value(reader, depth + 1));
        }
        reader.endArray();
        yield array;
      }
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> JsonParser.parseString(reader.nextString());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      default -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
    };
  }

  private static JsonObject object(JsonReader reader, int depth) throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      require(!object.has(name), "%s: expected it once in JSON, got it again", name);
      object.add(name, value(reader, depth + 1));
    }
    reader.endObject();
    return object;
  }
}
