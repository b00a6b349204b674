package io.github.last4j.audit;

/** What the search for counterexamples says about a claim. */
public enum Verdict {
  /** No counterexample was found. */
  HOLDS("holds"),
  /**
   * There is a counterexample, and none once the right side has a constant that is the same for all
   * systems.
   */
  HOLDS_WITH_A_CONSTANT("holds with a constant"),
  /** There is a counterexample, and no constant is known that would exclude all. */
  FAILS("fails");

  private final String title;

  Verdict(String title) {
    this.title = title;
  }

  /** The verdict in words. */
  public String title() {
    return title;
  }

  /** What follows from the worst ratio. */
  static <T> Verdict of(Claim<T> claim, double worst) {
    if (!claim.relation().violatedBy(worst)) {
      return HOLDS;
    }
    return claim
        .repair()
        .flatMap(Claim.Repair::constant)
        .filter(constant -> !claim.relation().violatedBy(worst / constant))
        .map(constant -> HOLDS_WITH_A_CONSTANT)
        .orElse(FAILS);
  }
}
