package io.github.last4j.notebook;

import java.util.Locale;

/** Checks under the steps of a derivation: each says what holds, or stops the notebook. */
public final class Checks {
  private Checks() {}

  /**
   * Requires an error within a bound.
   *
   * @param claim what is checked, in words
   * @param error how far it is from being exact
   * @param bound how far it may be
   * @return the claim with the bound, for the cell to show
   * @throws AssertionError if the error is above the bound or not a number
   */
  public static String holds(String claim, double error, double bound) {
    if (!(error <= bound)) {
      throw new AssertionError(String.format(Locale.ROOT, "%s: %.2e > %.0e", claim, error, bound));
    }
    return String.format(Locale.ROOT, "%s: error below %.0e", claim, bound);
  }

  /**
   * Requires what is true or false.
   *
   * @return the claim, for the cell to show
   * @throws AssertionError if it is false
   */
  public static String holds(String claim, boolean holds) {
    if (!holds) {
      throw new AssertionError(claim + ": false");
    }
    return claim + ": true";
  }
}
