package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.LayerDifference;
import io.github.last4j.ssm.StateSet;
import java.util.List;

/**
 * A certificate for real S5 blocks, x ← x + m(Σ(a∘x + b)): batch normalisation at inference, a
 * layer with feedthrough, a mixing m of GELU and gate, and a residual connection.
 *
 * <p>With v = a∘x + b of the unpruned model, x̂ of the pruned one and P the removed states, Σ(v) -
 * Σ̂(v̂) = Σ<sub>P</sub>(v) + Σ̂(a∘(x - x̂)), so that
 *
 * <p>‖x' - x̂'‖ ≤ ‖x - x̂‖ + c(‖Σ<sub>P</sub>(v)‖ + ‖Σ̂ diag(a)‖∞‖x - x̂‖),
 *
 * <p>where c bounds what m makes of a difference ({@link Mixing}). A gate has no global constant c,
 * and the shift b no gain: c and v, or ‖Σ<sub>P</sub>(v)‖ ≤ ‖Σ<sub>P</sub>‖∞‖v‖, are measured on
 * the unpruned model, for given inputs. The bound is for those inputs, whatever is removed; it
 * needs no run of the pruned model.
 *
 * @param blocks the norms of every block, in order
 */
public record ResidualBound(List<Block> blocks) {

  /**
   * The norms of one block.
   *
   * @param removed ‖Σ<sub>P</sub>‖∞, of the removed states together; 0 if there are none
   * @param pruned ‖Σ̂ diag(a)‖∞, of what remains with its feedthrough, and the scale in front
   */
  public record Block(double removed, double pruned) {

    /**
     * Certified norms of a block.
     *
     * @param ssm the layer before pruning
     * @param kept the states that stay
     * @param scale a, the factors of the normalisation, shape (inputs), float64
     * @throws IllegalArgumentException if a pole is not inside the unit circle or a shape does not
     *     fit
     */
    public static Block of(DiscreteSsm ssm, StateSet kept, NDArray scale) {
      kept.requireStates("kept", ssm.states());
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        return new Block(Norms.removed(ssm, kept), Norms.kept(ssm.withInputsTimes(scale), kept));
      }
    }

    /**
     * The same where the layer after pruning has states of its own: ‖Σ - Σ̂‖∞ for what was removed.
     *
     * @param before the layer before pruning
     * @param after the layer after pruning
     * @param scale a, the factors of the normalisation, shape (inputs), float64
     * @throws IllegalArgumentException if a pole is not inside the unit circle or a shape does not
     *     fit
     */
    public static Block of(DiscreteSsm before, DiscreteSsm after, NDArray scale) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        double removed = LayerDifference.of(before, after).map(Norms::whole).orElse(0.0);
        return new Block(removed, Norms.whole(after.withInputsTimes(scale)));
      }
    }
  }

  /** Copies the list. */
  public ResidualBound {
    blocks = List.copyOf(blocks);
  }

  /**
   * ‖Σ<sub>P</sub>(v)‖₂ of the states that do not survive.
   *
   * @param ssm the layer before pruning
   * @param kept the states that stay
   * @param v the normalised input in the unpruned model, shape (L, inputs), float64
   * @throws IllegalArgumentException if the states are those of another layer
   */
  public static double removedResponse(DiscreteSsm ssm, StateSet kept, NDArray v) {
    StateSet removed = kept.requireStates("kept", ssm.states()).complement();
    if (removed.isEmpty()) {
      return 0;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      DiscreteSsm part = ssm.withoutFeedthrough().keep(removed);
      return Math.sqrt(Signals.energy(part.output(v.expandDims(0))));
    }
  }

  /**
   * ‖(Σ - Σ̂)(v)‖₂ of a layer before and after pruning.
   *
   * @param before the layer before pruning
   * @param after the layer after pruning
   * @param v the normalised input in the unpruned model, shape (L, inputs), float64
   * @throws IllegalArgumentException if the layers have other inputs, outputs or directions
   */
  public static double lostResponse(DiscreteSsm before, DiscreteSsm after, NDArray v) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return LayerDifference.of(before, after)
          .map(difference -> Math.sqrt(Signals.energy(difference.output(v.expandDims(0)))))
          .orElse(0.0);
    }
  }

  /**
   * Bounds ‖x - x̂‖₂ after every block, for one input.
   *
   * @param removed ‖Σ<sub>P</sub>(v)‖₂ in each block of the unpruned model, or a bound on it
   * @param mixing c of each block
   * @return one number a block
   * @throws IllegalArgumentException if there is not one number a block
   */
  public double[] distances(double[] removed, double[] mixing) {
    if (removed.length != blocks.size() || mixing.length != blocks.size()) {
      throw new IllegalArgumentException(
          "removed, mixing: expected "
              + blocks.size()
              + " numbers each, one a block, got "
              + removed.length
              + " and "
              + mixing.length);
    }
    double[] distances = new double[blocks.size()];
    double distance = 0;
    for (int l = 0; l < distances.length; l++) {
      distance += mixing[l] * (removed[l] + blocks.get(l).pruned() * distance);
      distances[l] = distance;
    }
    return distances;
  }
}
