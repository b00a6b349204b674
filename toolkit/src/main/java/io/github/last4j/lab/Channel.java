package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import org.apache.commons.math3.complex.Complex;

/**
 * A channel with one input and one output, as labs write it down.
 *
 * @param states |λ̄|, arg λ̄, Re CB̄ and Im CB̄ of each stored pair
 */
record Channel(double[][] states) {
  /** Requires stable states, so that there is a norm. */
  static Channel of(double[]... states) {
    for (double[] state : states) {
      Wrong.unless(
          state[0] >= 0 && state[0] < 1,
          "a state needs 0 ≤ |λ̄| < 1 in its first place, got %s: without stability there is no"
              + " norm",
          state[0]);
    }
    return new Channel(states);
  }

  /** From the numbers of a variant, four for each state. */
  static Channel flat(int states, Draw draw) {
    double[][] rows = new double[states][4];
    for (int i = 0; i < states; i++) {
      for (int j = 0; j < 4; j++) {
        rows[i][j] = draw.own(4 * i + j);
      }
    }
    return new Channel(rows);
  }

  static double[] flat(double[]... states) {
    double[] numbers = new double[4 * states.length];
    for (int i = 0; i < states.length; i++) {
      System.arraycopy(states[i], 0, numbers, 4 * i, 4);
    }
    return numbers;
  }

  DiscreteSsm in(NDManager manager) {
    return DiscreteSsm.singleChannel(manager, states);
  }

  HinfNorm norm(double tolerance) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return SystemNorms.hinf(in(manager), tolerance);
    }
  }

  /** |G(e^jθ)| of the pairs. */
  double gain(double theta) {
    return transfer(theta, true).abs();
  }

  /** The sum over the stored states, and their conjugates if asked for. */
  Complex transfer(double theta, boolean conjugates) {
    Complex sum = Complex.ZERO;
    for (double[] state : states) {
      sum = sum.add(term(state[0], state[1] - theta, state[2], state[3]));
      if (conjugates) {
        sum = sum.add(term(state[0], -state[1] - theta, state[2], -state[3]));
      }
    }
    return sum;
  }

  private static Complex term(double radius, double angle, double re, double im) {
    Complex below =
        Complex.ONE.subtract(new Complex(Math.cos(angle), Math.sin(angle)).multiply(radius));
    return new Complex(re, im).divide(below);
  }

  /** The largest gain on a grid of angles from 0 to π. */
  double onGrid(int points) {
    double most = 0;
    for (int k = 0; k < points; k++) {
      most = Math.max(most, gain(Math.PI * k / (points - 1)));
    }
    return most;
  }

  /** Eq. 5 of every state. */
  double[] norms() {
    double[] norms = new double[states.length];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.hypot(states[i][2], states[i][3]) / (1 - states[i][0]);
    }
    return norms;
  }

  /** The output 2·Re Σ CB̄x for an input, from rest. */
  double[] response(double... u) {
    double[] y = new double[u.length];
    for (double[] state : states) {
      double poleRe = state[0] * Math.cos(state[1]);
      double poleIm = state[0] * Math.sin(state[1]);
      double re = 0;
      double im = 0;
      for (int k = 0; k < u.length; k++) {
        double next = poleRe * re - poleIm * im + u[k];
        im = poleRe * im + poleIm * re;
        re = next;
        y[k] += 2 * (state[2] * re - state[3] * im);
      }
    }
    return y;
  }
}
