package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.last4j.notebook.PlotlyJson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectionPlotsTest {
  @Test
  void zerosHaveNoPlaceOnTheLogarithmicAxis() {
    PlotlyJson figure =
        PlotlyJson.of(
            SelectionPlots.losses(
                "t",
                "loss",
                Map.of("order", new double[] {0, 1, 2}),
                Map.of("floor", new double[] {0, 0.5, 1})));
    assertEquals("log", ((Map<?, ?>) figure.layout().get("yaxis")).get("type"));
    assertEquals(2, figure.data().size());
    assertEquals("order", figure.data().get(0).get("name"));
    assertEquals("dash", ((Map<?, ?>) figure.data().get(1).get("line")).get("dash"));
    for (Map<String, Object> line : figure.data()) {
      List<?> x = (List<?>) line.get("x");
      assertEquals(List.of(1.0, 2.0), x.stream().map(v -> ((Number) v).doubleValue()).toList());
    }
  }

  @Test
  void ratiosAreOnALinearAxis() {
    PlotlyJson figure =
        PlotlyJson.of(
            SelectionPlots.ratios("t", "y", Map.of("order", new double[] {Double.NaN, 1, 2})));
    assertNotEquals("log", ((Map<?, ?>) figure.layout().get("yaxis")).get("type"));
    assertEquals(2, ((List<?>) figure.data().get(0).get("y")).size());
  }
}
