package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.table.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Means over the seeds, and times that add up. */
class TrainingPlotsTest {
  private static final Table COURSE =
      Rows.of("course", "method", "seed", "epoch", "states", "validation accuracy", "cpu seconds")
          .add("Whole", 0, 1, 8, 0.5, 10.0)
          .add("Whole", 0, 2, 8, 0.75, 20.0)
          .add("Whole", 1, 2, 8, 0.25, 30.0)
          .add("Whole", 1, 1, 8, 0.25, 20.0)
          .add("Early", 0, 1, 2, 0.5, 5.0)
          .table();

  @Test
  void linesAreMeansOverSeeds() {
    String accuracy = TrainingPlots.accuracy(COURSE, List.of("Whole"), "t").asJavascript("x");
    assertTrue(accuracy.contains("x: [\"15.0\",\"40.0\"]"), accuracy);
    assertTrue(accuracy.contains("y: [\"37.5\",\"50.0\"]"), accuracy);
    String states = TrainingPlots.states(COURSE, List.of("Early", "Whole"), "t").asJavascript("x");
    assertTrue(states.contains("y: [\"2.0\"]"), states);
    assertTrue(states.contains("y: [\"8.0\",\"8.0\"]"), states);
  }

  @Test
  void epochsAreMarked() {
    Table course =
        Rows.of("course", "epoch", "validation accuracy").add(1, 0.5).add(2, 0.75).table();
    Drawn figure = Drawn.of(TrainingPlots.validation(course, "t"));
    assertEquals("lines+markers", figure.of(0, "mode"));
    assertEquals(List.of(50.0, 75.0), figure.numbers(0, "y"));
  }

  @Test
  void unknownMethodsAreNamed() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> TrainingPlots.states(COURSE, List.of("Late"), "t"))
            .getMessage();
    assertEquals("methods: expected some of [Whole, Early], got Late", message);
  }
}
