package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.norm.HinfNorm;
import io.github.last4j.notebook.FigurePng;
import io.github.last4j.notebook.PlotlyJson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Figure;

class NormPlotsTest {
  private static final double[] X = {1e-3, 1e-2, 1e-1};

  @Test
  void peaksAreMarkedOnTheirLines() {
    HinfNorm peak = new HinfNorm(3, 3.1, 0.01, 0.04);
    PlotlyJson figure =
        drawn(NormPlots.gains("t", X, Map.of("one", new double[] {1, 3, 2}), Map.of("one", peak)));
    assertEquals(2, figure.data().size());
    Map<String, Object> mark = figure.data().get(1);
    assertEquals(List.of(0.01), numbers(mark.get("x")));
    assertEquals(List.of(3.0), numbers(mark.get("y")));
    assertEquals(
        ((Map<?, ?>) figure.data().get(0).get("line")).get("color"),
        ((Map<?, ?>) mark.get("marker")).get("color"));
    assertEquals("log", ((Map<?, ?>) figure.layout().get("xaxis")).get("type"));
    assertEquals("log", ((Map<?, ?>) figure.layout().get("yaxis")).get("type"));
  }

  @Test
  void gainsOfAnotherLengthAreNamed() {
    Map<String, double[]> gains = Map.of("short", new double[1]);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> NormPlots.gains("t", X, gains, Map.of()));
    assertTrue(refused.getMessage().contains("short"));
  }

  @Test
  void limitsOfPairsMeetAtTheirEnds() {
    PlotlyJson figure = drawn(NormPlots.pairRatios("t", Map.of("one", X), Map.of("one", X)));
    List<Double> most = numbers(figure.data().get(1).get("y"));
    List<Double> least = numbers(figure.data().get(2).get("y"));
    assertEquals(2, most.get(0), 1e-3);
    assertEquals(0, least.get(0), 1e-3);
    assertEquals(1, most.get(most.size() - 1), 1e-3);
    assertEquals(1, least.get(least.size() - 1), 1e-3);
  }

  @Test
  void zerosHaveNoPlaceOnALogarithmicAxis() {
    PlotlyJson figure = drawn(NormPlots.hankel("t", Map.of("one", new double[] {2, 1, 0})));
    assertEquals(List.of(2.0, 1.0), numbers(figure.data().get(0).get("y")));
  }

  @Test
  void sharesKeepTheirNumbers() {
    PlotlyJson figure = drawn(NormPlots.shares("t", X, Map.of("one", new double[] {0.1, 0.5, 1})));
    assertEquals(List.of(0.1, 0.5, 1.0), numbers(figure.data().get(0).get("y")));
  }

  private static List<Double> numbers(Object values) {
    return ((List<?>) values).stream().map(v -> ((Number) v).doubleValue()).toList();
  }

  /** The figure as notebooks get it; its picture must be drawn, too. */
  private static PlotlyJson drawn(Figure figure) {
    PlotlyJson json = PlotlyJson.of(figure);
    assertTrue(FigurePng.of(json).length > 1000);
    return json;
  }
}
