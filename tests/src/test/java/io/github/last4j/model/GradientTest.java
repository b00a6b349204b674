package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.github.last4j.ssm.Discretization;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of the whole model are what finite differences say, in double precision. */
class GradientTest {
  private static final double STEP = 1e-5;
  private static final double[] BIAS = {0.7, -0.4, 0.2};

  /** Lengths of one, two and three levels of the scan, and one that is padded. */
  static List<Object[]> cases() {
    List<Object[]> cases = new ArrayList<>();
    int[] lengths = {5, 196, 4096, 67};
    for (Activation activation : Activation.values()) {
      for (Discretization method : Discretization.values()) {
        boolean bidirectional = cases.size() % 4 == 1 || cases.size() % 4 == 2;
        int length = lengths[cases.size() / 2];
        cases.add(new Object[] {activation, method, bidirectional, length});
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matchFiniteDifferences(
      Activation activation, Discretization method, boolean bidirectional, int length) {
    ModelConfig config =
        ModelConfig.s5(1, 3)
            .with(
                c ->
                    c.channels(3)
                        .pairs(layers(2, 4))
                        .dropout(0)
                        .activation(activation)
                        .discretization(method)
                        .bidirectional(bidirectional)
                        .stepMin(0.01)
                        .stepMax(0.3));
    check(config, length);
  }

  /** Channels with and without states, both directions, norms and places of the norm. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void ofS4d(int bits) {
    boolean postNorm = (bits & 4) != 0;
    boolean layerNorm = (bits + bits / 2) % 2 == 1;
    ModelConfig config =
        ModelConfig.s4d(1, 3)
            .with(
                c ->
                    c.channels(3)
                        .pairs(List.of(6, 4))
                        .channelPairs(List.of(List.of(2, 2, 2), List.of(1, 0, 3)))
                        .discretization(
                            bits % 2 == 0 ? Discretization.ZOH : Discretization.BILINEAR)
                        .bidirectional((bits & 2) != 0)
                        .normalization(layerNorm ? Normalization.LAYER : Normalization.BATCH)
                        .postNorm(postNorm)
                        .stepMin(0.01)
                        .stepMax(0.3));
    check(config, postNorm ? 67 : 196);
  }

  /** Both dense layers of the head, and what comes before them, of two pairs of documents. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void ofPairsOfDocuments(Family family) {
    ModelConfig config =
        ModelConfig.s5(1, 3)
            .with(
                c ->
                    c.family(family)
                        .channels(3)
                        .pairs(layers(2, 6))
                        .dropout(0)
                        .bidirectional(true)
                        .documentPairs(true)
                        .stepMin(0.01)
                        .stepMax(0.3));
    check(config, 67);
  }

  private static void check(ModelConfig config, int length) {
    Random random = new Random(7);
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = doublePrecision(manager, config)) {
      int sequences = config.documentPairs() ? 4 : 2;
      double[] values = random.doubles((long) sequences * length).toArray();
      NDArray x = manager.create(values, new Shape(sequences, length, 1));
      NDArray labels = manager.create(new long[] {0, 2}, new Shape(2, 1));
      double[] statistics = snapshot(model);
      loss(model, x, labels, true);
      restore(model, statistics);
      for (Pair<String, Parameter> entry : model.getParameters()) {
        Parameter parameter = entry.getValue();
        if (!parameter.requiresGradient()) {
          continue;
        }
        NDArray array = parameter.getArray();
        double[] gradient = array.getGradient().toDoubleArray();
        double[] original = array.toDoubleArray();
        for (int trial = 0; trial < 2; trial++) {
          int at = random.nextInt(original.length);
          double[] shifted = original.clone();
          shifted[at] = original[at] + STEP;
          double up = lossAt(model, array, shifted, x, labels, statistics);
          shifted[at] = original[at] - STEP;
          double down = lossAt(model, array, shifted, x, labels, statistics);
          array.set(original);
          double expected = (up - down) / (2 * STEP);
          // Truncation is of order 1e-10 times a third derivative, rounding 1e-16/1e-5.
          double tolerance = 1e-6 * Math.max(1e-2, Math.abs(expected));
          assertEquals(expected, gradient[at], tolerance, entry.getKey() + "[" + at + "]");
        }
      }
    }
  }

  /** Nothing that the backward pass needs may be the garbage collector's. */
  @ParameterizedTest
  @EnumSource(Discretization.class)
  void surviveAGarbageCollection(Discretization method) throws InterruptedException {
    ModelConfig s5 =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.channels(3)
                        .pairs(layers(2, 4))
                        .bidirectional(true)
                        .discretization(method)
                        .dropout(0));
    surviveAGarbageCollection(s5);
    List<List<Integer>> ragged = List.of(List.of(2, 0, 2), List.of(4, 1, 1));
    surviveAGarbageCollection(
        s5.with(
            c ->
                c.family(Family.S4D)
                    .pairs(List.of(4, 6))
                    .channelPairs(ragged)
                    .normalization(Normalization.LAYER)));
  }

  private static void surviveAGarbageCollection(ModelConfig config) throws InterruptedException {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 3)) {
      NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 4, 1));
      NDArray labels = manager.create(new long[] {0}, new Shape(1, 1));
      List<float[]> expected = gradients(model, x, labels, false);
      List<float[]> actual = gradients(model, x, labels, true);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), actual.get(i), model.getParameters().keyAt(i));
      }
    }
  }

  private static List<float[]> gradients(
      SequenceClassifier model, NDArray x, NDArray labels, boolean collect)
      throws InterruptedException {
    ParameterStore store = new ParameterStore(model.manager(), false);
    List<float[]> gradients = new ArrayList<>();
    try (NDScope scope = new NDScope();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      collector.zeroGradients();
      NDArray y = model.forward(store, new NDList(x), true).singletonOrThrow();
      NDArray loss = y.gather(labels, 1).mean().neg();
      List<ByteBuffer> others = new ArrayList<>();
      if (collect) {
        System.gc();
        // Another thread frees the memory, which the next buffers of this size then take.
        Thread.sleep(100);
        for (int i = 0; i < 1000; i++) {
          others.add(ByteBuffer.allocateDirect(Double.BYTES).putDouble(0, Double.NaN));
        }
      }
      collector.backward(loss);
      for (Parameter parameter : model.getParameters().values()) {
        gradients.add(
            parameter.requiresGradient()
                ? parameter.getArray().getGradient().toFloatArray()
                : new float[0]);
      }
      assertEquals(collect ? 1000 : 0, others.size());
    }
    return gradients;
  }

  private static SequenceClassifier doublePrecision(NDManager manager, ModelConfig config) {
    try (SequenceClassifier single = SequenceClassifier.create(manager, config, 3)) {
      Map<String, NDArray> parameters = new HashMap<>();
      single
          .parametersByName(manager)
          .forEach((name, array) -> parameters.put(name, array.toType(DataType.FLOAT64, true)));
      // Without it layer normalisation would divide by nearly nothing where an input is near zero,
      // and finite differences would be far from derivatives.
      parameters.computeIfPresent(
          "params/encoder/encoder/bias", (name, bias) -> bias.add(manager.create(BIAS)));
      return SequenceClassifier.of(manager, config, parameters);
    }
  }

  private static double lossAt(
      SequenceClassifier model,
      NDArray parameter,
      double[] values,
      NDArray x,
      NDArray labels,
      double[] statistics) {
    parameter.set(values);
    double loss = loss(model, x, labels, false);
    restore(model, statistics);
    return loss;
  }

  private static double loss(
      SequenceClassifier model, NDArray x, NDArray labels, boolean backward) {
    ParameterStore store = new ParameterStore(model.manager(), false);
    try (NDScope scope = new NDScope();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      NDArray y = model.forward(store, new NDList(x), true).singletonOrThrow();
      NDArray loss = y.gather(labels, 1).mean().neg();
      if (backward) {
        collector.backward(loss);
      }
      return loss.getDouble();
    }
  }

  /** Running statistics don't enter the loss in training; they are kept still all the same. */
  private static double[] snapshot(SequenceClassifier model) {
    return model.getParameters().stream()
        .map(Pair::getValue)
        .filter(parameter -> !parameter.requiresGradient())
        .flatMapToDouble(parameter -> java.util.Arrays.stream(parameter.getArray().toDoubleArray()))
        .toArray();
  }

  private static void restore(SequenceClassifier model, double[] statistics) {
    int at = 0;
    for (Pair<String, Parameter> entry : model.getParameters()) {
      if (!entry.getValue().requiresGradient()) {
        NDArray array = entry.getValue().getArray();
        int size = (int) array.size();
        array.set(java.util.Arrays.copyOfRange(statistics, at, at + size));
        at += size;
      }
    }
  }
}
