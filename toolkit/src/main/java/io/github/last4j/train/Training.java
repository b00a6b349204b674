package io.github.last4j.train;

import io.github.last4j.data.SequenceData;
import io.github.last4j.model.SequenceClassifier;
import java.util.List;
import java.util.function.Consumer;

/** Trains a classifier by a recipe; {@link Plan} does more. */
public final class Training {
  private Training() {}

  /** Is told of progress. */
  public interface Listener {
    /** A step is done; the loss is its batch's. */
    default void step(int epoch, int step, int stepsPerEpoch, double loss) {}

    /** The same, with the model as it is now. */
    default void step(
        int epoch, int step, int stepsPerEpoch, double loss, SequenceClassifier model) {
      step(epoch, step, stepsPerEpoch, loss);
    }

    /** An epoch is done. */
    default void epoch(Epoch epoch) {}

    /** An epoch is done; this is the model as it is now, to look at and to save. */
    default void epoch(Epoch epoch, SequenceClassifier model) {
      epoch(epoch);
    }

    /** Listens to the epochs only. */
    static Listener ofEpochs(Consumer<Epoch> consumer) {
      return new Listener() {
        @Override
        public void epoch(Epoch epoch) {
          consumer.accept(epoch);
        }
      };
    }
  }

  /** Trains a model as the other {@code run} does, behind a line that shows how far it is. */
  public static List<Epoch> run(
      SequenceClassifier model, SequenceData train, SequenceData validation, Recipe recipe) {
    return Plan.of(recipe).run(model, train, validation).epochs();
  }

  /**
   * Trains a model in place, on its manager's device.
   *
   * @param model the model, changed step by step
   * @param train what to learn from
   * @param validation what is evaluated after every epoch; nothing is chosen by it
   * @param recipe epochs, rates and the seed for the order of samples and for dropout
   * @param listener is told of every step and epoch
   * @return the epochs
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the model is
   *     then as the last whole step left it
   * @throws IllegalArgumentException if the model classifies pairs and the data hold single
   *     sequences, or the other way round, or the data have classes that the model does not have
   * @throws IllegalStateException if the loss is no longer finite, naming the first parameter that
   *     is not finite either, or else the layer; the model is then as that loss found it
   */
  public static List<Epoch> run(
      SequenceClassifier model,
      SequenceData train,
      SequenceData validation,
      Recipe recipe,
      Listener listener) {
    return Plan.of(recipe).run(model, train, validation, listener).epochs();
  }

  static int stepsPerEpoch(SequenceData train, Recipe recipe) {
    return (train.size() + recipe.batchSize() - 1) / recipe.batchSize();
  }
}
