package io.github.last4j.audit;

/** Whose a claim is; only what is printed counts as the paper's. */
public enum Kind {
  /** The paper says it, as a formula or in words. */
  PRINTED("printed"),
  /** The paper does not say it: one way to read what it says. */
  READING("reading"),
  /** The paper does not speak of it: a question of this project. */
  OURS("ours");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  /** The kind in words. */
  public String title() {
    return title;
  }
}
