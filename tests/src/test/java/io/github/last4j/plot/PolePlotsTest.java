package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PolePlotsTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();
  private final ComplexArray poles =
      complex(new double[] {0.5, 0, -0.6}, new double[] {0, -0.5, 0});
  private final StateSet kept = StateSet.of(3, 0, 2);

  private ComplexArray complex(double[] re, double[] im) {
    return ComplexArray.of(manager.create(re), manager.create(im));
  }

  @Test
  void continuousPolesAreOnALogarithmicAxis() {
    ComplexArray lambda = complex(new double[] {-0.5, -1, -2, -3}, new double[] {10, -0.5, 0, 7});
    Drawn figure = Drawn.of(PolePlots.continuous("t", lambda, StateSet.of(4, 0, 2, 3)));
    assertTrue(figure.isLog("yaxis"));
    assertEquals(2, figure.traces());
    assertTrace(figure, 0, "kept", List.of(-0.5, -3.0), List.of(10.0, 7.0));
    assertTrace(figure, 1, "removed", List.of(-1.0), List.of(0.5));
  }

  @Test
  void discretePolesAreInTheUpperHalfOfTheCircle() {
    Drawn figure = Drawn.of(PolePlots.discrete("t", poles, kept));
    List<Double> x = figure.numbers(0, "x");
    List<Double> y = figure.numbers(0, "y");
    for (int i = 0; i < x.size(); i++) {
      // Sine and cosine of one angle.
      assertEquals(1, Math.hypot(x.get(i), y.get(i)), 1e-15);
      assertTrue(y.get(i) >= 0);
    }
    assertTrace(figure, 1, "kept", List.of(0.5, -0.6), List.of(0.0, 0.0));
    assertTrace(figure, 2, "removed", List.of(0.0), List.of(0.5));
  }

  @Test
  void polesBeforeAndAfterAreOfTwoLayers() {
    ComplexArray after = complex(new double[] {0.7}, new double[] {-0.1});
    Drawn figure = Drawn.of(PolePlots.replaced("t", poles, after));
    assertEquals("unit circle", figure.of(0, "name"));
    assertTrace(figure, 1, "before", List.of(0.5, 0.0, -0.6), List.of(0.0, 0.5, 0.0));
    assertTrace(figure, 2, "after", List.of(0.7), List.of(0.1));
  }

  @Test
  void timeConstantsAndFrequenciesAreThoseOfThePoles() {
    ComplexArray ones = complex(new double[] {1, 1, 1}, new double[3]);
    DiscreteSsm layer = DiscreteSsm.of(poles, ones.reshape(3, 1), ones.reshape(1, 3));
    States both = new States(List.of(kept, kept));
    Drawn figure = Drawn.of(PolePlots.timeConstants("t", List.of(layer, layer), both, 9));
    assertEquals(5, figure.traces());
    assertEquals("layer 2, kept", figure.of(2, "name"));
    // After a time constant a state has fallen to 1/e: |λ̄|^τ = 1/e.
    assertEquals(1 / Math.E, Math.pow(0.5, figure.numbers(2, "x").get(0)), 1e-12);
    assertEquals(1 / Math.E, Math.pow(0.6, figure.numbers(2, "x").get(1)), 1e-12);
    assertEquals(List.of(0.0, Math.PI), figure.numbers(2, "y"));
    assertEquals(List.of(Math.PI / 2), figure.numbers(1, "y"));
    assertTrace(figure, 4, "L = 9", List.of(9.0, 9.0), List.of(0.0, Math.PI));
  }

  @Test
  void statesOfOtherLayersAreNamed() {
    StateSet two = StateSet.of(2, 0);
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> PolePlots.continuous("t", poles, two));
    assertTrue(refused.getMessage().startsWith("kept:"), refused.getMessage());
    States one = new States(List.of(two));
    refused =
        assertThrows(
            IllegalArgumentException.class, () -> PolePlots.timeConstants("t", List.of(), one, 9));
    assertTrue(refused.getMessage().startsWith("kept:"), refused.getMessage());
  }

  private static void assertTrace(
      Drawn figure, int trace, String name, List<Double> x, List<Double> y) {
    assertEquals(name, figure.of(trace, "name"));
    assertEquals(x, figure.numbers(trace, "x"));
    assertEquals(y, figure.numbers(trace, "y"));
  }
}
