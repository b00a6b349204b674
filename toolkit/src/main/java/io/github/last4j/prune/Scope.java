package io.github.last4j.prune;

/** Which states compete with each other for survival. */
public enum Scope {
  /** All states of all layers: each layer is pruned as far as its scores tell. */
  GLOBAL,
  /** The states of one layer: every layer is pruned by the same ratio. */
  UNIFORM
}
