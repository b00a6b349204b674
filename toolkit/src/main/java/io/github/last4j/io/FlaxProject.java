package io.github.last4j.io;

import static io.github.last4j.io.Translation.DECODER;
import static io.github.last4j.io.Translation.ENCODER;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What projects in Flax have in common: everything but the systems. */
abstract class FlaxProject implements ForeignProject {
  private static final Pattern LAYERS =
      Pattern.compile("^(|(?:.*?/)?params/)(encoder/layers_|layers_)\\d{1,9}/");
  // 1/(1 + exp(-40)) is one in double precision.
  private static final double OPEN = 40;

  /**
   * Translates the parameters of a system but D.
   *
   * @param from what their names begin with, and {@code to} what they are to begin with
   */
  abstract void system(Translation model, String from, String to, int channels);

  @Override
  public Pattern layers() {
    return LAYERS;
  }

  @Override
  public ModelConfig read(Translation model) {
    ForeignTree tree = model.tree;
    boolean words = tree.has(tree.beside() + "encoder/Embed_0/embedding");
    int h = words ? embedding(model) : encoder(model);
    for (int i = 0; i < tree.layers(); i++) {
      layer(model, i, h);
    }
    String decoder = tree.root() + "decoder";
    if (tree.hasBelow(decoder + "/layer1")) {
      model.dense(decoder + "/layer1", DECODER + "/layer1", 4 * h, h);
      last(model, decoder + "/layer2", DECODER + "/layer2", h);
    } else {
      last(model, decoder, DECODER, h);
    }
    return model.config(family(), words, false);
  }

  private static int encoder(Translation model) {
    String from = model.tree.beside() + "encoder";
    Shape kernel = model.tree.shape(from + "/kernel", "(inputs, h)", -1, -1);
    model.dense(from, ENCODER, (int) kernel.get(0), (int) kernel.get(1));
    return (int) kernel.get(1);
  }

  /** The annotated S4 looks tokens up, and takes zero for a token that is not there. */
  private static int embedding(Translation model) {
    String from = model.tree.beside() + "encoder/Embed_0/embedding";
    Shape shape = model.tree.shape(from, "(words, h)", -1, -1);
    int h = (int) shape.get(1);
    double[] rows = model.tree.real(from, shape);
    Arrays.fill(rows, 0, h, 0);
    model.put(ENCODER + "/kernel", rows, shape.getShape());
    model.put(ENCODER + "/bias", new double[h], h);
    return h;
  }

  private static void last(Translation model, String from, String to, int h) {
    Shape kernel = model.tree.shape(from + "/kernel", "(" + h + ", classes)", h, -1);
    model.dense(from, to, h, (int) kernel.get(1));
  }

  private void layer(Translation model, int i, int h) {
    ForeignTree tree = model.tree;
    String from = tree.layer(i);
    String to = Translation.layer(i);
    system(model, from + "/seq/", to + "/seq/", h);
    boolean both = model.has(to + "/seq/C1");
    boolean same = both == model.has(Translation.layer(0) + "/seq/C1");
    String expected = "as many directions as in the layers before";
    tree.require(same, from + "/seq/", expected, both ? "two" : "one");
    model.copy(from + "/seq/D", to + "/seq/D", new Shape(h), new Shape(1, h));
    gates(model, from, to, h);
    model.copy(from + "/norm/scale", to + "/norm/scale", new Shape(h));
    model.copy(from + "/norm/bias", to + "/norm/bias", new Shape(h));
    Normalization norm = model.options.normalization;
    if (norm == null ? tree.hasBelow(tree.statistics(0) + "/norm") : norm == Normalization.BATCH) {
      statistics(model, tree.statistics(i) + "/norm/", Translation.statistics(i) + "/norm/", h);
    }
  }

  private static void statistics(Translation model, String from, String to, int h) {
    model.copy(from + "mean", to + "mean", new Shape(h));
    double[] variances = model.tree.real(from + "var", new Shape(h));
    double least = Arrays.stream(variances).min().orElseThrow();
    model.tree.require(least >= 0, from + "var", "variances of at least 0", least);
    model.put(to + "var", variances, h);
  }

  /** The first layer tells which gates there are. */
  private static void gates(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    String first = tree.layer(0);
    boolean values = tree.hasBelow(first + "/out") || tree.hasBelow(first + "/out1");
    Activation gated = tree.hasBelow(first + "/out2") ? Activation.HALF_GLU1 : Activation.GELU;
    Activation found = values ? Activation.FULL_GLU : gated;
    Activation wanted = model.options.activation == null ? found : model.options.activation;
    boolean annotated = tree.hasBelow(from + "/out");
    if (wanted == Activation.FULL_GLU) {
      model.dense(from + (annotated ? "/out" : "/out1"), to + "/out1", h, h);
    }
    if (wanted == Activation.FULL_GLU && annotated && !tree.hasBelow(from + "/out2")) {
      double[] open = new double[h];
      Arrays.fill(open, OPEN);
      model.put(to + "/out2/kernel", new double[h * h], h, h);
      model.put(to + "/out2/bias", open, h);
    } else if (wanted != Activation.GELU) {
      model.dense(from + "/out2", to + "/out2", h, h);
    }
  }
}
