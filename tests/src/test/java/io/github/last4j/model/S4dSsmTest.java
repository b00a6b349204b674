package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.Hippo;
import io.github.last4j.ssm.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The convolution of S4D is the recurrence, and its kernel is never an old one. */
class S4dSsmTest {
  private static final int BATCH = 2;

  private NDManager manager;
  private Random random;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    random = new Random(6);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static ModelConfig config(boolean bidirectional, List<Integer> pairs) {
    return ModelConfig.s4d(1, 10)
        .with(
            c ->
                c.channels(pairs.size())
                    .pairs(List.of(pairs.stream().mapToInt(n -> n).sum()))
                    .channelPairs(List.of(pairs))
                    .bidirectional(bidirectional));
  }

  /** A system with poles from slow ones, which remember the whole sequence, to fast ones. */
  private S4dSsm system(ModelConfig config) {
    S4dSsm ssm = new S4dSsm(config, 0);
    for (SsmBlock.Slot slot : ssm.slots()) {
      double[] values = new double[(int) slot.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (slot.parameter().getName()) {
              case "Lambda_re" -> -Math.exp(-8 + 9 * random.nextDouble());
              case "Lambda_im" -> -60 * random.nextDouble();
              case "log_step" -> Math.log(0.001) + 4.6 * random.nextDouble();
              default -> random.nextGaussian();
            };
      }
      slot.parameter().setArray(manager.create(values, slot.shape()));
    }
    return ssm;
  }

  private NDArray inputs(int length, int channels) {
    double[] values = random.doubles((long) length * BATCH * channels, -1, 1).toArray();
    return manager.create(values, new Shape(length, BATCH, channels));
  }

  private NDArray outputs(SsmBlock<?> ssm, NDArray u, boolean training) {
    return Scoped.array(
        manager,
        () ->
            ssm.forward(new ParameterStore(manager, false), new NDList(u), training)
                .singletonOrThrow());
  }

