package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One block of a trained S5 or S4D classifier, x ← x + m(Σ(a∘x + b)), as {@link ResidualBound} sees
 * it: in double precision, the normalisation by its running statistics.
 *
 * @param system Σ, with its feedthrough
 * @param scale a, shape (h)
 * @param shift b, shape (h)
 * @param activation what m is
 * @param gelu the GELU in m, exact or in its tanh form
 * @param dense the dense layers in m by their names in the block, such as "out2/kernel", (in, out)
 */
public record S5Block(
    DiscreteSsm system,
    NDArray scale,
    NDArray shift,
    Activation activation,
    Nonlinearity gelu,
    Map<String, NDArray> dense) {

  /** Copies the map. */
  public S5Block {
    dense = Map.copyOf(dense);
  }

  /**
   * The blocks of a model, in order.
   *
   * @param model an S5 or S4D with batch normalisation before the systems
   * @param owner the manager that holds the copies
   * @throws IllegalArgumentException if the model is another
   */
  public static List<S5Block> of(SequenceClassifier model, NDManager owner) {
    requireCovered(model.config());
    List<DiscreteSsm> systems = model.discreteSystems(owner);
    try (NDManager scratch = owner.newSubManager()) {
      Map<String, NDArray> parameters = model.parametersByName(scratch);
      return IntStream.range(0, systems.size())
          .mapToObj(
              layer ->
                  Scoped.compute(
                      owner,
                      () -> of(systems.get(layer), layer, model.config(), parameters),
                      S5Block::copies))
          .toList();
    }
  }

  private static S5Block of(
      DiscreteSsm system, int layer, ModelConfig config, Map<String, NDArray> parameters) {
    Map<String, NDArray> own = new HashMap<>();
    parameters.forEach(
        (name, array) -> {
          String[] parts = name.split("/encoder/layers_" + layer + "/", 2);
          if (parts.length == 2) {
            own.put(parts[1], ComplexArray.copy(array, DataType.FLOAT64));
          }
        });
    NDArray deviation = own.get("norm/var").add(config.normalization().epsilon(config)).sqrt();
    NDArray scale = own.get("norm/scale").div(deviation);
    NDArray shift = own.get("norm/bias").sub(scale.mul(own.get("norm/mean")));
    own.keySet().removeIf(name -> !name.startsWith("out"));
    Nonlinearity gelu = config.exactGelu() ? Nonlinearity.GELU : Nonlinearity.GELU_TANH;
    return new S5Block(system, scale, shift, config.activation(), gelu, own);
  }

  private NDList copies() {
    NDList arrays = new NDList(dense.values());
    arrays.addAll(new NDList(scale, shift));
    return arrays;
  }

  static void requireCovered(ModelConfig config) {
    if (config.normalization() != Normalization.BATCH || config.postNorm()) {
      throw new IllegalArgumentException(
          "model: expected batch normalisation before the system, got "
              + config.normalization()
              + (config.postNorm() ? " normalisation after it" : " normalisation"));
    }
  }

  /**
   * Certified norms of the block.
   *
   * @param kept the states that stay
   * @throws IllegalArgumentException if a pole is not inside the unit circle, or the states are
   *     those of another layer
   */
  public ResidualBound.Block norms(StateSet kept) {
    return ResidualBound.Block.of(system, kept, scale);
  }

  /**
   * The same with a layer after pruning that has states of its own.
   *
   * @param after Σ̂, with its feedthrough
   * @throws IllegalArgumentException if a pole is not inside the unit circle, or the ports are
   *     others
   */
  public ResidualBound.Block norms(DiscreteSsm after) {
    return ResidualBound.Block.of(system, after, scale);
  }

  /**
   * The constant c with ‖m(y) - m(ŷ)‖ ≤ c‖y - ŷ‖ for a response y that was seen, by {@link Mixing}.
   *
   * @param response y, shape (L, h), float64
   */
  public double mixing(NDArray response) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray g = gelu.apply(response);
      Mixing mixing = new Mixing(gelu);
      return switch (activation) {
        case GELU -> mixing.gelu();
        case HALF_GLU1 -> mixing.halfGlu1(largest(g), weights("out2"));
        case HALF_GLU2 -> mixing.halfGlu2(largest(response), weights("out2"));
        case FULL_GLU -> {
          NDArray value = g.matMul(dense.get("out1/kernel")).add(dense.get("out1/bias"));
          yield mixing.fullGlu(largest(value), weights("out1"), weights("out2"));
        }
      };
    }
  }

  /** Outputs first. */
  private NDArray weights(String layer) {
    return dense.get(layer + "/kernel").transpose();
  }

  private static NDArray largest(NDArray signal) {
    return signal.abs().max(new int[] {0});
  }
}
