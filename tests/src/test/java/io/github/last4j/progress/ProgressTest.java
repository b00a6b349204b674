package io.github.last4j.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> shown = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();

  private Progress start(long total) {
    Progress.Line line =
        new Progress.Line() {
          @Override
          public void show(String text) {
            shown.add(text);
          }

          @Override
          public void end() {
            shown.add("end");
          }
        };
    return new Progress("training", total, line, clock::get);
  }

  @Test
  void tellsTheTimeLeft() {
    try (Progress progress = start(4)) {
      clock.set(30 * SECOND);
      progress.step();
    }
    assertEquals("training: 1/4 [██████░░░░░░░░░░░░░░░░░░] 1 min 30 s left", shown.get(1));
  }

  @Test
  void endsInOneLine() {
    try (Progress progress = start(2)) {
      clock.set(SECOND);
      progress.step(2);
      progress.note("loss 0.3");
    }
    assertEquals(List.of("training: 2/2 in 1.0 s, loss 0.3", "end"), shown.subList(2, 4));
  }

  @Test
  void saysWhereItStopped() {
    start(10).close();
    assertEquals("training: 0/10, stopped after 0.0 s", shown.get(1));
  }

  @Test
  void isShownFourTimesASecond() {
    try (Progress progress = start(1000)) {
      for (int i = 0; i < 1000; i++) {
        clock.addAndGet(SECOND / 1000);
        progress.step();
      }
    }
    assertTrue(shown.size() <= 8, shown.toString());
  }

  @Test
  void refusesANegativeTotal() {
    assertThrows(IllegalArgumentException.class, () -> start(-1));
  }
}
