package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.Signals;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import io.github.last4j.table.Rows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * What pruning does at most to a trained S5 or S4D classifier on given inputs, beside what it does.
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
   * @param model as below
   * @param kept the states that stay
   * @param data sequences of one length
   * @throws IllegalArgumentException also if the states are those of another model
   */
  public static Certificate of(SequenceClassifier model, States kept, Dataset data) {
    try (SequenceClassifier pruned = model.keep(kept)) {
      return of(model, pruned, data);
    }
  }

  /**
   * Bounds and measures what any pruning did to the systems of a model: states removed, weights
   * fitted anew, new poles. What is lost in a layer is the response of Σ - Σ̂, which is a diagonal
   * system too.
   *
   * @param model a classifier of single sequences with batch normalisation before the systems and a
   *     mean over time
   * @param pruned the same with other systems
   * @param data sequences of one length
   * @throws IllegalArgumentException if the model is another, the pruned one differs in more than
   *     its systems, a shape does not fit, or a pole is not inside the unit circle
   */
  public static Certificate of(SequenceClassifier model, SequenceClassifier pruned, Dataset data) {
    requireCovered(model.config());
    try (NDManager manager = model.manager().newSubManager();
        SequenceClassifier exact = toDouble(manager, model);
        SequenceClassifier smaller = toDouble(manager, pruned)) {
      requireSame(exact.parametersByName(manager), smaller.parametersByName(manager));
      return measured(manager, exact, smaller, data);
    }
  }

  private static Certificate measured(
      NDManager manager, SequenceClassifier exact, SequenceClassifier pruned, Dataset data) {
    List<LayerTrace> whole = exact.trace(data);
    List<LayerTrace> after = pruned.trace(data);
    List<S5Block> blocks = S5Block.of(exact, manager);
    List<DiscreteSsm> systems = pruned.discreteSystems(manager);
    ResidualBound bound =
        new ResidualBound(
            IntStream.range(0, blocks.size())
                .mapToObj(l -> blocks.get(l).norms(systems.get(l)))
                .toList());
    Decoder decoder = Decoder.of(exact.parametersByName(manager));
    Rows layers =
        Rows.of("bound on each layer", "input", "layer", "norm bound", "bound", "lost", "size");
    Rows decisions =
        Rows.of("decisions", "input", "bound", "moved", "radius", "certified", "unchanged");
    int last = blocks.size() - 1;
    Shape shape = whole.get(last).output().getShape();
    for (int i = 0; i < shape.get(0); i++) {
      Interruption.check("the certificate");
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        double[] byNorms = new double[blocks.size()];
        double[] byResponses = new double[blocks.size()];
        double[] mixing = new double[blocks.size()];
        for (int l = 0; l <= last; l++) {
          NDArray v = whole.get(l).normalized().get(i);
          byNorms[l] = bound.blocks().get(l).removed() * norm(v);
          byResponses[l] = ResidualBound.lostResponse(blocks.get(l).system(), systems.get(l), v);
          mixing[l] = blocks.get(l).mixing(whole.get(l).response().get(i));
        }
        double[] normBounds = bound.distances(byNorms, mixing);
        double[] bounds = bound.distances(byResponses, mixing);
        for (int l = 0; l <= last; l++) {
          NDArray x = whole.get(l).output().get(i);
          double lost = norm(x.sub(after.get(l).output().get(i)));
          layers.add(i, l + 1, normBounds[l], bounds[l], lost, norm(x));
        }
        NDArray mean = whole.get(last).output().get(i).mean(new int[] {0});
        NDArray other = after.get(last).output().get(i).mean(new int[] {0});
        double limit = bounds[last] / Math.sqrt((double) shape.get(1));
        double radius = decoder.radius(mean);
        boolean unchanged = decoder.decision(mean) == decoder.decision(other);
        decisions.add(i, limit, norm(mean.sub(other)), radius, limit < radius, unchanged);
      }
    }
    return new Certificate(layers.table(), decisions.table());
  }

  /** Requires that all but the systems is the same. */
  private static void requireSame(Map<String, NDArray> model, Map<String, NDArray> pruned) {
    boolean same = model.keySet().equals(pruned.keySet());
    for (String name : model.keySet()) {
      same &= name.contains("/seq/") || (same && model.get(name).contentEquals(pruned.get(name)));
    }
    require(same, "pruned", "the model with other systems alone", "one that differs in more");
  }

  private static void requireCovered(ModelConfig config) {
    S5Block.requireCovered(config);
    require(
        !config.documentPairs(),
        "model",
        "a classifier of single sequences",
        "one of pairs of documents");
    require(
        config.pooling() == Pooling.MEAN,
        "model",
        "a mean over time before the decoder",
        config.pooling());
  }

  private static void require(boolean fits, String name, String expected, Object actual) {
    if (!fits) {
      throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
    }
  }

  private static SequenceClassifier toDouble(NDManager manager, SequenceClassifier model) {
    Map<String, NDArray> parameters = new HashMap<>();
    model
        .parametersByName(manager)
        .forEach((name, array) -> parameters.put(name, array.toType(DataType.FLOAT64, false)));
    return SequenceClassifier.of(manager, model.config(), parameters);
  }

  private static double norm(NDArray signal) {
    return Math.sqrt(Signals.energy(signal));
  }

  /** The classes as half spaces of means over time. */
  private record Decoder(NDArray kernel, NDArray bias) {
    static Decoder of(Map<String, NDArray> parameters) {
      return new Decoder(
          parameters.get("params/decoder/kernel"), parameters.get("params/decoder/bias"));
    }

    private NDArray scores(NDArray mean) {
      return mean.reshape(1, -1).matMul(kernel).reshape(-1).add(bias);
    }

    long decision(NDArray mean) {
      return scores(mean).argMax().getLong();
    }

    /** The distance of the mean from the nearest change of class. */
    double radius(NDArray mean) {
      NDArray scores = scores(mean);
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
  }
}
