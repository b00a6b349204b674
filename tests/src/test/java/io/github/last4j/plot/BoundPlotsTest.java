package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
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
  void statesAreBarsOfEveryLayerSideBySide() {
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put("layer 1", new double[] {4, 2, 1});
    values.put("layer 2", new double[] {40, 0.5});
    Drawn figure = Drawn.of(BoundPlots.states("t", "score", values));
    // What plotly.js does unless told otherwise.
    assertEquals("group", figure.json().layout().getOrDefault("barmode", "group"));
    assertEquals(2, figure.traces());
    assertTrue(figure.isLog("yaxis"));
    assertEquals("layer 2", figure.of(1, "name"));
    assertEquals("[1, 2]", String.valueOf(figure.of(1, "x")));
  }
}
