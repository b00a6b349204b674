package io.github.last4j.progress;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Stops a long computation when its thread is interrupted, as by the stop button of a notebook.
 *
 * <p>Every loop that can last longer than a second asks here once a step. What was finished before
 * stays as a kill at that moment would leave it: files that are resumed, models that are whole.
 */
public final class Interruption {
  private Interruption() {}

  /**
   * Goes on, unless the current thread has been interrupted.
   *
   * <p>The mark of the interrupt is taken away with it, so that what is computed next on this
   * thread is not stopped too.
   *
   * @param task what is being done, such as "the training"
   * @throws CancellationException if the thread was interrupted
   */
  public static void check(String task) {
    if (Thread.interrupted()) {
      throw new CancellationException(task + " was interrupted");
    }
  }

  /**
   * Numbers that several threads compute together, none of which goes on after an interrupt of the
   * current one.
   *
   * @param task what is being done
   * @param count how many numbers
   * @param number each by its index, from 0; it may be interrupted itself
   * @throws CancellationException if the current thread was interrupted
   */
  public static double[] inParallel(String task, int count, IntToDoubleFunction number) {
    Thread owner = Thread.currentThread();
    AtomicBoolean stopped = new AtomicBoolean();
    double[] numbers =
        IntStream.range(0, count)
            .parallel()
            .mapToDouble(
                i -> {
                  if (!stopped.get() && !owner.isInterrupted()) {
                    try {
                      return number.applyAsDouble(i);
                    } catch (CancellationException interrupted) {
                      stopped.set(true);
                    }
                  }
                  return Double.NaN;
                })
            .toArray();
    check(task);
    if (stopped.get()) {
      throw new CancellationException(task + " was interrupted");
    }
    return numbers;
  }
}
