package io.github.last4j.prune;

import io.github.last4j.ssm.Discretization;

/**
 * What a pole that unstructured pruning takes out becomes. "Elements from the system matrices"
 * (App. D.1) can be read both ways, and they differ: with 2 % of the elements at zero, two S5 for
 * sMNIST lost about one point of accuracy in the first reading, and all but chance in the second.
 */
public enum ZeroedPole {
  /** λ̄ = 0, the element of the discrete Λ̄: the state forgets its past, and stays stable. */
  FORGETS,
  /**
   * λ = 0, the element of the continuous-time Λ, which is a model's parameter: the state sums up
   * its inputs (λ̄ = 1 and B̄ = ΔB, the limits of {@link Discretization}). Its outputs are finite
   * for every finite sequence, but it is not stable, and asking for its H∞ norm is an error.
   * (Formulas that divide by λ give NaN.)
   */
  INTEGRATES
}
