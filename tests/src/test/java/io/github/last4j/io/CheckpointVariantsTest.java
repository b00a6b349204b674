package io.github.last4j.io;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.Discretization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of model and of number, and headers that something damaged. */
class CheckpointVariantsTest {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"F(32|64)\",\"shape\":\\[([0-9,]*)\\],"
              + "\"data_offsets\":\\[(\\d+),(\\d+)\\]\\}");

  @TempDir Path folder;

  /** What the format's description says, and no more: name to shape and raw bits. */
  private static Map<String, long[]> parse(byte[] file, Map<String, Shape> shapes) {
    ByteBuffer buffer = Bytes.littleEndian(file);
    int header = (int) buffer.getLong();
    Matcher entry = ENTRY.matcher(new String(file, 8, header, StandardCharsets.UTF_8));
    Map<String, long[]> result = new LinkedHashMap<>();
    while (entry.find()) {
      int bytes = Integer.parseInt(entry.group(2)) / 8;
      int from = 8 + header + Integer.parseInt(entry.group(4));
      int to = 8 + header + Integer.parseInt(entry.group(5));
      long[] bits = new long[(to - from) / bytes];
      for (int i = 0; i < bits.length; i++) {
        int at = from + i * bytes;
        bits[i] = bytes == 4 ? buffer.getInt(at) : buffer.getLong(at);
      }
      result.put(entry.group(1), bits);
      long[] shape = Arrays.stream(entry.group(3).split(",")).mapToLong(Long::parseLong).toArray();
      shapes.put(entry.group(1), new Shape(shape));
    }
    return result;
  }

  private static long[] bits(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return Arrays.stream(array.toDoubleArray()).mapToLong(Double::doubleToRawLongBits).toArray();
    }
    float[] values = array.toFloatArray();
    long[] result = new long[values.length];
    Arrays.setAll(result, i -> Float.floatToRawIntBits(values[i]));
    return result;
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyModelBitForBit(Activation activation) throws IOException {
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
      for (boolean bidirectional : new boolean[] {false, true}) {
        ModelConfig config =
            ModelConfig.s5(4, 10)
                .with(
                    c ->
                        c.channels(3)
                            .pairs(List.of(2, 5))
                            .tokens(true)
                            .bidirectional(bidirectional)
                            .discretization(Discretization.BILINEAR)
                            .activation(activation));
        try (NDManager manager = NDManager.newBaseManager();
            SequenceClassifier drawn = SequenceClassifier.create(manager, config, 2)) {
          Map<String, NDArray> given = new LinkedHashMap<>();
          drawn
              .parametersByName(manager)
              // A third has no short binary expansion, so that no digit of a double is zero.
              .forEach((k, v) -> given.put(k, v.toType(type, true).div(3)));
          Path file = folder.resolve("model.safetensors");
          try (SequenceClassifier model = SequenceClassifier.of(manager, config, given)) {
            Checkpoints.save(model, file);
          }
          Map<String, Shape> shapes = new LinkedHashMap<>();
          Map<String, long[]> parsed = parse(Files.readAllBytes(file), shapes);
          assertEquals(given.keySet(), parsed.keySet());
          try (SequenceClassifier again = Checkpoints.load(manager, file)) {
            assertEquals(config, again.config());
            Map<String, NDArray> loaded = again.parametersByName(manager);
            assertEquals(given.keySet(), loaded.keySet());
            for (String name : given.keySet()) {
              assertEquals(type, loaded.get(name).getDataType());
              assertArrayEquals(bits(given.get(name)), bits(loaded.get(name)), name);
              assertArrayEquals(bits(given.get(name)), parsed.get(name), name);
              assertEquals(given.get(name).getShape(), shapes.get(name), name);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FileFormat.class)
  void extremeNumbersBitForBit(FileFormat format) throws IOException {
    double[] doubles = {0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Math.PI, Double.NaN};
    float[] floats = {0, -0.0f, Float.MIN_VALUE, -Float.MAX_VALUE, 0.1f, Float.NEGATIVE_INFINITY};
    try (NDManager manager = NDManager.newBaseManager()) {
      Path file = folder.resolve("extreme.safetensors");
      Map<String, NDArray> arrays =
          Map.of(
              "d/ä\"\\", manager.create(doubles, new Shape(2, 3)),
              "f", manager.create(floats, new Shape(3, 1, 2)));
      Map<String, String> metadata = Map.of("key", "line\nbreak \"quoted\" λ̄");
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      arrays.forEach((name, array) -> tensors.put(name, Tensor.of(array)));
      format.write(new Tensors(tensors, metadata), file);
      Tensors again = FileFormat.read(file);
      assertEquals(metadata, again.texts());
      assertEquals(arrays.keySet(), again.arrays().keySet());
      for (String name : arrays.keySet()) {
        NDArray array = again.arrays().get(name).toArray(manager);
        assertArrayEquals(bits(arrays.get(name)), bits(array), name);
        assertEquals(arrays.get(name).getShape(), array.getShape());
      }
    }
  }

  /** Other bytes in the header, where every one has a meaning: a model or an IOException. */
  @Test
  @Timeout(60)
  void damagedHeaders() throws IOException {
    ModelConfig config = ModelConfig.s5(1, 10).with(c -> c.channels(2).pairs(layers(1, 2)));
    Random random = new Random(17);
    Path file = folder.resolve("damaged.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      try (SequenceClassifier model = SequenceClassifier.create(manager, config, 1)) {
        Checkpoints.save(model, file);
      }
      byte[] whole = Files.readAllBytes(file);
      int header = Bytes.littleEndian(whole).getInt();
      int held = manager.getManagedArrays().size();
      int refused = 0;
      String alphabet = "0123456789[]{}\",:.-eEnul\\";
      for (int trial = 0; trial < 600; trial++) {
        byte[] bytes = whole.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
          boolean plausible = random.nextBoolean();
          byte value =
              plausible
                  ? (byte) alphabet.charAt(random.nextInt(alphabet.length()))
                  : (byte) random.nextInt();
          bytes[random.nextInt(8 + header)] = value;
        }
        Files.write(file, bytes);
        try {
          Checkpoints.load(manager, file).close();
        } catch (IOException e) {
          refused++;
        } catch (Throwable e) {
          throw new AssertionError("trial " + trial + ": " + e, e);
        }
      }
      assertTrue(refused > 300, "refused " + refused);
      assertEquals(held, manager.getManagedArrays().size(), "arrays left by refused files");
    }
  }
}
