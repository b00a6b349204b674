package io.github.last4j.bound;

/** What a bound takes for granted. */
public enum Assumption {
  STABLE("every pole lies inside the unit circle (checked)"),
  AT_REST("every layer starts from the state zero"),
  PLAIN_STACK("layers and nonlinearities only: no residual, normalisation, gate or pooling"),
  UNIT_SLOPE("the nonlinearity has slope at most 1, which the GELU exceeds"),
  TRUE_SLOPE("|σ(a) - σ(b)| ≤ L|a - b| with the L of the nonlinearity, and |σ(x)| ≤ |x|"),
  ORTHOGONAL_RESPONSES(
      "responses of the removed states add in energy, which is false unless they are orthogonal"),
  DIRECTIONS_AVERAGED(
      "in a bidirectional layer ‖C‖² is the mean of both directions', up to 4 times too low"),
  CERTIFIED_NORMS("system norms are the upper ends of intervals by branch and bound");

  private final String text;

  Assumption(String text) {
    this.text = text;
  }

  /** The assumption in words. */
  public String text() {
    return text;
  }
}
