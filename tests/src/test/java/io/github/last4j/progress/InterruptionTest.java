package io.github.last4j.progress;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
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
}
