package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.PairSystem;
import io.github.last4j.norm.PartNorms;
import io.github.last4j.norm.Signals;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a layer loses with some of its states: a size of Σ<sub>P</sub>, the removed states together,
 * which is the difference between the layer before and after.
 */
public interface Loss {
  /** The relative width of the certified intervals whose upper ends are taken. */
  double TOLERANCE = 1e-6;

  /** The number n of stored states of the layer. */
  int states();

  /**
   * The loss.
   *
   * @param removed the states removed
   * @return a number that is not negative; zero for no states
   * @throws IllegalArgumentException if they are those of another layer
   */
  double of(StateSet removed);

  /** A number that {@link #of} is not below but for rounding, where one can be had for less. */
  default double atLeast(StateSet removed) {
    return of(removed);
  }

  /** The loss as a share of what is lost with all states. */
  default double share(StateSet removed) {
    return of(removed) / of(StateSet.all(states()));
  }

  /**
   * The worst case over all inputs: ‖Σ<sub>P</sub>‖∞, the upper end of a certified interval of
   * relative width 1e-6.
   *
   * @param layer a stable layer
   * @throws IllegalArgumentException if a pole is not inside the unit circle, or a number is not
   *     finite
   */
  static Loss worstCase(DiscreteSsm layer) {
    PartNorms norms = PartNorms.of(layer);
    return new Loss() {
      @Override
      public int states() {
        return norms.states();
      }

      @Override
      public double of(StateSet removed) {
        return norms.hinf(removed, TOLERANCE).upper();
      }

      @Override
      public double atLeast(StateSet removed) {
        return norms.reached(removed);
      }
    };
  }

  /** The worst case of every layer of a model. */
  static List<Loss> worstCase(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return model.discreteSystems(scratch).stream().map(Loss::worstCase).toList();
    }
  }

  /**
   * The loss on given inputs: the root of Σ ‖Σ<sub>P</sub>(v)‖₂², where the response counts while
   * the input lasts.
   *
   * <p>‖Σ<sub>P</sub>(v)‖² is the sum of ⟨yᵢ, yₖ⟩ over i and k in P, with yᵢ the response of the
   * pair i alone. These n² numbers are computed once.
   *
   * @param layer a layer
   * @param inputs shape (batch, L, inputs)
   * @throws IllegalArgumentException if the inputs do not fit
   */
  static Loss onInputs(DiscreteSsm layer, NDArray inputs) {
    int channels = layer.inputs();
    if (inputs.getShape().dimension() != 3 || inputs.getShape().get(2) != channels) {
      throw new IllegalArgumentException(
          "inputs: expected shape (batch, L, " + channels + "), got " + inputs.getShape());
    }
    if (!ComplexArray.isFinite(inputs)) {
      throw new IllegalArgumentException(
          "inputs: expected finite numbers, got a NaN or an infinity");
    }
    ResponseGram gram = new ResponseGram(PairSystem.of(layer));
    for (long i = 0; i < inputs.getShape().get(0); i++) {
      Interruption.check("the loss on inputs");
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        gram.add(Signals.of(inputs.get(i)));
      }
    }
    return gram;
  }

  /**
   * The loss of every layer of a model on its inputs, the normalised ones, while the whole model
   * reads sequences.
   *
   * @param data sequences of one length
   */
  static List<Loss> onInputs(SequenceClassifier model, Dataset data) {
    List<LayerTrace> traces = model.trace(data);
    try (NDManager scratch = model.manager().newSubManager()) {
      List<DiscreteSsm> systems = model.discreteSystems(scratch);
      return IntStream.range(0, systems.size())
          .mapToObj(l -> onInputs(systems.get(l), traces.get(l).normalized()))
          .toList();
    } finally {
      traces.forEach(LayerTrace::close);
    }
  }
}
