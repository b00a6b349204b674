package io.github.last4j.model;

import org.ojalgo.function.special.ErrorFunction;

/**
 * The nonlinearities of a layer on vectors in plain Java.
 *
 * <p>The logistic function is ½ + ½tanh(x/2), and tanh(x/2) = 2r/(1 + r²) with r = tanh(x/4), which
 * is a fraction in x/4: the seventh convergent of Lambert's continued fraction z/(1 + z²/(3 + z²/(5
 * + …))). Up to |x| = 18, from where on the function is 0 or 1 in single precision, it is right to
 * 1.2e-7. There is nothing in it but products, sums and one quotient, so that a compiler makes
 * vector instructions of the loops.
 */
final class StepCurves {
  private static final float LIMIT = 18;
  private static final float SLOPE = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float CURVATURE = (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI));

  private StepCurves() {}

  /** σ(x) in single precision. */
  private static float sigmoid(float x) {
    float z = 0.25f * Math.min(LIMIT, Math.max(-LIMIT, x));
    float t = z * z;
    float p = z * (135135 + t * (17325 + t * (378 + t)));
    float q = 135135 + t * (62370 + t * (3150 + t * 28));
    return 0.5f + p * q / (q * q + p * p);
  }

  /** y·σ(x) in the place of y. */
  static void gate(float[] y, float[] x, int size) {
    for (int i = 0; i < size; i++) {
      y[i] *= sigmoid(x[i]);
    }
  }

  /** The tanh form of the GELU, x·σ(2√(2/π)(x + 0.044715x³)), as {@link Activation#gelu}. */
  static void gelu(float[] x, float[] y, int size) {
    for (int i = 0; i < size; i++) {
      float v = x[i];
      y[i] = v * sigmoid(v * (SLOPE + CURVATURE * v * v));
    }
  }

  /** The exact GELU, x·Φ(x). */
  static void exactGelu(float[] x, float[] y, int size) {
    for (int i = 0; i < size; i++) {
      y[i] = (float) (0.5 * x[i] * (1 + ErrorFunction.erf(x[i] / Math.sqrt(2))));
    }
  }
}
