package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * What pruning does at most to a trained S5 classifier on given inputs, beside what it does.
 *
 * <p>The bound is {@link ResidualBound}'s, carried on through the mean over time, ‖Δmean‖ ≤
 * ‖Δx‖/√L, and the decoder: the decision for class a over b is a half space at the distance
 * (score<sub>a</sub> - score<sub>b</sub>)/‖w<sub>a</sub> - w<sub>b</sub>‖ from the mean, and can't
 * change while the bound is smaller. All is computed in double precision.
 *
 * @param layers one row for every input and layer: input, layer, norm bound (on ‖x - x̂‖₂ after the
 *     layer, from ‖Σ<sub>P</sub>‖∞‖v‖), bound (the same from the measured ‖Σ<sub>P</sub>(v)‖), lost
 *     (what it is), size (‖x‖₂)
 * @param decisions one row for every input: input, bound (on the distance of the means over time),
 *     moved (what it is), radius (how far the mean may move), certified (bound below radius),
 *     unchanged (whether the class is the same)
 */
public record Certificate(Table layers, Table decisions) {

  /**
   * Bounds and measures what removing states does.
   *
   * @param model an S5 classifier of single sequences with batch normalisation before the systems
   *     and a mean over time
   * @param kept the states that stay
   * @param data sequences of one length
   * @throws IllegalArgumentException if the model is another, the states are those of another, a
   *     shape does not fit, or a pole is not inside the unit circle
   */
  public static Certificate of(SequenceClassifier model, States kept, Dataset data) {
    ModelConfig config = model.config();
    if (config.family() != Family.S5
        || config.normalization() != Normalization.BATCH
        || config.postNorm()) {
      throw new IllegalArgumentException(
          "model: expected an S5 with batch normalisation before the system, got "
              + config.family()
              + ", "
              + config.normalization()
              + (config.postNorm() ? " normalisation after it" : " normalisation"));
    }
    if (config.documentPairs()) {
      throw new IllegalArgumentException(
          "model: expected a classifier of single sequences, got one of pairs of documents");
    }
    if (config.pooling() != Pooling.MEAN) {
      throw new IllegalArgumentException(
          "model: expected a mean over time before the decoder, got " + config.pooling());
    }
    try (NDManager manager = model.manager().newSubManager();
        SequenceClassifier exact = toDouble(manager, model);
        SequenceClassifier pruned = exact.keep(kept)) {
      List<LayerTrace> whole = exact.trace(data);
      List<LayerTrace> after = pruned.trace(data);
      Map<String, NDArray> parameters = exact.parametersByName(manager);
      List<DiscreteSsm> systems = exact.discreteSystems(manager);
      ResidualBound bound = bound(systems, kept, parameters);
      Rows rows = new Rows(whole, after, parameters);
      long batch = whole.get(0).output().getShape().get(0);
      for (int i = 0; i < batch; i++) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          double[] byNorms = new double[whole.size()];
          double[] byResponses = new double[whole.size()];
          double[] mixing = new double[whole.size()];
          for (int l = 0; l < mixing.length; l++) {
            NDArray v = whole.get(l).normalized().get(i);
            byNorms[l] = bound.blocks().get(l).removed() * norm(v);
            byResponses[l] = ResidualBound.removedResponse(systems.get(l), kept.layer(l), v);
            mixing[l] = mixing(exact, l, whole.get(l).response().get(i), parameters);
          }
          rows.add(i, bound.distances(byNorms, mixing), bound.distances(byResponses, mixing));
        }
      }
      return new Certificate(rows.layers(), rows.decisions());
    }
  }

  private static SequenceClassifier toDouble(NDManager manager, SequenceClassifier model) {
    Map<String, NDArray> parameters = new HashMap<>();
    model
        .parametersByName(manager)
        .forEach((name, array) -> parameters.put(name, array.toType(DataType.FLOAT64, false)));
    return SequenceClassifier.of(manager, model.config(), parameters);
  }

  private static ResidualBound bound(
      List<DiscreteSsm> systems, States kept, Map<String, NDArray> parameters) {
    List<ResidualBound.Block> blocks = new ArrayList<>();
    for (int l = 0; l < systems.size(); l++) {
      NDArray variance = parameters.get("batch_stats/encoder/layers_" + l + "/norm/var");
      NDArray scale =
          parameters
              .get("params/encoder/layers_" + l + "/norm/scale")
              .div(variance.add(Normalization.BATCH_EPSILON).sqrt());
      blocks.add(ResidualBound.Block.of(systems.get(l), kept.layer(l), scale));
    }
    return new ResidualBound(blocks);
  }

  /** The constant of what follows the state space system, for one response (L, h). */
  private static double mixing(
      SequenceClassifier model, int layer, NDArray response, Map<String, NDArray> parameters) {
    String path = "params/encoder/layers_" + layer + "/";
    NDArray g = Activation.gelu(response);
    return switch (model.config().activation()) {
      case GELU -> Mixing.gelu();
      case HALF_GLU1 -> Mixing.halfGlu1(largest(g), kernel(parameters, path + "out2"));
      case HALF_GLU2 -> Mixing.halfGlu2(largest(response), kernel(parameters, path + "out2"));
      case FULL_GLU -> {
        NDArray value =
            g.matMul(parameters.get(path + "out1/kernel")).add(parameters.get(path + "out1/bias"));
        yield Mixing.fullGlu(
            largest(value), kernel(parameters, path + "out1"), kernel(parameters, path + "out2"));
      }
    };
  }

  private static NDArray kernel(Map<String, NDArray> parameters, String path) {
    return parameters.get(path + "/kernel").transpose();
  }

  private static NDArray largest(NDArray signal) {
    return signal.abs().max(new int[] {0});
  }

  private static double norm(NDArray signal) {
    return Math.sqrt(signal.square().sum().getDouble());
  }

  /** The tables, as they fill. */
  private static final class Rows {
    private final List<LayerTrace> whole;
    private final List<LayerTrace> after;
    private final NDArray kernel;
    private final NDArray bias;
    private final IntColumn input = IntColumn.create("input");
    private final IntColumn layer = IntColumn.create("layer");
    private final DoubleColumn normBound = DoubleColumn.create("norm bound");
    private final DoubleColumn bound = DoubleColumn.create("bound");
    private final DoubleColumn lost = DoubleColumn.create("lost");
    private final DoubleColumn size = DoubleColumn.create("size");
    private final IntColumn decision = IntColumn.create("input");
    private final DoubleColumn meanBound = DoubleColumn.create("bound");
    private final DoubleColumn moved = DoubleColumn.create("moved");
    private final DoubleColumn radius = DoubleColumn.create("radius");
    private final BooleanColumn certified = BooleanColumn.create("certified");
    private final BooleanColumn unchanged = BooleanColumn.create("unchanged");

    Rows(List<LayerTrace> whole, List<LayerTrace> after, Map<String, NDArray> parameters) {
      this.whole = whole;
      this.after = after;
      kernel = parameters.get("params/decoder/kernel");
      bias = parameters.get("params/decoder/bias");
    }

    void add(int i, double[] byNorms, double[] distances) {
      int last = distances.length - 1;
      for (int l = 0; l <= last; l++) {
        NDArray x = whole.get(l).output().get(i);
        input.append(i);
        layer.append(l + 1);
        normBound.append(byNorms[l]);
        bound.append(distances[l]);
        lost.append(norm(x.sub(after.get(l).output().get(i))));
        size.append(norm(x));
      }
      NDArray mean = whole.get(last).output().get(i).mean(new int[] {0});
      NDArray other = after.get(last).output().get(i).mean(new int[] {0});
      double length = whole.get(last).output().getShape().get(1);
      NDArray scores = scores(mean);
      double limit = distances[last] / Math.sqrt(length);
      double free = radius(scores);
      decision.append(i);
      meanBound.append(limit);
      moved.append(norm(mean.sub(other)));
      radius.append(free);
      certified.append(limit < free);
      unchanged.append(scores.argMax().getLong() == scores(other).argMax().getLong());
    }

    private NDArray scores(NDArray mean) {
      return mean.reshape(1, -1).matMul(kernel).reshape(-1).add(bias);
    }

    /** The distance of the mean from the nearest change of class. */
    private double radius(NDArray scores) {
      long first = scores.argMax().getLong();
      double least = Double.POSITIVE_INFINITY;
      for (long b = 0; b < scores.size(); b++) {
        if (b != first) {
          double margin = scores.getDouble(first) - scores.getDouble(b);
          NDArray normal = kernel.get(":, {}", first).sub(kernel.get(":, {}", b));
          least = Math.min(least, margin / norm(normal));
        }
      }
      return least;
    }

    Table layers() {
      return Table.create("bound on each layer", input, layer, normBound, bound, lost, size);
    }

    Table decisions() {
      return Table.create("decisions", decision, meanBound, moved, radius, certified, unchanged);
    }
  }
}
