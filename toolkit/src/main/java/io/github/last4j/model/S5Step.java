package io.github.last4j.model;

/**
 * The recurrence of an S5 layer, with the real parts of all states and then the imaginary ones in
 * one array (2n): s = a∘s + b∘s′ + B̄u with s′ the parts swapped, a = [Re λ̄, Re λ̄] and b = [-Im
 * λ̄, Im λ̄], and y = 2Re(Cx) + D∘u.
 */
final class S5Step implements StepSystem {
  private final float[] a;
  private final float[] b;
  private final StepProduct input;
  private final StepProduct output;
  private final float[] direct;

  /**
   * A layer.
   *
   * @param a Re λ̄ twice, shape (2n)
   * @param b -Im λ̄ and Im λ̄, shape (2n)
   * @param input B̄, from h to 2n
   * @param output [2Re C, -2Im C], from 2n to h
   * @param direct D, shape (h)
   */
  S5Step(float[] a, float[] b, StepProduct input, StepProduct output, float[] direct) {
    this.a = a;
    this.b = b;
    this.input = input;
    this.output = output;
    this.direct = direct;
  }

  @Override
  public Memory atRest(int sequences) {
    int size = a.length;
    float[][] states = new float[sequences][size];
    float[][] driven = new float[sequences][size];
    float[] swapped = new float[size];
    return (u, y) -> {
      input.apply(u, driven);
      for (int k = 0; k < sequences; k++) {
        float[] s = states[k];
        System.arraycopy(s, size / 2, swapped, 0, size / 2);
        System.arraycopy(s, 0, swapped, size / 2, size / 2);
        turn(s, swapped, driven[k], size);
        direct(u[k], y[k], direct.length);
      }
      output.add(states, y);
    };
  }

  private void turn(float[] s, float[] swapped, float[] driven, int size) {
    float[] re = a;
    float[] im = b;
    for (int i = 0; i < size; i++) {
      s[i] = re[i] * s[i] + im[i] * swapped[i] + driven[i];
    }
  }

  private void direct(float[] u, float[] y, int size) {
    float[] d = direct;
    for (int i = 0; i < size; i++) {
      y[i] = d[i] * u[i];
    }
  }

  @Override
  public long multiplications() {
    long n = a.length;
    return 2 * n + n * direct.length * 2 + direct.length;
  }
}
