package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import java.util.Arrays;
import java.util.List;

/**
 * What a state is worth by how much a decision would move without it, to first order: the mean over
 * sequences of (Σₜ ∂m/∂yₜ · 2·Re(Cᵢxₜᵢ))², m the margin between the predicted class and the next
 * one. It is in units of the model's output, so that layers compare as it is.
 */
public final class Taylor {
  private Taylor() {}

  /**
   * The selection.
   *
   * @param data unlabelled sequences; some 100 do
   * @throws IllegalArgumentException if there are none
   */
  public static Calibrated on(Dataset data) {
    Moments.requireData(data);
    return Calibrated.onParts("Taylor", (model, parts) -> scores(model, parts, data));
  }

  private static List<double[]> scores(
      SequenceClassifier model, List<List<Part>> parts, Dataset data) {
    List<double[]> sums = model.config().pairs().stream().map(n -> new double[n]).toList();
    Moments.forEach(
        model,
        data,
        (x, mask) -> {
          List<NDArray> gradients = model.marginGradients(x);
          NDArray steps = model.encode(x);
          for (int l = 0; l < parts.size(); l++) {
            LayerTrace trace = model.trace(l, steps, x.subNDList(1));
            for (Part part : parts.get(l)) {
              add(sums.get(l), part, trace.normalized(), gradients.get(l));
            }
            steps = trace.output();
          }
        });
    return sums;
  }

  private static void add(double[] sums, Part part, NDArray inputs, NDArray gradients) {
    NDArray weights =
        inputs.getManager().create(Matrices.rows(part.weights())).reshape(-1, part.size());
    NDArray moves =
        part.signals(inputs).mul(part.share(gradients).matMul(weights)).sum(new int[] {1});
    NDArray byState = moves.reshape(-1, 2L * part.directions(), part.count()).sum(new int[] {1});
    double[] squares = byState.square().sum(new int[] {0}).toDoubleArray();
    int[] states = part.states().indices().toArray();
    Arrays.setAll(squares, i -> sums[states[i]] += squares[i]);
  }
}
