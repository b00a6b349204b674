package io.github.last4j.bound;

import io.github.last4j.norm.PartNorms;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.Loss;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;

/** Upper ends of norms of layers and of parts of them. */
public final class Norms {
  private Norms() {}

  /** ‖Σ‖∞ of a whole layer with its feedthrough. */
  public static double whole(DiscreteSsm layer) {
    return SystemNorms.hinf(layer, Loss.TOLERANCE).upper();
  }

  /** ‖Σ‖∞ of the states kept, with the feedthrough. */
  public static double kept(DiscreteSsm layer, StateSet kept) {
    if (kept.isEmpty()) {
      return layer.feedthrough().map(d -> d.abs().max().toArray()[0].doubleValue()).orElse(0.0);
    }
    DiscreteSsm part = layer.keep(kept);
    try {
      return whole(part);
    } finally {
      part.arrays().close();
    }
  }

  /** ‖Σ‖∞ of the states not kept together, without feedthrough. */
  public static double removed(DiscreteSsm layer, StateSet kept) {
    return PartNorms.of(layer).hinf(kept.complement(), Loss.TOLERANCE).upper();
  }

  /**
   * A bound on each pair's own norm: 2‖C‖‖B̄‖/(1-|λ̄|), and in a bidirectional layer the sum of
   * both directions'.
   */
  static double[] pairBounds(DiscreteSsm layer) {
    double[] bounds = hinf(layer, Scan.Direction.FORWARD);
    if (layer.backwardC().isPresent()) {
      double[] backward = hinf(layer, Scan.Direction.BACKWARD);
      Arrays.setAll(bounds, i -> bounds[i] + backward[i]);
    }
    Arrays.setAll(bounds, i -> 2 * bounds[i]);
    return bounds;
  }

  private static double[] hinf(DiscreteSsm layer, Scan.Direction direction) {
    return StateNorms.hinf(layer.direction(direction)).toDoubleArray();
  }
}
