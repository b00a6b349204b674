package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;

/**
 * H∞ norms of parts of one layer, Σ<sub>P</sub> for sets P of its states, without feedthrough. To
 * compare many of them: the layer is read once. Safe for use by several threads.
 */
public final class PartNorms {
  // What the search of a peak aims at; the gain found is a lower bound in any case.
  private static final double ACCURACY = 1e-6;

  private final PairSystem system;

  private PartNorms(PairSystem system) {
    this.system = system;
  }

  /**
   * Reads a layer.
   *
   * @param ssm a stable layer of one or two directions
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite
   */
  public static PartNorms of(DiscreteSsm ssm) {
    return new PartNorms(PairSystem.stable(ssm));
  }

  /** The number n of stored states of the layer. */
  public int states() {
    return system.states;
  }

  /**
   * The norm of some states together, as {@link SystemNorms#hinf} has it.
   *
   * @param part some states of the layer
   * @param relativeTolerance the relative width asked for, from 1e-12 to below 1
   * @return an interval that contains the norm; zero for no states
   * @throws IllegalArgumentException if the set is of another layer, or the tolerance is out of
   *     range
   */
  public HinfNorm hinf(StateSet part, double relativeTolerance) {
    SystemNorms.requireTolerance(relativeTolerance);
    return part.isEmpty() ? HinfNorm.of(0, 0, 0) : search(part, relativeTolerance).run();
  }

  /**
   * A gain that some states together reach: the peak that a climb from the most promising of their
   * poles' angles finds. The norm is not below it, and most often hardly above; it takes a fraction
   * of the time, as nothing has to be shown about all other frequencies.
   *
   * @param part some states of the layer
   * @return a lower bound of the norm; zero for no states
   * @throws IllegalArgumentException if the set is of another layer
   */
  public double reached(StateSet part) {
    return part.isEmpty() ? 0 : search(part, ACCURACY).peakOnly();
  }

  private GainSearch search(StateSet part, double relativeTolerance) {
    part.requireStates("part", system.states);
    return new GainSearch(system.part(part), relativeTolerance);
  }
}
