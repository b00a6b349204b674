package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that others made to do harm, or that are not what they are taken for. */
class HostileFilesTest {
  private static final String ENTRY = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]";

  @TempDir Path folder;

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Path written(byte[] content) throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, content);
    return file;
  }

  private void refused(byte[] content, String... parts) throws IOException {
    Path file = written(content);
    IOException refused = assertThrows(IOException.class, () -> FileFormat.read(file));
    assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
    assertTrue(refused.getMessage().length() < 2500, "a message as long as a file");
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), part + " in: " + refused.getMessage());
    }
  }

  /** Each with the Python that makes safetensors of it. */
  @ParameterizedTest
  @CsvSource({
    "'\u0080\u0002}q\0.', a Python pickle, 'torch.load(\"'",
    "'\u0080\u0004}\u0094.', a Python pickle, 'torch.load(\"'",
    "'\u0089HDF\r\n\u001a\n\0', HDF5, 'h5py.File(\"'",
    "'\u0093NUMPY\1\0', npy, 'numpy.load(\"'",
    "'\u001f\u008b\b\0', gzip, 'gzip.open(\"'",
    "'version https://git-lfs.github.com/spec/v1', Git LFS, git lfs pull",
  })
  void otherFormatsAreCalledByTheirNames(String start, String name, String way) throws IOException {
    refused(latin(start), "expected safetensors, Flax msgpack, npz", name, way);
  }

  @Test
  void foldersOfOrbax() throws IOException {
    for (String step : List.of("9", "10")) {
      Path tree = Files.createDirectories(folder.resolve("steps").resolve(step).resolve("default"));
      Files.createFile(tree.resolve("_METADATA"));
      Files.createFile(tree.resolve("manifest.ocdbt"));
      Files.createFile(tree.getParent().resolve("_CHECKPOINT_METADATA"));
    }
    for (String each : List.of("steps", "steps/10", "steps/10/default")) {
      IOException refused =
          assertThrows(IOException.class, () -> FileFormat.read(folder.resolve(each)));
      String tree = folder.resolve("steps/10/default").toString();
      assertTrue(refused.getMessage().contains("got a folder of Orbax"), refused.getMessage());
      assertTrue(refused.getMessage().contains("restore(\"" + tree), refused.getMessage());
    }
  }

  /** Flax takes steps that are no whole numbers; the one without counts as the last. */
  @Test
  void foldersOfFlax() throws IOException {
    assertThrows(IOException.class, () -> FileFormat.read(folder));
    String[] names = {"checkpoint_9", "checkpoint_10", "checkpoint_10.5", "checkpoint"};
    for (int i = 0; i < names.length; i++) {
      Tensor number = ForeignModels.floats(new double[] {i}, 1);
      FileFormat.FLAX.write(new Tensors(Map.of("a", number), Map.of()), folder.resolve(names[i]));
      double[] got = FileFormat.read(folder).arrays().get("a").toDoubles();
      assertArrayEquals(new double[] {i}, got, names[i]);
    }
  }

  @Test
  @Timeout(10)
  void pipesAreNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    boolean made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    assumeTrue(made, "no pipes here");
    IOException refused = assertThrows(IOException.class, () -> FileFormat.read(pipe));
    assertTrue(refused.getMessage().contains("expected a file, got a pipe"), refused.getMessage());
  }

  @Test
  void lengthsBeyondIntegersAreSaid() throws IOException {
    for (String start :
        List.of("\u00df", "\u0081\u00a1x\u00c6", "\u0081\u00db", "\u0081\u00a1x\u00dd")) {
      refused(
          latin(start + "\u00ff\u00ff\u00ff\u00f0"), "expected a length below 2^31", "4294967280");
    }
  }

  @Test
  void longNamesAndNumbersAreCut() throws IOException {
    String name = "n".repeat(1 << 20);
    refused(Damage.safetensors("{\"" + name + "\":1}", 0), "nnn…", "expected an object");
    refused(Damage.safetensors("{\"a\":{\"dtype\":\"" + name + "\",\"shape\":1}}", 0), "a: ");
    String shape = "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "1".repeat(1000);
    refused(Damage.safetensors(shape + "],\"data_offsets\":[0,4]}}", 4), "18 digits", "111…");
    // A map with a text of that length for a name, and then nothing.
    refused(latin("\u0081\u00db\0\u0010\0\0" + name), "4096 characters");
  }

  @Test
  void twiceTheSameNameIsRefused() throws IOException {
    refused(latin("\u0082\u00a1x\1\u00a1x\2"), "expected x once, got it again");
    refused(latin("\u0082\u00a1x\u0081\u00a1y\1\u00a1x\u0081\u00a1z\2"), "expected x once");
    refused(latin("\u0082\u00a3x/y\1\u00a1x\u0081\u00a1y\2"), "x/y: expected it once");
    String twice = "{\"a\":{" + ENTRY + "},\"a\":{" + ENTRY + "}}";
    refused(Damage.safetensors(twice, 4), "a: expected it once in JSON, got it again");
    String inside = "{\"a\":{\"dtype\":\"F32\"," + ENTRY + "}}";
    refused(Damage.safetensors(inside, 4), "dtype: expected it once in JSON");
  }

  /** What Gson reads by itself and other readers refuse. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{%s}}",
        "{a:{%s}}",
        "{\"a\"={%s}}",
        "{\"a\":{%s};}",
        "{\"a\":{%s},}",
        "{\"a\":{%s}}//",
        "/* */{\"a\":{%s}}",
        "#\n{\"a\":{%s}}",
        "{\"a\":{%s}} {}",
        ")]}'\n{\"a\":{%s}}",
        "{\"a\":{%s,\"b\":NaN}}",
      })
  void lenientJsonIsRefused(String header) throws IOException {
    byte[] plain = Damage.safetensors("{\"a\":{" + ENTRY + "}}  ", 4);
    assertEquals(1, FileFormat.read(written(plain)).arrays().size());
    refused(Damage.safetensors(String.format(header, ENTRY), 4), "JSON");
  }

  /** A few bytes that ask for more layers, states or channels than memory holds. */
  @Test
  @Timeout(10)
  void sizesThatNoArraysHave() throws IOException {
    Gson gson = new Gson();
    JsonObject layers = gson.toJsonTree(ModelConfig.s5(1, 2)).getAsJsonObject();
    JsonArray pairs = new JsonArray();
    for (int i = 0; i < 200_000; i++) {
      pairs.add(1);
    }
    layers.add("pairs", pairs);
    JsonObject states = gson.toJsonTree(ModelConfig.s4d(1, 2)).getAsJsonObject();
    JsonArray one = new JsonArray();
    one.add(2_000_000_000);
    states.add("pairs", one);
    states.addProperty("channels", 2_000_000_000);
    states.addProperty("family", Family.S4D.name());
    for (JsonObject config : List.of(layers, states)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      FileFormat.SAFETENSORS.write(
          new Tensors(Map.of(), Map.of(Checkpoints.CONFIG, config.toString())), out);
      Path file = written(out.toByteArray());
      try (NDManager manager = NDManager.newBaseManager()) {
        IOException refused =
            assertThrows(IOException.class, () -> Checkpoints.load(manager, file).close());
        String expected = "expected params/encoder/layers_0/seq/Lambda_re, got none";
        assertEquals(file + ": not a model: " + expected, refused.getMessage());
      }
    }
  }
}
