package io.github.last4j.progress;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  @Test
  void stopsOnceForEachInterrupt() {
    assertDoesNotThrow(() -> Interruption.check("the search"));
    Thread.currentThread().interrupt();
    CancellationException stopped =
        assertThrows(CancellationException.class, () -> Interruption.check("the search"));
    assertEquals("the search was interrupted", stopped.getMessage());
    assertDoesNotThrow(() -> Interruption.check("the search"));
  }

  /** Which thread throws is chance: what is caught is the same. */
  @Test
  void errorsOfOtherThreadsKeepTheirMessages() {
    for (int trial = 0; trial < 100; trial++) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  Interruption.parallel(
                      "the search",
                      check -> IntStream.range(0, 64).parallel().mapToObj(i -> fail(i)).toList()));
      assertEquals("loss: expected a number", thrown.getMessage());
    }
    // A cause of its own stays one.
    IllegalArgumentException own =
        new IllegalArgumentException("outer", new IllegalArgumentException("inner"));
    assertSame(
        own,
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Interruption.parallel(
                    "the search",
                    check -> {
                      throw own;
                    })));
  }

  private static int fail(int i) {
    if (Thread.currentThread().getName().contains("ForkJoin") || i == 63) {
      throw new IllegalArgumentException("loss: expected a number");
    }
    return 1;
  }
}
