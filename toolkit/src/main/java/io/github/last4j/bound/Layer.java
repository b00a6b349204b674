package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;

/**
 * A layer in plain double precision arrays, whose states can be run one by one: y = Σᵢ 2Re(cᵢxᵢ) +
 * D∘u, xᵢ,ₖ = λ̄ᵢxᵢ,ₖ₋₁ + b̄ᵢuₖ, and in the reverse direction likewise.
 */
final class Layer {
  final int states;
  final int inputs;
  final int outputs;
  final double[] poleRe;
  final double[] poleIm;

  /** 1-|λ̄|. */
  final double[] margin;

  /** (states, inputs). */
  final double[][] bRe;

  final double[][] bIm;

  /** (states, outputs). */
  final double[][] cRe;

  final double[][] cIm;

  /** As c, or null in a layer of one direction. */
  final double[][] backwardRe;

  final double[][] backwardIm;

  /** The diagonal of D, or null. */
  final double[] feedthrough;

  Layer(DiscreteSsm ssm) {
    states = ssm.states();
    inputs = (int) ssm.bBar().shape().get(1);
    outputs = (int) ssm.c().shape().get(0);
    poleRe = ComplexArray.doubles(ssm.lambdaBar().real());
    poleIm = ComplexArray.doubles(ssm.lambdaBar().imag());
    margin = ComplexArray.doubles(ssm.margin());
    bRe = rows(ssm.bBar().real(), inputs, false);
    bIm = rows(ssm.bBar().imag(), inputs, false);
    cRe = rows(ssm.c().real(), outputs, true);
    cIm = rows(ssm.c().imag(), outputs, true);
    backwardRe = ssm.backwardC().map(c -> rows(c.real(), outputs, true)).orElse(null);
    backwardIm = ssm.backwardC().map(c -> rows(c.imag(), outputs, true)).orElse(null);
    feedthrough = ssm.feedthrough().map(ComplexArray::doubles).orElse(null);
  }

  /** The rows of a signal (L, channels). */
  static double[][] signal(NDArray array) {
    int length = (int) array.getShape().get(0);
    int channels = (int) array.getShape().get(1);
    double[] values = ComplexArray.doubles(array);
    double[][] rows = new double[length][];
    for (int t = 0; t < length; t++) {
      rows[t] = Arrays.copyOfRange(values, t * channels, (t + 1) * channels);
    }
    return rows;
  }

  /** The rows (states, width) of an array, or its columns. */
  private double[][] rows(NDArray array, int width, boolean columns) {
    double[] values = ComplexArray.doubles(array);
    double[][] rows = new double[states][width];
    for (int i = 0; i < states; i++) {
      for (int k = 0; k < width; k++) {
        rows[i][k] = values[columns ? k * states + i : i * width + k];
      }
    }
    return rows;
  }

  /** The trajectory of one state, [real parts, imaginary parts], forwards or backwards in time. */
  double[][] state(int i, double[][] u, boolean backward) {
    double[][] x = new double[2][u.length];
    double re = 0;
    double im = 0;
    for (int step = 0; step < u.length; step++) {
      int t = backward ? u.length - 1 - step : step;
      double nextRe = poleRe[i] * re - poleIm[i] * im;
      double nextIm = poleRe[i] * im + poleIm[i] * re;
      for (int k = 0; k < inputs; k++) {
        nextRe += bRe[i][k] * u[t][k];
        nextIm += bIm[i][k] * u[t][k];
      }
      re = nextRe;
      im = nextIm;
      x[0][t] = re;
      x[1][t] = im;
    }
    return x;
  }

  /** Adds the response of one stored pair to y, (steps, outputs). */
  void addPair(int i, double[][] u, double[][] y) {
    add(state(i, u, false), cRe[i], cIm[i], y);
    if (backwardRe != null) {
      add(state(i, u, true), backwardRe[i], backwardIm[i], y);
    }
  }

  private static void add(double[][] x, double[] cRe, double[] cIm, double[][] y) {
    for (int t = 0; t < y.length; t++) {
      for (int o = 0; o < cRe.length; o++) {
        y[t][o] += 2 * (cRe[o] * x[0][t] - cIm[o] * x[1][t]);
      }
    }
  }

  /** The response of some states and of the feedthrough to u (steps, inputs). */
  double[][] response(double[][] u, boolean[] taken) {
    double[][] y = states(u, taken);
    if (feedthrough != null) {
      for (int t = 0; t < y.length; t++) {
        for (int o = 0; o < outputs; o++) {
          y[t][o] += feedthrough[o] * u[t][o];
        }
      }
    }
    return y;
  }

  /** The response of some states, without feedthrough. */
  double[][] states(double[][] u, boolean[] taken) {
    double[][] y = new double[u.length][outputs];
    for (int i = 0; i < states; i++) {
      if (taken[i]) {
        addPair(i, u, y);
      }
    }
    return y;
  }

  /** ‖cᵢxᵢ‖² of the single complex subsystem of a state, forwards. */
  double subsystemEnergy(int i, double[][] u) {
    double[][] x = state(i, u, false);
    double energy = 0;
    for (int t = 0; t < u.length; t++) {
      energy += x[0][t] * x[0][t] + x[1][t] * x[1][t];
    }
    return energy * square(cRe[i], cIm[i]);
  }

  /** ‖v‖² of a complex vector. */
  static double square(double[] re, double[] im) {
    double sum = 0;
    for (int k = 0; k < re.length; k++) {
      sum += re[k] * re[k] + im[k] * im[k];
    }
    return sum;
  }

  /** The sum of squares of a signal. */
  static double energy(double[][] signal) {
    double sum = 0;
    for (double[] row : signal) {
      for (double value : row) {
        sum += value * value;
      }
    }
    return sum;
  }

  /** The sum of squares of a difference. */
  static double distance(double[][] a, double[][] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      for (int k = 0; k < a[t].length; k++) {
        double difference = a[t][k] - b[t][k];
        sum += difference * difference;
      }
    }
    return sum;
  }
}
