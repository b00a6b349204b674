package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;

/**
 * What follows the state space system in a layer, by the names of the S5 release. With g =
 * drop(gelu(y)), W the dense layers with bias and σ the logistic function.
 */
public enum Activation {
  /** W₁g · σ(W₂g). */
  FULL_GLU,
  /** g · σ(W₂g). */
  HALF_GLU1,
  /** y · σ(W₂g): the gate alone sees the GELU. */
  HALF_GLU2,
  /** g. */
  GELU;

  private static final double SLOPE = 2 * Math.sqrt(2 / Math.PI);

  /** Whether there is a W₁. */
  boolean hasValue() {
    return this == FULL_GLU;
  }

  /** Whether there is a W₂. */
  boolean hasGate() {
    return this != GELU;
  }

  /**
   * The tanh form of the GELU, ½x(1 + tanh(√(2/π)(x + 0.044715x³))), written with the logistic
   * function: x·σ(2√(2/π)(x + 0.044715x³)).
   */
  public static NDArray gelu(NDArray x) {
    // The square is ours alone, and its gradient needs x and not itself: it may be overwritten.
    try (NDArray slope = x.square();
        NDArray curvature = ComplexArray.number(x, 0.044715 * SLOPE)) {
      slope.muli(curvature).addi(SLOPE);
      try (NDArray steep = slope.mul(x);
          NDArray share = sigmoid(steep)) {
        return x.mul(share);
      }
    }
  }

  /** The GELU of a model: the tanh form, or exactly x·Φ(x). */
  static NDArray gelu(ModelConfig config, NDArray x) {
    return config.exactGelu() ? ai.djl.nn.Activation.gelu(x) : gelu(x);
  }

  static NDArray sigmoid(NDArray x) {
    return ai.djl.nn.Activation.sigmoid(x);
  }
}
