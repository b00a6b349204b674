package io.github.last4j.prune;

/** What becomes of a layer's scores before they are compared with those of other layers. */
public enum Rescaling {
  /** Nothing. */
  NONE,
  /**
   * Energy normalisation (Eq. 9): each score is squared, unless it is a square already, and divided
   * by the sum of itself and of the higher ones in its layer.
   */
  LAYER_ENERGY
}
