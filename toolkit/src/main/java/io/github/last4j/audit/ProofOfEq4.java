package io.github.last4j.audit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof of Eq. 4 (App. B.2) on one layer without feedthrough and one input: the energies of
 * which each is said to be at most the next. Removed are stored pairs; sums run over both states of
 * each.
 *
 * @param lost ‖σ(Σu) - σ(Σ₋ₚu)‖²
 * @param response ‖Σu - Σ₋ₚu‖², which (b) and (c) find to be ‖Σ GᵢU‖²
 * @param separate Σ‖GᵢU‖², by (e) Σ‖Σᵢu‖²
 * @param allowed Σ‖Gᵢ‖∞²‖u‖²
 */
public record ProofOfEq4(double lost, double response, double separate, double allowed) {

  /**
   * Runs a layer and what remains of it.
   *
   * @param layer a stable layer of one direction; its feedthrough is left out
   * @param kept the states that stay
   * @param nonlinearity σ
   * @param input shape (L, inputs)
   * @throws IllegalArgumentException if the layer has two directions, the states are those of
   *     another layer, or a pole is not inside the unit circle
   */
  public static ProofOfEq4 of(
      DiscreteSsm layer, StateSet kept, Nonlinearity nonlinearity, NDArray input) {
    Layer parts = oneWay(layer, kept.requireStates("kept", layer.states()));
    double[][] u = Signals.of(input);
    return new ProofOfEq4(
        Signals.distance(
            nonlinearity.apply(parts.response(u)), nonlinearity.apply(parts.keptResponse(u))),
        Signals.energy(parts.removedResponse(u)),
        parts.separateEnergy(u),
        Bound.PAPER.layer(parts.system(), kept, nonlinearity, Signals.energy(u)).value());
  }

  /**
   * The same for several inputs.
   *
   * @param inputs shape (batch, L, inputs)
   */
  public static List<ProofOfEq4> each(
      DiscreteSsm layer, StateSet kept, Nonlinearity nonlinearity, NDArray inputs) {
    List<ProofOfEq4> proofs = new ArrayList<>();
    for (long i = 0; i < inputs.getShape().get(0); i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        proofs.add(of(layer, kept, nonlinearity, inputs.get(i)));
      }
    }
    return proofs;
  }

  /** Left side over right side of (a), the nonlinearity. */
  public double a() {
    return lost / response;
  }

  /** Left side over right side of (d), the "triangle inequality". */
  public double d() {
    return response / separate;
  }

  /** Left side over right side of (f), Eq. 2 of every state. */
  public double f() {
    return separate / allowed;
  }

  /** Left side over right side of Eq. 4. */
  public double all() {
    return lost / allowed;
  }

  /**
   * (f) of every state by itself, ‖Σᵢu‖²/(‖Gᵢ‖∞²‖u‖²).
   *
   * @param layer a stable layer of one direction
   * @param input shape (L, inputs)
   * @return one number a stored state, the same for its conjugate
   * @throws IllegalArgumentException if the layer has two directions, or a pole is not inside the
   *     unit circle
   */
  public static double[] ofStates(DiscreteSsm layer, NDArray input) {
    return oneWay(layer, StateSet.all(layer.states())).gains(Signals.of(input));
  }

  private static Layer oneWay(DiscreteSsm layer, StateSet kept) {
    if (layer.bidirectional()) {
      throw new IllegalArgumentException("layer: expected one direction, got two");
    }
    return Layer.of(layer, kept);
  }
}
