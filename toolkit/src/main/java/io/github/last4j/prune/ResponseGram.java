package io.github.last4j.prune;

import io.github.last4j.norm.PairSystem;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The inner products ⟨yᵢ, yₖ⟩ of the responses of a layer's pairs, summed over inputs.
 *
 * <p>A response is y = Σ zₐxₐ(t) with a real trajectory xₐ for the real and the imaginary part of
 * every state in every direction, and a real column zₐ = 2Re(c) or -2Im(c). So ⟨yᵢ, yₖ⟩ is the sum
 * of (zₐ·z_b)(xₐ·x_b) over the a of i and the b of k: the outputs are never formed.
 */
final class ResponseGram implements Loss {
  private final PairSystem layer;
  private final List<double[]> columns = new ArrayList<>();
  private final double[][] gram;

  ResponseGram(PairSystem layer) {
    this.layer = layer;
    gram = new double[layer.states][layer.states];
    for (int t = 0; t < layer.terms; t++) {
      columns.add(scaled(layer.cRe[t], 2));
      columns.add(scaled(layer.cIm[t], -2));
    }
  }

  private static double[] scaled(double[] values, double factor) {
    double[] result = values.clone();
    for (int k = 0; k < result.length; k++) {
      result[k] *= factor;
    }
    return result;
  }

  /** Adds the responses to an input (steps, channels). */
  void add(double[][] u) {
    List<double[]> trajectories =
        IntStream.range(0, layer.terms)
            .parallel()
            .mapToObj(term -> layer.trajectory(term, u))
            .flatMap(Arrays::stream)
            .toList();
    Interruption.parallel(
        "the loss on inputs",
        check -> {
          IntStream.range(0, layer.states)
              .parallel()
              .peek(i -> check.run())
              .forEach(i -> addRow(i, trajectories));
          return gram;
        });
  }

  private void addRow(int i, List<double[]> trajectories) {
    int stride = 2 * layer.states;
    for (int first = 2 * i; first < columns.size(); first += stride) {
      for (int a = first; a <= first + 1; a++) {
        for (int b = 0; b < columns.size(); b++) {
          gram[i][b % stride / 2] +=
              dot(columns.get(a), columns.get(b)) * dot(trajectories.get(a), trajectories.get(b));
        }
      }
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int t = 0; t < x.length; t++) {
      sum += x[t] * y[t];
    }
    return sum;
  }

  @Override
  public int states() {
    return layer.states;
  }

  @Override
  public double of(StateSet removed) {
    int[] states = removed.requireStates("removed", layer.states).indices().toArray();
    double sum = 0;
    for (int i : states) {
      for (int k : states) {
        sum += gram[i][k];
      }
    }
    // Where responses cancel, rounding may leave a little less than nothing.
    return Math.sqrt(Math.max(0, sum));
  }
}
