package io.github.last4j.io;

import static io.github.last4j.io.Translation.DECODER;
import static io.github.last4j.io.Translation.ENCODER;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What projects in Flax, and ports with their names, have in common: all but the systems. */
abstract class FlaxProject implements ForeignProject {
  private static final Pattern LAYERS =
      Pattern.compile("^(|.*?/)(encoder/layers[_/]|layers[_/])\\d{1,9}/");
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
    int h = words ? embedding(model) : model.dense(tree.beside() + "encoder", ENCODER, -1, -1);
    for (int i = 0; i < tree.layers(); i++) {
      layer(model, i, h);
    }
    String decoder = tree.root() + "decoder";
    if (tree.hasBelow(decoder + "/layer1")) {
      model.dense(decoder + "/layer1", DECODER + "/layer1", 4 * h, h);
      model.dense(decoder + "/layer2", DECODER + "/layer2", h, -1);
    } else {
      model.dense(decoder, DECODER, h, -1);
    }
    return model.config(family(), words, false, tree.torch());
  }

  /** The annotated S4 looks tokens up, and takes zero for a token that is not there. */
  private static int embedding(Translation model) {
    String encoder = model.tree.beside() + "encoder/";
    // The table of the module itself, which its call does not use.
    model.tree.ignore(encoder + "embedding");
    String from = encoder + "Embed_0/embedding";
    Shape shape = model.tree.shape(from, "(words, h)", -1, -1);
    int h = (int) shape.get(1);
    double[] rows = model.tree.real(from, shape);
    Arrays.fill(rows, 0, h, 0);
    model.put(ENCODER + "/kernel", rows, shape.getShape());
    model.put(ENCODER + "/bias", new double[h], h);
    return h;
  }

  private void layer(Translation model, int i, int h) {
    ForeignTree tree = model.tree;
    String from = tree.layer(i);
    String to = Translation.layer(i);
    String seq = system(tree, from);
    system(model, seq, to + "/seq/", h);
    boolean both = model.has(to + "/seq/C1");
    boolean same = both == model.has(Translation.layer(0) + "/seq/C1");
    String expected = "as many directions as in the layers before";
    tree.require(same, seq, expected, both ? "two" : "one");
    model.copy(seq + "D", to + "/seq/D", new Shape(h), new Shape(1, h));
    gates(model, from, to, h);
    String scale = from + "/norm/" + (tree.torch() ? "weight" : "scale");
    model.copy(scale, to + "/norm/scale", new Shape(h));
    model.copy(from + "/norm/bias", to + "/norm/bias", new Shape(h));
    if (batch(model)) {
      statistics(model, tree.statistics(i) + "/norm/", Translation.statistics(i) + "/norm/", h);
    }
  }

  /** What all names of a layer's system begin with. */
  private String system(ForeignTree tree, String layer) {
    String mark =
        marks().stream().filter(each -> tree.has(layer + each)).findFirst().orElse(marks().get(0));
    return layer + mark.substring(0, mark.lastIndexOf('/') + 1);
  }

  private boolean batch(Translation model) {
    ForeignTree tree = model.tree;
    Normalization wanted = model.options.normalization;
    String statistics = tree.statistics(0) + "/norm";
    boolean found =
        tree.has(statistics + "/var")
            || tree.has(statistics + "/mean")
            || tree.has(statistics + "/running_var");
    // S5 has both kinds, and files of its parameters alone look the same.
    boolean told = wanted != null || found || tree.torch() || family() != Family.S5;
    String expected = "batch statistics, or normalization(LAYER) if there are none in the model";
    tree.require(told, statistics, expected, "none");
    return wanted == null ? found : wanted == Normalization.BATCH;
  }

  private static void statistics(Translation model, String from, String to, int h) {
    String running = model.tree.torch() ? "running_" : "";
    model.tree.ignore(from + "num_batches_tracked");
    model.copy(from + running + "mean", to + "mean", new Shape(h));
    String name = from + running + "var";
    double[] variances = model.tree.real(name, new Shape(h));
    double least = Arrays.stream(variances).min().orElseThrow();
    model.tree.require(least >= 0, name, "variances of at least 0", least);
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