  private static double largest(NDArray array) {
    return array.abs().max().getDouble();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 13, 64, 67, 196, 784, 1021})
  void convolutionIsTheRecurrence(int length) {
    for (boolean bidirectional : new boolean[] {false, true}) {
      for (List<Integer> pairs : List.of(List.of(3, 3), List.of(2, 0, 5))) {
        S4dSsm ssm = system(config(bidirectional, pairs));
        NDArray u = inputs(length, pairs.size());
        DiscreteSsm discrete = Discretization.ZOH.discretize(ssm.system());
        NDArray sequences = u.transpose(1, 0, 2);
        NDArray rows = sequences.reshape(-1, pairs.size());
        ComplexArray v =
            ComplexArray.of(
                    rows.matMul(discrete.bBar().real().transpose()),
                    rows.matMul(discrete.bBar().imag().transpose()))
                .reshape(BATCH, length, discrete.states());
        NDArray expected =
            output(discrete, discrete.c(), v, Scan.Direction.FORWARD)
                .add(sequences.mul(discrete.feedthrough().orElseThrow()));
        if (bidirectional) {
          ComplexArray c = discrete.backwardC().orElseThrow();
          expected = expected.add(output(discrete, c, v, Scan.Direction.BACKWARD));
        }
        for (boolean training : new boolean[] {false, true}) {
          NDArray actual = outputs(ssm, u, training).transpose(1, 0, 2);
          // Powers up to λ̄^L by doubling lose about L·1e-16; the FFT loses less.
          double tolerance = 1e-12 * Math.max(1, largest(expected));
          assertEquals(0, largest(actual.sub(expected)), tolerance, "pairs " + pairs);
        }
      }
    }
  }

  private static NDArray output(
      DiscreteSsm ssm, ComplexArray c, ComplexArray v, Scan.Direction direction) {
    ComplexArray x = Scan.recurrence(ssm.lambdaBar(), v, direction);
    NDArray re = x.real().matMul(c.real().transpose());
    return re.sub(x.imag().matMul(c.imag().transpose())).mul(2);
  }

  /**
   * Four sequences take more than one block of channels, and each alone takes one: outputs and
   * gradients are those of the single sequences.
   */
  @Test
  void blocksOfChannelsChangeNothing() {
    int length = 20_000;
    S4dSsm ssm = system(config(true, List.of(3, 0, 5, 1, 2, 4, 3)));
    double[] values = random.doubles(4L * length * 7, -1, 1).toArray();
    NDArray u = manager.create(values, new Shape(length, 4, 7));
    NDArray together = outputs(ssm, u, false);
    List<double[]> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      NDArray one = u.get(":, {}:{}", i, i + 1);
      NDArray alone = outputs(ssm, one, false);
      double error = largest(together.get(":, {}:{}", i, i + 1).sub(alone));
      assertEquals(0, error, 1e-12 * largest(alone));
      List<double[]> own = gradients(ssm, one);
      for (int k = 0; k < own.size(); k++) {
        if (i == 0) {
          expected.add(own.get(k));
        } else {
          double[] sum = expected.get(k);
          double[] more = own.get(k);
          Arrays.setAll(sum, j -> sum[j] + more[j]);
        }
      }
    }
    List<double[]> actual = gradients(ssm, u);
    for (int k = 0; k < actual.size(); k++) {
      double scale = Arrays.stream(expected.get(k)).map(Math::abs).max().orElseThrow();
      assertTrue(scale > 0, "a gradient of parameter " + k);
      // Sums over 20,000 steps, in another order.
      assertArrayEquals(expected.get(k), actual.get(k), 1e-10 * scale);
    }
  }

  /** Gradients of the outputs' energy, one array a parameter. */
  private List<double[]> gradients(S4dSsm ssm, NDArray u) {
    List<double[]> gradients = new ArrayList<>();
    ssm.slots().forEach(slot -> slot.parameter().getArray().setRequiresGradient(true));
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDList y = ssm.forward(new ParameterStore(manager, false), new NDList(u), true);
        collector.backward(y.singletonOrThrow().square().sum());
      }
      for (SsmBlock.Slot slot : ssm.slots()) {
        NDArray gradient = slot.parameter().getArray().getGradient();
        gradients.add(gradient.toDoubleArray());
        gradient.muli(0);
      }
    }
    ssm.slots().forEach(slot -> slot.parameter().getArray().setRequiresGradient(false));
    return gradients;
  }

  /** The reverse direction is the forward one on the reversed sequence. */
  @Test
  void backwardsIsForwardsReversed() {
    S4dSsm both = system(config(true, List.of(4, 2)));
    S4dSsm one = new S4dSsm(config(false, List.of(4, 2)), 0);
    Map<String, NDArray> arrays = new HashMap<>();
    both.slots().forEach(s -> arrays.put(s.parameter().getName(), s.parameter().getArray()));
    arrays.put("C", arrays.get("C2"));
    for (SsmBlock.Slot slot : one.slots()) {
      slot.parameter().setArray(arrays.get(slot.parameter().getName()).duplicate());
    }
    arrays.get("C1").muli(0);
    NDArray u = inputs(50, 2);
    NDArray reversed = outputs(one, u.flip(0), false).flip(0);
    assertEquals(0, largest(outputs(both, u, false).sub(reversed)), 1e-12);
  }

  /** Parameters changed in any way, and other lengths, give what a new model gives. */
  @Test
  void theKernelIsNeverAnOldOne() {
    S4dSsm ssm = system(config(true, List.of(3, 3)));
    NDArray longer = inputs(40, 2);
    NDArray shorter = inputs(7, 2);
    for (SsmBlock.Slot slot : ssm.slots()) {
      for (NDArray u : List.of(longer, shorter, longer)) {
        NDArray before = outputs(ssm, u, false);
        assertEquals(outputs(ssm, u, true), before);
        slot.parameter().getArray().muli(1.01);
        NDArray after = outputs(ssm, u, false);
        assertEquals(outputs(ssm, u, true), after);
        assertTrue(largest(after.sub(before)) > 1e-9, slot.parameter().getName());
      }
    }
  }

  /** A second evaluation makes no kernel: it leaves nothing behind but its result. */
  @Test
  void oneKernelIsKept() {
    S4dSsm ssm = system(config(false, List.of(3, 3)));
    NDArray u = inputs(40, 2);
    outputs(ssm, u, false);
    int held = manager.getManagedArrays().size();
    for (int i = 1; i <= 3; i++) {
      outputs(ssm, u, false);
      assertEquals(held + i, manager.getManagedArrays().size());
    }
    outputs(ssm, u, true);
    // Copies of five parameters and the kernel are gone, and one more result is there.
    assertEquals(held + 4 - 6, manager.getManagedArrays().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 11, 97, 784, 1021, 1024, 16000})
  void convolutionSizes(int length) {
    int size = Convolution.size(length);
    assertTrue(size >= 2 * length && size <= 2.3 * length + 2, "size " + size);
    int rest = size;
    for (int prime : new int[] {2, 3, 5, 7}) {
      while (rest % prime == 0) {
        rest /= prime;
      }
    }
    assertEquals(1, rest);
    assertEquals(0, size % 2);
  }

  /** Poles are HiPPO's in every channel, steps are log-uniform, and E|C|² = 1. */
  @Test
  void initialization() {
    int h = 40;
    int m = 16;
    ModelConfig config =
        ModelConfig.s4d(1, 10)
            .with(c -> c.channels(h).pairs(layers(1, h * m)).normalization(Normalization.LAYER));
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 4)) {
      Map<String, NDArray> arrays = model.parametersByName(manager);
      String seq = "params/encoder/layers_0/seq/";
      float[] re = arrays.get(seq + "Lambda_re").toFloatArray();
      float[] im = arrays.get(seq + "Lambda_im").toFloatArray();
      Hippo hippo = Hippo.legs(2 * m);
      for (int i = 0; i < h * m; i++) {
        assertEquals(-0.5, re[i], 1e-6);
        assertEquals(hippo.poles().get(i % m).getImaginary(), im[i], 1e-4);
      }
      float[] logSteps = arrays.get(seq + "log_step").toFloatArray();
      assertEquals(h, logSteps.length);
      for (float logStep : logSteps) {
        double step = Math.exp(logStep);
        assertTrue(step >= 0.000999 && step <= 0.1001, "step " + step);
      }
      float[] c = arrays.get(seq + "C").toFloatArray();
      double square = 0;
      for (float part : c) {
        square += (double) part * part / (h * m);
      }
      // The mean of 640 numbers of mean and variance 1: five deviations are 0.2.
      assertEquals(1, square, 0.2);
      assertTrue(arrays.keySet().stream().noneMatch(name -> name.startsWith("batch_stats")));
    }
  }

  /** A pole that training drives over the axis counts as stable, in the model and in its system. */
  @Test
  void unstablePolesAreClipped() {
    S4dSsm ssm = system(config(false, List.of(3)));
    NDArray re = ssm.slots().get(0).parameter().getArray();
    re.set(new double[] {1, -1e-5, -0.25});
    double[] used = ssm.system().lambda().real().toDoubleArray();
    assertArrayEquals(new double[] {-1e-4, -1e-4, -0.25}, used, 1e-12);
    NDArray y = outputs(ssm, inputs(2000, 1), false);
    assertTrue(Arrays.stream(y.toDoubleArray()).allMatch(v -> Math.abs(v) < 1e4));
    assertEquals(DataType.FLOAT64, y.getDataType());
  }
}
