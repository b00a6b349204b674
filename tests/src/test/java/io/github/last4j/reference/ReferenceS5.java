package io.github.last4j.reference;

import java.util.Map;

/**
 * The forward pass of an S5 sequence classifier at inference, in scalar double arithmetic, from the
 * parameters of a Flax tree.
 *
 * <p>The keys are the tree's names joined by '/'; the values are in C order, and {@code shapes}
 * gives each one's shape. Layers number from 0 until a name is missing. Layers are pre-norm with
 * BatchNorm; dropout is off. The step is exp(log_step).
 */
public final class ReferenceS5 {
  /** What follows the state space model in a layer. */
  public enum Activation {
    FULL_GLU,
    HALF_GLU1,
    HALF_GLU2,
    GELU
  }

  private static final double BATCH_NORM_EPSILON = 1e-5;

  private final Map<String, double[]> values;
  private final Map<String, int[]> shapes;
  private final Activation activation;
  private final boolean bidirectional;
  private final ReferenceSsm.Method method;

  public ReferenceS5(
      Map<String, double[]> values,
      Map<String, int[]> shapes,
      Activation activation,
      boolean bidirectional,
      ReferenceSsm.Method method) {
    this.values = values;
    this.shapes = shapes;
    this.activation = activation;
    this.bidirectional = bidirectional;
    this.method = method;
  }

  /** The number of layers in the tree. */
  public int layers() {
    int count = 0;
    while (values.containsKey(layer(count) + "seq/Lambda_re")) {
      count++;
    }
    return count;
  }

  private static String layer(int index) {
    return "params/encoder/layers_" + index + "/";
  }

  /** The state space model of one layer. */
  public ReferenceSsm ssm(int index) {
    String seq = layer(index) + "seq/";
    double[] re = value(seq + "Lambda_re");
    double[] im = value(seq + "Lambda_im");
    double[] logStep = value(seq + "log_step");
    int p = re.length;
    Cplx[] lambda = new Cplx[p];
    double[] step = new double[p];
    for (int i = 0; i < p; i++) {
      lambda[i] = new Cplx(re[i], im[i]);
      step[i] = Math.exp(logStep[i]);
    }
    Cplx[][] c;
    Cplx[][] backwardC = null;
    if (!bidirectional) {
      c = complexMatrix(seq + "C");
    } else if (values.containsKey(seq + "C1")) {
      c = complexMatrix(seq + "C1");
      backwardC = complexMatrix(seq + "C2");
    } else {
      Cplx[][] both = complexMatrix(seq + "C");
      c = new Cplx[both.length][p];
      backwardC = new Cplx[both.length][p];
      for (int r = 0; r < both.length; r++) {
        System.arraycopy(both[r], 0, c[r], 0, p);
        System.arraycopy(both[r], p, backwardC[r], 0, p);
      }
    }
    return new ReferenceSsm(lambda, complexMatrix(seq + "B"), c, backwardC, value(seq + "D"), step);
  }

  private double[] value(String name) {
    double[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return found;
  }

  private Cplx[][] complexMatrix(String name) {
    double[] flat = value(name);
    int[] shape = shapes.get(name);
    Cplx[][] out = new Cplx[shape[0]][shape[1]];
    for (int r = 0; r < shape[0]; r++) {
      for (int i = 0; i < shape[1]; i++) {
        int at = 2 * (r * shape[1] + i);
        out[r][i] = new Cplx(flat[at], flat[at + 1]);
      }
    }
    return out;
  }

  /** Log-probabilities of the classes for one sequence (length, in), all of it in the mean. */
  public double[] logProbabilities(double[][] sequence) {
    return logProbabilities(sequence, sequence.length);
  }

  /**
   * Log-probabilities of the classes for one padded sequence (length, in): the layers see the
   * padding, the mean takes the first {@code valid} steps.
   */
  public double[] logProbabilities(double[][] sequence, int valid) {
    return logSoftmax(dense("params/decoder/", pooled(sequence, valid)));
  }

  /** Log-probabilities of a pair of documents: features [a, b, a-b, a*b], Dense, GELU, Dense. */
  public double[] retrievalLogProbabilities(
      double[][] first, int validFirst, double[][] second, int validSecond) {
    double[] a = pooled(first, validFirst);
    double[] b = pooled(second, validSecond);
    int h = a.length;
    double[] features = new double[4 * h];
    for (int i = 0; i < h; i++) {
      features[i] = a[i];
      features[h + i] = b[i];
      features[2 * h + i] = a[i] - b[i];
      features[3 * h + i] = a[i] * b[i];
    }
    double[] hidden = gelu(dense("params/decoder/layer1/", features));
    return logSoftmax(dense("params/decoder/layer2/", hidden));
  }

  /** The mean over the first {@code valid} steps of the last layer's output: (h). */
  public double[] pooled(double[][] sequence, int valid) {
    double[][] x = encoded(sequence);
    double[] mean = new double[x[0].length];
    for (int k = 0; k < valid; k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += x[k][i] / valid;
      }
    }
    return mean;
  }

