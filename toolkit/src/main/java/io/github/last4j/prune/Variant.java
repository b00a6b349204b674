package io.github.last4j.prune;

/** Whose arithmetic a criterion follows. */
public enum Variant {
  /** The paper's formulas in double precision, and exactly as many survivors as the ratio says. */
  PAPER,
  /**
   * What the paper's released code computes for squared H∞ norms, for comparison with its results.
   *
   * <ul>
   *   <li>All arithmetic is float32, 1-|λ̄| by subtraction. Small scores vanish; a layer of zeros
   *       scores zero.
   *   <li>1e-8 is added to (1-|λ̄|)², which scales the score of a state with Re λ = -1/2 by 0.96 at
   *       Δ = 1e-3, by 0.20 at 1e-4 and by 0.0025 at 1e-5.
   *   <li>In a bidirectional layer (‖Cᶠ‖+‖Cᵇ‖)/4 stands for ‖C‖², where Sec. 3.1 has
   *       (‖Cᶠ‖²+‖Cᵇ‖²)/2.
   *   <li>Of equal states of a layer, energy normalisation takes the last one as the highest.
   *   <li>Every state survives whose score is at least the K-th highest: ties keep more states than
   *       the ratio says ({@link Masks#atThreshold}).
   * </ul>
   */
  REFERENCE_CODE
}
