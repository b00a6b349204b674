package io.github.last4j.prune;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.List;

/** A layer whose parts have other weights. */
final class FittedLayer {
  private FittedLayer() {}

  /** The layer with the C and D that the parts' regressions give. */
  static DiscreteSsm of(DiscreteSsm layer, List<Part> parts, List<Regression> sums) {
    double[] d = ComplexArray.doubles(layer.feedthrough().orElseThrow());
    // Of a channel's states C has a number each.
    DiscreteSsm states = layer.withoutChannels();
    Shape shape = states.c().shape();
    int n = layer.states();
    double[][] c = new double[2 * parts.get(0).directions()][(int) shape.size()];
    for (int p = 0; p < parts.size(); p++) {
      Part part = parts.get(p);
      int first = part.channel().orElse(0);
      int outputs = part.system().outputs();
      double[] before = new double[outputs];
      System.arraycopy(d, first, before, 0, outputs);
      Regression.Fit fit = sums.get(p).fit(part.weights(), before);
      for (int o = 0; o < outputs; o++) {
        d[first + o] = fit.feedthrough().get(o);
      }
      int[] own = part.states().indices().toArray();
      int row = layer.channels().isPresent() ? 0 : first;
      for (int o = 0; o < outputs; o++) {
        for (int k = 0; k < part.size(); k++) {
          int kind = k / own.length;
          // An output is 2·Re(Cx) = 2·Re C·Re x - 2·Im C·Im x.
          c[kind][(row + o) * n + own[k % own.length]] =
              fit.weights().doubleValue(o, k) / (kind % 2 == 0 ? 2 : -2);
        }
      }
    }
    NDManager manager = layer.margin().getManager();
    DiscreteSsm fitted = states.withC(Matrices.complex(manager, c[0], c[1], shape));
    if (c.length > 2) {
      fitted = fitted.withBackwardC(Matrices.complex(manager, c[2], c[3], shape));
    }
    return layer
        .channels()
        .map(fitted::withChannels)
        .orElse(fitted)
        .withFeedthrough(manager.create(d));
  }
}
