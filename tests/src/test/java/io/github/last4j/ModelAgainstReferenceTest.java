package io.github.last4j;

import static io.github.last4j.model.ModelConfig.layers;
import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.Activation;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.UnstructuredRandom;
import io.github.last4j.prune.ZeroedPole;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomS5;
import io.github.last4j.reference.RandomS5.OutputMatrices;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferencePruning;
import io.github.last4j.reference.ReferenceS5;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scans and the whole classifier against scalar arithmetic, step by step. */
class ModelAgainstReferenceTest {
  private static final int INPUTS = 3;
  private static final int CHANNELS = 5;
  private static final int PAIRS = 4;
  private static final int LAYERS = 3;
  private static final int CLASSES = 6;
  private static final int[] SIZES = {INPUTS, CHANNELS, PAIRS, LAYERS, CLASSES};
  private static final double TOLERANCE = 1e-10;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static ModelConfig config(Activation activation, boolean bidirectional, Method method) {
    return ModelConfig.s5(INPUTS, CLASSES)
        .with(
            c ->
                c.channels(CHANNELS)
                    .pairs(layers(LAYERS, PAIRS))
                    .activation(activation)
                    .bidirectional(bidirectional)
                    .discretization(ReferenceBridge.method(method)));
  }

  private SequenceClassifier model(RandomS5 tree, ModelConfig config, DataType type) {
    boolean out1 = config.activation() == Activation.FULL_GLU;
    boolean out2 = config.activation() != Activation.GELU;
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    tree.values.forEach(
        (name, values) -> {
          if ((out1 || !name.contains("/out1/")) && (out2 || !name.contains("/out2/"))) {
            long[] shape = Arrays.stream(tree.shapes.get(name)).asLongStream().toArray();
            parameters.put(
                name, ReferenceBridge.real(manager, values, type).reshape(new Shape(shape)));
          }
        });
    return SequenceClassifier.of(manager, config, parameters);
  }

  private static ReferenceS5 reference(RandomS5 tree, ModelConfig config, Method method) {
    return tree.reference(ReferenceS5.Activation.valueOf(config.activation().name()), method);
  }

  private NDArray batch(List<double[][]> sequences, DataType type) {
    int length = sequences.get(0).length;
    double[] flat =
        sequences.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    return ReferenceBridge.real(manager, flat, type).reshape(sequences.size(), length, INPUTS);
  }

  private static List<double[][]> sequences(RandomS5 tree, int count, int length) {
    return IntStream.range(0, count).mapToObj(i -> tree.sequence(length, INPUTS)).toList();
  }

