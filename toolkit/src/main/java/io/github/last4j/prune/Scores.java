package io.github.last4j.prune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Arithmetic on the scores of one layer. */
final class Scores {
  private Scores() {}

  /** Indices from the highest score to the lowest; equal scores keep their order. */
  static int[] descending(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> scores[i], Comparator.reverseOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Energy normalisation (Eq. 9): every score divided by the sum of itself and of the higher ones.
   *
   * @param norms non-negative norms whose squares are the scores; scaled before squaring, so that
   *     neither tiny nor huge norms leave the range of double precision
   * @return one number in [0, 1] for each; all zero where all norms are zero
   */
  static double[] energyNormalized(double[] norms) {
    double[] result = new double[norms.length];
    double largest = Arrays.stream(norms).max().orElse(0);
    if (largest == 0) {
      return result;
    }
    double sum = 0;
    for (int i : descending(norms)) {
      double ratio = norms[i] / largest;
      sum += ratio * ratio;
      result[i] = ratio * ratio / sum;
    }
    return result;
  }
}
