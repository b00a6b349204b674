package io.github.last4j.progress;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Test
  void asideGivesWhatTheBodyGives() {
    assertEquals(3, Interruption.aside("the search", () -> 3));
    RuntimeException own = new IllegalStateException("own");
    Error error = new AssertionError("an error");
    assertSame(own, assertThrows(RuntimeException.class, () -> aside(own)));
    assertSame(error, assertThrows(AssertionError.class, () -> aside(error)));
  }

  private static void aside(Throwable thrown) {
    Interruption.aside(
        "the search",
        () -> {
          if (thrown instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) thrown;
        });
  }

  /** The body would wait for ever. */
  @Test
  void aBodyAsideIsNotWaitedFor() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    CancellationException stopped =
        assertThrows(
            CancellationException.class,
            () ->
                Interruption.aside(
                    "the search",
                    () -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      ended.countDown();
                      return 0;
                    }));
    assertEquals("the search was interrupted", stopped.getMessage());
    assertFalse(Thread.interrupted());
    never.countDown();
    assertTrue(ended.await(10, TimeUnit.SECONDS));
  }

  private static int fail(int i) {
    if (Thread.currentThread().getName().contains("ForkJoin") || i == 63) {
      throw new IllegalArgumentException("loss: expected a number");
    }
    return 1;
  }
}
