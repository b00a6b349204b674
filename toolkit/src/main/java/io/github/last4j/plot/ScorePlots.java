package io.github.last4j.plot;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

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
    Trace[] traces = new Trace[scores.size()];
    for (int layer = 0; layer < traces.length; layer++) {
      NDArray values = scores.get(layer);
      double[] descending =
          Arrays.stream(values.toDoubleArray())
              .filter(score -> score > 0)
              .map(score -> -score)
              .sorted()
              .map(score -> -score)
              .toArray();
      double[] rank = IntStream.rangeClosed(1, descending.length).asDoubleStream().toArray();
      traces[layer] =
          ScatterTrace.builder(rank, descending)
              .mode(ScatterTrace.Mode.LINE)
              .name("layer " + (layer + 1))
              .build();
    }
    Layout layout =
        Layout.builder()
            .title(title)
            .xAxis(Axis.builder().title("state, by rank in its layer").build())
            .yAxis(Axis.builder().title("score").type(Axis.Type.LOG).build())
            .width(760)
            .height(420)
            .build();
    return new Figure(layout, traces);
  }
}
