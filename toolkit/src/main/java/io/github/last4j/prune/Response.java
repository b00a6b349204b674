package io.github.last4j.prune;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * What a state is worth by the energy that it puts out for real inputs: Σ ‖2·Re(Cᵢxᵢ)‖² over
 * sequences and steps in place of the squared norm in Eq. 9.
 */
public final class Response {
  private Response() {}

  /**
   * The selection.
   *
   * @param data unlabelled sequences; some 100 do
   * @throws IllegalArgumentException if there are none
   */
  public static Calibrated on(Dataset data) {
    Moments.requireData(data);
    return Calibrated.onParts("Response", (model, parts) -> scores(model, parts, data));
  }

  private static List<double[]> scores(
      SequenceClassifier model, List<List<Part>> parts, Dataset data) {
    List<List<R064Store>> moments = Moments.states(model, parts, data);
    List<double[]> scores = new ArrayList<>();
    for (int l = 0; l < parts.size(); l++) {
      double[] logs = new double[model.config().pairs().get(l)];
      for (int p = 0; p < parts.get(l).size(); p++) {
        Part part = parts.get(l).get(p);
        MatrixStore<Double> weights = part.weights();
        MatrixStore<Double> gram = weights.transpose().multiply(weights);
        int[] states = part.states().indices().toArray();
        for (int i = 0; i < states.length; i++) {
          double energy = inner(gram, moments.get(l).get(p), part.coordinates(i));
          logs[states[i]] = Math.log(Math.max(0, energy));
        }
      }
      scores.add(Scores.logEnergyNormalized(logs));
    }
    return scores;
  }

  /** Σ MₐᵦGₐᵦ over the coordinates of a state. */
  private static double inner(MatrixStore<Double> m, MatrixStore<Double> g, int[] coordinates) {
    return Arrays.stream(coordinates)
        .mapToDouble(
            a ->
                Arrays.stream(coordinates)
                    .mapToDouble(b -> m.doubleValue(a, b) * g.doubleValue(a, b))
                    .sum())
        .sum();
  }
}
