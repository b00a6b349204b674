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
final class Norms {
  private Norms() {}

  /** ‖Σ‖∞ of a whole layer with its feedthrough. */
  static double whole(DiscreteSsm layer) {
    return SystemNorms.hinf(layer, Loss.TOLERANCE).upper();
  }

  /** ‖Σ‖∞ of the states kept, with the feedthrough. */
  static double kept(DiscreteSsm layer, StateSet kept) {
    return PartNorms.of(layer).hinfWithFeedthrough(kept, Loss.TOLERANCE).upper();
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
    double[] bounds = StateNorms.values(layer.direction(Scan.Direction.FORWARD));
    double[] backward =
        layer.bidirectional()
            ? StateNorms.values(layer.direction(Scan.Direction.BACKWARD))
            : new double[bounds.length];
    Arrays.setAll(bounds, i -> (bounds[i] + backward[i]) * 2);
    return bounds;
  }
}
