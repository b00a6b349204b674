package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which channel each state of a decoupled layer belongs to, as in S4D (Sec. 5.4.2): of all inputs
 * only the one of that number drives the state, and only the output of the same number reads it.
 * Immutable.
 */
public final class Channels {
  private final int count;
  private final int[] byState;

  private Channels(int count, int[] byState) {
    this.count = count;
    this.byState = byState;
  }

  /**
   * The channels of n states.
   *
   * @param count how many channels the layer has, with states or without
   * @param byState the channel of every state, from 0, in any order
   * @throws IllegalArgumentException if there is no such channel
   */
  public static Channels of(int count, int... byState) {
    for (int i = 0; i < byState.length; i++) {
      if (byState[i] < 0 || byState[i] >= count) {
        throw new IllegalArgumentException(
            "byState: expected 0 to " + (count - 1) + ", got " + byState[i] + " for state " + i);
      }
    }
    return new Channels(count, byState.clone());
  }

  /** How many channels there are, with states or without. */
  public int count() {
    return count;
  }

  /** The number n of states of all channels. */
  public int states() {
    return byState.length;
  }

  /** The channel of a state. */
  public int of(int state) {
    return byState[state];
  }

  /** The channel of every state. */
  public IntStream byState() {
    return Arrays.stream(byState);
  }

  /** The states of the channels from one number to before another. */
  public StateSet between(int from, int to) {
    return StateSet.where(byState.length, i -> byState[i] >= from && byState[i] < to);
  }

  /** How many states each channel has. */
  public int[] counts() {
    int[] counts = new int[count];
    byState().forEach(channel -> counts[channel]++);
    return counts;
  }

  /**
   * Those of some states, ascending.
   *
   * @throws IllegalArgumentException if the set is of another layer
   */
  public Channels keep(StateSet states) {
    StateSet kept = states.requireStates("states", byState.length);
    return new Channels(count, kept.indices().map(i -> byState[i]).toArray());
  }

  /** Of states of channels before {@code to} only, as channels counted from {@code from}. */
  Channels renumbered(int from, int to) {
    return of(to - from, byState().map(channel -> channel - from).toArray());
  }

  /** Those of the states of a layer and then of another layer of as many channels. */
  Channels then(Channels others) {
    return of(count, IntStream.concat(byState(), others.byState()).toArray());
  }

  /** The channel of every state as an array (n), int64, that the manager holds. */
  public NDArray index(NDManager manager) {
    return manager.create(byState().asLongStream().toArray());
  }

  /** Shape (n, channels): one where the state belongs to the channel, zero elsewhere. */
  NDArray ports(NDManager manager, DataType type) {
    try (NDArray index = index(manager)) {
      return index.oneHot(count, type);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Channels same
        && same.count == count
        && Arrays.equals(same.byState, byState);
  }

  @Override
  public int hashCode() {
    return 31 * count + Arrays.hashCode(byState);
  }

  /** Such as "3 states in 2 of 4 channels". */
  @Override
  public String toString() {
    long used = byState().distinct().count();
    return byState.length + " states in " + used + " of " + count + " channels";
  }
}
