package io.github.last4j.reference;

import io.github.last4j.reference.ReferenceS5.Activation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** A seeded Flax tree of an S5 classifier, as {@link ReferenceS5} reads it. */
public final class RandomS5 {
  /** How the tree holds the output matrices. */
  public enum OutputMatrices {
    /** One direction: C (h, P, 2). */
    C,
    /** Two directions: C1 and C2, each (h, P, 2). */
    C1_C2,
    /** Two directions in one: C (h, 2P, 2), the forward half first. */
    C_OF_WIDTH_2P
  }

  public final Map<String, double[]> values = new LinkedHashMap<>();
  public final Map<String, int[]> shapes = new LinkedHashMap<>();
  private final RandomSsms random;

  /**
   * A tree of random parameters, all of which matter: no bias is zero, no scale one.
   *
   * @param seed the seed
   * @param sizes inputs, h, P, layers, classes
   * @param matrices how C is stored
   * @param retrieval whether the decoder is that of a pair of documents
   */
  public RandomS5(long seed, int[] sizes, OutputMatrices matrices, boolean retrieval) {
    random = new RandomSsms(seed);
    int inputs = sizes[0];
    int h = sizes[1];
    int p = sizes[2];
    int classes = sizes[4];
    dense("params/encoder/encoder/", inputs, h);
    for (int l = 0; l < sizes[3]; l++) {
      String layer = "params/encoder/layers_" + l + "/";
      put(layer + "norm/scale", () -> random.uniform(0.5, 1.5), h);
      put(layer + "norm/bias", () -> 0.3 * random.normal(), h);
      dense(layer + "out1/", h, h);
      dense(layer + "out2/", h, h);
      String seq = layer + "seq/";
      put(seq + "Lambda_re", () -> -random.logUniform(0.1, 2), p);
      put(seq + "Lambda_im", () -> random.uniform(-20, 20), p);
      DoubleSupplier entryOfB = () -> random.normal() / Math.sqrt(h);
      DoubleSupplier entryOfC = () -> random.normal() / Math.sqrt(p);
      put(seq + "B", entryOfB, p, h, 2);
      switch (matrices) {
        case C -> put(seq + "C", entryOfC, h, p, 2);
        case C1_C2 -> {
          put(seq + "C1", entryOfC, h, p, 2);
          put(seq + "C2", entryOfC, h, p, 2);
        }
        case C_OF_WIDTH_2P -> put(seq + "C", entryOfC, h, 2 * p, 2);
      }
      put(seq + "D", random::normal, h);
      put(seq + "log_step", () -> random.uniform(Math.log(1e-3), Math.log(0.1)), p, 1);
      String statistics = "batch_stats/encoder/layers_" + l + "/norm/";
      put(statistics + "mean", () -> 0.3 * random.normal(), h);
      put(statistics + "var", () -> random.logUniform(0.1, 3), h);
    }
    if (retrieval) {
      dense("params/decoder/layer1/", 4 * h, h);
      dense("params/decoder/layer2/", h, classes);
    } else {
      dense("params/decoder/", h, classes);
    }
  }

  private void dense(String prefix, int in, int out) {
    put(prefix + "kernel", () -> random.normal() / Math.sqrt(in), in, out);
    put(prefix + "bias", () -> 0.3 * random.normal(), out);
  }

  private void put(String name, DoubleSupplier draw, int... shape) {
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    double[] drawn = new double[size];
    for (int i = 0; i < size; i++) {
      drawn[i] = draw.getAsDouble();
    }
    values.put(name, drawn);
    shapes.put(name, shape);
  }

  /** A sequence (length, inputs) of standard normal numbers. */
  public double[][] sequence(int length, int inputs) {
    double[][] out = new double[length][inputs];
    for (double[] row : out) {
      for (int i = 0; i < inputs; i++) {
        row[i] = random.normal();
      }
    }
    return out;
  }

  /** The reference classifier of this tree. */
  public ReferenceS5 reference(Activation activation, ReferenceSsm.Method method) {
    boolean bidirectional =
        values.containsKey("params/encoder/layers_0/seq/C1")
            || shapes.get("params/encoder/layers_0/seq/C")[1]
                == 2 * shapes.get("params/encoder/layers_0/seq/Lambda_re")[0];
    return new ReferenceS5(values, shapes, activation, bidirectional, method);
  }
}
