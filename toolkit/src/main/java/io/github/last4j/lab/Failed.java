package io.github.last4j.lab;

/** That the code of an answer threw something. */
final class Failed extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failed(Throwable cause) {
    super(cause);
  }
}
