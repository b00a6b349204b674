package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.io.ForeignModels.Kind;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.Discretization;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file does not say is chosen by a name, kept, and written again. */
class ImportChoicesTest {
  private static final String LAYER = "params/encoder/layers_";

  @TempDir Path folder;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private Path write(Tensors tensors) throws IOException {
    Path file = folder.resolve("model");
    try (OutputStream out = Files.newOutputStream(file)) {
      FileFormat.SAFETENSORS.write(tensors, out);
    }
    return file;
  }

  private SequenceClassifier load(ModelImport options, Map<String, Tensor> arrays)
      throws IOException {
    return options.load(manager, write(new Tensors(arrays, Map.of())));
  }

  private static Map<String, Tensor> with(Kind kind, Consumer<Map<String, Tensor>> change) {
    Map<String, Tensor> arrays = new LinkedHashMap<>(kind.arrays(1));
    change.accept(arrays);
    return arrays;
  }

  private void refused(ModelImport options, Map<String, Tensor> arrays, String... parts) {
    IOException refused = assertThrows(IOException.class, () -> load(options, arrays).close());
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), part + " in: " + refused.getMessage());
    }
  }

  /** Numbers of a model that are to be the same: log-probabilities of some sequences. */
  private double[] says(SequenceClassifier model) {
    double[] values = new double[2 * 9 * ForeignModels.INPUTS];
    Arrays.setAll(values, Math::sin);
    DataType type = model.parametersByName(manager).values().iterator().next().getDataType();
    NDList x = new NDList(manager.create(values, new Shape(2, 9, ForeignModels.INPUTS)));
    return model
        .logProbabilities(new NDList(x.get(0).toType(type, false)))
        .toType(DataType.FLOAT64, false)
        .toDoubleArray();
  }

  static Stream<Arguments> options() {
    return Stream.of(
        option(o -> o.postNorm(true), ModelConfig::postNorm, true),
        option(o -> o.pooling(Pooling.LAST), ModelConfig::pooling, Pooling.LAST),
        option(o -> o.clip(true), ModelConfig::clipPoles, true),
        option(o -> o.conjugatePairs(false), ModelConfig::singleStates, true),
        option(
            o -> o.discretization(Discretization.BILINEAR),
            ModelConfig::discretization,
            Discretization.BILINEAR),
        option(o -> o.stepRescale(2), ModelConfig::stepRescale, 2.0),
        option(o -> o.dropout(0.3), ModelConfig::dropout, 0.3),
        option(o -> o.exactGelu(true), ModelConfig::exactGelu, true),
        option(o -> o.normEpsilon(1e-3), ModelConfig::normEpsilon, 1e-3),
        option(
            o -> o.activation(Activation.HALF_GLU2), ModelConfig::activation, Activation.HALF_GLU2),
        option(
            o -> o.normalization(Normalization.BATCH),
            ModelConfig::normalization,
            Normalization.BATCH));
  }

  private static Arguments option(
      UnaryOperator<ModelImport> set, Function<ModelConfig, Object> component, Object value) {
    return Arguments.of(set, component, value);
  }

  /** Every option ends in the configuration, and is there after the model was written and read. */
  @ParameterizedTest
  @MethodSource("options")
  void optionsAreKept(
      UnaryOperator<ModelImport> set, Function<ModelConfig, Object> component, Object value)
      throws IOException {
    try (SequenceClassifier model = load(set.apply(new ModelImport()), Kind.S5.arrays(1))) {
      assertEquals(value, component.apply(model.config()));
      Path file = folder.resolve("own");
      Checkpoints.save(model, file);
      try (SequenceClassifier again = Checkpoints.load(manager, file)) {
        assertEquals(model.config(), again.config());
        assertEquals(model.parametersByName(manager), again.parametersByName(manager));
        assertArrayEquals(says(model), says(again));
      }
    }
  }

  static Stream<Arguments> ownOptions() {
    return Stream.of(
        option(o -> o, ModelConfig::clipPoles, false),
        option(o -> o.clip(true), ModelConfig::clipPoles, true),
        option(o -> o.stepRescale(2), ModelConfig::stepRescale, 2.0),
        option(o -> o.dropout(0.3), ModelConfig::dropout, 0.3),
        option(o -> o.exactGelu(true), ModelConfig::exactGelu, true),
        option(o -> o.normEpsilon(1e-3), ModelConfig::normEpsilon, 1e-3));
  }

  /** A checkpoint of ours has everything else in its configuration. */
  @ParameterizedTest
  @MethodSource("ownOptions")
  void optionsChangeOurOwnCheckpoints(
      UnaryOperator<ModelImport> set, Function<ModelConfig, Object> component, Object value)
      throws IOException {
    ModelConfig config = ModelConfig.s5(2, 3).with(c -> c.channels(4).pairs(List.of(3, 3)));
    Path file = folder.resolve("own");
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      Checkpoints.save(model, file);
      ModelImport options = set.apply(new ModelImport()).precision(DataType.FLOAT64);
      try (SequenceClassifier loaded = options.load(manager, file)) {
        assertEquals(value, component.apply(loaded.config()));
        model
            .parametersByName(manager)
            .forEach(
                (name, array) ->
                    assertEquals(
                        array.toType(DataType.FLOAT64, false),
                        loaded.parametersByName(manager).get(name),
                        name));
      }
    }
    for (ModelImport settled :
        List.of(
            new ModelImport().pooling(Pooling.MEAN),
            new ModelImport().activation(Activation.GELU),
            new ModelImport().normalization(Normalization.BATCH),
            new ModelImport().postNorm(false),
            new ModelImport().conjugatePairs(true),
            new ModelImport().discretization(Discretization.ZOH),
            new ModelImport().tokens(false),
            new ModelImport().tree("params"))) {
      IOException refused = assertThrows(IOException.class, () -> settled.load(manager, file));
      assertTrue(refused.getMessage().contains("expected nothing set"), refused.getMessage());
    }
  }

  /** What training without clipping may end with can be saved, and read again with it. */
  @Test
  void anUnstableCheckpointOfOursIsReadWithClipping() throws IOException {
    ModelConfig config = ModelConfig.s5(2, 3).with(c -> c.channels(4).pairs(List.of(3)));
    Path file = folder.resolve("own");
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      model
          .getParameters()
          .forEach(
              each -> {
                if (each.getKey().endsWith("Lambda_re")) {
                  each.getValue().getArray().set(new float[] {-1, 0.5f, -1});
                }
              });
      Checkpoints.save(model, file);
    }
    String message =
        assertThrows(IOException.class, () -> Checkpoints.load(manager, file)).getMessage();
    assertTrue(message.contains("new ModelImport().clip(true).load(manager, file)"), message);
    try (SequenceClassifier clipped = new ModelImport().clip(true).load(manager, file)) {
      assertTrue(clipped.config().clipPoles());
      float[] re = clipped.parametersByName(manager).get(LAYER + "0/seq/Lambda_re").toFloatArray();
      assertArrayEquals(new float[] {-1, 0.5f, -1}, re);
    }
  }

  /** What was read is written as it was, whatever the model makes of it in between. */
  @ParameterizedTest
  @ValueSource(strings = {"one", "single", "two", "joined", "joined single", "rescaled clipped"})
  void anExportIsTheInverse(String dialect) throws IOException {
    Map<String, Tensor> arrays =
        with(
            Kind.S5,
            all -> {
              for (int i = 0; i < 2; i++) {
                String c = LAYER + i + "/seq/C";
                if (dialect.contains("joined")) {
                  all.put(c, wide(all.get(c)));
                } else if (dialect.contains("two")) {
                  all.put(c + "1", all.get(c));
                  all.put(c + "2", all.remove(c));
                }
                if (dialect.contains("clipped")) {
                  String re = LAYER + i + "/seq/Lambda_re";
                  all.put(re, ForeignModels.floats(new double[] {-1, 0.5, -1e-5, -2}, 4));
                }
              }
            });
    ModelImport options = new ModelImport();
    if (dialect.contains("single")) {
      options.conjugatePairs(false);
    }
    if (dialect.contains("rescaled")) {
      options.stepRescale(2).clip(true);
    }
    try (SequenceClassifier model = load(options, arrays)) {
      for (FileFormat format : FileFormat.values()) {
        Path file = folder.resolve("written");
        Checkpoints.save(model, file, format);
        Map<String, Tensor> written = FileFormat.read(file).arrays();
        assertEquals(arrays.keySet(), written.keySet());
        arrays.forEach(
            (name, tensor) -> {
              assertEquals(tensor.toString(), written.get(name).toString(), name);
              assertArrayEquals(tensor.toDoubles(), written.get(name).toDoubles(), name);
            });
      }
    }
  }

  /** A C (3, 4, 2) as one of twice the width, whose second half is another. */
  private static Tensor wide(Tensor c) {
    double[] values = c.toDoubles();
    double[] both = new double[2 * values.length];
    for (int i = 0; i < both.length; i++) {
      int column = i % 16;
      double value = values[i / 16 * 8 + column % 8];
      both[i] = column < 8 ? value : 0.5 - value;
    }
    return ForeignModels.floats(both, 3, 8, 2);
  }

  @Test
  void aStepRescaleIsAFactorOfAllSteps() throws IOException {
    Map<String, Tensor> twice =
        with(
            Kind.S5,
            all ->
                all.replaceAll(
                    (name, array) -> {
                      double[] values = array.toDoubles();
                      if (name.endsWith("log_step")) {
                        Arrays.setAll(values, i -> values[i] + Math.log(2));
                      }
                      return ForeignModels.floats(values, array.sizes());
                    }));
    try (SequenceClassifier plain = load(new ModelImport(), Kind.S5.arrays(1));
        SequenceClassifier rescaled = load(new ModelImport().stepRescale(2), Kind.S5.arrays(1));
        SequenceClassifier expected = load(new ModelImport(), twice);
        // Also after the import, for sequences of another rate.
        SequenceClassifier later =
            SequenceClassifier.of(
                manager,
                plain.config().with(c -> c.stepRescale(2)),
                plain.parametersByName(manager))) {
      // Single precision, where the logarithm was rounded.
      assertArrayEquals(says(expected), says(rescaled), 1e-5);
      assertArrayEquals(says(rescaled), says(later));
      double[] step = rescaled.systems(manager).get(0).step().toDoubleArray();
      assertArrayEquals(expected.systems(manager).get(0).step().toDoubleArray(), step, 1e-6);
    }
  }

  @Test
  void ambiguousFilesNameTheChoice() throws IOException {
    Map<String, Tensor> bare =
        with(Kind.S5, all -> all.keySet().removeIf(n -> n.contains("stats")));
    refused(
        new ModelImport(),
        bare,
        "batch_stats/encoder/layers_0/norm: expected batch statistics, or normalization(LAYER)");
    try (SequenceClassifier model =
        load(new ModelImport().normalization(Normalization.LAYER), bare)) {
      assertEquals(Normalization.LAYER, model.config().normalization());
    }
    // All states of a real system are there, so that each may stand for itself, or for a pair.
    Map<String, Tensor> full =
        with(
            Kind.S5,
            all -> {
              String seq = LAYER + "0/seq/Lambda_";
              all.put(seq + "re", ForeignModels.floats(new double[] {-1, -1, -.5, -.501}, 4));
              all.put(seq + "im", ForeignModels.floats(new double[] {3, -3, 8, -8.01}, 4));
            });
    refused(new ModelImport(), full, "expected conjugatePairs(true) or (false)");
    load(new ModelImport().conjugatePairs(true), full).close();
    load(new ModelImport().conjugatePairs(false), full).close();
    Map<String, Tensor> two =
        with(
            Kind.S5,
            all ->
                Kind.S5
                    .arrays(2)
                    .forEach((n, a) -> all.put(n.replaceFirst("^(params|batch)", "ema_$1"), a)));
    refused(
        new ModelImport(), two, "tree(name) that chooses one of several: [ema_params/, params/]");
    refused(new ModelImport().tree("mean"), two, "tree(name) chooses of [ema_params/, params/]");
    try (SequenceClassifier model = load(new ModelImport().tree("params"), two);
        SequenceClassifier average = load(new ModelImport().tree("ema_params/"), two);
        SequenceClassifier first = load(new ModelImport(), Kind.S5.arrays(1));
        SequenceClassifier second = load(new ModelImport(), Kind.S5.arrays(2))) {
      assertEquals(first.parametersByName(manager), model.parametersByName(manager));
      assertEquals(second.parametersByName(manager), average.parametersByName(manager));
    }
  }

  /**
   * Arrays of types that are not known here, and texts that are none, do no harm beside a model.
   */
  @Test
  void onlyWhatIsNeededHasToBeRead() throws IOException {
    Map<String, Tensor> arrays = Kind.S5.arrays(1);
    Map<String, String> other = new LinkedHashMap<>();
    Path file = write(new Tensors(arrays, Map.of("note", "text")));
    byte[] whole = Files.readAllBytes(file);
    int length = Bytes.littleEndian(whole).getInt();
    String header = new String(whole, 8, length, StandardCharsets.UTF_8);
    int numbers = whole.length - 8 - length;
    String entries =
        String.format(
            "{\"other\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[%d,%d]},%s",
            numbers, numbers + 8, header.substring(1));
    other.put("beside", entries);
    other.put("number", header.replace("\"text\"", "7"));
    for (Map.Entry<String, String> each : other.entrySet()) {
      int more = each.getKey().equals("beside") ? 8 : 0;
      byte[] content = Damage.safetensors(each.getValue(), numbers + more);
      System.arraycopy(whole, 8 + length, content, content.length - numbers - more, numbers);
      Files.write(file, content);
      try (SequenceClassifier model = new ModelImport().load(manager, file);
          SequenceClassifier expected = load(new ModelImport(), arrays)) {
        assertArrayEquals(says(expected), says(model), each.getKey());
      }
    }
    String needed = "params/decoder/bias";
    String entry = "\"" + needed + "\":{\"dtype\":\"F32\",\"shape\":[5]";
    String changed = header.replace(entry, entry.replace("F32", "F8_E4M3"));
    Files.write(file, Damage.safetensors(changed, numbers));
    IOException refused =
        assertThrows(IOException.class, () -> new ModelImport().load(manager, file).close());
    String expected = "expected " + needed + ", got numbers of type F8_E4M3";
    assertTrue(refused.getMessage().endsWith(expected), refused.getMessage());
  }

  @Test
  void otherLayouts() throws IOException {
    double[] expected;
    try (SequenceClassifier model = load(new ModelImport(), Kind.S5.arrays(1))) {
      expected = says(model);
    }
    Map<String, Map<String, Tensor>> layouts = new LinkedHashMap<>();
    layouts.put("numbered layers", renamed(name -> name.replace("layers_", "layers/")));
    Map<String, Tensor> variables = renamed(name -> name + "/value");
    variables.put(LAYER + "1/drop/rngs/count/value", ForeignModels.zeros(Tensor.Type.UINT32));
    layouts.put("variables of nnx", variables);
    layouts.put(
        "statistics in the layer",
        renamed(name -> name.replace("batch_stats/", "").replace("params/", "")));
    layouts.put(
        "one Lambda",
        with(
            Kind.S5,
            all -> {
              for (int i = 0; i < 2; i++) {
                String seq = LAYER + i + "/seq/Lambda";
                all.put(seq, pairs(all.remove(seq + "_re"), all.remove(seq + "_im")));
              }
            }));
    for (Map.Entry<String, Map<String, Tensor>> layout : layouts.entrySet()) {
      try (SequenceClassifier model = load(new ModelImport(), layout.getValue())) {
        assertArrayEquals(expected, says(model), layout.getKey());
      }
    }
    Map<String, Tensor> one = new LinkedHashMap<>(Kind.S5.arrays(1));
    Map<String, Tensor> same = new LinkedHashMap<>(one);
    for (int i = 0; i < 2; i++) {
      one.put(LAYER + i + "/seq/log_step", ForeignModels.floats(new double[] {-2}, 1));
      double[] four = {-2, -2, -2, -2};
      same.put(LAYER + i + "/seq/log_step", ForeignModels.floats(four, 4, 1));
    }
    try (SequenceClassifier model = load(new ModelImport(), one);
        SequenceClassifier written = load(new ModelImport(), same)) {
      assertArrayEquals(says(written), says(model));
    }
  }

  /** A port of S5 in PyTorch: weights (out, in), and what its modules call their parts. */
  @Test
  void namesOfPyTorch() throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Kind.S5
        .arrays(1)
        .forEach(
            (name, array) -> {
              String[] parts = name.replaceFirst("^(params|batch_stats)/", "").split("/");
              String torch =
                  String.join(".", parts)
                      .replace("encoder.layers_", "layers.")
                      .replace("encoder.encoder", "encoder")
                      .replace(".seq.", ".seq.seq.")
                      .replace(".mean", ".running_mean")
                      .replace(".var", ".running_var")
                      .replaceFirst("(kernel|scale)$", "weight");
              long[] sizes = array.sizes();
              arrays.put(
                  "model." + torch,
                  name.endsWith("kernel")
                      ? ForeignModels.floats(
                          Translation.transposed(
                              array.toDoubles(), (int) sizes[0], (int) sizes[1], 1),
                          sizes[1],
                          sizes[0])
                      : array);
            });
    for (int i = 0; i < 2; i++) {
      String seq = "model.layers." + i + ".seq.seq.Lambda";
      arrays.put(seq, pairs(arrays.remove(seq + "_re"), arrays.remove(seq + "_im")));
      arrays.put(
          "model.layers." + i + ".norm.num_batches_tracked",
          ForeignModels.zeros(Tensor.Type.INT64));
    }
    // The port has y = Re(Cx) and the exact GELU.
    ModelImport same = new ModelImport().conjugatePairs(false).exactGelu(true);
    try (SequenceClassifier model = load(new ModelImport(), arrays);
        SequenceClassifier expected = load(same, Kind.S5.arrays(1))) {
      assertArrayEquals(says(expected), says(model));
      assertEquals(1e-5, model.config().normEpsilon());
    }
  }

  private static Tensor pairs(Tensor re, Tensor im) {
    double[] both = new double[2 * re.toDoubles().length];
    Arrays.setAll(both, at -> (at % 2 == 0 ? re : im).toDoubles()[at / 2]);
    return ForeignModels.floats(both, both.length / 2, 2);
  }

  private static Map<String, Tensor> renamed(UnaryOperator<String> name) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Kind.S5.arrays(1).forEach((each, array) -> arrays.put(name.apply(each), array));
    return arrays;
  }

  @Test
  void anEmbeddingThatNothingUses() throws IOException {
    Map<String, Tensor> arrays =
        with(
            Kind.S4D,
            all -> {
              Tensor table = ForeignModels.floats(new double[6], 2, 3);
              all.keySet().removeIf(name -> name.startsWith("params/encoder/"));
              all.put("params/encoder/Embed_0/embedding", table);
              all.put("params/encoder/embedding", table);
            });
    try (SequenceClassifier model = load(new ModelImport(), arrays)) {
      assertTrue(model.config().tokens());
    }
  }

  @Test
  void aFullS4IsRefusedByItsName() {
    Tensor one = ForeignModels.floats(new double[4], 4);
    String p = LAYER + "0/seq/P";
    String expected =
        ": expected a diagonal system (S5 or S4D), got the low-rank part of a full S4";
    refused(new ModelImport(), with(Kind.S5, all -> all.put(p, one)), p + expected);
    String kernel = "s4_layers.1.kernel.kernel.P";
    refused(
        new ModelImport(), with(Kind.STATE_SPACES, all -> all.put(kernel, one)), kernel + expected);
  }

  @Test
  void whatPyTorchDoesIsTheDefaultForItsNames() throws IOException {
    for (Kind kind : List.of(Kind.S5, Kind.S4D, Kind.STATE_SPACES)) {
      try (SequenceClassifier model = load(new ModelImport(), kind.arrays(1))) {
        boolean torch = kind == Kind.STATE_SPACES;
        assertEquals(torch, model.config().exactGelu());
        assertEquals(torch ? 1e-5 : 0, model.config().normEpsilon());
      }
    }
  }
}
