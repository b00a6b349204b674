package io.github.last4j.bound;

import static io.github.last4j.bound.Assumption.AT_REST;
import static io.github.last4j.bound.Assumption.CERTIFIED_NORMS;
import static io.github.last4j.bound.Assumption.DIRECTIONS_AVERAGED;
import static io.github.last4j.bound.Assumption.ORTHOGONAL_RESPONSES;
import static io.github.last4j.bound.Assumption.PLAIN_STACK;
import static io.github.last4j.bound.Assumption.STABLE;
import static io.github.last4j.bound.Assumption.TRUE_SLOPE;
import static io.github.last4j.bound.Assumption.UNIT_SLOPE;

import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Three bounds on the energy ‖y - ŷ‖₂² that is lost when states are removed from layers.
 *
 * <p>A layer is y = σ(Σ(u)) and a model a stack of layers, as in App. B. A state is a stored
 * conjugate pair, so its removal takes two of the paper's states. Feedthrough stays with what
 * remains. Energies are sums of squares over channels and time; the bounds hold for signals of any
 * length, since layers are at rest before the first step (and after the last, in the reverse
 * direction).
 */
public enum Bound {
  /**
   * As printed: Eq. 4 for a layer; for a model Eq. 8 with all of each pruned layer's removed states
   * in the numerator and the unpruned layers in the products. Not a bound (see the ledger).
   */
  PAPER(UNIT_SLOPE, ORTHOGONAL_RESPONSES, DIRECTIONS_AVERAGED) {
    @Override
    double removed(DiscreteSsm layer, StateSet kept) {
      double[] norms = StateNorms.values(layer);
      // Both states of a pair.
      return Math.sqrt(sum(kept.complement(), i -> 2 * norms[i] * norms[i]));
    }

    @Override
    double slope(Nonlinearity nonlinearity) {
      return 1;
    }

    @Override
    double lost(List<Gains> layers, double slope, double input) {
      double product = input;
      for (Gains layer : layers) {
        product *= layer.whole();
      }
      double sum = 0;
      for (Gains layer : layers) {
        double share = layer.removed() > 0 ? layer.removed() / layer.whole() : 0;
        sum += share * share;
      }
      return product * Math.sqrt(sum);
    }
  },

  /** Repaired: norms are summed before they are squared, and the slope of σ is counted. */
  VALID(TRUE_SLOPE) {
    @Override
    double removed(DiscreteSsm layer, StateSet kept) {
      double[] norms = Norms.pairBounds(layer);
      return sum(kept.complement(), i -> norms[i]);
    }
  },

  /** Repaired, with the exact H∞ norm of all that is removed from a layer together. */
  SHARP(TRUE_SLOPE, CERTIFIED_NORMS) {
    @Override
    double removed(DiscreteSsm layer, StateSet kept) {
      return Norms.removed(layer, kept);
    }
  };

  /**
   * The norms of one layer.
   *
   * @param whole of the layer
   * @param pruned of what remains of it
   * @param removed of what does not, as a bound measures it
   */
  record Gains(double whole, double pruned, double removed) {}

  // Sets of Set.of do not change.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Assumption> assumptions;

  Bound(Assumption... assumptions) {
    this.assumptions = Set.of(assumptions);
  }

  private static double sum(StateSet states, IntToDoubleFunction value) {
    // Plainly, in order.
    return states.indices().mapToDouble(value).reduce(0, Double::sum);
  }

  /** The norm of the removed states. */
  abstract double removed(DiscreteSsm layer, StateSet kept);

  double slope(Nonlinearity nonlinearity) {
    return nonlinearity.slope();
  }

  /**
   * The root of the energy that is lost after the last layer. Of the two ways to split layer l's
   * error, Σ(x) - Σ̂(x̂) = Σ(x - x̂) + Σ_P(x̂) = Σ̂(x - x̂) + Σ_P(x), the better one is taken in
   * every layer; both of the telescoping sums over layers are larger or equal.
   */
  double lost(List<Gains> layers, double slope, double input) {
    double error = 0;
    double whole = input;
    double pruned = input;
    for (Gains layer : layers) {
      double viaWhole = layer.whole() * error + layer.removed() * pruned;
      double viaPruned = layer.pruned() * error + layer.removed() * whole;
      error = slope * Math.min(viaWhole, viaPruned);
      // From zero the nonlinearities here gain no more than one, whatever their slope.
      whole *= layer.whole();
      pruned *= layer.pruned();
    }
    return error;
  }

  /**
   * Bounds ‖σ(Σ(u)) - σ(Σ̂(u))‖₂², where Σ̂ is what remains of one layer (Eq. 4).
   *
   * @param layer a stable layer with n states
   * @param kept the states that stay
   * @param nonlinearity σ
   * @param inputEnergy ‖u‖₂²
   * @throws IllegalArgumentException if a pole is not inside the unit circle, the states are those
   *     of another layer or the energy is negative or not finite
   */
  public EnergyBound layer(
      DiscreteSsm layer, StateSet kept, Nonlinearity nonlinearity, double inputEnergy) {
    requireEnergy(inputEnergy);
    kept.requireStates("kept", layer.states());
    double gain = slope(nonlinearity) * removed(layer, kept);
    return bound(gain * gain * inputEnergy, STABLE, AT_REST);
  }

  /**
   * Bounds ‖y - ŷ‖₂² of a stack of layers, each followed by σ, of which each is pruned (Eq. 8).
   *
   * @param layers stable layers, as many outputs of each as the next has inputs
   * @param kept the states that stay of each
   * @param nonlinearity σ
   * @param inputEnergy ‖u‖₂² of the first layer's input
   * @throws IllegalArgumentException if a pole is not inside the unit circle, the states are those
   *     of other layers, a layer's outputs are not as many as the next one's inputs, or the energy
   *     is negative or not finite
   */
  public EnergyBound model(
      List<DiscreteSsm> layers, States kept, Nonlinearity nonlinearity, double inputEnergy) {
    requireEnergy(inputEnergy);
    kept.requireStates("kept", layers.stream().map(DiscreteSsm::states).toList());
    for (int l = 1; l < layers.size(); l++) {
      int outputs = layers.get(l - 1).outputs();
      int inputs = layers.get(l).inputs();
      if (inputs != outputs) {
        throw new IllegalArgumentException(
            "layers: expected "
                + outputs
                + " inputs of layer "
                + (l + 1)
                + ", as the one before has outputs, got "
                + inputs);
      }
    }
    List<Gains> gains = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      DiscreteSsm layer = layers.get(l);
      StateSet stay = kept.layer(l);
      gains.add(new Gains(Norms.whole(layer), Norms.kept(layer, stay), removed(layer, stay)));
    }
    double lost = lost(gains, slope(nonlinearity), Math.sqrt(inputEnergy));
    return bound(lost * lost, STABLE, AT_REST, PLAIN_STACK, CERTIFIED_NORMS);
  }

  private EnergyBound bound(double energy, Assumption... others) {
    Set<Assumption> all = EnumSet.copyOf(assumptions);
    Collections.addAll(all, others);
    return new EnergyBound(energy, all);
  }

  private static void requireEnergy(double energy) {
    if (!(energy >= 0 && energy < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "inputEnergy: expected a finite number of at least 0, got " + energy);
    }
  }
}
