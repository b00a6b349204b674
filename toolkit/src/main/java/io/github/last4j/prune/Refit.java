package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.OptionalInt;

/**
 * A pruning after which C and D of every layer that became smaller are fitted anew, so that the
 * states that stay make up for those that went: ridge regression towards the responses that the
 * layer of the whole model has, drawn towards the weights that are there. Poles and B stay.
 *
 * @param title its name in tables and figures
 * @param pruning what is pruned by
 * @param fitter what the layers are fitted on
 */
public record Refit(String title, Layerwise pruning, Fitter fitter) implements Layerwise {
  /** Fits the layers of a pruned model. */
  public interface Fitter {
    /**
     * Fits.
     *
     * @param whole the model before
     * @param smaller the model after; stays as it is
     * @return a new model with the same poles
     */
    SequenceClassifier fit(SequenceClassifier whole, SequenceClassifier smaller);
  }

  /** Checks that no part is missing. */
  public Refit {
    requireNonNull(title, "title");
    requireNonNull(pruning, "pruning");
    requireNonNull(fitter, "fitter");
  }

  /**
   * On unlabelled sequences, layer after layer, each on what it sees in the pruned model.
   *
   * @param data sequences; some 100 do
   * @throws IllegalArgumentException if there are none
   */
  public static Refit on(Dataset data, Layerwise pruning) {
    Moments.requireData(data);
    return new Refit(
        pruning.title() + " + refit",
        pruning,
        (whole, smaller) -> SequenceFitter.fit(whole, smaller, data));
  }

  /** Without data: the C and D with the smallest H2 norm of the difference of the layers. */
  public static Refit h2(Layerwise pruning) {
    return h2(pruning, OptionalInt.empty(), "");
  }

  /**
   * The same for white noise that lasts so many steps.
   *
   * @throws IllegalArgumentException if there is no step
   */
  public static Refit h2(Layerwise pruning, int length) {
    return h2(pruning, Moments.requireLength(length), " within " + length);
  }

  private static Refit h2(Layerwise pruning, OptionalInt length, String within) {
    return new Refit(
        pruning.title() + " + H2 refit" + within,
        pruning,
        (whole, smaller) -> WhiteNoiseFitter.fit(whole, smaller, length));
  }

  /** The same by another name. */
  public Refit titled(String name) {
    return new Refit(name, pruning, fitter);
  }

  @Override
  public Prepared prepare(SequenceClassifier model, long seed) {
    return pruning.prepare(model, seed).fitted(smaller -> fitter.fit(model, smaller));
  }
}
