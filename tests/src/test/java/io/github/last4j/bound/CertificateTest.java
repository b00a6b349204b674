package io.github.last4j.bound;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.prune.Refit;
import io.github.last4j.reference.RandomS5;
import io.github.last4j.reference.RandomS5.OutputMatrices;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Row;

/** Certificates on random models: never below what is lost. */
class CertificateTest {
  private static final int CHANNELS = 4;
  private static final int PAIRS = 6;
  private static final int LAYERS = 3;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private SequenceClassifier model(Activation activation, boolean bidirectional, int seed) {
    RandomS5 tree =
        new RandomS5(
            seed,
            new int[] {2, CHANNELS, PAIRS, LAYERS, 3},
            bidirectional ? OutputMatrices.C1_C2 : OutputMatrices.C,
            false);
    ModelConfig config =
        ModelConfig.s5(2, 3)
            .with(
                c ->
                    c.channels(CHANNELS)
                        .pairs(layers(LAYERS, PAIRS))
                        .activation(activation)
                        .bidirectional(bidirectional));
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    tree.values.forEach(
        (name, values) -> {
          boolean out1 = !name.contains("/out1/") || activation == Activation.FULL_GLU;
          boolean out2 = !name.contains("/out2/") || activation != Activation.GELU;
          if (out1 && out2) {
            long[] shape = Arrays.stream(tree.shapes.get(name)).asLongStream().toArray();
            parameters.put(
                name,
                manager.create(values).toType(DataType.FLOAT32, false).reshape(new Shape(shape)));
          }
        });
    return SequenceClassifier.of(manager, config, parameters);
  }

