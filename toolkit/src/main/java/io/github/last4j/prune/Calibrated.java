package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import java.util.List;

/**
 * A selection by numbers that are measured on a model, such as with unlabelled sequences; its
 * states compete across layers. {@link Response}, {@link Taylor} and {@link Surgeon} make them.
 *
 * @param title its name in tables and figures
 * @param measure gives each state of a model a number; higher is worth more
 */
public record Calibrated(String title, Measure measure) implements Selection {
  /** What is measured. */
  public interface Measure {
    /** n numbers for each layer of n states. */
    List<double[]> of(SequenceClassifier model);
  }

  /** Checks that no part is missing. */
  public Calibrated {
    requireNonNull(title, "title");
    requireNonNull(measure, "measure");
  }

  /** The same selection by another name. */
  public Calibrated titled(String name) {
    return new Calibrated(name, measure);
  }

  @Override
  public Choices choices(SequenceClassifier model, long seed) {
    return Scope.GLOBAL.choices(measure.of(model));
  }

  /** One that is measured on the parts of the layers. */
  static Calibrated onParts(String title, OnParts measure) {
    return new Calibrated(
        title,
        model -> {
          try (NDManager scratch = model.manager().newSubManager()) {
            return measure.of(model, Moments.parts(model, scratch));
          }
        });
  }

  /** What is measured on a model and the parts of its layers. */
  interface OnParts {
    List<double[]> of(SequenceClassifier model, List<List<Part>> parts);
  }
}
