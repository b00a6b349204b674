package io.github.last4j.notebook;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** How long something takes. */
public final class Stopwatch {
  private Stopwatch() {}

  /**
   * Runs tasks in turn, several times: what else the machine does can only make a run longer, so
   * the fastest counts.
   *
   * @param runs how often each is run
   * @param tasks what to time
   * @return the seconds of each task's fastest run
   * @throws IllegalArgumentException if there is to be no run
   */
  public static double[] fastest(int runs, Runnable... tasks) {
    return fastest(System::nanoTime, runs, tasks);
  }

  static double[] fastest(LongSupplier nanoseconds, int runs, Runnable... tasks) {
    if (runs < 1) {
      throw new IllegalArgumentException("runs: expected at least one, got " + runs);
    }
    double[] seconds = new double[tasks.length];
    Arrays.fill(seconds, Double.POSITIVE_INFINITY);
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < tasks.length; i++) {
        long start = nanoseconds.getAsLong();
        tasks[i].run();
        seconds[i] = Math.min(seconds[i], (nanoseconds.getAsLong() - start) / 1e9);
      }
    }
    return seconds;
  }
}