  private static SequenceData inputs(int batch, int length, double size) {
    Random random = new Random(batch);
    float[] values = new float[batch * length * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return SequenceData.of("noise", "none", length, 2, 3, values, new int[batch]);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void neverBelowTheLoss(Activation activation) {
    for (boolean bidirectional : new boolean[] {false, true}) {
      for (double size : new double[] {0.1, 5}) {
        try (SequenceClassifier model = model(activation, bidirectional, 3)) {
          for (double ratio : new double[] {0.1, 0.5, 1}) {
            States kept = Criterion.RANDOM.select(model, ratio, 1);
            Certificate certificate = Certificate.of(model, kept, inputs(3, 30, size));
            for (Row row : certificate.layers()) {
              double lost = row.getDouble("lost");
              assertTrue(lost <= row.getDouble("bound") * (1 + 1e-9), row.toString());
              assertTrue(
                  row.getDouble("bound") <= row.getDouble("norm bound") * (1 + 1e-6),
                  row.toString());
            }
            for (Row row : certificate.decisions()) {
              assertTrue(row.getDouble("moved") <= row.getDouble("bound"), row.toString());
              assertTrue(
                  !row.getBoolean("certified") || row.getBoolean("unchanged"), row.toString());
            }
          }
        }
      }
    }
  }

  /** Also for weights that were fitted anew and for new poles, in S5 and S4D. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void neverBelowTheLossOfAnyPruning(Family family) {
    ModelConfig config =
        ModelConfig.s5(2, 3)
            .with(
                c ->
                    c.family(family)
                        .channels(CHANNELS)
                        .pairs(layers(2, 2 * CHANNELS))
                        .activation(Activation.HALF_GLU2)
                        .stepMin(0.02));
    SequenceData data = inputs(6, 30, 1);
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 2)) {
      for (Layerwise method :
          List.of(
              Criterion.LAST,
              Refit.on(data, Criterion.LAST),
              Balanced.on(data),
              Refit.h2(Balanced.truncation()))) {
        try (SequenceClassifier pruned = method.prune(model, 0.5)) {
          Certificate certificate = Certificate.of(model, pruned, data);
          for (Row row : certificate.layers()) {
            double lost = row.getDouble("lost");
            assertTrue(lost > 0 && lost <= row.getDouble("bound") * (1 + 1e-9), row.toString());
            assertTrue(
                row.getDouble("bound") <= row.getDouble("norm bound") * (1 + 1e-6), row.toString());
          }
          for (Row row : certificate.decisions()) {
            assertTrue(row.getDouble("moved") <= row.getDouble("bound"), row.toString());
          }
        }
      }
      try (SequenceClassifier other = SequenceClassifier.create(manager, config, 3)) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> Certificate.of(model, other, data))
                .getMessage();
        assertTrue(message.startsWith("pruned: "), message);
      }
    }
  }

  @Test
  void refusesInputsThatAreNotNumbers() {
    try (SequenceClassifier model = model(Activation.HALF_GLU1, false, 3)) {
      States kept = Criterion.RANDOM.select(model, 0.5, 1);
      Exception refused =
          assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () ->
                  assertThrows(
                      IllegalArgumentException.class,
                      () -> Certificate.of(model, kept, inputs(2, 10, Double.NaN))));
      assertTrue(refused.getMessage().contains("finite"), refused::toString);
    }
  }

  /** In one block of small signals the certificate is of the size of the loss, and certifies. */
  @Test
  void certifiesWhatHardlyMatters() {
    try (SequenceClassifier model = model(Activation.GELU, false, 5)) {
      Map<String, NDArray> parameters = model.parametersByName(manager);
      // Nearly no output from one state of each layer.
      for (int l = 0; l < LAYERS; l++) {
        NDArray c = parameters.get("params/encoder/layers_" + l + "/seq/C");
        c.set(new ai.djl.ndarray.index.NDIndex(":, 0"), c.get(":, 0").mul(1e-6));
      }
      States kept = new States(Collections.nCopies(LAYERS, StateSet.all(PAIRS).without(0)));
      try (SequenceClassifier faint = SequenceClassifier.of(manager, model.config(), parameters)) {
        Certificate certificate = Certificate.of(faint, kept, inputs(4, 30, 1));
        assertEquals(4, certificate.decisions().booleanColumn("certified").countTrue());
      }
    }
  }

  @Test
  void nothingRemovedIsNothingLost() {
    try (SequenceClassifier model = model(Activation.HALF_GLU1, false, 7)) {
      States all = States.all(Collections.nCopies(LAYERS, PAIRS));
      Certificate certificate = Certificate.of(model, all, inputs(2, 20, 1));
      assertEquals(0, certificate.layers().doubleColumn("bound").max());
      assertEquals(0, certificate.layers().doubleColumn("lost").max());
      assertEquals(2, certificate.decisions().booleanColumn("certified").countTrue());
    }
  }

  /** The signals of a trace are those of the forward pass: the last one gives its answer. */
  @Test
  void traceEndsInTheAnswer() {
    for (int length : new int[] {20, 23, 784}) {
      try (SequenceClassifier model = model(Activation.FULL_GLU, true, 9)) {
        SequenceData data = inputs(2, length, 1);
        List<LayerTrace> traces = model.trace(data);
        Map<String, NDArray> parameters = model.parametersByName(manager);
        NDArray mean = traces.get(LAYERS - 1).output().mean(new int[] {1});
        NDArray scores =
            mean.matMul(parameters.get("params/decoder/kernel"))
                .add(parameters.get("params/decoder/bias"))
                .logSoftmax(-1);
        NDList x = data.batches(manager, 2).iterator().next().getData();
        float[] expected = model.logProbabilities(x).toFloatArray();
        float[] actual = scores.toFloatArray();
        for (int i = 0; i < expected.length; i++) {
          // float32, means over up to 784 steps in another order.
          assertEquals(expected[i], actual[i], 2e-5 * (1 + Math.abs(expected[i])));
        }
        // Residual: what the layer adds depends on the response in the same step only.
        assertEquals(new Shape(2, length, CHANNELS), traces.get(0).response().getShape());
      }
    }
  }

  /** By finite differences in random directions, the constants of gates are not exceeded. */
  @ParameterizedTest
  @EnumSource(
      value = Nonlinearity.class,
      names = {"GELU", "GELU_TANH"})
  void mixingConstantsHold(Nonlinearity gelu) {
    Mixing mixing = new Mixing(gelu);
    Random random = new Random(11);
    for (int trial = 0; trial < 200; trial++) {
      int h = 1 + random.nextInt(4);
      double size = Math.exp(3 * random.nextGaussian());
      double[] y = random.doubles(h).map(x -> size * (x - 0.5)).toArray();
      double[] other = random.doubles(h).map(x -> size * (x - 0.5)).toArray();
      double[][] gate = new double[h][];
      double[][] value = new double[h][];
      for (int i = 0; i < h; i++) {
        gate[i] = random.doubles(h).map(x -> 8 * (x - 0.5)).toArray();
        value[i] = random.doubles(h).map(x -> 8 * (x - 0.5)).toArray();
      }
      NDArray w = manager.create(gate);
      NDArray v = manager.create(value);
      double far = norm(minus(y, other));
      double[] g = gelu.apply(new double[][] {y})[0];
      double[] g2 = gelu.apply(new double[][] {other})[0];
      check(far, minus(g, g2), mixing.gelu());
      check(
          far,
          minus(gated(g, times(gate, g)), gated(g2, times(gate, g2))),
          mixing.halfGlu1(largest(g), w));
      check(
          far,
          minus(gated(y, times(gate, g)), gated(other, times(gate, g2))),
          mixing.halfGlu2(largest(y), w));
      check(
          far,
          minus(gated(times(value, g), times(gate, g)), gated(times(value, g2), times(gate, g2))),
          mixing.fullGlu(largest(times(value, g)), v, w));
    }
  }

  private static void check(double far, double[] difference, double constant) {
    assertTrue(norm(difference) <= constant * far * (1 + 1e-12));
  }

  private NDArray largest(double[] signal) {
    return manager.create(Arrays.stream(signal).map(Math::abs).toArray());
  }

  private static double[] gated(double[] p, double[] q) {
    double[] out = new double[p.length];
    Arrays.setAll(out, i -> p[i] / (1 + Math.exp(-q[i])));
    return out;
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] out = new double[matrix.length];
    for (int i = 0; i < out.length; i++) {
      for (int k = 0; k < x.length; k++) {
        out[i] += matrix[i][k] * x[k];
      }
    }
    return out;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] out = new double[a.length];
    Arrays.setAll(out, i -> a[i] - b[i]);
    return out;
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(value -> value * value).sum());
  }
}
