package io.github.last4j.audit;

/** Whose a claim is, and what rests on it. */
public enum Kind {
  /** The paper says it: an equation, or a step of a derivation or of a proof. */
  PRINTED("printed"),
  /** The paper says it in passing, and nothing that it derives rests on it. */
  ASIDE("aside"),
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
