package io.github.last4j.bound;

/** What a bound takes for granted. */
public enum Assumption {
  /** Every pole lies inside the unit circle; checked. */
  STABLE("every pole lies inside the unit circle (checked)"),
  /** Layers start at rest. */
  AT_REST("every layer starts from the state zero"),
  /** A plain stack. */
  PLAIN_STACK("layers and nonlinearities only: no residual, normalisation, gate or pooling"),
  /** The paper's reading of the GELU. */
  UNIT_SLOPE("the nonlinearity has slope at most 1, which the GELU exceeds"),
  /** The nonlinearity's own constants. */
  TRUE_SLOPE("|σ(a) - σ(b)| ≤ L|a - b| with the L of the nonlinearity, and |σ(x)| ≤ |x|"),
  /** The paper's sum of squares. */
  ORTHOGONAL_RESPONSES(
      "responses of the removed states add in energy, which is false unless they are orthogonal"),
  /** Eq. 6 for two directions. */
  DIRECTIONS_AVERAGED(
      "in a bidirectional layer ‖C‖² is the mean of both directions', up to 4 times too low"),
  /** Norms of systems are upper ends of certified intervals. */
  CERTIFIED_NORMS("system norms are the upper ends of intervals by branch and bound"),
  /** The bound is for the inputs on which the unpruned model was run. */
  THESE_INPUTS("norms of signals are measured on the unpruned model, for the inputs given");

  private final String text;

  Assumption(String text) {
    this.text = text;
  }

  /** The assumption in words. */
  public String text() {
    return text;
  }
}
