package io.github.last4j.progress;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

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
      throw interrupted(task);
    }
  }

  /**
   * Goes on, unless an error came of an interrupt that a library met before {@link #check} did.
   *
   * @throws CancellationException if the error or a cause of it says so
   */
  public static void check(String task, Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
        // What was closed leaves the mark there.
        Thread.interrupted();
        throw interrupted(task);
      }
    }
  }

  /**
   * Runs a computation that other threads share, such as a parallel stream: an interrupt of the
   * current thread stops the steps of all of them.
   *
   * @param task as in {@link #check}
   * @param body is given what each step asks, on whatever thread it runs
   * @return what the body returns
   * @throws CancellationException if the current thread was interrupted
   * @throws RuntimeException what a step throws, as it throws it
   */
  public static <T> T parallel(String task, Function<Runnable, T> body) {
    Thread owner = Thread.currentThread();
    AtomicBoolean stopped = new AtomicBoolean();
    Runnable check =
        () -> {
          if (stopped.get() || owner.isInterrupted()) {
            stopped.set(true);
            throw interrupted(task);
          }
        };
    try {
      return body.apply(check);
    } catch (CancellationException e) {
      // What steps compute may have met the interrupt first.
      stopped.set(true);
      // From another thread a pool hands on a copy without the message.
      check(task);
      throw e;
    } catch (RuntimeException e) {
      throw original(e);
    }
  }

  /**
   * Runs a computation that can't ask, such as a library's decomposition of a matrix, on a thread
   * of its own. An interrupt of the current thread does not wait for it: the computation then goes
   * on to its end, and nobody takes what it returns. So it must neither read nor write what others
   * may write.
   *
   * @param task as in {@link #check}
   * @return what the body returns
   * @throws CancellationException if the current thread was interrupted
   * @throws RuntimeException what the body throws, as it throws it
   */
  public static <T> T aside(String task, Supplier<T> body) {
    FutureTask<T> result = new FutureTask<>(body::get);
    Thread thread = new Thread(result, task);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.get();
    } catch (InterruptedException e) {
      throw interrupted(task);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  /** From another thread a pool hands on a copy, whose message begins with the original's class. */
  private static RuntimeException original(RuntimeException thrown) {
    return thrown.getCause() instanceof RuntimeException cause
            && cause.getClass() == thrown.getClass()
            && (thrown.getMessage() == null || thrown.getMessage().equals(cause.toString()))
        ? cause
        : thrown;
  }

  private static CancellationException interrupted(String task) {
    return new CancellationException(task + " was interrupted");
  }
}
