package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.notebook.FigurePng;
import io.github.last4j.notebook.PlotlyJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Figure;

class BoundPlotsTest {
  private static final double[] X = {10, 50, 90};

  @Test
  void energiesLieOnALogarithmicAxis() {
    PlotlyJson figure =
        drawn(BoundPlots.energies("t", X, Map.of("loss", new double[] {1e-3, 1, 1e6})));
    assertEquals("log", axis(figure, "yaxis").get("type"));
    assertNotEquals("log", axis(figure, "xaxis").get("type"));
    List<?> y = (List<?>) figure.data().get(0).get("y");
    assertEquals(1e6, ((Number) y.get(2)).doubleValue());
  }

  @Test
  void ratiosLieOnALinearAxis() {
    PlotlyJson figure = drawn(BoundPlots.ratios("t", X, Map.of("equal", X)));
    assertNotEquals("log", axis(figure, "yaxis").get("type"));
    assertEquals("lines+markers", figure.data().get(0).get("mode"));
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
    PlotlyJson figure = drawn(BoundPlots.states("t", "score", values));
    // What plotly.js does unless told otherwise.
    assertEquals("group", figure.layout().getOrDefault("barmode", "group"));
    assertEquals(2, figure.data().size());
    assertEquals("log", axis(figure, "yaxis").get("type"));
    assertEquals("layer 2", figure.data().get(1).get("name"));
    assertEquals("[1, 2]", String.valueOf(figure.data().get(1).get("x")));
  }

  private static Map<?, ?> axis(PlotlyJson figure, String name) {
    return (Map<?, ?>) figure.layout().get(name);
  }

  /** The figure as notebooks get it; its picture must be drawn, too. */
  private static PlotlyJson drawn(Figure figure) {
    PlotlyJson json = PlotlyJson.of(figure);
    assertTrue(FigurePng.of(json).length > 1000);
    return json;
  }
}
