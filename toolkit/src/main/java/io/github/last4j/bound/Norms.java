package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.Loss;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;

/** Upper ends of norms of layers and of parts of them. */
final class Norms {
  private Norms() {}

  /** ‖Σ‖∞ of a whole layer with its feedthrough. */
  static double whole(DiscreteSsm layer) {
    return SystemNorms.hinf(layer, Loss.TOLERANCE).upper();
  }

  /** ‖Σ‖∞ of the states kept, with the feedthrough. */
  static double kept(DiscreteSsm layer, StateSet kept) {
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
  static double removed(DiscreteSsm layer, StateSet kept) {
    return Loss.worstCase(layer).of(kept.complement());
  }

  /**
   * A bound on each pair's own norm: 2‖C‖‖B̄‖/(1-|λ̄|), and in a bidirectional layer the sum of
   * both directions'.
   */
  static double[] pairBounds(DiscreteSsm layer) {
    NDArray norms = StateNorms.hinf(layer.direction(Scan.Direction.FORWARD));
    if (layer.backwardC().isPresent()) {
      norms = norms.add(StateNorms.hinf(layer.direction(Scan.Direction.BACKWARD)));
    }
    return norms.mul(2).toDoubleArray();
  }
}
