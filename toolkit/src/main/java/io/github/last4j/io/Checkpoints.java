package io.github.last4j.io;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Models as files: safetensors with the configuration, as JSON, in the metadata. */
public final class Checkpoints {
  private static final String CONFIG = "last4j.config";
  // What configurations from before there was S4D do not name, and a model of S5 need not.
  private static final Set<String> OPTIONAL =
      Set.of("family", "normalization", "postNorm", "channelPairs", "documentPairs", "clipPoles");

  private Checkpoints() {}

  /** Writes a model; a file that was there before stays until the new one is whole. */
  public static void save(SequenceClassifier model, Path file) throws IOException {
    try (NDManager scratch = model.manager().newSubManager()) {
      Map<String, String> metadata = Map.of(CONFIG, new Gson().toJson(model.config()));
      new SafeTensors(model.parametersByName(scratch), metadata).write(file);
    }
  }

  /**
   * Reads a model that {@link #save} wrote.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @throws IOException if the file can't be read or does not hold a model, naming the file and
   *     what is wrong
   */
  public static SequenceClassifier load(NDManager parent, Path file) throws IOException {
    try (NDManager scratch = parent.newSubManager()) {
      SafeTensors tensors = SafeTensors.read(scratch, file);
      String json = tensors.metadata().get(CONFIG);
      if (json == null) {
        throw new IOException(file + ": expected " + CONFIG + " in the metadata, got none");
      }
      try {
        return SequenceClassifier.of(parent, config(json), tensors.arrays());
      } catch (RuntimeException e) {
        // Gson wraps what a record's constructor throws.
        Throwable reason = e.getCause() == null ? e : e.getCause();
        throw new IOException(file + ": not a model: " + reason.getMessage(), e);
      }
    }
  }

  /** Reads a configuration; Gson alone would take zero, false or null for what it does not find. */
  private static ModelConfig config(String json) {
    JsonObject given = JsonParser.parseString(json).getAsJsonObject();
    for (RecordComponent field : ModelConfig.class.getRecordComponents()) {
      if (!given.has(field.getName()) && !OPTIONAL.contains(field.getName())) {
        throw new IllegalArgumentException(
            CONFIG + ": expected " + field.getName() + ", got only " + given.keySet());
      }
    }
    ModelConfig config = new Gson().fromJson(given, ModelConfig.class);
    JsonObject understood = new Gson().toJsonTree(config).getAsJsonObject();
    for (String name : given.keySet()) {
      JsonElement value = understood.get(name);
      if (!given.get(name).equals(value)) {
        String expected = value == null ? "no " + name : value + " for " + name;
        throw new IllegalArgumentException(
            CONFIG + ": expected " + expected + ", got " + given.get(name));
      }
    }
    return config;
  }
}
