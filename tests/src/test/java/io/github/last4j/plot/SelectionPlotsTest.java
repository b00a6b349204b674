package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectionPlotsTest {
  @Test
  void zerosHaveNoPlaceOnTheLogarithmicAxis() {
    Drawn figure =
        Drawn.of(
            SelectionPlots.losses(
                "t",
                "loss",
                Map.of("order", new double[] {0, 1, 2}),
                Map.of("Hankel floor", new double[] {0, 0.5, 1})));
    assertTrue(figure.isLog("yaxis"));
    assertEquals(2, figure.traces());
    assertEquals("order", figure.of(0, "name"));
    assertEquals("dash", figure.of(1, "line.dash"));
    assertEquals(List.of(1.0, 2.0), figure.numbers(0, "x"));
    assertEquals(List.of(1.0, 2.0), figure.numbers(1, "x"));
  }

  @Test
  void ratiosAreOnALinearAxis() {
    Drawn figure =
        Drawn.of(SelectionPlots.ratios("t", "y", Map.of("order", new double[] {Double.NaN, 1, 2})));
    assertFalse(figure.isLog("yaxis"));
    assertEquals(List.of(1.0, 2.0), figure.numbers(0, "y"));
    assertEquals("ratio of 1", figure.of(1, "name"));
    assertEquals(List.of(0.0, 2.0), figure.numbers(1, "x"));
    assertEquals(List.of(1.0, 1.0), figure.numbers(1, "y"));
  }
}
