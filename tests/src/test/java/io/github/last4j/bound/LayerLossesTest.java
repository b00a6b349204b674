package io.github.last4j.bound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to choose states and what limits them, in closed form, by hand and on random layers. */
class LayerLossesTest {
  private static final double NONE = Double.NaN;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private DiscreteSsm random(long seed, int n) {
    RandomSsms random = new RandomSsms(seed);
    double[][] states = new double[n][];
    Arrays.setAll(
        states, i -> new double[] {1 - random.logUniform(1e-2, 0.5), random.uniform(0.1, 3), 0, 0});
    return DiscreteSsm.singleChannel(manager, states)
        .withBBar(normal(random, n, 3))
        .withC(normal(random, 3, n));
  }

  private ComplexArray normal(RandomSsms random, int rows, int columns) {
    double[][] parts = new double[2][rows * columns];
    for (double[] part : parts) {
      Arrays.setAll(part, i -> random.normal());
    }
    return ComplexArray.of(manager.create(parts[0]), manager.create(parts[1]))
        .reshape(rows, columns);
  }

  @Test
  void oneRealPoleInClosedForm() {
    // 1/(1 - 0.9/z) as half a pair: its gains are on a circle from 1/1.9 to 10.
    LayerLosses pole =
        LayerLosses.exhaustive(DiscreteSsm.singleChannel(manager, new double[] {0.9, 0, 0.5, 0}));
    for (String way : pole.ways().keySet()) {
      assertArrayEquals(new double[] {0, 10}, pole.line(way), 2e-5, way);
    }
    double radius = 0.5 * (10 - 1 / 1.9);
    assertArrayEquals(new double[] {0, radius}, pole.line("Hankel floor"), 1e-7);
    assertArrayEquals(new double[] {0, 2 * radius}, pole.line("its guarantee"), 1e-7);
    // Without the pole 1 is left, the response to the present input.
    assertArrayEquals(new double[] {NONE, 9}, pole.line("balanced truncation"), 1e-3);
    assertEquals(0, pole.excess());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noLineIsBelowWhatBoundsIt(long seed) {
    int n = 6;
    LayerLosses small = LayerLosses.exhaustive(random(seed, n));
    assertEquals(
        Set.of("H∞ order", "pair order", "greedy", "greedy return", "best"), small.ways().keySet());
    // The widths of the certified intervals, the widest of them that of balanced truncation.
    assertTrue(small.excess() <= 1e-4, () -> "" + small.excess());
    for (String way : small.ways().keySet()) {
      assertEquals(0, small.line(way)[0]);
      assertEquals(small.line("best")[n], small.line(way)[n], 2e-6 * small.line(way)[n]);
    }
  }

  @Test
  void largerLayersHaveFewerLines() {
    DiscreteSsm layer = random(4, 6);
    LayerLosses small = LayerLosses.exhaustive(layer);
    LayerLosses large = LayerLosses.greedy(layer, 4);
    assertEquals(Set.of("H∞ order", "greedy"), large.ways().keySet());
    for (String line : List.of("H∞ order", "greedy", "Hankel floor", "its guarantee")) {
      assertArrayEquals(small.line(line), large.line(line), line);
    }
    double fourth = small.line("balanced truncation")[4];
    assertArrayEquals(
        new double[] {NONE, NONE, NONE, NONE, fourth, NONE, NONE},
        large.line("balanced truncation"));
  }

  private static List<Choice> choices(double... losses) {
    List<Choice> choices = new ArrayList<>();
    for (double loss : losses) {
      choices.add(new Choice(StateSet.none(2), loss));
    }
    return choices;
  }

  private static LayerLosses byHand(double best, double floor, double balanced, double guarantee) {
    return new LayerLosses(
        Map.of("best", choices(0, best, 4), "greedy", choices(0, 6, 4)),
        Map.of(
            "Hankel floor", new double[] {0, floor, 1},
            "balanced truncation", new double[] {NONE, balanced, NONE},
            "its guarantee", new double[] {0, guarantee, 9}));
  }

  @Test
  void ratiosOfLines() {
    LayerLosses lines = byHand(3, 1, 2, 8);
    assertArrayEquals(new double[] {0, 3, 4}, lines.line("best"));
    assertArrayEquals(new double[] {NONE, 2, 1}, lines.ratios("best", "greedy").get("greedy"));
    assertEquals(2, lines.largestRatio("greedy", "best"));
    assertEquals(Math.sqrt(2), lines.meanRatio("greedy", "best"), 1e-15);
    // Where balanced truncation has no number, there is no ratio.
    assertEquals(2, lines.meanRatio("balanced truncation", "Hankel floor"), 1e-15);
    assertEquals(
        List.of("its guarantee", "best"),
        List.copyOf(lines.lines("its guarantee", "best").keySet()));
    assertThrows(IllegalArgumentException.class, () -> lines.line("greedy return"));
  }

  @Test
  void excessIsOfTheWorstBound() {
    assertEquals(0, byHand(3, 1, 2, 8).excess());
    assertEquals(0.25, byHand(3, 3.75, 4, 8).excess(), 1e-15, "a way below the floor");
    assertEquals(0.5, byHand(9, 1, 2, 8).excess(), 1e-15, "a way below the best");
    assertEquals(0.25, byHand(3, 2.5, 2, 8).excess(), 1e-15, "balanced truncation below the floor");
    assertEquals(1, byHand(3, 1, 2, 1).excess(), 1e-15, "balanced truncation above its guarantee");
  }

  @Test
  void allLinesAtOnce() {
    LayerLosses pole =
        LayerLosses.exhaustive(DiscreteSsm.singleChannel(manager, new double[] {0.9, 0, 0.5, 0}));
    double radius = 0.5 * (10 - 1 / 1.9);
    assertArrayEquals(new double[] {10, 10, 10, 10, 10, radius, 9, 2 * radius}, pole.at(1), 1e-3);
  }
}
