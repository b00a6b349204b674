package io.github.last4j;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.Certificate;
import io.github.last4j.data.SequenceData;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.reference.RandomS5;
import io.github.last4j.reference.RandomS5.OutputMatrices;
import io.github.last4j.reference.ReferenceS5;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import io.github.last4j.train.Epoch;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pairs of documents: the head, the order of the documents, and all that models do. */
class DocumentPairsTest {
  private static final int INPUTS = 3;
  private static final int CHANNELS = 5;
  private static final int PAIRS = 4;
  private static final int LAYERS = 2;
  private static final int CLASSES = 2;
  private static final int BATCH = 3;
  private static final int LENGTH = 21;
  private static final int[] SIZES = {INPUTS, CHANNELS, PAIRS, LAYERS, CLASSES};
  private static final int[] LENGTHS = {21, 4, 13, 1, 20, 7};
  private static final double TOLERANCE = 1e-10;

  @TempDir Path folder;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static ModelConfig config(boolean bidirectional) {
    return ModelConfig.s5(INPUTS, CLASSES)
        .with(
            c ->
                c.channels(CHANNELS)
                    .pairs(layers(LAYERS, PAIRS))
                    .activation(Activation.FULL_GLU)
                    .bidirectional(bidirectional)
                    .documentPairs(true));
  }

  private static ModelConfig of(Family family) {
    return config(true).with(c -> c.family(family).channels(4));
  }

