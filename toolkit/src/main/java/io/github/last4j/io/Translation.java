package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;
import static io.github.last4j.io.ModelImport.or;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import io.github.last4j.ssm.Discretization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A foreign tree on its way to this toolkit's parameters, whose names are the S5 release's. */
final class Translation {
  static final String ENCODER = "params/encoder/encoder";
  static final String DECODER = "params/decoder";
  private static final double LARGEST_REAL_PART = -1e-4;
  // The ε of PyTorch's normalisations.
  private static final double TORCH = 1e-5;
  // exp(87) is about the largest number of single precision, exp(-87) the smallest normal one.
  private static final double LARGEST_LOGARITHM = 87;

  /** Where arrays come from. */
  final ForeignTree tree;

  /** What does not follow from a tree. */
  final ModelImport options;

  /** Whether the tree's C are those of states that are no pairs. */
  boolean singleStates;

  /** Whether one C holds both directions. */
  boolean joinedC;

  private final NDManager manager;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();

  Translation(NDManager manager, ForeignTree tree, ModelImport options) {
    this.manager = manager;
    this.tree = tree;
    this.options = options;
  }

  static String layer(int i) {
    return "params/encoder/layers_" + i;
  }

  static String statistics(int i) {
    return "batch_stats/encoder/layers_" + i;
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  void put(String name, double[] values, long... shape) {
    for (double value : values) {
      boolean fits = options.precision != DataType.FLOAT32 || Math.abs(value) <= Float.MAX_VALUE;
      require(fits, "%s: expected numbers that float32 can hold, got %s", name, value);
    }
    parameters.put(name, manager.create(values, new Shape(shape)));
  }

  /** Takes an array of real numbers as it is; those of other shapes get the first one. */
  void copy(String from, String to, Shape... shapes) {
    put(to, tree.real(from, shapes), shapes[0].getShape());
  }

  /**
   * A dense layer, of whose sizes those that are -1 may be any: a kernel (in, out) as in Flax, or a
   * weight (out, in) as in PyTorch.
   *
   * @return the number of its outputs
   */
  int dense(String from, String to, int in, int out) {
    String name = from + (tree.torch() ? "/weight" : "/kernel");
    long[] sizes = tree.torch() ? new long[] {out, in} : new long[] {in, out};
    String words = Arrays.toString(sizes).replace("-1", "any").replace('[', '(').replace(']', ')');
    Shape found = tree.shape(name, words, sizes);
    double[] weight = tree.real(name, found);
    int rows = (int) found.get(0);
    int columns = (int) found.get(1);
    if (tree.torch()) {
      put(to + "/kernel", transposed(weight, rows, columns, 1), columns, rows);
    } else {
      put(to + "/kernel", weight, rows, columns);
    }
    int outputs = tree.torch() ? rows : columns;
    copy(from + "/bias", to + "/bias", new Shape(outputs));
    return outputs;
  }

  /** Real parts of poles: those above -1e-4 the model clips, or they are refused. */
  void poles(String from, double[] re, String to, boolean clipped, boolean larger) {
    for (double each : re) {
      String expected = "real parts of at most -1e-4, as S4D has them here, or clip(true)";
      tree.require(each <= LARGEST_REAL_PART || clipped || larger, from, expected, each);
    }
    put(to + "Lambda_re", re, re.length);
  }

  /** Output weights for y = 2Re(Cx): half of those of states that are not pairs. */
  double[] outputs(String from, boolean pairs, Shape... shapes) {
    double[] c = tree.complex(from, shapes);
    if (!or(options.conjugatePairs, pairs)) {
      Arrays.setAll(c, i -> c[i] / 2);
    }
    return c;
  }

  /** Logarithms of time steps, as many as there should be or one for all. */
  void steps(String from, String to, int count, Shape... shapes) {
    double rescaled = Math.log(or(options.stepRescale, 1.0));
    double[] steps = logarithms(from, "time steps in single precision", rescaled, shapes);
    double[] all = steps;
    if (steps.length < count) {
      all = new double[count];
      Arrays.fill(all, steps[0]);
    }
    put(to + "log_step", all, count, 1);
  }

  /** Logarithms of what single precision holds, also when something is added to them. */
  double[] logarithms(String from, String numbers, double added, Shape... shapes) {
    double[] values = tree.real(from, shapes);
    for (double value : values) {
      boolean fits = Math.abs(value + added) < LARGEST_LOGARITHM;
      tree.require(fits, from, "logarithms of " + numbers, value + added);
    }
    return values;
  }

  /**
   * The configuration: what follows from the parameters, and what does not by the options.
   *
   * @param torch whether the GELU and the ε are by default those of PyTorch
   */
  ModelConfig config(Family family, boolean tokens, boolean postNorm, boolean torch) {
    List<Integer> pairs = new ArrayList<>();
    for (int i = 0; has(layer(i) + "/seq/Lambda_re"); i++) {
      pairs.add(size(layer(i) + "/seq/Lambda_re"));
    }
    String first = layer(0);
    Activation gated = or(options.activation, Activation.HALF_GLU1);
    Activation gate = has(first + "/out2/kernel") ? gated : Activation.GELU;
    boolean batch = has(statistics(0) + "/norm/mean");
    boolean documents = has(DECODER + "/layer1/kernel");
    int inputs = (int) parameters.get(ENCODER + "/kernel").getShape().get(0);
    int classes = size(DECODER + (documents ? "/layer2/bias" : "/bias"));
    return ModelConfig.s5(inputs, classes)
        .with(
            c ->
                c.tokens(or(options.tokens, tokens))
                    .channels(size(ENCODER + "/bias"))
                    .pairs(pairs)
                    .bidirectional(has(first + "/seq/C1"))
                    .activation(has(first + "/out1/kernel") ? Activation.FULL_GLU : gate)
                    .dropout(or(options.dropout, 0.0))
                    .discretization(or(options.discretization, Discretization.ZOH))
                    .family(family)
                    .normalization(batch ? Normalization.BATCH : Normalization.LAYER)
                    .postNorm(or(options.postNorm, postNorm))
                    .documentPairs(documents)
                    .pooling(or(options.pooling, Pooling.MEAN))
                    .clipPoles(family == Family.S5 && or(options.clip, false))
                    .stepRescale(or(options.stepRescale, 1.0))
                    .exactGelu(or(options.exactGelu, torch))
                    .normEpsilon(or(options.normEpsilon, torch ? TORCH : 0))
                    .singleStates(singleStates)
                    .joinedC(joinedC)
                    .maskPadding(false));
  }

  private int size(String name) {
    return (int) parameters.get(name).size();
  }

  /** The parameters in the dtype that was asked for, or else that of the tree. */
  Map<String, NDArray> parameters() {
    DataType type = or(options.precision, tree.precision());
    parameters.replaceAll((name, array) -> array.toType(type, false));
    return parameters;
  }

  /** A matrix whose elements are so many numbers, the other way round. */
  static double[] transposed(double[] matrix, int rows, int columns, int numbers) {
    double[] result = new double[matrix.length];
    for (int i = 0; i < rows * columns; i++) {
      int target = i % columns * rows + i / columns;
      System.arraycopy(matrix, i * numbers, result, target * numbers, numbers);
    }
    return result;
  }
}
