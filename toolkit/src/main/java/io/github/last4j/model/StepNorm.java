package io.github.last4j.model;

/** The normalisation of the features of one time step at evaluation. */
interface StepNorm {
  /** Writes into y, shape (h), what becomes of x, shape (h); both may be one array. */
  void apply(float[] x, float[] y);

  /** s∘x + t, what batch normalisation is at evaluation. */
  final class Affine implements StepNorm {
    private final float[] scale;
    private final float[] shift;

    /** With s and t, shape (h). */
    Affine(float[] scale, float[] shift) {
      this.scale = scale;
      this.shift = shift;
    }

    @Override
    public void apply(float[] x, float[] y) {
      affine(x, scale, shift, y, scale.length);
    }
  }

  /** s∘(x - mean)/√(variance + ε) + t, with mean and variance over the channels. */
  final class Layer implements StepNorm {
    private final float[] scale;
    private final float[] shift;
    private final double epsilon;

    /** With s and t, shape (h), and ε. */
    Layer(float[] scale, float[] shift, double epsilon) {
      this.scale = scale;
      this.shift = shift;
      this.epsilon = epsilon;
    }

    @Override
    public void apply(float[] x, float[] y) {
      double sum = 0;
      for (float each : x) {
        sum += each;
      }
      double mean = sum / x.length;
      double squares = 0;
      for (float each : x) {
        squares += (each - mean) * (each - mean);
      }
      standardize(x, (float) mean, (float) (1 / Math.sqrt(squares / x.length + epsilon)), y);
      affine(y, scale, shift, y, scale.length);
    }

    private static void standardize(float[] x, float mean, float factor, float[] y) {
      for (int i = 0; i < x.length; i++) {
        y[i] = (x[i] - mean) * factor;
      }
    }
  }

  private static void affine(float[] x, float[] scale, float[] shift, float[] y, int size) {
    for (int i = 0; i < size; i++) {
      y[i] = scale[i] * x[i] + shift[i];
    }
  }
}