  /** Log-probabilities near zero have cancelled, so that one scale is used for all classes. */
  private static void assertRows(
      List<double[]> expected, NDArray actual, double tolerance, String what) {
    assertEquals(new Shape(expected.size(), CLASSES), actual.getShape());
    double[] flat = actual.toType(DataType.FLOAT64, true).toDoubleArray();
    for (int row = 0; row < expected.size(); row++) {
      double scale = Arrays.stream(expected.get(row)).map(Math::abs).max().orElseThrow();
      for (int j = 0; j < CLASSES; j++) {
        assertEquals(
            expected.get(row)[j],
            flat[row * CLASSES + j],
            tolerance * scale,
            what + ", row " + row + ", class " + j);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyVariant(Activation activation) {
    for (boolean bidirectional : new boolean[] {false, true}) {
      for (Method method : Method.values()) {
        RandomS5 tree =
            new RandomS5(
                activation.name().length(),
                SIZES,
                bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C,
                false);
        ModelConfig config = config(activation, bidirectional, method);
        List<double[][]> x = sequences(tree, 3, 24);
        ReferenceS5 reference = reference(tree, config, method);
        List<double[]> expected = x.stream().map(reference::logProbabilities).toList();
        String what = activation + ", bidirectional " + bidirectional + ", " + method;
        try (SequenceClassifier model = model(tree, config, DataType.FLOAT64)) {
          NDList input = new NDList(batch(x, DataType.FLOAT64));
          assertRows(expected, model.logProbabilities(input), TOLERANCE, what);
        }
        try (SequenceClassifier model = model(tree, config, DataType.FLOAT32)) {
          NDList input = new NDList(batch(x, DataType.FLOAT32));
          assertRows(expected, model.logProbabilities(input), 1e-3, what + ", float32");
        }
      }
    }
  }

  /** One chunk, several, several levels of them, and lengths that must be padded. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 13, 63, 64, 65, 97, 127, 128, 196, 211, 784, 1021, 1024})
  void everyLength(int length) {
    RandomS5 tree = new RandomS5(length, SIZES, OutputMatrices.C1_C2, false);
    ModelConfig config = config(Activation.HALF_GLU2, true, Method.ZOH);
    List<double[][]> x = sequences(tree, 2, length);
    int[] lengths = {Math.max(1, length / 3), length};
    ReferenceS5 reference = reference(tree, config, Method.ZOH);
    List<double[]> whole = new ArrayList<>();
    List<double[]> masked = new ArrayList<>();
    List<double[]> padded = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      whole.add(reference.logProbabilities(x.get(row)));
      masked.add(reference.logProbabilities(Arrays.copyOf(x.get(row), lengths[row])));
      padded.add(reference.logProbabilities(x.get(row), lengths[row]));
    }
    NDArray input = batch(x, DataType.FLOAT64);
    NDList withLengths = new NDList(input, manager.create(lengths));
    try (SequenceClassifier model = model(tree, config, DataType.FLOAT64)) {
      assertRows(whole, model.logProbabilities(new NDList(input)), TOLERANCE, "whole");
      assertRows(masked, model.logProbabilities(withLengths), TOLERANCE, "masked");
      // What was kept of a pass with lengths is not for one without.
      assertRows(whole, model.logProbabilities(new NDList(input)), TOLERANCE, "whole again");
    }
    ModelConfig release = config.with(c -> c.maskPadding(false));
    try (SequenceClassifier model = model(tree, release, DataType.FLOAT64)) {
      assertRows(padded, model.logProbabilities(withLengths), TOLERANCE, "padded");
    }
  }

  /** What every layer's system receives, and what it makes of that. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void systemsByThemselves(boolean bidirectional) {
    for (int length : new int[] {1, 24, 67}) {
      RandomS5 tree =
          new RandomS5(
              length, SIZES, bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C, false);
      ModelConfig config = config(Activation.HALF_GLU1, bidirectional, Method.ZOH);
      ReferenceS5 reference = reference(tree, config, Method.ZOH);
      List<double[][]> x = sequences(tree, 2, length);
      try (SequenceClassifier model = model(tree, config, DataType.FLOAT64)) {
        List<LayerTrace> traces = model.trace(new NDList(batch(x, DataType.FLOAT64)));
        List<DiscreteSsm> systems = model.discreteSystems(manager);
        assertEquals(LAYERS, traces.size());
        for (int l = 0; l < LAYERS; l++) {
          int layer = l;
          List<double[][]> u = x.stream().map(s -> reference.systemInput(layer, s)).toList();
          List<double[][]> y =
              u.stream().map(s -> reference.ssm(layer).apply(s, Method.ZOH)).toList();
          NDArray input = traces.get(l).normalized();
          assertSignals(u, input, "input of layer " + l);
          assertSignals(y, traces.get(l).response(), "response of layer " + l);
          assertSignals(y, systems.get(l).output(input), "output of layer " + l);
        }
      }
    }
  }

  private static void assertSignals(List<double[][]> expected, NDArray actual, String what) {
    double[] flat =
        expected.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    assertEquals(
        new Shape(expected.size(), expected.get(0).length, CHANNELS), actual.getShape(), what);
    double scale = Arrays.stream(flat).map(Math::abs).max().orElseThrow();
    assertArrayEquals(flat, actual.toDoubleArray(), TOLERANCE * scale, what);
  }

  /** Removing states is the same as silencing them, and scores come from the same systems. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void removedStatesAreSilentStates(boolean bidirectional) {
    RandomS5 tree =
        new RandomS5(9, SIZES, bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C, false);
    ModelConfig config = config(Activation.HALF_GLU1, bidirectional, Method.ZOH);
    ReferenceS5 reference = reference(tree, config, Method.ZOH);
    List<ReferenceSsm> systems = IntStream.range(0, LAYERS).mapToObj(reference::ssm).toList();
    double[][] scores = ReferencePruning.lastScores(systems, Method.ZOH);
    boolean[][] kept = ReferencePruning.globalMasks(scores, 0.5);
    List<double[][]> x = sequences(tree, 3, 50);
    try (SequenceClassifier model = model(tree, config, DataType.FLOAT64)) {
      NDList actualScores = Last.lastScores(model.discreteSystems(model.manager()));
      for (int l = 0; l < LAYERS; l++) {
        assertClose(scores[l], actualScores.get(l).toDoubleArray(), TOLERANCE, "lastScores");
      }
      NDList masks = Last.pruneMasks(actualScores, 0.5);
      assertArrayEquals(kept, ReferenceBridge.booleans(masks));
      for (int l = 0; l < LAYERS; l++) {
        silence(tree, l, kept[l]);
      }
      List<double[]> expected = x.stream().map(reference::logProbabilities).toList();
      try (SequenceClassifier smaller = model.keep(States.of(masks))) {
        for (int l = 0; l < LAYERS; l++) {
          assertEquals(count(kept[l]), smaller.config().pairs().get(l));
        }
        NDList input = new NDList(batch(x, DataType.FLOAT64));
        assertRows(expected, smaller.logProbabilities(input), TOLERANCE, "pruned");
      }
    }
  }

  /** A model with zeros among its parameters is evaluated as what its parameters say. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void zeroedElements(boolean bidirectional) {
    for (Method method : Method.values()) {
      for (ZeroedPole pole : ZeroedPole.values()) {
        RandomS5 tree =
            new RandomS5(19, SIZES, bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C, false);
        ModelConfig config = config(Activation.HALF_GLU1, bidirectional, method);
        ReferenceS5 reference = reference(tree, config, method);
        List<double[][]> x = sequences(tree, 3, 50);
        try (SequenceClassifier model = model(tree, config, DataType.FLOAT64);
            SequenceClassifier changed = new UnstructuredRandom("any", pole).prune(model, 0.5, 4)) {
          Set<String> names = new TreeSet<>();
          for (Map.Entry<String, NDArray> entry : changed.parametersByName(manager).entrySet()) {
            double[] before = tree.values.get(entry.getKey());
            double[] after = entry.getValue().toDoubleArray();
            if (!Arrays.equals(before, after)) {
              names.add(entry.getKey().substring(entry.getKey().lastIndexOf('/') + 1));
            }
            System.arraycopy(after, 0, before, 0, after.length);
          }
          Set<String> outputs = bidirectional ? Set.of("C1", "C2") : Set.of("C");
          Set<String> expectedNames = new TreeSet<>(outputs);
          expectedNames.addAll(Set.of("Lambda_re", "Lambda_im", "B"));
          assertEquals(expectedNames, names);
          List<double[]> expected = x.stream().map(reference::logProbabilities).toList();
          NDList input = new NDList(batch(x, DataType.FLOAT64));
          assertRows(expected, changed.logProbabilities(input), TOLERANCE, method + ", " + pole);
        }
      }
    }
  }

  private static int count(boolean[] mask) {
    return (int) IntStream.range(0, mask.length).filter(i -> mask[i]).count();
  }

  /** Sets the columns of C of removed states to zero. */
  private static void silence(RandomS5 tree, int layer, boolean[] kept) {
    for (String name : List.of("C", "C1", "C2")) {
      double[] c = tree.values.get("params/encoder/layers_" + layer + "/seq/" + name);
      for (int at = 0; c != null && at < c.length; at++) {
        c[at] = kept[at / 2 % kept.length] ? c[at] : 0;
      }
    }
  }

  /** Fast and slow poles, of which the slow ones remember the whole sequence. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8, 11, 64, 67, 128, 389, 784, 2048})
  void scans(int length) {
    RandomSsms random = new RandomSsms(length);
    int batch = 2;
    int n = 6;
    Cplx[] poles = new Cplx[n];
    for (int i = 0; i < n; i++) {
      double radius = i == 0 ? 1e-200 : Math.exp(-random.logUniform(1e-12, 3));
      poles[i] = Cplx.polar(radius, random.uniform(-3, 3));
    }
    Cplx[][] v = random.matrix(batch * length, n, 1);
    ComplexArray inputs =
        ReferenceBridge.matrix(manager, v, DataType.FLOAT64).reshape(batch, length, n);
    ComplexArray lambdaBar = ReferenceBridge.vector(manager, poles, DataType.FLOAT64);
    for (Scan.Direction direction : Scan.Direction.values()) {
      double[] chunked = flat(Scan.chunked(lambdaBar, inputs, direction));
      double[] recurrence = flat(Scan.recurrence(lambdaBar, inputs, direction));
      for (int row = 0; row < batch; row++) {
        for (int i = 0; i < n; i++) {
          Cplx x = Cplx.ZERO;
          double largest = 0;
          for (int step = 0; step < length; step++) {
            int k = direction == Scan.Direction.FORWARD ? step : length - 1 - step;
            x = poles[i].times(x).plus(v[row * length + k][i]);
            largest = Math.max(largest, x.abs());
            int at = 2 * ((row * length + k) * n + i);
            for (double[] actual : List.of(chunked, recurrence)) {
              Cplx got = new Cplx(actual[at], actual[at + 1]);
              assertEquals(0, got.minus(x).abs(), 1e-12 * largest, direction + ", step " + k);
            }
          }
        }
      }
    }
  }

  private static double[] flat(ComplexArray array) {
    return array.toPairs().toDoubleArray();
  }

  /** A float32 copy of a model scores as its float32 parameters do in double precision. */
  @Test
  void float32ModelsScoreInDoublePrecision() {
    RandomS5 tree = new RandomS5(3, SIZES, OutputMatrices.C, false);
    ModelConfig config = config(Activation.GELU, false, Method.ZOH);
    try (SequenceClassifier model = model(tree, config, DataType.FLOAT32)) {
      tree.values.replaceAll((name, values) -> Arrays.stream(values).map(v -> (float) v).toArray());
      NDList scores = Last.lastScores(model.discreteSystems(model.manager()));
      for (int l = 0; l < LAYERS; l++) {
        assertEquals(DataType.FLOAT64, scores.get(l).getDataType());
        ReferenceSsm ssm = reference(tree, config, Method.ZOH).ssm(l);
        // The step exp(log_step) is of the model's dtype; everything after it is not.
        double[] expected = ReferencePruning.lastScores(List.of(ssm), Method.ZOH)[0];
        assertClose(expected, scores.get(l).toDoubleArray(), 2e-6, "lastScores");
      }
    }
  }
}
