package io.github.last4j;

import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferenceS4D;
import io.github.last4j.reference.ReferenceS4D.Variant;
import io.github.last4j.reference.ReferenceS5;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S4D classifiers against scalar arithmetic, channel by channel and step by step. */
class S4dAgainstReferenceTest {
  private static final int INPUTS = 3;
  private static final int CHANNELS = 4;
  private static final int CLASSES = 6;
  private static final List<List<Integer>> EVEN = List.of(List.of(3, 3, 3, 3), List.of(2, 2, 2, 2));
  // Channels of different sizes, one of them without states.
  private static final List<List<Integer>> RAGGED =
      List.of(List.of(3, 0, 1, 2), List.of(0, 0, 4, 1));
  private static final Variant USUAL =
      new Variant(ReferenceS5.Activation.FULL_GLU, Method.ZOH, true, true, false);
  private static final double TOLERANCE = 1e-10;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static ModelConfig config(Variant variant, List<List<Integer>> pairs) {
    return ModelConfig.s4d(INPUTS, CLASSES)
        .with(
            c ->
                c.channels(CHANNELS)
                    .pairs(
                        pairs.stream().map(layer -> layer.stream().mapToInt(n -> n).sum()).toList())
                    .channelPairs(pairs)
                    .activation(Activation.valueOf(variant.activation().name()))
                    .discretization(ReferenceBridge.method(variant.method()))
                    .bidirectional(variant.bidirectional())
                    .normalization(variant.batchNorm() ? Normalization.BATCH : Normalization.LAYER)
                    .postNorm(variant.postNorm()));
  }

