package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.notebook.FigurePng;
import io.github.last4j.notebook.PlotlyJson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;

class StabilityPlotsTest {
  private static final double[] X = {1e-3, 1e-2, 1e-1};

  @Test
  void cornersOfTheTriangleAreMarginal() {
    Map<String, Object> triangle = drawn(StabilityPlots.region()).data().get(0);
    List<?> a1 = (List<?>) triangle.get("x");
    List<?> a2 = (List<?>) triangle.get("y");
    for (int i = 0; i < a1.size(); i++) {
      double first = ((Number) a1.get(i)).doubleValue();
      double second = ((Number) a2.get(i)).doubleValue();
      // The product of the roots, and the polynomial at a root that is 1 or -1.
      assertEquals(1, Math.abs(second));
      assertEquals(0, 1 - Math.abs(first) + second);
    }
    assertEquals("toself", triangle.get("fill"));
  }

  @Test
  void linesKeepTheirNumbersAndAxes() {
    PlotlyJson figure =
        drawn(
            StabilityPlots.lines(
                "t", "x", "y", Axis.Type.LOG, X, Map.of("one", new double[] {1, Double.NaN, 3})));
    Map<?, ?> axis = (Map<?, ?>) figure.layout().get("xaxis");
    assertEquals("log", axis.get("type"));
    assertEquals("power", axis.get("exponentformat"));
    assertEquals(3, ((List<?>) figure.data().get(0).get("y")).size());
  }

  @Test
  void linesOfAnotherLengthAreNamed() {
    Map<String, double[]> lines = Map.of("short", new double[1]);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> StabilityPlots.lines("t", "x", "y", Axis.Type.LINEAR, X, lines));
    assertTrue(refused.getMessage().contains("short"));
  }

  @Test
  void histogramsLieOverEachOther() {
    PlotlyJson figure =
        drawn(StabilityPlots.histograms("t", "x", Map.of("one", X, "two", X), "mark", 0.05, 2));
    assertEquals("overlay", figure.layout().get("barmode"));
    assertEquals(3, figure.data().size());
  }

  /** The figure as notebooks get it; its picture must be drawn, too. */
  private static PlotlyJson drawn(Figure figure) {
    PlotlyJson json = PlotlyJson.of(figure);
    assertTrue(FigurePng.of(json).length > 1000);
    return json;
  }
}
