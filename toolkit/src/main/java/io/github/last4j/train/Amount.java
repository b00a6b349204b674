package io.github.last4j.train;

import static java.util.Objects.requireNonNull;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
import java.util.Locale;

/** How much a cut of a {@link Schedule} removes. */
public interface Amount {
  /** What it is called; trainings with amounts of another title do not go on from each other. */
  String title();

  /**
   * The share of its states that a model loses now.
   *
   * @param model as it is at the cut
   * @param states the stored states of all layers that the training began with
   * @param pruning what removes them
   * @param seed what a random choice draws from
   * @return in [0, 1], of the states that the model has now
   */
  double ratio(SequenceClassifier model, int states, Pruning pruning, long seed);

  /**
   * As many as leave a share of the states that the training began with: ⌊n(1 - gone)⌋ of n.
   *
   * @param gone the share that is gone after the cut, in [0, 1]
   * @throws IllegalArgumentException if it is out of range
   */
  static Amount gone(double gone) {
    return new Gone(gone);
  }

  /** As many as a tolerance allows, in steps of one percent of the states that there are. */
  static Amount within(Tolerance tolerance) {
    return new Within(tolerance);
  }

  /**
   * Up to a share of the states at the beginning.
   *
   * @param gone that share
   */
  record Gone(double gone) implements Amount {
    /** Checks the share. */
    public Gone {
      if (!(gone >= 0 && gone <= 1)) {
        throw new IllegalArgumentException("gone: expected a share in [0, 1], got " + gone);
      }
    }

    @Override
    public String title() {
      return String.format(Locale.ROOT, "%.6f gone", gone);
    }

    @Override
    public double ratio(SequenceClassifier model, int states, Pruning pruning, long seed) {
      int now = states(model);
      // Not lost to rounding, where it is a whole number.
      int left = (int) Math.floor(states * (1 - gone) + 1e-9);
      return Math.max(0, (double) (now - left) / now);
    }
  }

  /**
   * Up to what a tolerance allows.
   *
   * @param tolerance the tolerance, of the model as it is at the cut
   */
  record Within(Tolerance tolerance) implements Amount {
    /** Checks that there is one. */
    public Within {
      requireNonNull(tolerance, "tolerance");
    }

    @Override
    public String title() {
      return String.format(Locale.ROOT, "within %.6f", tolerance.limit());
    }

    @Override
    public double ratio(SequenceClassifier model, int states, Pruning pruning, long seed) {
      return LargestRatio.of(pruning, model, seed, tolerance, 0.01).ratio();
    }
  }

  /** The stored states of all layers. */
  static int states(SequenceClassifier model) {
    return model.config().pairs().stream().mapToInt(Integer::intValue).sum();
  }
}