  /** Random parameters, all of which matter: no bias is zero, no scale one, some poles unstable. */
  private Map<String, double[]> parameters(ModelConfig config, RandomSsms random) {
    Map<String, double[]> values = new HashMap<>();
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 1)) {
      new TreeMap<>(model.parametersByName(manager))
          .forEach(
              (name, array) -> {
                float[] drawn = array.toFloatArray();
                double[] own = new double[drawn.length];
                double spread = name.endsWith("Lambda_im") ? 3 : 0.3;
                for (int i = 0; i < own.length; i++) {
                  own[i] =
                      name.endsWith("/var")
                          ? random.logUniform(0.1, 3)
                          : drawn[i] + spread * random.normal();
                }
                values.put(name, own);
              });
    }
    return values;
  }

  private SequenceClassifier model(
      ModelConfig config, Map<String, double[]> values, DataType type) {
    Map<String, NDArray> arrays = new HashMap<>();
    try (SequenceClassifier shapes = SequenceClassifier.create(manager, config, 1)) {
      shapes
          .parametersByName(manager)
          .forEach(
              (name, array) ->
                  arrays.put(
                      name,
                      ReferenceBridge.real(manager, values.get(name), type)
                          .reshape(array.getShape())));
    }
    return SequenceClassifier.of(manager, config, arrays);
  }

  private static List<double[][]> sequences(RandomSsms random, int count, int length) {
    List<double[][]> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[][] sequence = new double[length][INPUTS];
      for (double[] step : sequence) {
        Arrays.setAll(step, j -> random.normal());
      }
      list.add(sequence);
    }
    return list;
  }

  private NDArray batch(List<double[][]> sequences, DataType type) {
    double[] flat =
        sequences.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    return ReferenceBridge.real(manager, flat, type).reshape(sequences.size(), -1, INPUTS);
  }

  /** Log-probabilities near zero have cancelled, so that one scale is used for all classes. */
  private static void assertRows(
      List<double[]> expected, NDArray actual, double tolerance, String what) {
    assertEquals(new Shape(expected.size(), CLASSES), actual.getShape());
    double[] flat = actual.toType(DataType.FLOAT64, true).toDoubleArray();
    for (int row = 0; row < expected.size(); row++) {
      double scale = Arrays.stream(expected.get(row)).map(Math::abs).max().orElseThrow();
      for (int j = 0; j < CLASSES; j++) {
        double got = flat[row * CLASSES + j];
        assertEquals(expected.get(row)[j], got, tolerance * scale, what + ", row " + row);
      }
    }
  }

  private static List<double[]> expected(ReferenceS4D reference, List<double[][]> x) {
    return x.stream()
        .map(sequence -> reference.logProbabilities(sequence, sequence.length))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(ReferenceS5.Activation.class)
  void everyVariant(ReferenceS5.Activation activation) {
    RandomSsms random = new RandomSsms(activation.name().length());
    for (int bits = 0; bits < 32; bits++) {
      Method method = (bits & 1) == 0 ? Method.ZOH : Method.BILINEAR;
      Variant variant =
          new Variant(activation, method, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
      List<List<Integer>> pairs = (bits & 16) == 0 ? EVEN : RAGGED;
      ModelConfig config = config(variant, pairs);
      Map<String, double[]> values = parameters(config, random);
      List<double[][]> x = sequences(random, 3, 24);
      List<double[]> expected = expected(new ReferenceS4D(values, pairs, variant), x);
      try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
        NDList input = new NDList(batch(x, DataType.FLOAT64));
        assertRows(expected, model.logProbabilities(input), TOLERANCE, variant + " " + pairs);
      }
      try (SequenceClassifier model = model(config, values, DataType.FLOAT32)) {
        NDList input = new NDList(batch(x, DataType.FLOAT32));
        assertRows(expected, model.logProbabilities(input), 1e-5, variant + " float32 " + pairs);
      }
    }
  }

  /** Powers of two, primes, and the lengths of tasks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 13, 63, 64, 65, 97, 196, 211, 784, 1021, 1024})
  void everyLength(int length) {
    RandomSsms random = new RandomSsms(length);
    ModelConfig config = config(USUAL, RAGGED);
    Map<String, double[]> values = parameters(config, random);
    ReferenceS4D reference = new ReferenceS4D(values, RAGGED, USUAL);
    List<double[][]> x = sequences(random, 2, length);
    int[] lengths = {Math.max(1, length / 3), length};
    List<double[]> masked = new ArrayList<>();
    List<double[]> padded = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      double[][] valid = Arrays.copyOf(x.get(row), lengths[row]);
      masked.add(reference.logProbabilities(valid, lengths[row]));
      padded.add(reference.logProbabilities(x.get(row), lengths[row]));
    }
    NDArray input = batch(x, DataType.FLOAT64);
    NDList withLengths = new NDList(input, manager.create(lengths));
    try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
      assertRows(
          expected(reference, x), model.logProbabilities(new NDList(input)), TOLERANCE, "whole");
      assertRows(masked, model.logProbabilities(withLengths), TOLERANCE, "masked");
    }
    ModelConfig release = config.with(c -> c.maskPadding(false));
    try (SequenceClassifier model = model(release, values, DataType.FLOAT64)) {
      assertRows(padded, model.logProbabilities(withLengths), TOLERANCE, "padded");
    }
  }

  /** What each layer sees and answers, in order of time, wherever the norm is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void traces(boolean postNorm) {
    Variant variant = new Variant(USUAL.activation(), Method.ZOH, true, true, postNorm);
    RandomSsms random = new RandomSsms(4);
    ModelConfig config = config(variant, RAGGED);
    Map<String, double[]> values = parameters(config, random);
    ReferenceS4D reference = new ReferenceS4D(values, RAGGED, variant);
    List<double[][]> x = sequences(random, 1, 30);
    try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
      List<LayerTrace> traces = model.trace(new NDList(batch(x, DataType.FLOAT64)));
      for (int layer = 0; layer < RAGGED.size(); layer++) {
        double[] seen = traces.get(layer).normalized().toDoubleArray();
        double[][] u = new double[30][];
        Arrays.setAll(u, k -> Arrays.copyOfRange(seen, k * CHANNELS, (k + 1) * CHANNELS));
        double[] expected =
            Arrays.stream(reference.systems(layer, u)).flatMapToDouble(Arrays::stream).toArray();
        double[] actual = traces.get(layer).response().toDoubleArray();
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, actual, TOLERANCE * scale);
        if (postNorm && layer > 0) {
          double[] before = traces.get(layer - 1).output().toDoubleArray();
          assertArrayEquals(before, seen, 0);
        }
      }
    }
  }

  /** Scores of all states of a layer, in the order of the channels. */
  @ParameterizedTest
  @EnumSource(Method.class)
  void norms(Method method) {
    Variant variant = new Variant(USUAL.activation(), method, true, true, false);
    ModelConfig config = config(variant, RAGGED);
    Map<String, double[]> values = parameters(config, new RandomSsms(5));
    ReferenceS4D reference = new ReferenceS4D(values, RAGGED, variant);
    try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
      for (int layer = 0; layer < RAGGED.size(); layer++) {
        int l = layer;
        double[] expected =
            IntStream.range(0, CHANNELS)
                .filter(channel -> RAGGED.get(l).get(channel) > 0)
                .mapToObj(channel -> reference.channel(l, channel).hinfNorms(method))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        NDArray norms = Last.hinfNorm(model.discreteSystems(manager).get(layer));
        assertClose(expected, norms.toDoubleArray(), TOLERANCE, "norms");
      }
    }
  }

  /** Removing states is the same as silencing them, even where a channel loses all of its own. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.6, 0.95})
  void removedStatesAreSilentStates(double ratio) {
    for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT32)) {
      RandomSsms random = new RandomSsms(9);
      ModelConfig config = config(USUAL, EVEN);
      Map<String, double[]> values = parameters(config, random);
      List<double[][]> x = sequences(random, 3, 50);
      try (SequenceClassifier model = model(config, values, type)) {
        NDList scores = Last.lastScores(model.discreteSystems(manager));
        NDList masks = Last.pruneMasks(scores, ratio);
        int kept = 0;
        for (int layer = 0; layer < masks.size(); layer++) {
          boolean[] mask = masks.get(layer).toBooleanArray();
          for (String name : List.of("C1", "C2")) {
            double[] c = values.get("params/encoder/layers_" + layer + "/seq/" + name);
            for (int at = 0; at < c.length; at++) {
              c[at] = mask[at / 2] ? c[at] : 0;
            }
          }
          kept += (int) IntStream.range(0, mask.length).filter(i -> mask[i]).count();
        }
        List<double[]> expected = expected(new ReferenceS4D(values, EVEN, USUAL), x);
        try (SequenceClassifier smaller = model.keep(States.of(masks));
            SequenceClassifier twice = smaller.keep(States.all(smaller.config().pairs()))) {
          NDList input = new NDList(batch(x, type));
          double tolerance = type == DataType.FLOAT64 ? TOLERANCE : 1e-5;
          assertRows(expected, smaller.logProbabilities(input), tolerance, "pruned");
          assertEquals(smaller.config(), twice.config());
          assertEquals(kept, smaller.config().pairs().stream().mapToInt(n -> n).sum());
          for (int layer = 0; layer < masks.size(); layer++) {
            int stored = smaller.config().pairs().get(layer);
            String name = "params/encoder/layers_" + layer + "/seq/Lambda_re";
            assertEquals(new Shape(stored), smaller.parametersByName(manager).get(name).getShape());
          }
          boolean empty = smaller.config().channelPairs().stream().anyMatch(n -> n.contains(0));
          assertTrue(ratio < 0.9 || empty, "a channel without states");
        }
      }
    }
  }

  /** The same model as an S5 whose B and C happen to be block-diagonal (Sec. 5.4.2). */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalsTheBlockDiagonalS5(boolean bidirectional) {
    Variant variant = new Variant(USUAL.activation(), Method.ZOH, bidirectional, false, true);
    RandomSsms random = new RandomSsms(3);
    ModelConfig config = config(variant, RAGGED);
    Map<String, double[]> values = parameters(config, random);
    NDList x = new NDList(batch(sequences(random, 3, 70), DataType.FLOAT64));
    try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
      Map<String, NDArray> arrays = model.parametersByName(manager);
      List<DiagonalSsm> systems = model.systems(manager);
      for (int layer = 0; layer < systems.size(); layer++) {
        DiagonalSsm ssm = systems.get(layer);
        String seq = "params/encoder/layers_" + layer + "/seq/";
        arrays.put(seq + "Lambda_re", ssm.lambda().real());
        arrays.put(seq + "B", ssm.b().toPairs());
        arrays.put(seq + (bidirectional ? "C1" : "C"), ssm.c().toPairs());
        ssm.backwardC().ifPresent(c -> arrays.put(seq + "C2", c.toPairs()));
        arrays.put(seq + "log_step", ssm.step().log().reshape(-1, 1));
      }
      ModelConfig dense =
          config.with(c -> c.channelPairs(List.of()).family(Family.S5).pairs(config.pairs()));
      try (SequenceClassifier s5 = SequenceClassifier.of(manager, dense, arrays)) {
        double[] expected = model.logProbabilities(x).toDoubleArray();
        assertClose(expected, s5.logProbabilities(x).toDoubleArray(), 1e-9, "S5");
      }
    }
  }

  /** The scalar systems of a layer, side by side, are the one system that scores are made of. */
  @Test
  void systemsAreTheChannels() {
    RandomSsms random = new RandomSsms(8);
    ModelConfig config = config(USUAL, RAGGED);
    Map<String, double[]> values = parameters(config, random);
    ReferenceS4D reference = new ReferenceS4D(values, RAGGED, USUAL);
    try (SequenceClassifier model = model(config, values, DataType.FLOAT64)) {
      DiagonalSsm ssm = model.systems(manager).get(0);
      double[] re = ssm.lambda().real().toDoubleArray();
      double[] step = ssm.step().toDoubleArray();
      double[] b = ssm.b().real().toDoubleArray();
      double[] c = ssm.c().imag().toDoubleArray();
      int n = re.length;
      int state = 0;
      for (int channel = 0; channel < CHANNELS; channel++) {
        ReferenceSsm own = reference.channel(0, channel);
        for (int i = 0; i < RAGGED.get(0).get(channel); i++, state++) {
          assertEquals(own.lambda[i].re(), re[state]);
          assertEquals(own.step[i], step[state], 1e-15);
          for (int other = 0; other < CHANNELS; other++) {
            assertEquals(other == channel ? 1 : 0, b[state * CHANNELS + other]);
            assertEquals(other == channel ? own.c[0][i].im() : 0, c[other * n + state], 0);
          }
        }
      }
      assertEquals(n, state);
    }
  }
}
