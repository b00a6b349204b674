package io.github.last4j.lab;

/** What is wrong with an answer, in words for the one who gave it. */
final class Wrong extends RuntimeException {
  private static final long serialVersionUID = 1;

  Wrong(String hint) {
    super(hint, null, false, false);
  }

  /** Goes on if a condition holds, and else says what is wrong. */
  static void unless(boolean holds, String hint, Object... arguments) {
    if (!holds) {
      throw new Wrong(arguments.length == 0 ? hint : Text.of(hint, arguments));
    }
  }

  /** Says what is wrong if a condition holds. */
  static void when(boolean holds, String hint, Object... arguments) {
    unless(!holds, hint, arguments);
  }
}
