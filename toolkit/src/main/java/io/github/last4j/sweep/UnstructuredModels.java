package io.github.last4j.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.UnstructuredPruning;
import io.github.last4j.prune.ZeroedPole;
import io.github.last4j.ssm.DiagonalSsm;
import java.util.List;
import java.util.Map;

/** Models of which single parameters are zero, and not whole states gone. */
public final class UnstructuredModels {
  private UnstructuredModels() {}

  /**
   * An S5 whose layers have gone through {@link UnstructuredPruning#random}; all else is the same.
   *
   * @param model an S5, which stays as it is
   * @param pole what a pole that is drawn becomes
   * @param ratio the share of elements of Λ, B and C to set to zero, in [0, 1]
   * @param seed what is drawn from
   * @return a new model held by this one's parent manager
   * @throws IllegalArgumentException if the ratio is out of range, or B is no parameter of the
   *     model
   */
  public static SequenceClassifier random(
      SequenceClassifier model, ZeroedPole pole, double ratio, long seed) {
    try (NDManager scratch = model.manager().newSubManager()) {
      Map<String, NDArray> parameters = model.parametersByName(scratch);
      List<DiagonalSsm> systems =
          UnstructuredPruning.random(
              model.systems(scratch), model.config().discretization(), pole, ratio, seed);
      for (int layer = 0; layer < systems.size(); layer++) {
        DiagonalSsm system = systems.get(layer);
        String path = "params/encoder/layers_" + layer + "/seq/";
        replace(parameters, path + "Lambda_re", system.lambda().real());
        replace(parameters, path + "Lambda_im", system.lambda().imag());
        replace(parameters, path + "B", system.b().toPairs());
        boolean bidirectional = system.backwardC().isPresent();
        replace(parameters, path + (bidirectional ? "C1" : "C"), system.c().toPairs());
        if (bidirectional) {
          replace(parameters, path + "C2", system.backwardC().get().toPairs());
        }
      }
      return SequenceClassifier.of(model.manager().getParentManager(), model.config(), parameters);
    }
  }

  private static void replace(Map<String, NDArray> parameters, String name, NDArray value) {
    NDArray before = parameters.get(name);
    if (before == null) {
      throw new IllegalArgumentException("model: expected an S5 with a parameter " + name);
    }
    parameters.put(name, ComplexArray.copy(value, before.getDataType()));
  }
}
