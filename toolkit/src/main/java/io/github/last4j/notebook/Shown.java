package io.github.last4j.notebook;

/** A result that says itself how a notebook shows it. */
public interface Shown {
  /** As plain text, for wherever there is no HTML. */
  String text();

  /** As a piece of HTML that loads nothing. */
  String html();
}
