package io.github.last4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model with what belongs to it, such as what an optimiser remembers, in one file.
 *
 * @param model the model
 * @param arrays float32 or float64 arrays by name
 * @param texts texts by name, none called {@value Checkpoints#CONFIG}
 */
public record Snapshot(
    SequenceClassifier model, Map<String, NDArray> arrays, Map<String, String> texts) {
  private static final String BESIDE = "beside/";

  /** Copies the maps. */
  public Snapshot {
    arrays = Map.copyOf(arrays);
    texts = Map.copyOf(texts);
  }

  /**
   * Writes safetensors: the model as {@link Checkpoints#save} has it, and the arrays under
   * "beside/". A file that was there before stays until the new one is whole.
   */
  public void write(Path file) throws IOException {
    Tensors saved = Checkpoints.tensors(model);
    Map<String, Tensor> all = new LinkedHashMap<>(saved.arrays());
    arrays.forEach((name, array) -> all.put(BESIDE + name, Tensor.of(array)));
    Map<String, String> written = new LinkedHashMap<>(texts);
    written.putAll(saved.texts());
    FileFormat.SAFETENSORS.write(new Tensors(all, written), file);
  }

  /**
   * Reads what {@link #write} wrote, bit for bit.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @param owner holds the arrays
   * @throws IOException if the file can't be read or holds something else, naming it
   */
  public static Snapshot read(NDManager parent, NDManager owner, Path file) throws IOException {
    Tensors tensors = FileFormat.read(file);
    if (!Checkpoints.isOwn(tensors)) {
      throw new IOException(file + ": expected a model with " + Checkpoints.CONFIG + ", got none");
    }
    Map<String, Tensor> own = new LinkedHashMap<>();
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    tensors
        .arrays()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(BESIDE)) {
                arrays.put(name.substring(BESIDE.length()), tensor.toArray(owner));
              } else {
                own.put(name, tensor);
              }
            });
    Map<String, String> texts = new LinkedHashMap<>(tensors.texts());
    texts.remove(Checkpoints.CONFIG);
    Tensors alone = new Tensors(own, tensors.texts(), tensors.unread());
    return new Snapshot(Checkpoints.model(parent, file, alone, new ModelImport()), arrays, texts);
  }
}
