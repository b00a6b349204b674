package io.github.last4j.plot;

import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/** Figures of scores. */
public final class ScorePlots {
  private ScorePlots() {}

  /**
   * The scores of each layer from the highest to the lowest on a logarithmic axis, as in the upper
   * part of the paper's Fig. 3. Scores of zero have no place on it and are left out.
   *
   * @param scores one float64 array (n_l) a layer
   */
  public static Figure sorted(NDList scores, String title) {
    Map<String, double[]> descending = new LinkedHashMap<>();
    scores.forEach(
        layer ->
            descending.put(
                "layer " + (descending.size() + 1),
                Arrays.stream(layer.toDoubleArray())
                    .map(score -> -score)
                    .sorted()
                    .map(score -> -score)
                    .toArray()));
    return Figures.of(
        title,
        Figures.linear("state, by rank in its layer"),
        Figures.log("score"),
        Figures.positive(1, descending));
  }
}
