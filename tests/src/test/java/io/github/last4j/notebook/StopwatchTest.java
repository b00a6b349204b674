package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private final AtomicLong clock = new AtomicLong(5);
  private final List<String> ran = new ArrayList<>();

  /** A task that takes a given time, another one in each run. */
  private Runnable task(String name, long... nanoseconds) {
    Iterator<Long> times = Arrays.stream(nanoseconds).iterator();
    return () -> {
      ran.add(name);
      clock.addAndGet(times.next());
    };
  }

  @Test
  void theFastestRunOfEachCounts() {
    Runnable one = task("one", 3_000_000_000L, 1_000_000_000L, 2_000_000_000L);
    Runnable other = task("other", 250_000_000L, 500_000_000L, 750_000_000L);
    assertArrayEquals(new double[] {1, 0.25}, Stopwatch.fastest(clock::get, 3, one, other));
    assertEquals(List.of("one", "other", "one", "other", "one", "other"), ran);
  }

  @Test
  void theClockIsTheSystems() {
    long start = System.nanoTime();
    double[] seconds = Stopwatch.fastest(1, () -> busy(2_000_000));
    double all = (System.nanoTime() - start) / 1e9;
    assertTrue(seconds[0] >= 0.002 && seconds[0] <= all, seconds[0] + " of " + all);
  }

  private static void busy(long nanoseconds) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanoseconds) {
      Thread.onSpinWait();
    }
  }

  @Test
  void noRunIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Stopwatch.fastest(0, () -> {}));
  }
}
