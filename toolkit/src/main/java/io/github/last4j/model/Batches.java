package io.github.last4j.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import io.github.last4j.progress.Interruption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** One pass over a dataset. */
public final class Batches {
  private Batches() {}

  /**
   * Hands out every batch, and frees it and all that was made of it and not unregistered.
   *
   * @param name of the dataset, for the message
   * @param task what is being done, as {@link Interruption#check} has it
   * @param manager the parent of the batches' managers
   * @throws IllegalArgumentException if the dataset is null or can't be read
   */
  public static void forEach(
      String name, String task, Dataset data, NDManager manager, Consumer<Batch> use) {
    if (data == null) {
      throw new IllegalArgumentException(name + ": expected a dataset, got null");
    }
    try {
      for (Batch batch : data.getData(manager)) {
        // Inside, so that a batch that is there already is freed too.
        try (batch;
            NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          Interruption.check(task);
          use.accept(batch);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalArgumentException(name + ": expected a readable dataset", e);
    }
  }
}
