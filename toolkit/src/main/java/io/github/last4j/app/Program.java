package io.github.last4j.app;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** A program behind make: what stops it is said in a line, and its status tells make. */
interface Program {
  /** Does it. */
  void run() throws IOException;

  /** Does it, and ends the process with a status that is not zero if something stopped it. */
  static void main(Program program) {
    int status = status(program, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Does it.
   *
   * @param errors where to say what stopped it
   * @return 0, 2 if its arguments are wrong, or 1 if a file is
   */
  static int status(Program program, PrintStream errors) {
    try {
      program.run();
      return 0;
    } catch (IllegalArgumentException e) {
      errors.println(e.getMessage() == null ? e : e.getMessage());
      return 2;
    } catch (IOException | UncheckedIOException e) {
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      // Those of the file system often say no more than a name.
      errors.println(cause.getClass().getSimpleName() + ": " + cause.getMessage());
      return 1;
    }
  }
}
