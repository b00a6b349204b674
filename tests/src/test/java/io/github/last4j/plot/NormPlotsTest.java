package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.norm.HinfNorm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormPlotsTest {
  private static final double[] X = {1e-3, 1e-2, 1e-1};

  @Test
  void peaksAreMarkedOnTheirLines() {
    HinfNorm peak = new HinfNorm(3, 3.1, 0.01, 0.04);
    Drawn figure =
        Drawn.of(
            NormPlots.gains("t", X, Map.of("one", new double[] {1, 3, 2}), Map.of("one", peak)));
    assertEquals(2, figure.traces());
    assertEquals(List.of(0.01), figure.numbers(1, "x"));
    assertEquals(List.of(3.0), figure.numbers(1, "y"));
    assertEquals(figure.of(0, "line.color"), figure.of(1, "marker.color"));
    assertTrue(figure.isLog("xaxis") && figure.isLog("yaxis"));
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
    Drawn figure = Drawn.of(NormPlots.pairRatios("t", Map.of("one", X), Map.of("one", X)));
    List<Double> most = figure.numbers(2, "y");
    List<Double> least = figure.numbers(3, "y");
    assertEquals(List.of(1.0, 1.0), figure.numbers(1, "y"));
    assertEquals(2, most.get(0), 1e-3);
    assertEquals(0, least.get(0), 1e-3);
    assertEquals(1, most.get(most.size() - 1), 1e-3);
    assertEquals(1, least.get(least.size() - 1), 1e-3);
  }

  @Test
  void zerosHaveNoPlaceOnALogarithmicAxis() {
    Drawn figure = Drawn.of(NormPlots.hankel("t", Map.of("one", new double[] {2, 1, 0})));
    assertEquals(List.of(2.0, 1.0), figure.numbers(0, "y"));
  }

  @Test
  void spectraAreOnLogarithmicAxes() {
    Drawn figure = Drawn.of(NormPlots.spectra("t", X, Map.of("one", new double[] {0.7, 0.2, 0.1})));
    assertTrue(figure.isLog("xaxis") && figure.isLog("yaxis"));
    assertEquals(List.of(0.7, 0.2, 0.1), figure.numbers(0, "y"));
  }

  @Test
  void anglesAreMultiplesOfPi() {
    double[] decades = {0.001, 0.1, 3};
    Drawn wide = Drawn.of(NormPlots.spectra("t", decades, Map.of("one", decades)));
    assertEquals(Math.PI * 0.01, wide.ticks("xaxis").get("0.01π"), 1e-15);
    assertFalse(wide.ticks("xaxis").containsKey("0.02π"));
    double[] narrow = {0.02, 0.05, 0.08};
    Drawn close = Drawn.of(NormPlots.spectra("t", narrow, Map.of("one", narrow)));
    assertEquals(Math.PI * 0.02, close.ticks("xaxis").get("0.02π"), 1e-15);
    assertEquals(Math.PI, close.ticks("xaxis").get("π"));
  }

  @Test
  void sharesKeepTheirNumbers() {
    Drawn figure = Drawn.of(NormPlots.shares("t", X, Map.of("one", new double[] {0.1, 0.5, 1})));
    assertEquals(List.of(0.1, 0.5, 1.0), figure.numbers(0, "y"));
    assertEquals(List.of(1.0, 1.0), figure.numbers(1, "y"));
  }
}
