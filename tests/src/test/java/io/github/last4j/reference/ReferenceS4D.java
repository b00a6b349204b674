package io.github.last4j.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The forward pass of an S4D sequence classifier at inference, in scalar double arithmetic: every
 * channel of every layer is a system of its own with one input and one output.
 *
 * <p>The keys are paths as in a Flax tree; the states of a layer's channels lie one after another.
 * Dropout is off, and GELU has its tanh form.
 */
public final class ReferenceS4D {
  /** What differs between models, beside the numbers. */
  public record Variant(
      ReferenceS5.Activation activation,
      ReferenceSsm.Method method,
      boolean bidirectional,
      boolean batchNorm,
      boolean postNorm) {}

  private final Map<String, double[]> values;
  private final List<List<Integer>> pairs;
  private final Variant variant;

  /**
   * A classifier.
   *
   * @param values the parameters
   * @param pairs the stored pairs of every channel in every layer
   */
  public ReferenceS4D(Map<String, double[]> values, List<List<Integer>> pairs, Variant variant) {
    this.values = values;
    this.pairs = pairs;
    this.variant = variant;
  }

  /** The system of one channel, or null where it has no state. */
  public ReferenceSsm channel(int layer, int channel) {
    int from = pairs.get(layer).subList(0, channel).stream().mapToInt(n -> n).sum();
    int n = pairs.get(layer).get(channel);
    if (n == 0) {
      return null;
    }
    String seq = "params/encoder/layers_" + layer + "/seq/";
    Cplx[] lambda = new Cplx[n];
    Cplx[][] b = new Cplx[n][1];
    double[] step = new double[n];
    for (int i = 0; i < n; i++) {
      double re = Math.min(values.get(seq + "Lambda_re")[from + i], -1e-4);
      lambda[i] = new Cplx(re, values.get(seq + "Lambda_im")[from + i]);
      b[i][0] = new Cplx(1, 0);
      step[i] = Math.exp(values.get(seq + "log_step")[channel]);
    }
    Cplx[][] forward = row(seq + (variant.bidirectional() ? "C1" : "C"), from, n);
    Cplx[][] backward = variant.bidirectional() ? row(seq + "C2", from, n) : null;
    return new ReferenceSsm(lambda, b, forward, backward, null, step);
  }

  private Cplx[][] row(String name, int from, int n) {
    double[] c = values.get(name);
    Cplx[][] row = new Cplx[1][n];
    for (int i = 0; i < n; i++) {
      row[0][i] = new Cplx(c[2 * (from + i)], c[2 * (from + i) + 1]);
    }
    return row;
  }

  /** The outputs (length, h) of a layer's systems for inputs (length, h). */
  public double[][] systems(int layer, double[][] u) {
    double[] d = values.get("params/encoder/layers_" + layer + "/seq/D");
    double[][] y = new double[u.length][d.length];
    for (int channel = 0; channel < d.length; channel++) {
      int at = channel;
      double[][] column =
          Arrays.stream(u).map(step -> new double[] {step[at]}).toArray(double[][]::new);
      ReferenceSsm ssm = channel(layer, channel);
      double[][] out = ssm == null ? new double[u.length][1] : ssm.apply(column, variant.method());
      for (int k = 0; k < u.length; k++) {
        y[k][channel] = out[k][0] + d[channel] * u[k][channel];
      }
    }
    return y;
  }

  /** Log-probabilities of the classes for one sequence (length, in) of which some steps count. */
  public double[] logProbabilities(double[][] sequence, int valid) {
    double[][] x = new double[sequence.length][];
    for (int k = 0; k < x.length; k++) {
      x[k] = dense("params/encoder/encoder/", sequence[k]);
    }
    for (int layer = 0; layer < pairs.size(); layer++) {
      x = layer(layer, x);
    }
    double[] mean = new double[x[0].length];
    for (int k = 0; k < valid; k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += x[k][i] / valid;
      }
    }
    double[] logits = dense("params/decoder/", mean);
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(v -> v - Math.log(sum)).toArray();
  }

  private double[][] layer(int index, double[][] x) {
    double[][] y = systems(index, variant.postNorm() ? x : normalized(index, x));
    double[][] out = new double[x.length][];
    for (int k = 0; k < x.length; k++) {
      out[k] = activated("params/encoder/layers_" + index + "/", y[k]);
      for (int i = 0; i < out[k].length; i++) {
        out[k][i] += x[k][i];
      }
    }
    return variant.postNorm() ? normalized(index, out) : out;
  }

  private double[][] normalized(int index, double[][] x) {
    double[] scale = values.get("params/encoder/layers_" + index + "/norm/scale");
    double[] bias = values.get("params/encoder/layers_" + index + "/norm/bias");
    String statistics = "batch_stats/encoder/layers_" + index + "/norm/";
    double[][] out = new double[x.length][scale.length];
    for (int k = 0; k < x.length; k++) {
      double mean = Arrays.stream(x[k]).average().orElseThrow();
      double variance =
          Arrays.stream(x[k]).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int i = 0; i < scale.length; i++) {
        double centred =
            variant.batchNorm()
                ? (x[k][i] - values.get(statistics + "mean")[i])
                    / Math.sqrt(values.get(statistics + "var")[i] + 1e-5)
                : (x[k][i] - mean) / Math.sqrt(variance + 1e-6);
        out[k][i] = centred * scale[i] + bias[i];
      }
    }
    return out;
  }

  private double[] activated(String layer, double[] y) {
    double[] g = ReferenceS5.gelu(y);
    double[] gated =
        switch (variant.activation()) {
          case GELU, HALF_GLU1 -> g;
          case HALF_GLU2 -> y;
          case FULL_GLU -> dense(layer + "out1/", g);
        };
    if (variant.activation() == ReferenceS5.Activation.GELU) {
      return g;
    }
    double[] gate = dense(layer + "out2/", g);
    double[] out = new double[y.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = gated[i] / (1 + Math.exp(-gate[i]));
    }
    return out;
  }

  /** x W + b with a kernel (in, out). */
  private double[] dense(String prefix, double[] x) {
    double[] kernel = values.get(prefix + "kernel");
    double[] out = values.get(prefix + "bias").clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * kernel[i * out.length + j];
      }
    }
    return out;
  }
}
