package io.github.last4j.prune;

import io.github.last4j.model.SequenceClassifier;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;

/** A pruning that can be told how many states each layer keeps; it has a rule of its own too. */
public interface Layerwise extends Pruning {
  /** What does not depend on how many states stay. */
  interface Prepared {
    /**
     * How many states each layer keeps by the pruning's own rule.
     *
     * @param ratio the share of states to remove, in [0, 1]
     * @throws IllegalArgumentException if the ratio is out of range
     */
    List<Integer> counts(double ratio);

    /**
     * The model whose layers keep so many.
     *
     * @param counts one number a layer, from one to the states that it has
     * @return a new model held by the whole one's parent manager; close it. A layer may have fewer
     *     states where that many can't be had
     * @throws IllegalArgumentException if a number is out of range
     */
    SequenceClassifier keep(List<Integer> counts);

    /**
     * The same numbers of states in models that are made anew.
     *
     * @param fit makes a new model of one that is closed afterwards
     */
    default Prepared fitted(UnaryOperator<SequenceClassifier> fit) {
      Prepared chosen = this;
      return new Prepared() {
        @Override
        public List<Integer> counts(double ratio) {
          return chosen.counts(ratio);
        }

        @Override
        public SequenceClassifier keep(List<Integer> counts) {
          try (SequenceClassifier smaller = chosen.keep(counts)) {
            return fit.apply(smaller);
          }
        }
      };
    }
  }

  /**
   * Prepares a model, which must not be closed while what is returned is in use.
   *
   * @param model a trained model
   * @param seed what a random choice draws from; others ignore it
   * @throws IllegalArgumentException if the model is of a kind that can't be pruned like this
   */
  Prepared prepare(SequenceClassifier model, long seed);

  @Override
  default SequenceClassifier prune(SequenceClassifier model, double ratio, long seed) {
    return of(model, seed).apply(ratio);
  }

  @Override
  default DoubleFunction<SequenceClassifier> of(SequenceClassifier model, long seed) {
    Prepared prepared = prepare(model, seed);
    return ratio -> prepared.keep(prepared.counts(ratio));
  }

  /** Requires as many numbers as layers, each from one to the states of its layer. */
  static List<Integer> requireCounts(List<Integer> counts, List<Integer> states) {
    boolean fits = counts.size() == states.size();
    for (int l = 0; fits && l < counts.size(); l++) {
      fits = counts.get(l) >= 1 && counts.get(l) <= states.get(l);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "counts: expected a number from 1 to each of " + states + ", got " + counts);
    }
    return counts;
  }
}
