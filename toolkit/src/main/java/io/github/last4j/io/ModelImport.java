package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads models that other projects trained, from what {@link FileFormat#read} reads.
 *
 * <p>It knows the names of three:
 *
 * <ul>
 *   <li>the S5 release: params/encoder/{encoder, layers_i/{norm, out1, out2, seq/{Lambda_re,
 *       Lambda_im, B, C or C1 and C2, D, log_step}}}, params/decoder, batch_stats/encoder/layers_i;
 *       a C of twice the width holds both directions. Ports may have one complex Lambda, one
 *       log_step for all states, layers by number as flax.nnx has them (layers/0), or, in PyTorch,
 *       layers.i.seq or layers.i.s5.seq beside encoder, layers.i.norm, layers.i.out2 and decoder;
 *   <li>the annotated S4D: params/{encoder, layers_i/{norm, out, out2, seq/{A_re, A_im, C, D,
 *       log_step}}, decoder}, arrays (N, h) and (N, h, 2);
 *   <li>the S4D of state-spaces: encoder, s4_layers.i.{D, kernel.{C, log_dt, log_A_real, A_imag},
 *       output_linear.0}, norms.i, decoder.
 * </ul>
 *
 * <p>Parameters may lie in a train state, in a tree of variables or bare, and be complex or pairs
 * of real numbers. Inputs, classes, layers, channels, states, directions, gates, normalisation
 * (batch statistics mean batch normalisation; without them S4D has it by layer, and S5 has to be
 * told) and pairs of documents follow from the tree. What does not has a method here, and ends in
 * the model's configuration; the defaults are:
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th></th><th>S5</th><th>S5 in PyTorch</th><th>annotated S4D</th><th>state-spaces S4D</th></tr>
 * <tr><td>activation with out2 alone</td><td>HALF_GLU1</td><td>HALF_GLU1</td><td>HALF_GLU1</td>
 *     <td></td></tr>
 * <tr><td>postNorm</td><td>false</td><td>false</td><td>false</td><td>true</td></tr>
 * <tr><td>pooling</td><td>MEAN</td><td>MEAN</td><td>MEAN</td><td>MEAN</td></tr>
 * <tr><td>clip</td><td>false</td><td>false</td><td>true</td><td>false</td></tr>
 * <tr><td>conjugatePairs</td><td>true, unless all poles have their conjugates beside them</td>
 *     <td>false</td><td>false</td><td>true</td></tr>
 * <tr><td>discretization</td><td>ZOH</td><td>ZOH</td><td>ZOH</td><td>ZOH</td></tr>
 * <tr><td>tokens</td><td>false</td><td>false</td><td>if embedded</td><td>false</td></tr>
 * <tr><td>stepRescale</td><td>1</td><td>1</td><td>1</td><td>1</td></tr>
 * <tr><td>exactGelu</td><td>false</td><td>true</td><td>false</td><td>true</td></tr>
 * <tr><td>normEpsilon</td><td>of Flax</td><td>1e-5</td><td>of Flax</td><td>1e-5</td></tr>
 * <tr><td>dropout</td><td>0</td><td>0</td><td>0</td><td>0</td></tr>
 * </table>
 *
 * <p>A layer with an out but no gate becomes a full GLU with a gate that is always open. A full S4,
 * whose systems are not diagonal, is refused, and so is a file that leaves open which of two models
 * it holds.
 *
 * <p>A file of {@link Checkpoints#save} is read as well. What it is says its configuration; clip,
 * stepRescale, dropout, exactGelu, normEpsilon and precision may be set, and change that.
 *
 * <p>Backward scans of imported models read the padding of shorter sequences, as those of the S5
 * release do: {@link ModelConfig#maskPadding} is false, and may be set in the configuration of a
 * copy.
 *
 * <p>All methods but {@link #load} return this.
 */
public final class ModelImport {
  private static final List<ForeignProject> PROJECTS =
      List.of(new S5Release(), new AnnotatedS4d(), new StateSpacesS4d());

  // Null where the tree, its project or a configuration decides.
  Activation activation;
  Normalization normalization;
  Boolean postNorm;
  Pooling pooling;
  Boolean clip;
  Boolean conjugatePairs;
  Discretization discretization;
  Boolean tokens;
  Double stepRescale;
  DataType precision;
  Double dropout;
  Boolean exactGelu;
  Double normEpsilon;
  String tree;

  /** An import that infers all that a tree tells, and has the defaults for the rest. */
  public ModelImport() {}

  /** Sets what follows the state space system; the tree must have the gates for it. */
  public ModelImport activation(Activation value) {
    activation = value;
    return this;
  }

  /**
   * Sets how features are normalised; {@link Normalization#BATCH} needs batch statistics, and an S5
   * without them needs {@link Normalization#LAYER} to be said.
   */
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
   * latter is right for conj_sym=False, and for ports of S5 that leave the 2 out. The model then
   * has half of that C, and every state as a pair; checkpoints of it have the C that was read.
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

  /**
   * Sets a factor on all time steps Δ, such as step_rescale of the S5 release. After an import it
   * is {@link ModelConfig#stepRescale} of another configuration for the same parameters.
   */
  public ModelImport stepRescale(double value) {
    require(
        value > 0 && value < Double.POSITIVE_INFINITY,
        "stepRescale: expected a positive number, got %s",
        value);
    stepRescale = value;
    return this;
  }

  /** Sets the share of features that further training drops, which no file tells. */
  public ModelImport dropout(double value) {
    require(value >= 0 && value < 1, "dropout: expected a number in [0, 1), got %s", value);
    dropout = value;
    return this;
  }

  /** Sets whether the GELU is x·Φ(x), as in PyTorch, or its tanh form, as in Flax. */
  public ModelImport exactGelu(boolean value) {
    exactGelu = value;
    return this;
  }

  /** Sets the ε that normalisations add to variances. */
  public ModelImport normEpsilon(double value) {
    require(value > 0 && value < 1, "normEpsilon: expected a number in (0, 1), got %s", value);
    normEpsilon = value;
    return this;
  }

  /**
   * Chooses one of several models in a file, such as a model and its moving average.
   *
   * @param name what the names of its arrays begin with, such as "ema_params"
   */
  public ModelImport tree(String name) {
    require(name != null, "tree: expected a name, got null");
    tree = name;
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
   * Reads a model; {@link Checkpoints#load} does the same with nothing set.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @param file a file or a directory, as {@link FileFormat#read} has it
   * @throws IOException if the file can't be read; if an array is missing, misshapen, not finite or
   *     one too many, or contradicts what was set; naming the file and the array
   */
  public SequenceClassifier load(NDManager parent, Path file) throws IOException {
    Tensors tensors = FileFormat.read(file);
    return Checkpoints.isOwn(tensors)
        ? Checkpoints.model(parent, file, tensors, this)
        : model(parent, file, tensors);
  }

  /** The configuration of a checkpoint of ours with what was set. */
  ModelConfig over(ModelConfig own) {
    requireOpen("activation", activation);
    requireOpen("normalization", normalization);
    requireOpen("postNorm", postNorm);
    requireOpen("pooling", pooling);
    requireOpen("conjugatePairs", conjugatePairs);
    requireOpen("discretization", discretization);
    requireOpen("tokens", tokens);
    requireOpen("tree", tree);
    return own.with(
        c ->
            c.clipPoles(own.family() == Family.S5 && or(clip, own.clipPoles()))
                .stepRescale(or(stepRescale, own.stepRescale()))
                .dropout(or(dropout, own.dropout()))
                .exactGelu(or(exactGelu, own.exactGelu()))
                .normEpsilon(or(normEpsilon, own.normEpsilon())));
  }

  private static void requireOpen(String name, Object set) {
    String expected = "nothing set, since the file has a configuration of last4j";
    require(set == null, "%s: expected %s, got %s", name, expected, set);
  }

  static <T> T or(T set, T otherwise) {
    return set == null ? otherwise : set;
  }

  /** Makes a model of what a file of another project holds. */
  private SequenceClassifier model(NDManager parent, Path file, Tensors tensors)
      throws IOException {
    try (NDManager scratch = parent.newSubManager()) {
      List<Pattern> layers = PROJECTS.stream().map(ForeignProject::layers).distinct().toList();
      ForeignTree found = ForeignTree.of(tensors, layers, tree);
      found.requireDiagonal();
      Translation translation = new Translation(scratch, found, this);
      ModelConfig config = project(found).read(translation);
      found.requireAllUsed();
      return SequenceClassifier.of(parent, config, translation.parameters());
    } catch (RuntimeException e) {
      throw new IOException(file + ": not a model: " + Bytes.reason(e), e);
    }
  }

  /** The one project that all layers are of; what they lack it says itself. */
  private static ForeignProject project(ForeignTree tree) {
    String start = tree.layer(0);
    List<ForeignProject> projects =
        PROJECTS.stream().filter(each -> each.layers().matcher(start + "/").find()).toList();
    List<ForeignProject> found = new ArrayList<>();
    for (int i = 0; i < tree.layers(); i++) {
      String layer = tree.layer(i);
      projects.stream()
          .filter(each -> each.marks().stream().anyMatch(mark -> tree.has(layer + mark)))
          .findFirst()
          .ifPresent(
              next -> {
                found.add(next);
                String expected = found.get(0).family() + " as in the layers before";
                tree.require(next == found.get(0), layer, expected, next.family());
              });
    }
    List<String> marks =
        projects.stream().map(each -> tree.label(start + each.marks().get(0))).toList();
    require(!found.isEmpty(), "expected %s, got none", String.join(" or ", marks));
    return found.get(0);
  }
}
