package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.PartNorms;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Upper ends of norms of layers and of parts of them. */
final class Norms {
  /** The relative width of the certified intervals whose upper ends are taken. */
  static final double TOLERANCE = 1e-6;

  private Norms() {}

  /** ‖Σ‖∞ of a whole layer with its feedthrough. */
  static double whole(DiscreteSsm layer) {
    return SystemNorms.hinf(layer, TOLERANCE).upper();
  }

  /** ‖Σ‖∞ of the states kept, with the feedthrough. */
  static double kept(DiscreteSsm layer, boolean[] kept) {
    if (count(kept) == 0) {
      return layer.feedthrough().map(d -> d.abs().max().toArray()[0].doubleValue()).orElse(0.0);
    }
    NDManager owner = layer.lambdaBar().real().getManager();
    try (NDManager scratch = owner.newSubManager();
        NDArray mask = scratch.create(kept)) {
      DiscreteSsm part = layer.keep(mask);
      try {
        return whole(part);
      } finally {
        part.arrays().close();
      }
    }
  }

  /** ‖Σ‖∞ of the states not kept together, without feedthrough. */
  static double removed(DiscreteSsm layer, boolean[] kept) {
    List<Integer> removed = IntStream.range(0, kept.length).filter(i -> !kept[i]).boxed().toList();
    return PartNorms.of(layer).hinf(removed, TOLERANCE).upper();
  }

  /**
   * A bound on each pair's own norm: 2‖C‖‖B̄‖/(1-|λ̄|), and in a bidirectional layer the sum of
   * both directions'.
   */
  static double[] pairBounds(DiscreteSsm layer) {
    double[] bounds = StateNorms.hinf(direction(layer, false)).toDoubleArray();
    if (layer.backwardC().isPresent()) {
      double[] backward = StateNorms.hinf(direction(layer, true)).toDoubleArray();
      Arrays.setAll(bounds, i -> bounds[i] + backward[i]);
    }
    Arrays.setAll(bounds, i -> 2 * bounds[i]);
    return bounds;
  }

  static DiscreteSsm withoutFeedthrough(DiscreteSsm layer) {
    return new DiscreteSsm(
        layer.lambdaBar(),
        layer.margin(),
        layer.bBar(),
        layer.c(),
        layer.backwardC(),
        Optional.empty());
  }

  private static DiscreteSsm direction(DiscreteSsm layer, boolean backward) {
    return new DiscreteSsm(
        layer.lambdaBar(),
        layer.margin(),
        layer.bBar(),
        backward ? layer.backwardC().orElseThrow() : layer.c(),
        Optional.empty(),
        Optional.empty());
  }

  static int count(boolean[] mask) {
    int count = 0;
    for (boolean value : mask) {
      count += value ? 1 : 0;
    }
    return count;
  }
}
