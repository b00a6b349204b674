package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundPlotsTest {
  private static final double[] X = {10, 50, 90};

  @Test
  void energiesLieOnALogarithmicAxis() {
    Drawn figure =
        Drawn.of(BoundPlots.energies("t", X, Map.of("loss", new double[] {1e-3, 1, 1e6})));
    assertTrue(figure.isLog("yaxis"));
    assertFalse(figure.isLog("xaxis"));
    assertEquals(1e6, figure.numbers(0, "y").get(2));
  }

  @Test
  void ratiosLieOnALinearAxis() {
    Drawn figure = Drawn.of(BoundPlots.ratios("t", X, Map.of("equal", X)));
    assertFalse(figure.isLog("yaxis"));
    assertEquals("lines+markers", figure.of(0, "mode"));
    assertEquals(List.of(10.0, 90.0), figure.numbers(1, "x"));
    assertEquals(List.of(1.0, 1.0), figure.numbers(1, "y"));
  }

  @Test
  void linesOfAnotherLengthAreNamed() {
    Map<String, double[]> lines = Map.of("short", new double[1]);
    Exception energies =
        assertThrows(IllegalArgumentException.class, () -> BoundPlots.energies("t", X, lines));
    assertTrue(energies.getMessage().startsWith("energies: ") && named(energies));
    Exception ratios =
        assertThrows(IllegalArgumentException.class, () -> BoundPlots.ratios("t", X, lines));
    assertTrue(ratios.getMessage().startsWith("ratios: ") && named(ratios));
  }

  private static boolean named(Exception refused) {
    return refused.getMessage().contains("3 numbers in short, got 1");
  }

  @Test
  void statesAreDotsOfEveryLayerSideBySide() {
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put("layer 1", new double[] {4, 2, 1});
    values.put("layer 2", new double[] {40, 0.5});
    Drawn figure = Drawn.of(BoundPlots.states("t", "score", values));
    assertEquals(2, figure.traces());
    assertTrue(figure.isLog("yaxis"));
    assertEquals("layer 2", figure.of(1, "name"));
    assertEquals("markers", figure.of(1, "mode"));
    assertEquals(List.of(1.1, 2.1), figure.numbers(1, "x"));
    assertEquals(List.of(0.9, 1.9, 2.9), figure.numbers(0, "x"));
  }
}
