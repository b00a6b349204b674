package io.github.last4j.progress;

import java.util.concurrent.CancellationException;

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
}
