package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Axis;

class StabilityPlotsTest {
  private static final double[] X = {1e-3, 1e-2, 1e-1};

  @Test
  void cornersOfTheTriangleAreMarginal() {
    Drawn region = Drawn.of(StabilityPlots.region());
    List<Double> a1 = region.numbers(0, "x");
    List<Double> a2 = region.numbers(0, "y");
    for (int i = 0; i < a1.size(); i++) {
      double first = a1.get(i);
      double second = a2.get(i);
      // The product of the roots, and the polynomial at a root that is 1 or -1.
      assertEquals(1, Math.abs(second));
      assertEquals(0, 1 - Math.abs(first) + second);
    }
    assertEquals("toself", region.of(0, "fill"));
  }

  @Test
  void linesKeepTheirNumbersAndAxes() {
    Drawn figure =
        Drawn.of(
            StabilityPlots.lines(
                "t", "x", "y", Axis.Type.LOG, X, Map.of("one", new double[] {1, Double.NaN, 3})));
    Map<?, ?> axis = (Map<?, ?>) figure.json().layout().get("xaxis");
    assertEquals("log", axis.get("type"));
    assertEquals("power", axis.get("exponentformat"));
    assertEquals(3, ((List<?>) figure.of(0, "y")).size());
  }

  @Test
  void phasesAreMultiplesOfPi() {
    double[] frequency = {0, 4 * Math.PI};
    Drawn figure =
        Drawn.of(StabilityPlots.warping("t", frequency, Map.of("one", new double[] {0, 1})));
    assertEquals(List.of("0", "π", "2π", "3π", "4π"), List.copyOf(figure.ticks("xaxis").keySet()));
    assertEquals(
        List.of("-π", "-0.5π", "0", "0.5π", "π"), List.copyOf(figure.ticks("yaxis").keySet()));
    assertEquals(Math.PI / 2, figure.ticks("yaxis").get("0.5π"));
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
    Drawn figure =
        Drawn.of(StabilityPlots.histograms("t", "x", Map.of("one", X, "two", X), "mark", 0.05, 2));
    assertEquals("overlay", figure.json().layout().get("barmode"));
    assertEquals(3, figure.traces());
  }
}
