package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of states are sets. */
class StateSetTest {
  private static StateSet random(Random random, int states) {
    double share = random.nextDouble();
    return StateSet.where(states, i -> random.nextDouble() < share);
  }

  /** A set by what {@code has} says, in another order of its states. */
  private static StateSet again(StateSet set) {
    int[] members =
        IntStream.range(0, set.states()).map(i -> set.states() - 1 - i).filter(set::has).toArray();
    return StateSet.of(set.states(), members);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 63, 64, 65, 200})
  void identities(int states) {
    Random random = new Random(states);
    StateSet all = StateSet.all(states);
    StateSet none = StateSet.none(states);
    assertEquals(states, all.count());
    assertEquals(none, all.complement());
    assertTrue(none.isEmpty());
    for (int trial = 0; trial < 50; trial++) {
      StateSet a = random(random, states);
      StateSet b = random(random, states);
      assertEquals(states, a.states());
      assertEquals(a, again(a));
      assertEquals(a.hashCode(), again(a).hashCode());
      assertEquals(a, a.complement().complement());
      assertEquals(states, a.count() + a.complement().count());
      assertEquals(none, a.and(a.complement()));
      assertEquals(a, a.and(all));
      assertEquals(a.and(b), b.and(a));
      assertEquals(a.count(), a.and(b).count() + a.and(b.complement()).count());
      assertEquals(a.count() == 0, a.isEmpty());
      assertArrayEquals(IntStream.range(0, states).filter(a::has).toArray(), a.indices().toArray());
      for (int i = 0; i < states; i++) {
        int state = i;
        assertEquals(!a.has(i), a.complement().has(i));
        assertEquals(a.has(i) && b.has(i), a.and(b).has(i));
        assertEquals(StateSet.where(states, k -> k == state || a.has(k)), a.with(i));
        assertEquals(StateSet.where(states, k -> k != state && a.has(k)), a.without(i));
        assertEquals(a, a.has(i) ? a.without(i).with(i) : a.with(i).without(i));
      }
    }
  }

  @Test
  void setsOfOtherLayersDiffer() {
    assertNotEquals(StateSet.of(3, 0, 2), StateSet.of(4, 0, 2));
    assertNotEquals(StateSet.of(3, 0, 2), StateSet.of(3, 0, 1));
    assertEquals(StateSet.of(3, 2, 0, 2), StateSet.of(3, 0, 2));
    assertEquals("2 of 3 states: {0, 2}", StateSet.of(3, 2, 0).toString());
  }

  private static void assertRejected(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRejected("states: ", () -> StateSet.where(-1, i -> true));
    assertRejected("states: ", () -> StateSet.all(-1));
    assertRejected("states: ", () -> StateSet.of(-1));
    StateSet set = StateSet.of(3, 1);
    for (int bad : new int[] {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (Executable call :
          List.<Executable>of(
              () -> StateSet.of(3, 0, bad),
              () -> set.has(bad),
              () -> set.with(bad),
              () -> set.without(bad))) {
        assertRejected("state: expected 0 to 2, got " + bad, call);
      }
    }
    assertRejected("other: expected some of 3 states", () -> set.and(StateSet.all(4)));
    assertRejected("kept: expected some of 2 states", () -> set.requireStates("kept", 2));
    assertSame(set, set.requireStates("kept", 3));
  }
}
