package io.github.last4j.io;

import static io.github.last4j.io.Bytes.named;
import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Models as files: the parameters by {@link SequenceClassifier#parametersByName}, and the
 * configuration as a JSON text named last4j.config. A file without one is another project's, and
 * read by {@link ModelImport}.
 */
public final class Checkpoints {
  static final String CONFIG = "last4j.config";
  // From the family on: what configurations from before there was S4D do not name.
  private static final Set<String> OPTIONAL =
      Arrays.stream(ModelConfig.class.getRecordComponents())
          .map(RecordComponent::getName)
          .dropWhile(name -> !name.equals("family"))
          .collect(Collectors.toUnmodifiableSet());

  private Checkpoints() {}

  /**
   * Writes a model as safetensors, with the configuration in the metadata; a file that was there
   * before stays until the new one is whole.
   */
  public static void save(SequenceClassifier model, Path file) throws IOException {
    save(model, file, FileFormat.SAFETENSORS);
  }

  /**
   * Writes a model in a format that Python reads.
   *
   * <p>Of an S5 all formats hold the tree of the S5 release, each layer with the states that it
   * has: a model of the release that was read and written again is what its own project reads, C as
   * {@link ModelConfig#singleStates} and {@link ModelConfig#joinedC} have it. In Python
   * flax.serialization.msgpack_restore gives {"params": …, "batch_stats": …, "last4j.config": …},
   * numpy.load and safetensors the same with slashes in the names. Of an S4D, whose channels may
   * have lost different states, the states of all channels lie one after another: seq/Lambda_re and
   * Lambda_im (n), C (n, 2) or C1 and C2, log_step (h, 1), D (h), and y = 2Re(Cx) as in S5; how
   * many are each channel's is channelPairs in the configuration, or n/h where that is empty. The
   * layouts of other S4D projects have no place for such layers: their arrays are (N, h) or (h, N),
   * with as many states in every channel.
   */
  public static void save(SequenceClassifier model, Path file, FileFormat format)
      throws IOException {
    format.write(tensors(model), file);
  }

  /** What {@link #save} writes. */
  static Tensors tensors(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      Map<String, Tensor> arrays = new LinkedHashMap<>();
      model.parametersByName(scratch).forEach((name, array) -> arrays.put(name, Tensor.of(array)));
      Map<String, String> texts = Map.of(CONFIG, new Gson().toJson(model.config()));
      return new Tensors(Dialect.written(model.config(), arrays), texts);
    }
  }

  /**
   * Reads a model, in any of the formats: one that {@link #save} wrote, or, where no configuration
   * is among the texts of the file, one of another project as {@link ModelImport#load} with its
   * defaults has it. (That reads both kinds, and lets choices be set.) Of the latter kind is an own
   * file, too, whose configuration was lost.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @param file a file or a directory, as {@link FileFormat#read} has it
   * @throws IOException if the file can't be read or does not hold a model, naming the file and
   *     what is wrong
   */
  public static SequenceClassifier load(NDManager parent, Path file) throws IOException {
    return new ModelImport().load(parent, file);
  }

  /** Whether a file is one of {@link #save}. */
  static boolean isOwn(Tensors tensors) {
    return tensors.texts().containsKey(CONFIG) || tensors.unread().containsKey(CONFIG);
  }

  /** Makes a model of what a file of {@link #save} holds, in the configuration what was set. */
  static SequenceClassifier model(NDManager parent, Path file, Tensors tensors, ModelImport options)
      throws IOException {
    try (NDManager scratch = parent.newSubManager()) {
      require(tensors.unread().isEmpty(), "expected float32 or float64, got %s", tensors.unread());
      ModelConfig config = options.over(config(tensors.texts().get(CONFIG)));
      requireStates(config, tensors.arrays());
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      Dialect.read(config, tensors.arrays())
          .forEach((name, tensor) -> arrays.put(name, named(name, () -> tensor.toArray(scratch))));
      if (options.precision != null) {
        arrays.replaceAll((name, array) -> array.toType(options.precision, false));
      }
      return SequenceClassifier.of(parent, config, arrays);
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor throws.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(file + ": not a model: " + Bytes.reason(reason), e);
    }
  }

  /** A few bytes may ask for any number of layers and states: those have to be there first. */
  private static void requireStates(ModelConfig config, Map<String, Tensor> arrays) {
    for (int i = 0; i < config.layers(); i++) {
      String seq = "params/encoder/layers_" + i + "/seq/";
      requireSize(seq + "Lambda_re", config.pairs().get(i), arrays);
      requireSize(seq + "D", config.channels(), arrays);
    }
  }

  private static void requireSize(String name, int size, Map<String, Tensor> arrays) {
    Tensor array = arrays.get(name);
    require(array != null, "expected %s, got none", name);
    boolean fits = array.shape().equals(new Shape(size));
    require(fits, "%s: expected shape (%d), got %s", name, size, array);
  }

  /** Reads a configuration; Gson alone would take zero, false or null for what it does not find. */
  private static ModelConfig config(String json) {
    JsonElement root = StrictJson.parse(json);
    require(root.isJsonObject(), "%s: expected an object, got %s", CONFIG, root);
    JsonObject given = root.getAsJsonObject();
    for (RecordComponent field : ModelConfig.class.getRecordComponents()) {
      String name = field.getName();
      boolean known = given.has(name) || OPTIONAL.contains(name);
      require(known, "%s: expected %s, got only %s", CONFIG, name, given.keySet());
    }
    ModelConfig config = new Gson().fromJson(given, ModelConfig.class);
    JsonObject understood = new Gson().toJsonTree(config).getAsJsonObject();
    for (String name : given.keySet()) {
      JsonElement value = understood.get(name);
      String expected = value == null ? "no " + name : value + " for " + name;
      boolean same = given.get(name).equals(value);
      require(same, "%s: expected %s, got %s", CONFIG, expected, given.get(name));
    }
    return config;
  }
}
