package io.github.last4j.table;

import tech.tablesaw.api.Table;

/** The library of tables, made ready where no interrupt reaches it. */
public final class Tablesaw {
  private Tablesaw() {}

  /**
   * Waits until tables can be made.
   *
   * <p>The class {@link Table} looks for readers and writers when it is first used, which takes
   * part of a second. An interrupt meanwhile, as by the stop button of a notebook, would leave it
   * unusable until the JVM ends; so it happens on a thread that nobody else knows.
   */
  public static void ready() {
    Thread thread = new Thread(Table::create, "tablesaw");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
