package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Last;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.io.ForeignModels.Kind;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with a foreign model is said by its name; a damaged one never does harm. */
class ModelImportTest {
  // Arrays whose first axis is a size that others have to follow.
  private static final List<String> SIZES =
      List.of(
          "encoder/encoder/kernel", "params/encoder/kernel", "Lambda_re", "A_re", "encoder.weight");

  @TempDir Path folder;

  private static final ModelImport PLAIN = new ModelImport();

  private Path write(Map<String, Tensor> arrays, FileFormat format) throws IOException {
    // Thousands of files, of which none need survive a stop of the machine.
    Path file = folder.resolve("model");
    try (OutputStream out = Files.newOutputStream(file)) {
      format.write(new Tensors(arrays, Map.of()), out);
    }
    return file;
  }

  private void refused(ModelImport options, Map<String, Tensor> arrays, String... parts) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Path file = write(arrays, FileFormat.SAFETENSORS);
      IOException refused =
          assertThrows(IOException.class, () -> options.load(manager, file).close());
      assertClean(refused);
      String message = refused.getMessage();
      assertTrue(message.startsWith(file + ": not a model: "), message);
      for (String part : parts) {
        assertTrue(message.contains(part), part + " in: " + message);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(Map<String, Tensor> arrays, String... parts) {
    refused(PLAIN, arrays, parts);
  }

  private static Map<String, Tensor> with(Kind kind, Consumer<Map<String, Tensor>> change) {
    Map<String, Tensor> arrays = new LinkedHashMap<>(kind.arrays(1));
    change.accept(arrays);
    return arrays;
  }

  private static Map<String, Tensor> with(Kind kind, String name, Tensor tensor) {
    return with(kind, arrays -> arrays.put(name, tensor));
  }

  /** What a library throws when nobody checked before. */
  private static void assertClean(Throwable thrown) {
    if (thrown.getMessage() == null || thrown.getMessage().endsWith("null")) {
      throw new AssertionError("says nothing", thrown);
    }
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      boolean ours =
          each instanceof IOException
              || each instanceof IllegalArgumentException
              || each.getClass().getName().startsWith("org.msgpack.core.")
              || each.getClass().getName().startsWith("com.google.gson.");
      if (!ours && !(each.getCause() == null && isGson(thrown))) {
        throw new AssertionError("not a clean exception: " + each, thrown);
      }
    }
  }

  /** Gson's own exceptions have causes of many kinds. */
  private static boolean isGson(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause != null && cause.getClass().getName().startsWith("com.google.gson.");
  }