  private SequenceClassifier model(RandomS5 tree, ModelConfig config) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    tree.values.forEach(
        (name, values) -> {
          long[] shape = Arrays.stream(tree.shapes.get(name)).asLongStream().toArray();
          parameters.put(name, manager.create(values, new Shape(shape)));
        });
    return SequenceClassifier.of(manager, config, parameters);
  }

  private NDArray batch(List<double[][]> documents) {
    double[] flat =
        documents.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    return manager.create(flat, new Shape(documents.size(), LENGTH, INPUTS));
  }

  private NDArray noise(long seed, int sequences) {
    Random random = new Random(seed);
    float[] values = new float[sequences * LENGTH * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(sequences, LENGTH, INPUTS));
  }

  private static RandomS5 tree(boolean bidirectional) {
    OutputMatrices matrices = bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C;
    return new RandomS5(bidirectional ? 1 : 2, SIZES, matrices, true);
  }

  private static double[] expected(RandomS5 tree, List<double[][]> documents, int[] lengths) {
    ReferenceS5 reference = tree.reference(ReferenceS5.Activation.FULL_GLU, Method.ZOH);
    List<double[][]> x =
        IntStream.range(0, 2 * BATCH)
            .mapToObj(i -> Arrays.copyOf(documents.get(i), lengths[i]))
            .toList();
    return IntStream.range(0, BATCH)
        .mapToObj(
            i ->
                reference.retrievalLogProbabilities(
                    x.get(i), lengths[i], x.get(BATCH + i), lengths[BATCH + i]))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static void assertRows(double[] expected, NDArray actual) {
    assertEquals(new Shape(BATCH, CLASSES), actual.getShape());
    // Log-probabilities near zero have cancelled, so that one scale is used for all.
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertArrayEquals(expected, actual.toDoubleArray(), TOLERANCE * scale);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void againstScalarArithmetic(boolean bidirectional) {
    RandomS5 tree = tree(bidirectional);
    List<double[][]> x =
        IntStream.range(0, 2 * BATCH).mapToObj(i -> tree.sequence(LENGTH, INPUTS)).toList();
    int[] whole = new int[2 * BATCH];
    Arrays.fill(whole, LENGTH);
    try (SequenceClassifier model = model(tree, config(bidirectional))) {
      NDList documents = new NDList(batch(x));
      assertRows(expected(tree, x, whole), model.logProbabilities(documents));
      NDList padded = new NDList(batch(x), manager.create(LENGTHS));
      assertRows(expected(tree, x, LENGTHS), model.logProbabilities(padded));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void removedStatesAreSilentStates(boolean bidirectional) {
    RandomS5 tree = tree(bidirectional);
    List<double[][]> x =
        IntStream.range(0, 2 * BATCH).mapToObj(i -> tree.sequence(LENGTH, INPUTS)).toList();
    States kept = new States(List.of(StateSet.of(PAIRS, 0, 3), StateSet.of(PAIRS, 2)));
    try (SequenceClassifier model = model(tree, config(bidirectional))) {
      for (int layer = 0; layer < LAYERS; layer++) {
        for (String name : List.of("C", "C1", "C2")) {
          double[] c = tree.values.get("params/encoder/layers_" + layer + "/seq/" + name);
          for (int at = 0; c != null && at < c.length; at++) {
            c[at] = kept.layer(layer).has(at / 2 % PAIRS) ? c[at] : 0;
          }
        }
      }
      try (SequenceClassifier smaller = model.keep(kept)) {
        assertEquals(List.of(2, 1), smaller.config().pairs());
        assertTrue(smaller.config().documentPairs());
        NDList padded = new NDList(batch(x), manager.create(LENGTHS));
        assertRows(expected(tree, x, LENGTHS), smaller.logProbabilities(padded));
      }
    }
  }

  /** The head from the traces alone, in either family. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void tracesAreOfDocuments(Family family) {
    NDArray x = noise(6, 2 * BATCH);
    try (SequenceClassifier model = SequenceClassifier.create(manager, of(family), 4)) {
      List<LayerTrace> traces = model.trace(new NDList(x));
      NDArray mean = traces.get(LAYERS - 1).output().mean(new int[] {1});
      assertEquals(new Shape(2 * BATCH, 4), mean.getShape());
      float[] means = mean.toFloatArray();
      Map<String, NDArray> parameters = model.parametersByName(manager);
      float[] actual = model.logProbabilities(new NDList(x)).exp().toFloatArray();
      for (int i = 0; i < BATCH; i++) {
        double[] features = new double[16];
        for (int j = 0; j < 4; j++) {
          double a = means[4 * i + j];
          double b = means[4 * (BATCH + i) + j];
          double[] four = {a, b, a - b, a * b};
          for (int k = 0; k < 4; k++) {
            features[4 * k + j] = four[k];
          }
        }
        double[] hidden = dense(parameters, "layer1", features);
        for (int j = 0; j < hidden.length; j++) {
          double y = hidden[j];
          double inner = Math.sqrt(2 / Math.PI) * (y + 0.044715 * y * y * y);
          hidden[j] = y / 2 * (1 + Math.tanh(inner));
        }
        double[] scores = dense(parameters, "layer2", hidden);
        double first = 1 / (1 + Math.exp(scores[1] - scores[0]));
        // Single precision.
        assertEquals(first, actual[2 * i], 1e-5);
        assertEquals(1 - first, actual[2 * i + 1], 1e-5);
      }
    }
  }

  private static double[] dense(Map<String, NDArray> parameters, String layer, double[] x) {
    float[] kernel = parameters.get("params/decoder/" + layer + "/kernel").toFloatArray();
    float[] bias = parameters.get("params/decoder/" + layer + "/bias").toFloatArray();
    double[] y = new double[bias.length];
    for (int j = 0; j < y.length; j++) {
      y[j] = bias[j];
      for (int i = 0; i < x.length; i++) {
        y[j] += x[i] * kernel[i * y.length + j];
      }
    }
    return y;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void checkpoints(Family family) throws IOException {
    Path file = folder.resolve("pairs.safetensors");
    NDList x = new NDList(noise(7, 2 * BATCH));
    try (SequenceClassifier model = SequenceClassifier.create(manager, of(family), 4)) {
      Map<String, NDArray> before = model.parametersByName(manager);
      assertEquals(new Shape(16, 4), before.get("params/decoder/layer1/kernel").getShape());
      assertEquals(new Shape(4), before.get("params/decoder/layer1/bias").getShape());
      assertEquals(new Shape(4, 2), before.get("params/decoder/layer2/kernel").getShape());
      assertEquals(new Shape(2), before.get("params/decoder/layer2/bias").getShape());
      Checkpoints.save(model, file);
      try (SequenceClassifier again = Checkpoints.load(manager, file)) {
        assertEquals(model.config(), again.config());
        Map<String, NDArray> after = again.parametersByName(manager);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, array) -> assertEquals(array, after.get(name), name));
        assertEquals(model.logProbabilities(x), again.logProbabilities(x));
      }
    }
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void badInput() {
    try (SequenceClassifier model = SequenceClassifier.create(manager, config(true), 4)) {
      NDArray odd = noise(8, 5);
      String message = refused(() -> model.logProbabilities(new NDList(odd)));
      assertTrue(message.startsWith("x: expected an even number of sequences"), message);
      assertTrue(message.endsWith("got 5"), message);
      NDList lengthsOfPairs = new NDList(noise(8, 4), manager.create(new int[] {3, 4}));
      message = refused(() -> model.logProbabilities(lengthsOfPairs));
      assertEquals("lengths: expected shape (4), got (2)", message);
      Map<String, NDArray> parameters = model.parametersByName(manager);
      ModelConfig single = config(true).with(c -> c.documentPairs(false));
      message = refused(() -> SequenceClassifier.of(manager, single, parameters));
      assertTrue(message.contains("params/decoder/layer1/kernel"), message);
      States all = States.all(model.config().pairs());
      message = refused(() -> Certificate.of(model, all, same(1, 4)));
      assertTrue(message.startsWith("model: expected a classifier of single"), message);
    }
  }

  /** Pairs of words of 4: the label says whether both documents consist of the same word. */
  private static SequenceData same(long seed, int count) {
    Random random = new Random(seed);
    float[] words = new float[count * 2 * 6];
    int[] labels = new int[count];
    int[] lengths = new int[2 * count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(2);
      int first = random.nextInt(4);
      int second = labels[i] == 1 ? first : (first + 1 + random.nextInt(3)) % 4;
      Arrays.fill(words, 12 * i, 12 * i + 6, first);
      Arrays.fill(words, 12 * i + 6, 12 * i + 12, second);
      lengths[2 * i] = 1 + random.nextInt(6);
      lengths[2 * i + 1] = 1 + random.nextInt(6);
    }
    return SequenceData.ofPairs("same", "none", 6, 1, 2, words, labels, lengths);
  }

  private static ModelConfig words(Family family) {
    return of(family)
        .with(c -> c.inputs(4).tokens(true).channels(8).pairs(layers(1, 8)).dropout(0));
  }

  /** Chance is a half; a wrong order of documents or lengths would leave it at that. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void training(Family family) {
    try (SequenceClassifier model = SequenceClassifier.create(manager, words(family), 2)) {
      Map<String, NDArray> before = model.parametersByName(manager);
      Recipe recipe = new Recipe(30, 1, 16, 0.02, 0.005, 0, 3);
      List<Epoch> epochs =
          Training.run(model, same(1, 256), same(2, 100), recipe, new Training.Listener() {});
      Evaluation last = epochs.get(epochs.size() - 1).validation();
      assertTrue(last.accuracy() > 0.9, "accuracy " + last.accuracy());
      assertEquals(100, last.samples());
      Map<String, NDArray> after = model.parametersByName(manager);
      for (String name : List.of("layer1/kernel", "layer1/bias", "layer2/kernel", "layer2/bias")) {
        String path = "params/decoder/" + name;
        assertTrue(after.get(path).sub(before.get(path)).abs().max().getFloat() > 1e-3, name);
      }
      NDList masks = Last.pruneMasks(Last.lastScores(model.discreteSystems(manager)), 0);
      assertEquals(
          last.loss(), Last.evaluate(model, same(2, 100).asDataset(7), masks).loss(), 1e-5);
    }
  }

  @Test
  void dataOfTheOtherKind() {
    SequenceData pairs = same(1, 20);
    SequenceData single =
        SequenceData.of("single", "none", 6, 1, 2, new float[120], new int[20], fullLengths(20));
    ModelConfig config = words(Family.S5);
    Recipe recipe = new Recipe(1, 0, 4, 0.01, 0.01, 0, 0);
    for (boolean ofPairs : new boolean[] {false, true}) {
      SequenceData right = ofPairs ? pairs : single;
      SequenceData wrong = ofPairs ? single : pairs;
      ModelConfig either = config.with(c -> c.documentPairs(ofPairs));
      try (SequenceClassifier model = SequenceClassifier.create(manager, either, 2)) {
        Training.Listener nobody = new Training.Listener() {};
        String message = refused(() -> Training.run(model, wrong, right, recipe, nobody));
        assertTrue(message.startsWith("train: expected samples of "), message);
        message = refused(() -> Training.run(model, right, wrong, recipe, nobody));
        assertTrue(message.startsWith("validation: expected samples of "), message);
        message = refused(() -> Evaluation.of(model, wrong.asDataset(4)));
        assertTrue(message.startsWith("test: expected a label for each of "), message);
      }
    }
  }

  private static int[] fullLengths(int count) {
    int[] lengths = new int[count];
    Arrays.fill(lengths, 6);
    return lengths;
  }
}
