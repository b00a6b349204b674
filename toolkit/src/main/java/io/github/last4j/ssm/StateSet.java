package io.github.last4j.ssm;

import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Some of the n stored states of a layer. Immutable. */
public final class StateSet {
  private final int states;
  private final BitSet members;

  private StateSet(int states, BitSet members) {
    this.states = states;
    this.members = members;
  }

  /**
   * The states for which something is true.
   *
   * @param states the number n of states of the layer
   * @param member whether a state, from 0 to n - 1, belongs to the set
   * @throws IllegalArgumentException if n is negative
   */
  public static StateSet where(int states, IntPredicate member) {
    if (states < 0) {
      throw new IllegalArgumentException("states: expected at least 0, got " + states);
    }
    BitSet members = new BitSet(states);
    IntStream.range(0, states).filter(member).forEach(members::set);
    return new StateSet(states, members);
  }

  /** All states. */
  public static StateSet all(int states) {
    return where(states, i -> true);
  }

  /** No state. */
  public static StateSet none(int states) {
    return where(states, i -> false);
  }

  /**
   * The states with given indices, in any order.
   *
   * @param states the number n of states of the layer
   * @throws IllegalArgumentException if n is negative or an index is not from 0 to n - 1
   */
  public static StateSet of(int states, int... indices) {
    StateSet set = none(states);
    for (int i : indices) {
      requireState(i, states);
      set.members.set(i);
    }
    return set;
  }

  /** The number n of states of the layer, in the set or not. */
  public int states() {
    return states;
  }

  /** How many states are in the set. */
  public int count() {
    return members.cardinality();
  }

  /** Whether no state is in the set. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /**
   * Whether a state is in the set.
   *
   * @throws IllegalArgumentException if there is no such state
   */
  public boolean has(int state) {
    requireState(state, states);
    return members.get(state);
  }

  /** The indices of the states in the set, ascending. */
  public IntStream indices() {
    return members.stream();
  }

  /** The other states of the layer. */
  public StateSet complement() {
    return where(states, i -> !members.get(i));
  }

  /**
   * The states that are in both sets.
   *
   * @throws IllegalArgumentException if the other set is of a layer with another number of states
   */
  public StateSet and(StateSet other) {
    other.requireStates("other", states);
    return where(states, i -> members.get(i) && other.members.get(i));
  }

  /** The set with one more state, or the same if it is there. */
  public StateSet with(int state) {
    requireState(state, states);
    return where(states, i -> i == state || members.get(i));
  }

  /** The set without a state. */
  public StateSet without(int state) {
    requireState(state, states);
    return where(states, i -> i != state && members.get(i));
  }

  /**
   * Requires a set of a layer with so many states.
   *
   * @param name of the argument, for the message
   * @return this set
   * @throws IllegalArgumentException if the layer is another
   */
  public StateSet requireStates(String name, int expected) {
    if (states != expected) {
      throw new IllegalArgumentException(
          name + ": expected some of " + expected + " states, got some of " + states);
    }
    return this;
  }

  private static void requireState(int state, int states) {
    if (state < 0 || state >= states) {
      throw new IllegalArgumentException("state: expected 0 to " + (states - 1) + ", got " + state);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateSet set && set.states == states && set.members.equals(members);
  }

  @Override
  public int hashCode() {
    return 31 * members.hashCode() + states;
  }

  /** Such as "3 of 8 states: {0, 2, 7}". */
  @Override
  public String toString() {
    return count() + " of " + states + " states: " + members;
  }
}
