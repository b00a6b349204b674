package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A choice of states is one set a layer, and masks say the same. */
class StatesTest {
  private static States random(Random random) {
    List<StateSet> layers = new ArrayList<>();
    for (int layer = random.nextInt(4); layer >= 0; layer--) {
      layers.add(StateSet.where(1 + random.nextInt(70), i -> random.nextBoolean()));
    }
    return new States(layers);
  }

  @Test
  void identities() {
    Random random = new Random(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int trial = 0; trial < 100; trial++) {
        States states = random(random);
        List<Integer> sizes = states.layers().stream().map(StateSet::states).toList();
        NDList masks = states.toMasks(manager);
        assertEquals(states, States.of(masks));
        assertEquals(states, states.complement().complement());
        assertSame(states, states.requireStates("states", sizes));
        assertEquals(sizes, States.all(sizes).counts());
        assertEquals(0, States.all(sizes).complement().count());
        assertEquals(States.all(sizes).count(), states.count() + states.complement().count());
        assertEquals(states.count(), states.counts().stream().mapToInt(n -> n).sum());
        for (int l = 0; l < sizes.size(); l++) {
          StateSet layer = states.layer(l);
          assertSame(states.layers().get(l), layer);
          assertEquals(layer.count(), states.counts().get(l));
          assertEquals(layer.complement(), states.complement().layer(l));
          assertEquals(DataType.BOOLEAN, masks.get(l).getDataType());
          boolean[] mask = new boolean[sizes.get(l)];
          layer.indices().forEach(i -> mask[i] = true);
          assertArrayEquals(mask, masks.get(l).toBooleanArray());
        }
      }
    }
  }

  @Test
  void theListIsACopy() {
    List<StateSet> layers = new ArrayList<>(List.of(StateSet.all(2)));
    States states = new States(layers);
    layers.add(StateSet.all(3));
    assertEquals(List.of(2), states.counts());
    assertThrows(UnsupportedOperationException.class, () -> states.layers().add(StateSet.all(1)));
  }

  private static void assertRejected(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void masksThatAreNoneAreRefused() {
    assertRejected("masks: ", () -> States.of(null));
    assertRejected("masks: ", () -> States.of(new NDList()));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray good = manager.ones(new Shape(3), DataType.BOOLEAN);
      for (NDArray bad :
          new NDArray[] {
            null,
            manager.ones(new Shape(3), DataType.FLOAT32),
            manager.ones(new Shape(3), DataType.INT8),
            manager.ones(new Shape(3, 1), DataType.BOOLEAN),
            manager.create(true)
          }) {
        assertRejected("masks[1]: ", () -> States.of(new NDList(good, bad, good)));
      }
    }
  }

  @Test
  void choicesForOtherLayersAreRefused() {
    assertRejected("layers: ", () -> new States(List.of()));
    States states = new States(List.of(StateSet.of(3, 0), StateSet.none(2)));
    assertRejected("kept: expected 1 of them", () -> states.requireStates("kept", List.of(3)));
    assertRejected(
        "kept[1]: expected some of 3", () -> states.requireStates("kept", List.of(3, 3)));
    assertRejected(
        "kept[0]: expected some of 2", () -> states.requireSurvivors("kept", List.of(2, 2)));
    assertRejected(
        "kept: expected at least one in each layer, got [1, 0]",
        () -> states.requireSurvivors("kept", List.of(3, 2)));
    States all = States.all(List.of(3, 2));
    assertSame(all, all.requireSurvivors("kept", List.of(3, 2)));
  }
}
