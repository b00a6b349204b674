package io.github.last4j.progress;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/**
 * A line that tells how far a long computation is and how long it will still take.
 *
 * <p>In a notebook the line is one output that changes in place, and a saved notebook keeps its
 * last state only; elsewhere it goes to standard error, over itself.
 *
 * <pre>{@code
 * try (Progress progress = Progress.of("training", epochs)) {
 *   for (int epoch = 0; epoch < epochs; epoch++) {
 *     progress.note(String.format(Locale.ROOT, "loss %.3f", train(epoch)));
 *     progress.step();
 *   }
 * }
 * }</pre>
 *
 * <p>Not for use by several threads at once.
 */
public final class Progress implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration WAIT = Duration.ofMillis(20);
  private static final int BAR = 24;

  private final String task;
  private final long total;
  private final Line line;
  private final LongSupplier nanoTime;
  private final long start;
  private long shown;
  private long done;
  private String note = "";
  private boolean closed;

  /** Where the line is shown: first and every later state, then the end. */
  interface Line {
    void show(String text);

    void end();
  }

  Progress(String task, long total, Line line, LongSupplier nanoTime) {
    if (total < 0) {
      throw new IllegalArgumentException("total must not be negative, but is " + total);
    }
    this.task = task;
    this.total = total;
    this.line = line;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    show(start);
  }

  /**
   * Starts a line.
   *
   * @param task what is being done, such as "training"
   * @param total how many steps it takes
   * @throws IllegalArgumentException if {@code total} is negative
   */
  public static Progress of(String task, long total) {
    return new Progress(task, total, line(), System::nanoTime);
  }

  /** Says that one more step is done. */
  public void step() {
    step(1);
  }

  /** Says that {@code steps} more steps are done. */
  public void step(long steps) {
    done += steps;
    refresh();
  }

  /** Sets what stands at the end of the line, such as the current loss. */
  public void note(String text) {
    note = text;
    refresh();
  }

  /** Shows the final state: the time taken, and how far it came if not to the end. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      show(nanoTime.getAsLong());
      line.end();
    }
  }

  private void refresh() {
    long now = nanoTime.getAsLong();
    if (now - shown >= INTERVAL.toNanos()) {
      show(now);
    }
  }

  private void show(long now) {
    shown = now;
    double seconds = (now - start) / 1e9;
    StringBuilder text =
        new StringBuilder(task).append(": ").append(done).append('/').append(total);
    if (closed) {
      text.append(done < total ? ", stopped after " : " in ").append(time(seconds));
    } else {
      int filled = total == 0 ? BAR : (int) Math.min(BAR, BAR * done / total);
      text.append(" [").append("█".repeat(filled)).append("░".repeat(BAR - filled)).append(']');
      if (done > 0 && done < total) {
        text.append(' ').append(time(seconds / done * (total - done))).append(" left");
      }
    }
    line.show(note.isEmpty() ? text.toString() : text + ", " + note);
  }

  /** Seconds as "0.4 s", "12 s", "3 min 05 s" or "2 h 07 min". */
  private static String time(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  private static Line line() {
    try {
      return new NotebookLine(BaseKernel.notebookKernel());
    } catch (NoClassDefFoundError | NullPointerException noKernel) {
      // JJava's classes are in its kernel only; elsewhere, as in a test, they throw without one.
      return new ConsoleLine();
    }
  }

  /** One output of the running cell, which the front end knows by its id. */
  private static final class NotebookLine implements Line {
    private final BaseKernel kernel;
    private final String id = UUID.randomUUID().toString();
    private boolean started;
    private String last = "";

    NotebookLine(BaseKernel kernel) {
      this.kernel = Objects.requireNonNull(kernel);
    }

    @Override
    public void show(String text) {
      last = text;
      DisplayData data = new DisplayData(text);
      // DisplayData has a method for this, but JJava changes its signature between releases.
      data.putTransientData("display_id", id);
      if (started) {
        kernel.getIO().display.updateDisplay(id, data);
      } else {
        kernel.getIO().display.display(data);
      }
      started = true;
    }

    /**
     * Leaves the last state there. A cell that was interrupted has ended before its computation
     * has, and with it the way to its output: the state then waits for the next cell.
     */
    @Override
    public void end() {
      if (kernel.getIO().display.isAttached()) {
        return;
      }
      Thread waiting =
          new Thread(
              () -> {
                try {
                  while (!kernel.getIO().display.isAttached()) {
                    Thread.sleep(WAIT.toMillis());
                  }
                  show(last);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "last4j-progress");
      waiting.setDaemon(true);
      waiting.start();
    }
  }

  /** A line of standard error that is written over itself. */
  private static final class ConsoleLine implements Line {
    private int width;

    @Override
    public void show(String text) {
      System.err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
      width = text.length();
    }

    @Override
    public void end() {
      System.err.println();
    }
  }
}
