package io.github.last4j.train;

/** Which parameters a training changes. */
public enum Learned {
  /** All. */
  ALL,

  /**
   * Those of the state space systems only: Λ, B, C, D and Δ. Encoder, decoder, gates and the
   * weights of normalisation stay; its running statistics follow what they see.
   */
  SYSTEMS;

  /** Whether a parameter is one of them, by its name in a checkpoint. */
  boolean has(String name) {
    return this == ALL || isSystem(name);
  }

  /** Whether a parameter is of a state space system. */
  static boolean isSystem(String name) {
    return name.contains("/seq/");
  }
}
