package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a layer in plain arrays, checked; of B̄ and C those that are not zero, or those
 * that its states have in a layer of channels.
 */
final class LayerNumbers {
  final int states;
  final int inputs;
  final int outputs;
  final double[] margin;
  final double[] poleRe;
  final double[] poleIm;
  final Rows b;

  /** Of the forward and, if there is one, of the backward scan. */
  final List<Rows> c = new ArrayList<>();

  /** The diagonal of D, or null. */
  final double[] feedthrough;

  /** By state, for which channels it has numbers, ascending, and these. */
  static final class Rows {
    final int[][] at;
    final double[][] re;
    final double[][] im;

    private Rows(int states) {
      at = new int[states][];
      re = new double[states][];
      im = new double[states][];
    }

    /** One number for each state, that of its channel. */
    static Rows of(String name, ComplexArray numbers, Channels channels) {
      double[] re = finite(name, numbers.real());
      double[] im = finite(name, numbers.imag());
      Rows rows = new Rows(re.length);
      for (int i = 0; i < re.length; i++) {
        rows.at[i] = new int[] {channels.of(i)};
        rows.re[i] = new double[] {re[i]};
        rows.im[i] = new double[] {im[i]};
      }
      return rows;
    }

    static Rows of(String name, ComplexArray matrix, int stateAxis) {
      double[] re = finite(name, matrix.real());
      double[] im = finite(name, matrix.imag());
      int n = (int) matrix.shape().get(stateAxis);
      int width = re.length / n;
      int[] counts = new int[n];
      for (int k = 0; k < re.length; k++) {
        if (re[k] != 0 || im[k] != 0) {
          counts[stateAxis == 0 ? k / width : k % n]++;
        }
      }
      Rows rows = new Rows(n);
      for (int i = 0; i < n; i++) {
        rows.at[i] = new int[counts[i]];
        rows.re[i] = new double[counts[i]];
        rows.im[i] = new double[counts[i]];
      }
      Arrays.fill(counts, 0);
      for (int k = 0; k < re.length; k++) {
        if (re[k] != 0 || im[k] != 0) {
          int i = stateAxis == 0 ? k / width : k % n;
          int next = counts[i]++;
          rows.at[i][next] = stateAxis == 0 ? k % width : k / n;
          rows.re[i][next] = re[k];
          rows.im[i][next] = im[k];
        }
      }
      return rows;
    }
  }

  /** Reads a layer, stable or not. */
  LayerNumbers(DiscreteSsm ssm) {
    this(ssm, false);
  }

  /**
   * Reads a layer.
   *
   * @param stable whether it has to have norms
   * @throws IllegalArgumentException if a pole is not inside the unit circle where it has to be,
   *     naming the state, a number is not finite, or a feedthrough does not fit the inputs
   */
  private LayerNumbers(DiscreteSsm ssm, boolean stable) {
    states = ssm.states();
    inputs = ssm.inputs();
    outputs = ssm.outputs();
    margin = ComplexArray.doubles(ssm.margin());
    if (stable) {
      requireStable();
    }
    requireFinite("margin", margin);
    poleRe = finite("lambdaBar", ssm.lambdaBar().real());
    poleIm = finite("lambdaBar", ssm.lambdaBar().imag());
    DiscreteSsm held = ssm.withoutChannels();
    Optional<Channels> channels = ssm.channels();
    b = rows("bBar", held.bBar(), 0, channels);
    c.add(rows("c", held.c(), 1, channels));
    held.backwardC().ifPresent(back -> c.add(rows("backwardC", back, 1, channels)));
    feedthrough = ssm.feedthrough().map(d -> finite("feedthrough", d)).orElse(null);
    if (feedthrough != null && inputs != outputs) {
      throw new IllegalArgumentException(
          "ssm: expected as many inputs as outputs with a feedthrough, got "
              + inputs
              + " and "
              + outputs);
    }
  }

  private static Rows rows(
      String name, ComplexArray numbers, int stateAxis, Optional<Channels> channels) {
    return channels
        .map(whose -> Rows.of(name, numbers, whose))
        .orElseGet(() -> Rows.of(name, numbers, stateAxis));
  }

  /** Reads a layer that has norms. */
  static LayerNumbers stable(DiscreteSsm ssm) {
    return new LayerNumbers(ssm, true);
  }

  private void requireStable() {
    for (int i = 0; i < states; i++) {
      if (!(margin[i] > 0)) {
        throw new IllegalArgumentException(
            "ssm: expected every pole inside the unit circle, but state "
                + i
                + " has 1-|λ̄| = "
                + margin[i]
                + "; an unstable system has no norm");
      }
    }
  }

  private static double[] finite(String name, NDArray array) {
    return requireFinite(name, ComplexArray.doubles(array));
  }

  private static double[] requireFinite(String name, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "ssm: expected finite numbers, but " + name + " has " + value);
      }
    }
    return values;
  }
}
