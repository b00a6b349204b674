package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ssm.Hippo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.scalar.ComplexNumber;

/**
 * The initialisations. S5: HiPPO-LegS blocks for the poles, LeCun-normal matrices. S4D: in every
 * channel the poles of HiPPO-LegS, and C complex normal with E|C|² = 1 (S4D-LegS).
 */
final class Initialization {
  // The standard deviation of a standard normal cut off at ±2.
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  private final NDManager manager;
  private final ModelConfig config;
  private final Random random;
  private final Map<String, NDArray> parameters = new HashMap<>();

  private Initialization(NDManager manager, ModelConfig config, long seed) {
    this.manager = manager;
    this.config = config;
    // The models here began with these draws. The first one hardly differs between seeds 0, 1 and
    // 2:
    // one weight of thousands.
    random = new Random(seed);
  }

  /** Float32 parameters by the paths of {@link ParameterTree}. */
  static Map<String, NDArray> parameters(NDManager manager, ModelConfig config, long seed) {
    return new Initialization(manager, config, seed).draw();
  }

  private Map<String, NDArray> draw() {
    int h = config.channels();
    dense("params/encoder/encoder", config.inputs(), h);
    for (int i = 0; i < config.layers(); i++) {
      String path = "params/encoder/layers_" + i + "/";
      switch (config.family()) {
        case S5 -> system(path + "seq/", config.pairs().get(i));
        case S4D -> channels(path + "seq/", config.pairsByChannel(i));
      }
      if (config.activation().hasValue()) {
        dense(path + "out1", h, h);
      }
      if (config.activation().hasGate()) {
        dense(path + "out2", h, h);
      }
      put(path + "norm/scale", () -> 1, h);
      put(path + "norm/bias", () -> 0, h);
      if (config.normalization() == Normalization.BATCH) {
        put("batch_stats/encoder/layers_" + i + "/norm/mean", () -> 0, h);
        put("batch_stats/encoder/layers_" + i + "/norm/var", () -> 1, h);
      }
    }
    if (config.documentPairs()) {
      dense("params/decoder/layer1", PairDecoder.FEATURES * h, h);
      dense("params/decoder/layer2", h, config.classes());
    } else {
      dense("params/decoder", h, config.classes());
    }
    return parameters;
  }

  private void dense(String path, int in, int out) {
    put(path + "/kernel", lecunNormal(in), in, out);
    put(path + "/bias", () -> 0, out);
  }

  private void system(String path, int pairs) {
    if (pairs % config.blocks() != 0) {
      throw new IllegalArgumentException(
          "pairs: expected a multiple of the " + config.blocks() + " blocks, got " + pairs);
    }
    int h = config.channels();
    int half = pairs / config.blocks();
    Hippo hippo = Hippo.legs(2 * half);
    double[] lambdaIm = new double[pairs];
    Arrays.setAll(lambdaIm, i -> hippo.poles().get(i % half).getImaginary());
    put(path + "Lambda_re", () -> hippo.poles().get(0).getReal(), pairs);
    parameters.put(path + "Lambda_im", manager.create(floats(lambdaIm), new Shape(pairs)));
    parameters.put(path + "B", inputs(hippo, pairs));
    for (String name : outputNames()) {
      parameters.put(path + name, outputs(hippo, pairs));
    }
    put(path + "D", random::nextGaussian, h);
    put(path + "log_step", this::logStep, pairs, 1);
  }

  /** The systems of the channels of an S4D layer, with so many pairs each. */
  private void channels(String path, List<Integer> pairs) {
    Map<Integer, List<ComplexNumber>> poles = new HashMap<>();
    List<ComplexNumber> all = new ArrayList<>();
    for (int count : pairs) {
      if (count > 0) {
        all.addAll(poles.computeIfAbsent(count, n -> Hippo.legs(2 * n).poles()));
      }
    }
    Iterator<ComplexNumber> real = all.iterator();
    put(path + "Lambda_re", () -> real.next().getReal(), all.size());
    Iterator<ComplexNumber> imaginary = all.iterator();
    put(path + "Lambda_im", () -> imaginary.next().getImaginary(), all.size());
    for (String name : outputNames()) {
      put(path + name, () -> Math.sqrt(0.5) * random.nextGaussian(), all.size(), 2);
    }
    put(path + "D", random::nextGaussian, pairs.size());
    put(path + "log_step", this::logStep, pairs.size(), 1);
  }

  private List<String> outputNames() {
    return config.bidirectional() ? List.of("C1", "C2") : List.of("C");
  }

  private double logStep() {
    double low = Math.log(config.stepMin());
    double high = Math.log(config.stepMax());
    return low + (high - low) * random.nextDouble();
  }

  /** V⁻¹B for a real LeCun-normal B (2n, h), of which V's block diagonal keeps n rows. */
  private NDArray inputs(Hippo hippo, int pairs) {
    int h = config.channels();
    int half = pairs / config.blocks();
    double[] full = draw(lecunNormal(2 * pairs), 2 * pairs * h);
    double[] result = new double[pairs * h * 2];
    MatrixStore<ComplexNumber> v = hippo.vectors();
    for (int state = 0; state < pairs; state++) {
      int firstRow = state / half * 2 * half;
      for (int k = 0; k < 2 * half; k++) {
        // V is unitary: its inverse is its conjugate transpose.
        ComplexNumber weight = v.get(k, state % half).conjugate();
        for (int j = 0; j < h; j++) {
          double value = full[(firstRow + k) * h + j];
          result[(state * h + j) * 2] += weight.getReal() * value;
          result[(state * h + j) * 2 + 1] += weight.getImaginary() * value;
        }
      }
    }
    return manager.create(floats(result), new Shape(pairs, h, 2));
  }

  /** CV for a complex C (h, 2n) with LeCun-normal parts, of which V's block diagonal keeps n. */
  private NDArray outputs(Hippo hippo, int pairs) {
    int h = config.channels();
    int half = pairs / config.blocks();
    double[] full = draw(lecunNormal(2 * pairs), h * 2 * pairs * 2);
    double[] result = new double[h * pairs * 2];
    MatrixStore<ComplexNumber> v = hippo.vectors();
    for (int state = 0; state < pairs; state++) {
      int firstColumn = state / half * 2 * half;
      for (int k = 0; k < 2 * half; k++) {
        ComplexNumber weight = v.get(k, state % half);
        for (int i = 0; i < h; i++) {
          int at = (i * 2 * pairs + firstColumn + k) * 2;
          result[(i * pairs + state) * 2] +=
              full[at] * weight.getReal() - full[at + 1] * weight.getImaginary();
          result[(i * pairs + state) * 2 + 1] +=
              full[at] * weight.getImaginary() + full[at + 1] * weight.getReal();
        }
      }
    }
    return manager.create(floats(result), new Shape(h, pairs, 2));
  }

  /** Normal with variance 1/fanIn, cut off at two standard deviations of the uncut normal. */
  private DoubleSupplier lecunNormal(int fanIn) {
    double scale = 1 / (Math.sqrt(fanIn) * TRUNCATED_DEVIATION);
    return () -> {
      double value = random.nextGaussian();
      while (Math.abs(value) > 2) {
        value = random.nextGaussian();
      }
      return scale * value;
    };
  }

  private void put(String path, DoubleSupplier values, long... shape) {
    Shape target = new Shape(shape);
    parameters.put(path, manager.create(floats(draw(values, (int) target.size())), target));
  }

  private static double[] draw(DoubleSupplier values, int count) {
    double[] result = new double[count];
    Arrays.setAll(result, i -> values.getAsDouble());
    return result;
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
