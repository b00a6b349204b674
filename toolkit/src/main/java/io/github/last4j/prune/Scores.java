package io.github.last4j.prune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Arithmetic on the scores of one layer. */
final class Scores {
  private Scores() {}

  /** The scores, if each is a number. */
  static double[] requireNumbers(String name, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException(name + ": expected numbers, got NaN at state " + i);
      }
    }
    return scores;
  }

  /** Indices from the highest score to the lowest; equal scores keep their order. */
  static int[] descending(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> scores[i], Comparator.reverseOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Indices of as many of the highest scores as stay, at least one. */
  static int[] highest(double[] scores, double ratio) {
    int count = Math.max(1, Scope.survivors(scores.length, ratio));
    return Arrays.copyOf(descending(scores), count);
  }

  /**
   * Energy normalisation (Eq. 9) in logarithms: every energy divided by the sum of itself and of
   * the higher ones.
   *
   * @param logEnergies logarithms of non-negative numbers
   * @return the logarithm of one number in [0, 1] for each; all -∞ where all are zero
   */
  static double[] logEnergyNormalized(double[] logEnergies) {
    double[] result = new double[logEnergies.length];
    double largest = Arrays.stream(logEnergies).max().orElse(Double.NEGATIVE_INFINITY);
    if (largest == Double.NEGATIVE_INFINITY) {
      Arrays.fill(result, Double.NEGATIVE_INFINITY);
      return result;
    }
    // In units of the largest the sum is between 1 and n, whatever the scale of the layer.
    double sum = 0;
    for (int i : descending(logEnergies)) {
      double logEnergy = logEnergies[i] - largest;
      sum += Math.exp(logEnergy);
      result[i] = logEnergy - Math.log(sum);
    }
    return result;
  }
}
