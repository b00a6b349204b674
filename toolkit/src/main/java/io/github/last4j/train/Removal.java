package io.github.last4j.train;

import java.util.List;

/**
 * A cut that was made.
 *
 * @param step how many steps came before it
 * @param states the stored states of every layer after it
 * @param seconds wall time of the pruning, which is part of its epoch's too
 */
public record Removal(int step, List<Integer> states, double seconds) {
  /** Copies the list. */
  public Removal {
    states = List.copyOf(states);
  }

  /** The stored states of all layers. */
  public int total() {
    return states.stream().mapToInt(Integer::intValue).sum();
  }
}
