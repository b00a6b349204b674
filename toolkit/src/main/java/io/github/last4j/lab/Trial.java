package io.github.last4j.lab;

import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.jshell.spi.SPIResolutionException;

/**
 * One answer, tried: whatever its code does becomes feedback. It runs in a thread of its own and
 * has so many seconds; one that does not end then is interrupted, and left behind if that does not
 * help.
 */
record Trial(Exercise exercise, Session session) {
  private static final long MILLISECONDS_TO_END = 500;

  /**
   * Tries an answer.
   *
   * @throws CancellationException if this thread is interrupted, as by the stop button
   */
  Feedback of(Answer answer, Draw draw) {
    FutureTask<Verdict> task = new FutureTask<>(() -> exercise.judge().of(answer, draw));
    Thread thread = new Thread(task, "answer " + exercise.id());
    thread.setDaemon(true);
    thread.start();
    try {
      return passed(task.get(exercise.seconds(), TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return failed(reason(e.getCause()));
    } catch (TimeoutException e) {
      end(thread);
      return failed(
          Text.of(
              "stopped after %d seconds: a loop without an end, or far more work than needed",
              exercise.seconds()));
    } catch (InterruptedException e) {
      end(thread);
      throw new CancellationException("the check was interrupted");
    }
  }

  private Feedback passed(Verdict verdict) {
    double points = Math.round(100 * verdict.share() * exercise.points()) / 100.0;
    return new Feedback(exercise.id(), points, exercise.points(), verdict.text(), verdict.score());
  }

  Feedback failed(String hint) {
    return new Feedback(exercise.id(), 0, exercise.points(), hint, OptionalDouble.empty());
  }

  private static void end(Thread thread) {
    thread.interrupt();
    try {
      thread.join(MILLISECONDS_TO_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      // Nothing stops a loop that does not listen: let it at least give way to all others.
      thread.setPriority(Thread.MIN_PRIORITY);
    }
  }

  private String reason(Throwable thrown) {
    if (thrown instanceof Wrong wrong) {
      return wrong.getMessage();
    }
    if (thrown instanceof Failed failed) {
      return ofAnswer(failed.getCause());
    }
    return "the check itself failed, which is not your fault: " + thrown;
  }

  /** Why code of a student failed; what it calls may have wrapped the reason. */
  private String ofAnswer(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SPIResolutionException) {
        Set<String> names = session.undefined(exercise.entry());
        return names.isEmpty()
            ? "a name in your code is not defined"
            : String.join(", ", names.stream().map(name -> "`" + name + "`").toList())
                + " is not defined (the notebook accepts a method that uses it, and fails when it"
                + " is called)";
      }
      if (cause instanceof StackOverflowError) {
        return "StackOverflowError: a method calls itself without an end";
      }
      if (cause instanceof OutOfMemoryError) {
        return "OutOfMemoryError: the answer asks for more memory than there is";
      }
    }
    String message = thrown.getMessage();
    return "your code throws "
        + thrown.getClass().getSimpleName()
        + (message == null ? "" : ": " + message);
  }
}
