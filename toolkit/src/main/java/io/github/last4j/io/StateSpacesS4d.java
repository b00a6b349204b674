package io.github.last4j.io;

import static io.github.last4j.io.ModelImport.or;
import static io.github.last4j.io.Translation.DECODER;
import static io.github.last4j.io.Translation.ENCODER;
import static io.github.last4j.io.Translation.transposed;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The S4D of state-spaces, in PyTorch, where dense layers are (out, in): s4_layers.i.kernel.… */
final class StateSpacesS4d implements ForeignProject {
  private static final Pattern LAYERS = Pattern.compile("^(|.*?/)(s4_layers/)\\d{1,9}/");

  @Override
  public Family family() {
    return Family.S4D;
  }

  @Override
  public Pattern layers() {
    return LAYERS;
  }

  @Override
  public List<String> marks() {
    return List.of("/kernel/log_A_real");
  }

  @Override
  public ModelConfig read(Translation model) {
    ForeignTree tree = model.tree;
    String root = tree.root();
    Shape encoder = tree.shape(root + "encoder/weight", "(h, inputs)", -1, -1);
    int h = (int) encoder.get(0);
    model.dense(root + "encoder", ENCODER, (int) encoder.get(1), h);
    Normalization norm = model.options.normalization;
    tree.require(norm != Normalization.BATCH, root + "norms", "the normalization LAYER", norm);
    Shape channels = new Shape(h);
    for (int i = 0; i < tree.layers(); i++) {
      String from = tree.layer(i);
      String to = Translation.layer(i);
      system(model, from + "/kernel/", to + "/seq/", h);
      model.copy(from + "/D", to + "/seq/D", channels, new Shape(1, h));
      gates(model, from + "/output_linear/0", to, h);
      model.copy(root + "norms/" + i + "/weight", to + "/norm/scale", channels);
      model.copy(root + "norms/" + i + "/bias", to + "/norm/bias", channels);
    }
    Shape decoder = tree.shape(root + "decoder/weight", "(classes, " + h + ")", -1, h);
    model.dense(root + "decoder", DECODER, h, (int) decoder.get(0));
    return model.config(family(), false, true, true);
  }

  private static void system(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    String real = from + "log_A_real";
    Shape states = tree.shape(real, "(" + h + ", n/2)", h, -1);
    int n = (int) states.size();
    double[] re = model.logarithms(real, "single-precision numbers", 0, states);
    Arrays.setAll(re, i -> -Math.exp(re[i]));
    model.poles(real, re, to, or(model.options.clip, false), false);
    model.put(to + "Lambda_im", tree.real(from + "A_imag", states), n);
    model.put(to + "C", model.outputs(from + "C", true, states), n, 2);
    model.steps(from + "log_dt", to, h, new Shape(h));
  }

  /** One convolution of width one whose second half of outputs gates the first. */
  private static void gates(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    Activation activation = model.options.activation;
    boolean fits = activation == null || activation == Activation.FULL_GLU;
    tree.require(fits, from, "the activation FULL_GLU", activation);
    double[] weight = tree.real(from + "/weight", new Shape(2L * h, h, 1), new Shape(2L * h, h));
    double[] bias = tree.real(from + "/bias", new Shape(2L * h));
    for (int half = 0; half < 2; half++) {
      String gate = to + "/out" + (half + 1);
      double[] rows = Arrays.copyOfRange(weight, half * h * h, (half + 1) * h * h);
      model.put(gate + "/kernel", transposed(rows, h, h, 1), h, h);
      model.put(gate + "/bias", Arrays.copyOfRange(bias, half * h, (half + 1) * h), h);
    }
  }
}