  /** Checkpoints.load takes what has no configuration of this toolkit for such a model. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void wholeInEveryFormatAndByBothWays(Kind kind) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.randomNormal(new Shape(2, 9, ForeignModels.INPUTS));
      float[] first = null;
      for (FileFormat format : FileFormat.values()) {
        Path file = write(kind.arrays(1), format);
        try (SequenceClassifier model = PLAIN.load(manager, file);
            SequenceClassifier same = Checkpoints.load(manager, file)) {
          float[] got = model.logProbabilities(new NDList(x)).toFloatArray();
          first = first == null ? got : first;
          assertArrayEquals(first, got, format + " says something else");
          assertEquals(2 * ForeignModels.CLASSES, got.length);
          assertEquals(model.config(), same.config());
          assertEquals(model.parametersByName(manager), same.parametersByName(manager));
        }
      }
    }
  }

  @Test
  void whatIsNoModelIsRefusedByBothWays() throws IOException {
    Path file = write(with(Kind.S5, all -> drop(all, "decoder")), FileFormat.FLAX);
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Executable load :
          List.<Executable>of(
              () -> PLAIN.load(manager, file), () -> Checkpoints.load(manager, file))) {
        String message = assertThrows(IOException.class, load).getMessage();
        assertEquals(file + ": not a model: expected params/decoder/kernel, got none", message);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aMissingArrayIsNamed(Kind kind) {
    for (String name : kind.arrays(1).keySet()) {
      refused(with(kind, arrays -> arrays.remove(name)), "expected ", name, "got n");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aMisshapenArrayIsNamedWithItsShape(Kind kind) {
    kind.arrays(1)
        .forEach(
            (name, array) -> {
              long[] shape = array.sizes();
              long[] more = Arrays.copyOf(shape, shape.length + 1);
              more[shape.length] = 1;
              Tensor deeper = ForeignModels.zeros(Tensor.Type.FLOAT32, more);
              refused(with(kind, name, deeper), name + ": expected", "shape", "got " + deeper);
              Tensor none = ForeignModels.zeros(Tensor.Type.FLOAT32, 0);
              refused(with(kind, name, none), name + ": expected numbers, got none: " + none);
              if (SIZES.stream().noneMatch(name::endsWith) && shape[0] > 1) {
                long[] less = shape.clone();
                less[0]--;
                Tensor smaller = ForeignModels.zeros(Tensor.Type.FLOAT32, less);
                if (!name.equals("decoder.weight")) {
                  refused(with(kind, name, smaller), name + ": expected", "" + smaller.shape());
                }
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void numbersThatAreNoneAreNamed(Kind kind) {
    Random random = new Random(5);
    double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    kind.arrays(1)
        .forEach(
            (name, array) -> {
              for (double value : bad) {
                double[] values = array.toDoubles();
                int at = random.nextInt(values.length);
                values[at] = value;
                refused(
                    with(kind, name, ForeignModels.floats(values, array.sizes())),
                    name + ": expected finite numbers, got " + value + " as number " + (at + 1));
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void typesThatHoldNoFractionsAreNamed(Kind kind) {
    kind.arrays(1)
        .forEach(
            (name, array) -> {
              for (Tensor.Type type :
                  List.of(Tensor.Type.INT8, Tensor.Type.BOOL, Tensor.Type.INT64)) {
                Tensor other = ForeignModels.zeros(type, array.sizes());
                refused(with(kind, name, other), name + ": expected", "floating", "got " + other);
              }
              Tensor complex = ForeignModels.zeros(Tensor.Type.COMPLEX64, array.sizes());
              refused(with(kind, name, complex), name + ": expected", "got " + complex);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "S5, params/encoder/layers_1/seq/E",
    "S5, params/encoder/layers_1/out3/kernel",
    "S5, params/more",
    "S5, batch_stats/encoder/layers_0/norm/count",
    "S4D, params/layers_0/seq/Q",
    "S4D, params/encoder/Embed_1/embedding",
    "STATE_SPACES, s4_layers.0.kernel.Q",
    "STATE_SPACES, norms.2.weight",
  })
  void anArrayTooManyIsNamed(Kind kind, String name) {
    Tensor one = ForeignModels.zeros(Tensor.Type.FLOAT32, 1);
    refused(with(kind, name, one), "expected no arrays beside a known model's, got [" + name + "]");
  }

  @Test
  void whatAnOptimiserRemembersIsNoModel() throws IOException {
    Map<String, Tensor> arrays =
        with(
            Kind.S5,
            all -> {
              for (String name : List.copyOf(all.keySet())) {
                all.put("opt_state/0/mu/" + name, ForeignModels.zeros(Tensor.Type.INT32, 2));
              }
              all.put("step", ForeignModels.zeros(Tensor.Type.INT32));
            });
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = PLAIN.load(manager, write(arrays, FileFormat.FLAX))) {
      assertEquals(List.of(4, 4), model.config().pairs());
    }
  }

  private static void move(Map<String, Tensor> arrays, String from, String to) {
    for (String name : List.copyOf(arrays.keySet())) {
      if (name.contains(from)) {
        arrays.put(name.replace(from, to), arrays.remove(name));
      }
    }
  }

  private static void drop(Map<String, Tensor> arrays, String part) {
    arrays.keySet().removeIf(name -> name.contains(part));
  }

  @Test
  void layersThatDoNotFitTogetherAreNamed() {
    String layer = "params/encoder/layers_1";
    refused(
        with(Kind.S5, all -> move(all, "layers_1", "layers_2")),
        "expected " + layer + ", as there is params/encoder/layers_2, got none");
    // Gates.
    refused(with(Kind.S5, all -> drop(all, layer + "/out2")), "expected " + layer + "/out2/kernel");
    refused(
        with(Kind.S5, all -> drop(all, "layers_0/out2")), "got [" + layer + "/out2/bias", "known");
    refused(
        with(
            Kind.S5,
            all -> {
              all.put(layer + "/out1/kernel", all.get(layer + "/out2/kernel"));
              all.put(layer + "/out1/bias", all.get(layer + "/out2/bias"));
            }),
        "got [" + layer + "/out1/bias, " + layer + "/out1/kernel]");
    refused(
        with(Kind.S5, all -> move(all, layer + "/seq/Lambda_re", layer + "/seq/A_re")),
        layer + ": expected S5 as in the layers before, got S4D");
    // Directions, in both ways to write them.
    Tensor one = ForeignModels.zeros(Tensor.Type.FLOAT32, 3, 4, 2);
    refused(
        with(
            Kind.S5,
            all -> {
              all.put(layer + "/seq/C1", one);
              all.put(layer + "/seq/C2", all.remove(layer + "/seq/C"));
            }),
        layer + "/seq/: expected as many directions as in the layers before, got two");
    refused(
        with(Kind.S5, layer + "/seq/C", ForeignModels.zeros(Tensor.Type.FLOAT32, 3, 8, 2)),
        layer + "/seq/: expected as many directions as in the layers before, got two");
    // Two models in one file.
    Map<String, Tensor> two = new LinkedHashMap<>();
    Kind.S5.arrays(1).forEach((name, array) -> two.put("other/" + name, array));
    Kind.S4D.arrays(2).forEach((name, array) -> two.put("old/" + name, array));
    refused(
        two,
        "expected one model, or tree(name) that chooses one of several: [old/params/,"
            + " other/params/]");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    String statistics = "batch_stats/encoder/layers_1/norm/var";
    refused(
        with(Kind.S5, statistics, ForeignModels.floats(new double[] {1, -0.5, 1}, 3)),
        statistics + ": expected variances of at least 0, got -0.5");
    String step = "params/encoder/layers_0/seq/log_step";
    refused(
        with(Kind.S5, step, ForeignModels.floats(new double[] {-1, -1, 100, -1}, 4, 1)),
        step + ": expected logarithms of time steps in single precision, got 100");
    String real = "s4_layers.1.kernel.log_A_real";
    double[] logarithms = Kind.STATE_SPACES.arrays(1).get(real).toDoubles();
    logarithms[3] = 800;
    refused(
        with(Kind.STATE_SPACES, real, ForeignModels.floats(logarithms, 3, 4)),
        real + ": expected logarithms of single-precision numbers, got 800");
    logarithms[3] = -20;
    refused(
        with(Kind.STATE_SPACES, real, ForeignModels.floats(logarithms, 3, 4)),
        real + ": expected real parts of at most -1e-4",
        "clip(true)");
  }

  @Test
  void optionsThatContradictTheTreeAreNamed() {
    Map<String, Tensor> s5 = Kind.S5.arrays(1);
    Map<String, Tensor> s4d = Kind.S4D.arrays(1);
    Map<String, Tensor> torch = Kind.STATE_SPACES.arrays(1);
    String layer = "params/encoder/layers_0/";
    refused(
        new ModelImport().activation(Activation.FULL_GLU),
        s5,
        "expected " + layer + "out1/kernel, got none");
    refused(new ModelImport().activation(Activation.GELU), s5, "got [" + layer + "out2/bias");
    refused(
        new ModelImport().normalization(Normalization.LAYER),
        s5,
        "got [batch_stats/encoder/layers_0/norm/mean");
    ModelImport batch = new ModelImport().normalization(Normalization.BATCH);
    refused(batch, s4d, "expected batch_stats/layers_0/norm/mean, got none");
    refused(batch, torch, "norms: expected the normalization LAYER, got BATCH");
    refused(
        new ModelImport().activation(Activation.GELU),
        torch,
        "s4_layers.0.output_linear.0: expected the activation FULL_GLU, got GELU");
    Tensor large = ForeignModels.zeros(Tensor.Type.FLOAT64, 5);
    large.raw()[7] = 0x7e;
    refused(
        new ModelImport().precision(DataType.FLOAT32),
        with(Kind.S5, "params/decoder/bias", large),
        "params/decoder/bias: expected numbers that float32 can hold");
    for (double step : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new ModelImport().stepRescale(step));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new ModelImport().precision(DataType.FLOAT16));
  }

  @Test
  void filesWithoutAModelSayWhatTheyHave() throws IOException {
    refused(Map.of(), "expected layers such as params/encoder/layers_0", "got no arrays");
    refused(
        Map.of("a/b", ForeignModels.zeros(Tensor.Type.FLOAT32, 1)),
        "expected layers such as params/encoder/layers_0",
        "got [a/b]");
  }

  /** As many as in JAX, which trained it without the toolkit: see data/foreign/README.md. */
  @Test
  void theCommittedCheckpointReadsAsManyDigitsAsInJax() throws IOException {
    Path file = DataFolder.locate().resolve("foreign/psmnist-s5.msgpack");
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = Checkpoints.load(manager, file)) {
      assertEquals(List.of(32, 32, 32), model.config().pairs());
      Evaluation evaluation = Last.evaluate(model, Task.PSMNIST.data(Split.TEST));
      assertEquals(1000, evaluation.samples());
      // Other sums may round a digit or two to the other side.
      assertEquals(0.938, evaluation.accuracy(), 0.0021);
    }
  }

  /**
   * Over ten thousand damaged files, all kinds and formats: a model of the same size, or a refusal
   * that says why and leaves nothing behind.
   */
  @ParameterizedTest
  @EnumSource(FileFormat.class)
  @Timeout(300)
  void damagedFiles(FileFormat format) throws IOException {
    Random random = new Random(format.name().hashCode() + 1);
    int trials = 1200;
    int refused = 0;
    int models = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.randomNormal(new Shape(1, 9, ForeignModels.INPUTS));
      for (Kind kind : Kind.values()) {
        byte[] whole = Files.readAllBytes(write(kind.arrays(1), format));
        int held = manager.getManagedArrays().size();
        for (int trial = 0; trial < trials; trial++) {
          Path file = folder.resolve("damaged");
          Files.write(file, Damage.of(whole, random));
          String label = "trial " + trial + " of " + format + ", " + kind;
          try (SequenceClassifier model = PLAIN.load(manager, file)) {
            models++;
            assertFalse(model.config().pairs().isEmpty());
            if (model.config().inputs() == ForeignModels.INPUTS) {
              try (NDArray says = model.logProbabilities(new NDList(x))) {
                assertEquals(new Shape(1, model.config().classes()), says.getShape(), label);
              }
            }
          } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(file + ": not a"), e.getMessage());
            assertTrue(e.getMessage().length() < 5000, "a message as long as a file");
            assertClean(e);
            refused++;
          } catch (Throwable e) {
            throw new AssertionError(label + ": " + e, e);
          }
        }
        assertEquals(held, manager.getManagedArrays().size(), "arrays left by refused files");
      }
    }
    assertEquals(3 * trials, refused + models);
    assertTrue(refused > trials / 2 && models > trials / 4, refused + " and " + models);
  }

  /** Trees whose arrays were mixed up, which files that are whole may hold. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  @Timeout(120)
  void damagedTrees(Kind kind) throws IOException {
    Random random = new Random(kind.name().hashCode());
    List<String> names = List.copyOf(kind.arrays(1).keySet());
    int refused = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int trial = 0; trial < 400; trial++) {
        Map<String, Tensor> arrays = new LinkedHashMap<>(kind.arrays(1));
        for (int change = random.nextInt(3); change >= 0; change--) {
          String name = names.get(random.nextInt(names.size()));
          String other = names.get(random.nextInt(names.size()));
          Tensor array = kind.arrays(trial).get(name);
          switch (random.nextInt(5)) {
            case 0 -> arrays.remove(name);
            case 1 -> arrays.put(other, array);
            case 2 -> arrays.put(name.replaceFirst("[01]", "7"), array);
            case 3 -> {
              Tensor.Type[] types = Tensor.Type.values();
              Tensor.Type type = types[random.nextInt(types.length - 1)];
              arrays.put(name, ForeignModels.zeros(type, array.sizes()));
            }
            default -> {
              long[] shape = random.longs(random.nextInt(5), 0, 5).toArray();
              arrays.put(name, ForeignModels.zeros(Tensor.Type.FLOAT32, shape));
            }
          }
        }
        try (SequenceClassifier model =
            PLAIN.load(manager, write(arrays, FileFormat.SAFETENSORS))) {
          assertEquals(Set.of(ForeignModels.CHANNELS), Set.of(model.config().channels()));
        } catch (IOException e) {
          assertClean(e);
          refused++;
        } catch (Throwable e) {
          throw new AssertionError("trial " + trial + " of " + kind + ": " + e, e);
        }
      }
    }
    assertTrue(refused > 200, "refused " + refused);
  }
}