  /** The last layer's output at every step: (length, h). */
  public double[][] encoded(double[][] sequence) {
    return encoded(sequence, layers());
  }

  private double[][] encoded(double[][] sequence, int layers) {
    double[][] x = new double[sequence.length][];
    for (int k = 0; k < x.length; k++) {
      x[k] = dense("params/encoder/encoder/", sequence[k]);
    }
    for (int l = 0; l < layers; l++) {
      x = layerOutput(l, x);
    }
    return x;
  }

  /** What the state space model of one layer receives at every step: (length, h). */
  public double[][] systemInput(int index, double[][] sequence) {
    return normed(index, encoded(sequence, index));
  }

  private double[][] normed(int index, double[][] x) {
    double[][] normed = new double[x.length][];
    for (int k = 0; k < x.length; k++) {
      normed[k] = batchNorm(index, x[k]);
    }
    return normed;
  }

  private double[][] layerOutput(int index, double[][] x) {
    double[][] y = ssm(index).apply(normed(index, x), method);
    double[][] out = new double[x.length][];
    for (int k = 0; k < x.length; k++) {
      double[] branch = activate(index, y[k]);
      out[k] = new double[branch.length];
      for (int i = 0; i < branch.length; i++) {
        out[k][i] = branch[i] + x[k][i];
      }
    }
    return out;
  }

  private double[] batchNorm(int index, double[] x) {
    double[] scale = value(layer(index) + "norm/scale");
    double[] bias = value(layer(index) + "norm/bias");
    String statistics = "batch_stats/encoder/layers_" + index + "/norm/";
    double[] mean = value(statistics + "mean");
    double[] variance = value(statistics + "var");
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (x[i] - mean[i]) / Math.sqrt(variance[i] + BATCH_NORM_EPSILON) * scale[i] + bias[i];
    }
    return out;
  }

  private double[] activate(int index, double[] y) {
    double[] g = gelu(y);
    return switch (activation) {
      case GELU -> g;
      case HALF_GLU1 -> gated(g, dense(layer(index) + "out2/", g));
      case HALF_GLU2 -> gated(y, dense(layer(index) + "out2/", g));
      case FULL_GLU -> gated(dense(layer(index) + "out1/", g), dense(layer(index) + "out2/", g));
    };
  }

  private static double[] gated(double[] x, double[] gate) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] / (1 + Math.exp(-gate[i]));
    }
    return out;
  }

  /** The tanh form of GELU. */
  static double[] gelu(double[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double inner = Math.sqrt(2 / Math.PI) * (x[i] + 0.044715 * x[i] * x[i] * x[i]);
      out[i] = 0.5 * x[i] * (1 + Math.tanh(inner));
    }
    return out;
  }

  /** x W + b with a Flax kernel, which is (in, out). */
  private double[] dense(String prefix, double[] x) {
    double[] kernel = value(prefix + "kernel");
    double[] out = value(prefix + "bias").clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * kernel[i * out.length + j];
      }
    }
    return out;
  }

  private static double[] logSoftmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : logits) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (double v : logits) {
      sum += Math.exp(v - max);
    }
    double[] out = new double[logits.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = logits[i] - max - Math.log(sum);
    }
    return out;
  }
}
