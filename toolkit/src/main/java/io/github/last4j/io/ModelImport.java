package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.Discretization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads models that other projects trained, from files of any {@link FileFormat}.
 *
 * <p>It knows the names of three:
 *
 * <ul>
 *   <li>the S5 release: params/encoder/{encoder, layers_i/{norm, out1, out2, seq/{Lambda_re,
 *       Lambda_im, B, C or C1 and C2, D, log_step}}}, params/decoder, batch_stats/encoder/layers_i;
 *       a C of twice the width holds both directions;
 *   <li>the annotated S4D: params/{encoder, layers_i/{norm, out, out2, seq/{A_re, A_im, C, D,
 *       log_step}}, decoder}, arrays (N, h) and (N, h, 2);
 *   <li>the S4D of state-spaces: encoder, s4_layers.i.{D, kernel.{C, log_dt, log_A_real, A_imag},
 *       output_linear.0}, norms.i, decoder.
 * </ul>
 *
 * <p>Parameters may lie in a train state, in a tree of variables or bare, and be complex or pairs
 * of real numbers. Inputs, classes, layers, channels, states, directions, gates, normalisation
 * (batch statistics mean batch normalisation, else it is by layer) and pairs of documents follow
 * from the tree. What does not has a method here; the defaults are:
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th></th><th>S5</th><th>annotated S4D</th><th>state-spaces S4D</th></tr>
 * <tr><td>activation with out2 alone</td><td>HALF_GLU1</td><td>HALF_GLU1</td><td></td></tr>
 * <tr><td>postNorm</td><td>false</td><td>false</td><td>true</td></tr>
 * <tr><td>pooling</td><td>MEAN</td><td>MEAN</td><td>MEAN</td></tr>
 * <tr><td>clip</td><td>false</td><td>true</td><td>false</td></tr>
 * <tr><td>conjugatePairs</td><td>true</td><td>false</td><td>true</td></tr>
 * <tr><td>discretization</td><td>ZOH</td><td>ZOH</td><td>ZOH</td></tr>
 * <tr><td>tokens</td><td>false</td><td>if embedded</td><td>false</td></tr>
 * <tr><td>stepRescale</td><td>1</td><td>1</td><td>1</td></tr>
 * </table>
 *
 * <p>A layer with an out but no gate becomes a full GLU with a gate that is always open. The model
 * of state-spaces has the exact GELU and ε = 1e-5 in its normalisation where this toolkit has the
 * tanh form and 1e-6, so that its numbers are near but not the same.
 *
 * <p>All methods but {@link #load} return this.
 */
public final class ModelImport {
  private static final double LARGEST_REAL_PART = -1e-4;
  // 1/(1 + exp(-40)) is one in double precision.
  private static final double OPEN = 40;
  // exp(87) is about the largest number of single precision, exp(-87) the smallest normal one.
  private static final double LARGEST_LOGARITHM = 87;

  private Activation activation;
  private Normalization normalization;
  private Boolean postNorm;
  private Pooling pooling = Pooling.MEAN;
  private Boolean clip;
  private Boolean conjugatePairs;
  private Discretization discretization = Discretization.ZOH;
  private Boolean tokens;
  private double stepRescale = 1;
  private DataType precision;

  /** An import that infers all that a tree tells, and has the defaults for the rest. */
  public ModelImport() {}

  /** Sets what follows the state space system; the tree must have the gates for it. */
  public ModelImport activation(Activation value) {
    activation = value;
    return this;
  }

  /** Sets how features are normalised; {@link Normalization#BATCH} needs batch statistics. */
  public ModelImport normalization(Normalization value) {
    normalization = value;
    return this;
  }

  /** Sets whether normalisation comes after the residual sum. */
  public ModelImport postNorm(boolean value) {
    postNorm = value;
    return this;
  }

  /** Sets what of a sequence the decoder sees. */
  public ModelImport pooling(Pooling value) {
    pooling = value;
    return this;
  }

  /**
   * Sets whether real parts of poles count as at most -1e-4, as clip_eigs of the S5 release does.
   * Models of S4D always do that here; without it a larger one is refused.
   */
  public ModelImport clip(boolean value) {
    clip = value;
    return this;
  }

  /**
   * Sets whether a state stands for a conjugate pair, y = 2Re(Cx), or for itself, y = Re(Cx). The
   * latter is right for conj_sym=False, and for ports of S5 that leave the 2 out. The import then
   * halves C, and every state is stored as a pair.
   */
  public ModelImport conjugatePairs(boolean value) {
    conjugatePairs = value;
    return this;
  }

  /** Sets how continuous-time parameters become discrete. */
  public ModelImport discretization(Discretization value) {
    discretization = value;
    return this;
  }

  /** Sets whether sequences are integers, and the encoder's rows those of a vocabulary. */
  public ModelImport tokens(boolean value) {
    tokens = value;
    return this;
  }

  /** Sets a factor on all time steps Δ, such as step_rescale of the S5 release. */
  public ModelImport stepRescale(double value) {
    require(
        value > 0 && value < Double.POSITIVE_INFINITY,
        "stepRescale: expected a positive number, got %s",
        value);
    stepRescale = value;
    return this;
  }

  /** Sets the dtype of the model, float32 or float64, whatever the file has. */
  public ModelImport precision(DataType value) {
    require(
        value == DataType.FLOAT32 || value == DataType.FLOAT64,
        "precision: expected float32 or float64, got %s",
        value);
    precision = value;
    return this;
  }

  /**
   * Reads a model.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @param file a file or a directory, as {@link FileFormat#read} has it
   * @throws IOException if the file can't be read, an array is missing, misshapen, not finite or
   *     one too many, or contradicts what was set; naming the file and the array
   */
  public SequenceClassifier load(NDManager parent, Path file) throws IOException {
    Tensors tensors = FileFormat.read(file);
    if (tensors.texts().containsKey(Checkpoints.CONFIG)) {
      throw new IOException(
          file + ": expected a file of another project, got one for Checkpoints.load");
    }
    try (NDManager scratch = parent.newSubManager()) {
      ForeignTree tree = ForeignTree.of(tensors.arrays());
      Builder builder = new Builder(scratch, tree);
      ModelConfig config = builder.build();
      tree.requireAllUsed();
      DataType type = precision != null ? precision : tree.precision();
      Map<String, NDArray> parameters = new LinkedHashMap<>();
      builder.parameters.forEach((name, array) -> parameters.put(name, array.toType(type, false)));
      return SequenceClassifier.of(parent, config, parameters);
    } catch (RuntimeException e) {
      throw new IOException(file + ": not a model: " + e.getMessage(), e);
    }
  }

  private static boolean or(Boolean set, boolean inferred) {
    return set == null ? inferred : set;
  }

  /** Makes this toolkit's parameters of a tree. */
  private final class Builder {
    private final NDManager manager;
    private final ForeignTree tree;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final List<Integer> pairs = new ArrayList<>();
    private final boolean torch;
    private int inputs;
    private int channels;
    private boolean words;
    private Family family;
    private Boolean bidirectional;
    private Activation gates;
    private Normalization norm;

    Builder(NDManager manager, ForeignTree tree) {
      this.manager = manager;
      this.tree = tree;
      torch = tree.torch();
    }

    ModelConfig build() {
      encoder();
      norm = normalization;
      if (norm == null) {
        norm = tree.hasBelow(tree.statistics(0)) ? Normalization.BATCH : Normalization.LAYER;
      }
      int layers = 0;
      while (tree.hasBelow(tree.layer(layers))) {
        layer(layers++);
      }
      require(layers > 0, "%s: expected at least one layer, got none", tree.label(tree.layer(0)));
      requireNoGap(layers);
      boolean documents = !torch && tree.hasBelow(tree.decoder() + "/layer1");
      int classes;
      if (documents) {
        dense(tree.decoder() + "/layer1", "params/decoder/layer1", 4 * channels, channels);
        classes = dense(tree.decoder() + "/layer2", "params/decoder/layer2", channels, -1);
      } else {
        classes = dense(tree.decoder(), "params/decoder", channels, -1);
      }
      return ModelConfig.s5(inputs, classes)
          .with(
              c ->
                  c.tokens(or(tokens, words))
                      .channels(channels)
                      .pairs(pairs)
                      .bidirectional(bidirectional)
                      .activation(gates)
                      .dropout(0)
                      .discretization(discretization)
                      .family(family)
                      .normalization(norm)
                      .postNorm(or(postNorm, torch))
                      .documentPairs(documents)
                      .pooling(pooling));
    }

    /** Layers after a missing one would otherwise only look like arrays too many. */
    private void requireNoGap(int layers) {
      int last = tree.lastLayer();
      require(
          last < layers,
          "expected %s, as there is %s, got none",
          tree.label(tree.layer(layers)),
          tree.label(tree.layer(last)));
    }

    private void encoder() {
      String path = tree.encoder();
      String embedding = path + "/Embed_0/embedding";
      if (!tree.has(embedding)) {
        Shape shape =
            tree.shape(
                path + (torch ? "/weight" : "/kernel"), 2, torch ? "(h, inputs)" : "(inputs, h)");
        inputs = Math.toIntExact(shape.get(torch ? 1 : 0));
        channels = Math.toIntExact(shape.get(torch ? 0 : 1));
        dense(path, "params/encoder/encoder", inputs, channels);
        return;
      }
      // The annotated S4 looks tokens up, and takes zero for a token that is not there.
      Shape shape = tree.shape(embedding, 2, "(words, h)");
      words = true;
      inputs = Math.toIntExact(shape.get(0));
      channels = Math.toIntExact(shape.get(1));
      double[] rows = tree.real(embedding, shape);
      for (int i = 0; i < channels; i++) {
        rows[i] = 0;
      }
      put("params/encoder/encoder/kernel", rows, inputs, channels);
      put("params/encoder/encoder/bias", new double[channels], channels);
    }

    /** Reads a dense layer; the number of outputs may be any, -1. */
    private int dense(String from, String to, int in, int out) {
      String name = from + (torch ? "/weight" : "/kernel");
      int units = out;
      if (out < 0) {
        String words = String.format(torch ? "(classes, %d)" : "(%d, classes)", in);
        units = Math.toIntExact(tree.shape(name, 2, words).get(torch ? 0 : 1));
      }
      double[] kernel = tree.real(name, torch ? new Shape(units, in) : new Shape(in, units));
      put(to + "/kernel", torch ? transposed(kernel, units, in) : kernel, in, units);
      put(to + "/bias", tree.real(from + "/bias", new Shape(units)), units);
      return units;
    }

    private void layer(int i) {
      String from = tree.layer(i);
      String to = "params/encoder/layers_" + i;
      system(from, to + "/seq/", tree.system(i));
      if (torch) {
        mixing(from + "/output_linear/0", to);
      } else {
        gates(from, to);
      }
      String scale = tree.norm(i) + (torch ? "/weight" : "/scale");
      put(to + "/norm/scale", tree.real(scale, new Shape(channels)), channels);
      put(to + "/norm/bias", tree.real(tree.norm(i) + "/bias", new Shape(channels)), channels);
      if (norm == Normalization.BATCH) {
        for (String name : List.of("mean", "var")) {
          String statistic = tree.statistics(i) + "/" + name;
          double[] values = tree.real(statistic, new Shape(channels));
          require(
              name.equals("mean") || Arrays.stream(values).allMatch(value -> value >= 0),
              "%s: expected variances of at least 0, got %s",
              tree.label(statistic),
              Arrays.stream(values).min().orElseThrow());
          put("batch_stats/encoder/layers_" + i + "/norm/" + name, values, channels);
        }
      }
    }

    private void gates(String from, String to) {
      String value = tree.hasBelow(from + "/out") ? "/out" : "/out1";
      boolean values = tree.hasBelow(from + value);
      boolean gate = tree.hasBelow(from + "/out2");
      Activation found =
          values ? Activation.FULL_GLU : gate ? Activation.HALF_GLU1 : Activation.GELU;
      Activation wanted = activation != null ? activation : gates != null ? gates : found;
      gates = wanted;
      if (wanted == Activation.FULL_GLU) {
        dense(from + value, to + "/out1", channels, channels);
        if (!gate && value.equals("/out")) {
          double[] open = new double[channels];
          Arrays.fill(open, OPEN);
          put(to + "/out2/kernel", new double[channels * channels], channels, channels);
          put(to + "/out2/bias", open, channels);
          return;
        }
      }
      if (wanted != Activation.GELU) {
        dense(from + "/out2", to + "/out2", channels, channels);
      }
    }

    /** One convolution of width one whose second half of outputs gates the first. */
    private void mixing(String from, String to) {
      require(
          activation == null || activation == Activation.FULL_GLU,
          "%s: expected the activation FULL_GLU, got %s",
          tree.label(from),
          activation);
      gates = Activation.FULL_GLU;
      int h = channels;
      Shape matrix = new Shape(2L * h, h);
      double[] weight = tree.real(from + "/weight", new Shape(2L * h, h, 1), matrix);
      double[] bias = tree.real(from + "/bias", new Shape(2L * h));
      for (int half = 0; half < 2; half++) {
        double[] rows = Arrays.copyOfRange(weight, half * h * h, (half + 1) * h * h);
        put(to + "/out" + (half + 1) + "/kernel", transposed(rows, h, h), h, h);
        double[] offsets = Arrays.copyOfRange(bias, half * h, (half + 1) * h);
        put(to + "/out" + (half + 1) + "/bias", offsets, h);
      }
    }

    private void system(String layer, String to, String from) {
      Family found = tree.has(from + "Lambda_re") ? Family.S5 : Family.S4D;
      boolean kernel = tree.hasBelow(from + "kernel");
      require(
          kernel || found == Family.S5 || tree.has(from + "A_re"),
          torch ? "expected %s, got none" : "expected %s of S5 or %s of S4D, got neither",
          tree.label(from + (torch ? "kernel/log_A_real" : "Lambda_re")),
          tree.label(from + "A_re"));
      require(
          family == null || family == found,
          "%s: expected %s as in the layers before, got %s",
          tree.label(layer),
          family,
          found);
      family = found;
      if (found == Family.S5) {
        s5(from, to);
      } else if (kernel) {
        stateSpaces(from, to);
      } else {
        annotated(from, to);
      }
      put(to + "D", tree.real(from + "D", new Shape(channels), new Shape(1, channels)), channels);
    }

    private void s5(String from, String to) {
      Shape states = tree.shape(from + "Lambda_re", 1, "(P)");
      int n = Math.toIntExact(states.get(0));
      pairs.add(n);
      poles(from + "Lambda_re", tree.real(from + "Lambda_re", states), or(clip, false), to);
      put(to + "Lambda_im", tree.real(from + "Lambda_im", states), n);
      put(to + "B", tree.complex(from + "B", new Shape(n, channels)), n, channels, 2);
      double factor = or(conjugatePairs, true) ? 1 : 0.5;
      boolean split = tree.has(from + "C1") || tree.has(from + "C2");
      Shape one = new Shape(channels, n);
      if (split) {
        directions(from, true);
        for (String name : List.of("C1", "C2")) {
          put(to + name, scaled(tree.complex(from + name, one), factor), channels, n, 2);
        }
      } else {
        Shape both = new Shape(channels, 2L * n);
        boolean wide = tree.columns(from + "C") == both.get(1);
        double[] c = scaled(tree.complex(from + "C", one, both), factor);
        directions(from, wide);
        if (wide) {
          put(to + "C1", columns(c, 0, n), channels, n, 2);
          put(to + "C2", columns(c, n, n), channels, n, 2);
        } else {
          put(to + "C", c, channels, n, 2);
        }
      }
      put(to + "log_step", steps(from + "log_step", new Shape(n, 1), states), n, 1);
    }

    /** Complex columns of a matrix (h, 2n). */
    private double[] columns(double[] matrix, int first, int n) {
      double[] part = new double[channels * n * 2];
      for (int row = 0; row < channels; row++) {
        System.arraycopy(matrix, (row * 2 * n + first) * 2, part, row * n * 2, n * 2);
      }
      return part;
    }

    private void directions(String from, boolean both) {
      require(
          bidirectional == null || bidirectional == both,
          "%s: expected as many directions as in the layers before, got %s",
          tree.label(from),
          both ? "two" : "one");
      bidirectional = both;
    }

    /** All N eigenvalues of a channel and K = Re ΣCB̄λ̄, which is 2Re with half of C. */
    private void annotated(String from, String to) {
      // B is a parameter in some versions, and has no effect in any.
      tree.ignore(from + "B_re");
      tree.ignore(from + "B_im");
      Shape states = tree.shape(from + "A_re", 2, "(N, " + channels + ")");
      require(
          states.get(1) == channels,
          "%s: expected shape (N, %d), got %s",
          tree.label(from + "A_re"),
          channels,
          states);
      int each = Math.toIntExact(states.get(0));
      int n = Math.multiplyExact(each, channels);
      pairs.add(n);
      double[] re = transposed(tree.real(from + "A_re", states), each, channels);
      poles(from + "A_re", re, or(clip, true), to);
      put(to + "Lambda_im", transposed(tree.real(from + "A_im", states), each, channels), n);
      boolean both = tree.has(from + "C1") || tree.has(from + "C2");
      directions(from, both);
      double factor = or(conjugatePairs, false) ? 1 : 0.5;
      for (String name : both ? List.of("C1", "C2") : List.of("C")) {
        double[] c = tree.complex(from + name, states);
        double[] byChannel = new double[c.length];
        for (int state = 0; state < each; state++) {
          for (int channel = 0; channel < channels; channel++) {
            int at = (state * channels + channel) * 2;
            int target = (channel * each + state) * 2;
            byChannel[target] = factor * c[at];
            byChannel[target + 1] = factor * c[at + 1];
          }
        }
        put(to + name, byChannel, n, 2);
      }
      Shape steps = new Shape(1, channels);
      put(to + "log_step", steps(from + "log_step", steps, new Shape(channels)), channels, 1);
    }

    private void stateSpaces(String from, String to) {
      String kernel = from + "kernel/";
      Shape states = tree.shape(kernel + "log_A_real", 2, "(" + channels + ", n/2)");
      require(
          states.get(0) == channels,
          "%s: expected shape (%d, n/2), got %s",
          tree.label(kernel + "log_A_real"),
          channels,
          states);
      int n = Math.toIntExact(states.size());
      pairs.add(n);
      double[] re = tree.real(kernel + "log_A_real", states);
      for (int i = 0; i < n; i++) {
        require(
            Math.abs(re[i]) < LARGEST_LOGARITHM,
            "%s: expected logarithms of single-precision numbers, got %s",
            tree.label(kernel + "log_A_real"),
            re[i]);
        re[i] = -Math.exp(re[i]);
      }
      poles(kernel + "log_A_real", re, or(clip, false), to);
      put(to + "Lambda_im", tree.real(kernel + "A_imag", states), n);
      directions(from, false);
      double factor = or(conjugatePairs, true) ? 1 : 0.5;
      put(to + "C", scaled(tree.complex(kernel + "C", states), factor), n, 2);
      put(to + "log_step", steps(kernel + "log_dt", new Shape(channels)), channels, 1);
    }

    private void poles(String name, double[] re, boolean clipped, String to) {
      for (int i = 0; i < re.length; i++) {
        if (re[i] > LARGEST_REAL_PART) {
          require(
              clipped || family == Family.S5,
              "%s: expected real parts of at most -1e-4, as S4D has them here, or clip(true);"
                  + " got %s",
              tree.label(name),
              re[i]);
          re[i] = clipped ? LARGEST_REAL_PART : re[i];
        }
      }
      put(to + "Lambda_re", re, re.length);
    }

    private double[] steps(String name, Shape... shapes) {
      double[] steps = tree.real(name, shapes);
      for (int i = 0; i < steps.length; i++) {
        steps[i] += Math.log(stepRescale);
        require(
            Math.abs(steps[i]) < LARGEST_LOGARITHM,
            "%s: expected logarithms of time steps in single precision, got %s",
            tree.label(name),
            steps[i]);
      }
      return steps;
    }

    private void put(String name, double[] values, long... shape) {
      for (double value : values) {
        require(
            precision != DataType.FLOAT32 || Math.abs(value) <= Float.MAX_VALUE,
            "%s: expected numbers that float32 can hold, got %s",
            name,
            value);
      }
      parameters.put(name, manager.create(values, new Shape(shape)));
    }
  }

  private static double[] scaled(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return values;
  }

  private static double[] transposed(double[] matrix, int rows, int columns) {
    double[] result = new double[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }
}
