package io.github.last4j.prune;

import io.github.last4j.ssm.StateSet;

/** What removed states have in common, against those that stay (Sec. 6). */
public final class Removed {
  private Removed() {}

  /**
   * How often a removed state has more of a quantity than one that stays; equal ones count half.
   *
   * @param quantity one number for each of n states
   * @param kept those that stay
   * @return the percentage of all pairs of a removed and a kept state, 50 if the quantity says
   *     nothing; NaN if none is removed or none stays
   * @throws IllegalArgumentException if the states are not n, or a number is NaN
   */
  public static double hasMore(double[] quantity, StateSet kept) {
    Scores.requireNumbers("quantity", quantity);
    kept.requireStates("kept", quantity.length);
    StateSet removed = kept.complement();
    double wins = 0;
    for (int i : removed.indices().toArray()) {
      for (int j : kept.indices().toArray()) {
        wins += quantity[i] > quantity[j] ? 1 : quantity[i] == quantity[j] ? 0.5 : 0;
      }
    }
    return 100 * wins / ((double) removed.count() * kept.count());
  }
}
