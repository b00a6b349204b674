package io.github.last4j.io;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints come back as they were, or not at all. */
class CheckpointTest {
  private static final ModelConfig CONFIG =
      ModelConfig.s5(1, 10)
          .with(
              c ->
                  c.channels(3)
                      .pairs(List.of(2, 4))
                      .bidirectional(true)
                      .activation(Activation.FULL_GLU));

  private static final String KEY = "last4j.config";

  @TempDir Path folder;

  private Path saved(NDManager manager) throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (SequenceClassifier model = SequenceClassifier.create(manager, CONFIG, 5)) {
      Checkpoints.save(model, file);
    }
    return file;
  }

  /** Also after pruning, when every channel has another number of states. */
  @ParameterizedTest
  @EnumSource(Normalization.class)
  void s4d(Normalization normalization) throws IOException {
    ModelConfig config =
        ModelConfig.s4d(1, 10)
            .with(
                c -> c.channels(3).pairs(layers(2, 6)).normalization(normalization).postNorm(true));
    Path file = folder.resolve("s4d.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 5)) {
      States kept = new States(List.of(StateSet.of(6, 0, 4, 5), StateSet.of(6, 2, 3, 5)));
      try (SequenceClassifier pruned = model.keep(kept)) {
        assertEquals(List.of(List.of(1, 0, 2), List.of(0, 2, 1)), pruned.config().channelPairs());
        for (SequenceClassifier saved : List.of(model, pruned)) {
          Checkpoints.save(saved, file);
          try (SequenceClassifier again = Checkpoints.load(manager, file)) {
            assertEquals(saved.config(), again.config());
            Map<String, NDArray> after = again.parametersByName(manager);
            saved
                .parametersByName(manager)
                .forEach((name, array) -> assertEquals(array, after.get(name), name));
          }
        }
      }
    }
  }

  /** Checkpoints and cards from before there was S4D say nothing of it. */
  @Test
  void configurationsWithoutAFamilyAreOfS5() throws IOException {
    Path file = folder.resolve("old.safetensors");
    Files.write(
        file,
        changed(
            json -> {
              for (String field :
                  List.of(
                      ",\"family\":\"S5\"",
                      ",\"normalization\":\"BATCH\"",
                      ",\"postNorm\":false",
                      ",\"channelPairs\":[]",
                      ",\"documentPairs\":false",
                      ",\"pooling\":\"MEAN\"")) {
                assertTrue(json.contains(field), json);
                json = json.replace(field, "");
              }
              return json;
            }));
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = Checkpoints.load(manager, file)) {
      assertEquals(CONFIG, model.config());
    }
  }

  /** A saved model with another configuration. */
  private byte[] changed(UnaryOperator<String> change) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Path file = saved(manager);
      Tensors whole = FileFormat.read(file);
      String json = whole.texts().get(KEY);
      String other = change.apply(json);
      assertNotEquals(json, other);
      FileFormat.SAFETENSORS.write(new Tensors(whole.arrays(), Map.of(KEY, other)), file);
      return Files.readAllBytes(file);
    }
  }

  @Test
  void truncated() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      byte[] whole = Files.readAllBytes(saved(manager));
      Path file = folder.resolve("cut.safetensors");
      for (int length = 0; length < whole.length; length += 1 + whole.length / 800) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThrows(IOException.class, () -> Checkpoints.load(manager, file).close());
      }
    }
  }

  @Test
  void flipped() throws IOException {
    Random random = new Random(11);
    try (NDManager manager = NDManager.newBaseManager()) {
      byte[] whole = Files.readAllBytes(saved(manager));
      Path file = folder.resolve("flipped.safetensors");
      int refused = 0;
      for (int trial = 0; trial < 1000; trial++) {
        byte[] bytes = whole.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        // A flip in a number gives another model; anything else must be an IOException.
        try (SequenceClassifier model = Checkpoints.load(manager, file)) {
          assertEquals(model.config().layers(), model.config().pairs().size());
        } catch (IOException e) {
          assertTrue(e.getMessage().contains("flipped.safetensors"), e.getMessage());
          refused++;
        }
      }
      assertTrue(refused > 100, "refused " + refused);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":"
            + "[9223372036854775807,-9223372036854775801]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":[],\"shape\":{},\"data_offsets\":null}}",
        "{\"__metadata__\":{\"last4j.config\":{}}}",
        "{\"__metadata__\":{\"last4j.config\":\"{}\"}}",
        "{\"__metadata__\":{\"last4j.config\":\"{\\\"pairs\\\":[null]}\"}}",
        "{\"__metadata__\":{\"last4j.config\":\"null\"}}",
        "{\"__metadata__\":{\"a\":null}}",
        "{\"a\":{\"dtype\":7,\"shape\":1,\"data_offsets\":null}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e999],\"data_offsets\":[0,4]}}",
        "{\"params.layers_0.x\":{\"dtype\":\"F32\",\"shape\":[0,2147483647],\"data_offsets\":[0,0]}}",
        "{\"params.encoder.Embed_0.embedding\":"
            + "{\"dtype\":\"F32\",\"shape\":[0,2147483647],\"data_offsets\":[0,0]},"
            + "\"params.layers_0.seq.A_re\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"params.encoder.Embed_0.embedding\":"
            + "{\"dtype\":\"F32\",\"shape\":[2147483647,0],\"data_offsets\":[0,0]},"
            + "\"params.layers_0.seq.A_re\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      })
  void hostileHeaders(String json) throws IOException {
    boolean numbers = json.contains("data_offsets") && !json.contains("[0,0]");
    refused(Damage.safetensors(json, numbers ? 8 : 0), "");
  }

  /** What a reader that trusts the header would take from other tensors, or not see at all. */
  @ParameterizedTest
  @CsvSource({
    "0, 4, 4, 8, 8, ''",
    "4, 8, 0, 4, 8, ''",
    "0, 4, 4, 8, 9, expected 8 bytes of numbers",
    "0, 4, 4, 8, 7, expected 8 bytes of numbers",
    "0, 4, 8, 12, 12, b: expected data_offsets from 4",
    "4, 8, 8, 12, 12, a: expected data_offsets from 0",
    "0, 4, 0, 4, 4, b: expected data_offsets from 4",
    "0, 4, 2, 6, 8, b: expected data_offsets from 4",
  })
  void tensorsThatDoNotLieInARow(int a, int aEnd, int b, int bEnd, int size, String message)
      throws IOException {
    String format = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}";
    String json = String.format(format, "a", a, aEnd) + "," + String.format(format, "b", b, bEnd);
    byte[] content = Damage.safetensors(json.replace("},{", "},") + "}", size);
    if (!message.isEmpty()) {
      refused(content, message);
      return;
    }
    Path file = folder.resolve("whole.safetensors");
    Files.write(file, content);
    assertEquals(Set.of("a", "b"), FileFormat.read(file).arrays().keySet());
  }

  /** A damaged name or value is said, and is not a zero, a false or a null. */
  @ParameterizedTest
  @MethodSource("fields")
  void damagedConfigurations(String field) throws IOException {
    Pattern entry = Pattern.compile("\"" + field + "\":(\\[[^]]*]|[^,}]*)");
    for (String damaged :
        List.of("\"X" + field.substring(1) + "\":$1", "\"" + field + "\":null", "\"X\":$1,$0")) {
      String name = damaged.endsWith("$0") ? "X" : field.substring(1);
      refused(changed(json -> entry.matcher(json).replaceFirst(damaged)), name);
    }
  }

  static Stream<String> fields() {
    return Arrays.stream(ModelConfig.class.getRecordComponents()).map(RecordComponent::getName);
  }

  @ParameterizedTest
  @CsvSource({
    "ZOH, XYZ, discretization",
    "FULL_GLU, HALF_GLU, activation",
    "\"tokens\":false, \"tokens\":fals3, tokens",
    "\"tokens\":false, '\"tokens\":\"false\"', tokens",
    "\"classes\":10, \"classes\":10.5, 10.5",
    "\"classes\":10, \"classes\":2000000000, decoder",
  })
  void valuesOfOtherKinds(String text, String other, String message) throws IOException {
    refused(changed(json -> json.replace(text, other)), message);
  }

  @Test
  void hostileLengthsAndDepths() throws IOException {
    for (long length : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 9, 1L << 32}) {
      byte[] content = new byte[16];
      Bytes.littleEndian(content).putLong(length);
      refused(content, "");
    }
    refused(Damage.safetensors("[".repeat(1_000_000), 0), "");
    refused(Damage.safetensors("{\"a\":".repeat(300_000), 0), "");
    String shape = "[0" + ",1".repeat(70) + "]";
    refused(
        Damage.safetensors(
            "{\"params.layers_0.x\":{\"dtype\":\"F32\",\"shape\":"
                + shape
                + ",\"data_offsets\":[0,0]}}",
            0),
        "at most 64 dimensions");
  }

  private void refused(byte[] content, String message) throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, content);
    try (NDManager manager = NDManager.newBaseManager()) {
      IOException refused =
          assertThrows(IOException.class, () -> Checkpoints.load(manager, file).close());
      assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
      assertTrue(refused.getMessage().contains(message), refused.getMessage());
      assertTrue(refused.getMessage().length() < 1000, "a long message");
    }
  }
}
