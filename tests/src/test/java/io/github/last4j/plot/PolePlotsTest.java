package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.notebook.FigurePng;
import io.github.last4j.notebook.PlotlyJson;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Figure;

class PolePlotsTest {
  private final NDManager manager = NDManager.newBaseManager();
  private final ComplexArray poles =
      complex(new double[] {0.5, 0, -0.6}, new double[] {0, -0.5, 0});
  private final NDArray mask = manager.create(new boolean[] {true, false, true});

  private ComplexArray complex(double[] re, double[] im) {
    return ComplexArray.of(manager.create(re), manager.create(im));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void continuousPolesAreOnALogarithmicAxis() {
    ComplexArray lambda = complex(new double[] {-0.5, -1, -2, -3}, new double[] {10, -0.5, 0, 7});
    NDArray all = manager.create(new boolean[] {true, false, true, true});
    Figure figure = PolePlots.continuous("t", lambda, all);
    assertEquals("log", ((Map<?, ?>) PlotlyJson.of(figure).layout().get("yaxis")).get("type"));
    List<Map<String, Object>> traces = drawn(figure);
    assertEquals(2, traces.size());
    assertTrace(traces.get(0), "kept", List.of(-0.5, -3.0), List.of(10.0, 7.0));
    assertTrace(traces.get(1), "removed", List.of(-1.0), List.of(0.5));
  }

  @Test
  void discretePolesAreInTheUpperHalfOfTheCircle() {
    List<Map<String, Object>> traces = drawn(PolePlots.discrete("t", poles, mask));
    List<Double> x = numbers(traces.get(0), "x");
    List<Double> y = numbers(traces.get(0), "y");
    for (int i = 0; i < x.size(); i++) {
      // Sine and cosine of one angle.
      assertEquals(1, Math.hypot(x.get(i), y.get(i)), 1e-15);
      assertTrue(y.get(i) >= 0);
    }
    assertTrace(traces.get(1), "kept", List.of(0.5, -0.6), List.of(0.0, 0.0));
    assertTrace(traces.get(2), "removed", List.of(0.0), List.of(0.5));
  }

  @Test
  void timeConstantsAndFrequenciesAreThoseOfThePoles() {
    ComplexArray ones = complex(new double[] {1, 1, 1}, new double[3]);
    DiscreteSsm layer = DiscreteSsm.of(poles, ones.reshape(3, 1), ones.reshape(1, 3));
    Figure figure = PolePlots.timeConstants("t", List.of(layer, layer), new NDList(mask, mask), 9);
    List<Map<String, Object>> traces = drawn(figure);
    assertEquals(5, traces.size());
    Map<String, Object> kept = traces.get(2);
    assertEquals("layer 2, kept", kept.get("name"));
    // After a time constant a state has fallen to 1/e: |λ̄|^τ = 1/e.
    assertEquals(1 / Math.E, Math.pow(0.5, numbers(kept, "x").get(0)), 1e-12);
    assertEquals(1 / Math.E, Math.pow(0.6, numbers(kept, "x").get(1)), 1e-12);
    assertEquals(List.of(0.0, Math.PI), numbers(kept, "y"));
    assertEquals(List.of(Math.PI / 2), numbers(traces.get(1), "y"));
    assertTrace(traces.get(4), "L = 9", List.of(9.0, 9.0), List.of(0.0, Math.PI));
  }

  @Test
  void masksThatDoNotFitAreNamed() {
    NDArray two = manager.create(new boolean[] {true, false});
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> PolePlots.continuous("t", poles, two));
    assertTrue(refused.getMessage().startsWith("mask:"), refused.getMessage());
    refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> PolePlots.timeConstants("t", List.of(), new NDList(two), 9));
    assertTrue(refused.getMessage().startsWith("masks:"), refused.getMessage());
  }

  private static void assertTrace(
      Map<String, Object> trace, String name, List<Double> x, List<Double> y) {
    assertEquals(name, trace.get("name"));
    assertEquals(x, numbers(trace, "x"));
    assertEquals(y, numbers(trace, "y"));
  }

  private static List<Double> numbers(Map<String, Object> trace, String name) {
    return ((List<?>) trace.get(name))
        .stream().map(value -> ((Number) value).doubleValue()).toList();
  }

  /** The traces as notebooks get them; the picture must be drawn, too. */
  private static List<Map<String, Object>> drawn(Figure figure) {
    PlotlyJson json = PlotlyJson.of(figure);
    assertTrue(FigurePng.of(json).length > 1000);
    return json.data();
  }
}
