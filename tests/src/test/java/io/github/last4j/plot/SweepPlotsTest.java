package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SweepPlotsTest {
  /** Two seeds by two methods; the ratios are not in order. */
  private static final Table SWEEP =
      Table.create(
          StringColumn.create("model", "m", "m", "m", "m", "m", "m", "m", "m"),
          IntColumn.create("seed", 0, 0, 1, 1, 0, 0, 1, 1),
          StringColumn.create(
              "method", "LAST", "LAST", "LAST", "LAST", "mine", "mine", "mine", "mine"),
          DoubleColumn.create("ratio", 0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5),
          DoubleColumn.create("accuracy", 0.5, 1, 0.75, 0.75, 1, 0.25, 0.75, 0.25),
          IntColumn.create("layer 1", 3, 4, 2, 4, 4, 2, 4, 2),
          IntColumn.create("layer 2", 1, 4, 2, 4, 4, 2, 4, 2));

  @Test
  void linesAreMeansBeforeThinOnesOfEachModel() {
    Drawn figure = Drawn.of(SweepPlots.accuracy(SWEEP, "t"));
    assertEquals(4, figure.traces());
    assertEquals("LAST", figure.of(0, "name"));
    assertEquals(1L, figure.of(0, "line.width"));
    assertEquals(false, figure.of(0, "showlegend"));
    // Nothing joins the two models.
    assertEquals(Arrays.asList(0L, 50L, null, 0L, 50L, null), figure.of(0, "x"));
    assertEquals(Arrays.asList(100L, 50L, null, 75L, 75L, null), figure.of(0, "y"));
    assertEquals("LAST", figure.of(2, "name"));
    assertEquals(List.of(0.0, 50.0), figure.numbers(2, "x"));
    assertEquals(List.of(87.5, 62.5), figure.numbers(2, "y"));
    assertEquals("mine", figure.of(3, "name"));
    assertEquals(List.of(87.5, 25.0), figure.numbers(3, "y"));
    assertEquals(figure.of(0, "legendgroup"), figure.of(2, "legendgroup"));
  }

  @Test
  void oneModelIsItsMean() {
    Table one = SWEEP.where(SWEEP.intColumn("seed").isEqualTo(0));
    assertEquals(2, Drawn.of(SweepPlots.accuracy(one, "t")).traces());
  }

  @Test
  void elementsAreNoStates() {
    StringColumn elements = StringColumn.create("method", 8);
    elements.set(elements.isMissing(), "Unstructured random");
    Drawn figure =
        Drawn.of(SweepPlots.accuracy(SWEEP.copy().replaceColumn("method", elements), "t"));
    assertEquals(
        Map.of("text", "states or elements removed (%)"),
        ((Map<?, ?>) figure.json().layout().get("xaxis")).get("title"));
  }

  @Test
  void methodsKeepTheirStyle() {
    Table reversed = SWEEP.sortDescendingOn("method");
    for (Table sweep : List.of(SWEEP, reversed)) {
      Drawn figure = Drawn.of(SweepPlots.accuracy(sweep, "t"));
      int last = figure.of(2, "name").equals("LAST") ? 2 : 3;
      Palette.Style style = Palette.known("LAST");
      assertEquals(style.colour(), figure.of(last, "line.color"));
      assertEquals(style.dash().toString(), figure.of(last, "line.dash"));
      assertEquals(style.marker().toString(), figure.of(last, "marker.symbol"));
    }
  }

  @Test
  void lossesArePairedWithTheWholeModels() {
    Table sweep =
        Table.create(
            StringColumn.create("model", "a", "a", "b", "b", "b"),
            IntColumn.create("seed", 0, 0, 1, 1, 1),
            StringColumn.create("method", "LAST", "LAST", "LAST", "LAST", "LAST"),
            DoubleColumn.create("ratio", 0.5, 0, 0.9, 0, 0.5),
            DoubleColumn.create("accuracy", 0.75, 1, 0.25, 0.5, 0.5));
    Drawn figure = Drawn.of(SweepPlots.losses(sweep, "t"));
    assertEquals(1, figure.traces());
    assertEquals(List.of(0.0, 50.0, 90.0), figure.numbers(0, "x"));
    assertEquals(List.of(0.0, 12.5, 25.0), figure.numbers(0, "y"));
    Table partial = sweep.where(sweep.doubleColumn("ratio").isNotEqualTo(0));
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> SweepPlots.losses(partial, "t"));
    assertEquals("sweep: expected the ratio 0 of [a, 0] by LAST", refused.getMessage());
  }

  @Test
  void remainingStatesAreMeansOfEachLayer() {
    Drawn figure = Drawn.of(SweepPlots.remainingStates(SWEEP, "LAST", "t"));
    assertEquals(2, figure.traces());
    assertEquals("layer 2", figure.of(1, "name"));
    assertEquals(List.of(4.0, 1.5), figure.numbers(1, "y"));
    assertEquals(Palette.layer(2).colour(), figure.of(1, "line.color"));
  }

  @Test
  void aMethodThatIsMissingIsNamed() {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> SweepPlots.remainingStates(SWEEP, "LAMP", "t"));
    assertTrue(refused.getMessage().startsWith("method:"), refused.getMessage());
  }
}
