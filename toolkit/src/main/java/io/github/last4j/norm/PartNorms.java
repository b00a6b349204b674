package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.List;
import java.util.Optional;

/**
 * H∞ norms of parts of one layer, Σ<sub>P</sub> for sets P of its states, most without feedthrough.
 * To compare many of them: the layer is read once. Safe for use by several threads.
 */
public final class PartNorms {
  // What the search of a peak aims at; the gain found is a lower bound in any case.
  private static final double ACCURACY = 1e-6;

  private final Parts parts;

  private PartNorms(Parts parts) {
    this.parts = parts;
  }

  /**
   * Reads a layer.
   *
   * @param ssm a stable layer of one or two directions
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite
   */
  public static PartNorms of(DiscreteSsm ssm) {
    return new PartNorms(Parts.of(ssm));
  }

  /** The number n of stored states of the layer. */
  public int states() {
    return parts.states();
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
    return SystemNorms.hinf(systems(part, false), relativeTolerance);
  }

  /**
   * The norm of the layer that only some states are left of, with its feedthrough.
   *
   * @param kept some states of the layer
   * @param relativeTolerance the relative width asked for, from 1e-12 to below 1
   * @return an interval that contains the norm; of the feedthrough alone for no states
   * @throws IllegalArgumentException if the set is of another layer, or the tolerance is out of
   *     range
   */
  public HinfNorm hinfWithFeedthrough(StateSet kept, double relativeTolerance) {
    SystemNorms.requireTolerance(relativeTolerance);
    return SystemNorms.hinf(systems(kept, true), relativeTolerance);
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
    return SystemNorms.reached(systems(part, false), ACCURACY);
  }

  private List<PairSystem> systems(StateSet part, boolean withFeedthrough) {
    part.requireStates("part", parts.states());
    return parts.list().stream()
        .map(each -> each.only(part, withFeedthrough))
        .flatMap(Optional::stream)
        .toList();
  }
}
