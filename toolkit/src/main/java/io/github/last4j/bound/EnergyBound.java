package io.github.last4j.bound;

import java.util.Set;

/**
 * A bound on an output energy ‖y - ŷ‖₂².
 *
 * @param value the energy that is not exceeded if the assumptions hold
 * @param assumptions what it takes for granted
 */
public record EnergyBound(double value, Set<Assumption> assumptions) {
  /** Copies the set. */
  public EnergyBound {
    assumptions = Set.copyOf(assumptions);
  }
}
