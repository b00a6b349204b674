package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * Reduction to new poles: each layer in coordinates in which the size of its states and what they
 * matter are the same, where those that are small and matter little are left out; then diagonal
 * again. In S4D every channel for itself.
 *
 * @param title its name in tables and figures
 * @param weights what is balanced
 * @param rescaling what becomes of a layer's squared values before they are compared with other
 *     layers'
 */
public record Balanced(String title, Weights weights, Rescaling rescaling) implements Layerwise {
  /** How large the states become, and how much they matter. */
  interface Weights {
    /** P and Q, (2n, 2n), in the real and then imaginary parts of n states, of every part. */
    List<List<Pair>> of(SequenceClassifier model, List<List<Part>> parts);
  }

  /** P and Q. */
  record Pair(MatrixStore<Double> size, MatrixStore<Double> matter) {}

  /** Checks that no part is missing. */
  public Balanced {
    requireNonNull(title, "title");
    requireNonNull(weights, "weights");
    requireNonNull(rescaling, "rescaling");
  }

  /**
   * Covariance balancing: P are the second moments of the states on sequences, Q those of the
   * gradients of the margins of the model's decisions with respect to the states. Values are in
   * units of the model's output then, and layers compare as they are.
   *
   * @param data unlabelled sequences; some 100 do
   * @throws IllegalArgumentException if there are none
   */
  public static Balanced on(Dataset data) {
    Moments.requireData(data);
    return new Balanced(
        "Covariance-balanced",
        (model, parts) ->
            pairs(parts, Moments.states(model, parts, data), Moments.gradients(model, parts, data)),
        Rescaling.NONE);
  }

  /** Balanced truncation by the Gramians of each layer; values are rescaled as in Eq. 9. */
  public static Balanced truncation() {
    return truncation("Balanced truncation", OptionalInt.empty());
  }

  /**
   * The same by the Gramians of L steps.
   *
   * @throws IllegalArgumentException if there is no step
   */
  public static Balanced truncation(int length) {
    return truncation("Balanced truncation within " + length, Moments.requireLength(length));
  }

  private static Balanced truncation(String title, OptionalInt length) {
    return new Balanced(
        title,
        (model, parts) ->
            parts.stream()
                .map(layer -> layer.stream().map(part -> gramians(part, length)).toList())
                .toList(),
        Rescaling.LAYER_ENERGY);
  }

  private static Pair gramians(Part part, OptionalInt length) {
    MatrixStore<Double> matter = WhiteNoise.observability(part.system(), part.system().c(), length);
    if (part.directions() == 2) {
      matter =
          matter.add(
              WhiteNoise.observability(
                  part.system(), part.system().backwardC().orElseThrow(), length));
    }
    return new Pair(WhiteNoise.driven(part.system(), part.system(), length), matter);
  }

  private static List<List<Pair>> pairs(
      List<List<Part>> parts, List<List<R064Store>> size, List<List<R064Store>> matter) {
    List<List<Pair>> pairs = new ArrayList<>();
    for (int l = 0; l < parts.size(); l++) {
      List<Pair> layer = new ArrayList<>();
      for (int p = 0; p < parts.get(l).size(); p++) {
        Part part = parts.get(l).get(p);
        layer.add(
            new Pair(
                overDirections(part, size.get(l).get(p)),
                overDirections(part, matter.get(l).get(p))));
      }
      pairs.add(layer);
    }
    return pairs;
  }

  /** Directions have the same poles and inputs, and are to have the same new ones. */
  private static MatrixStore<Double> overDirections(Part part, R064Store moments) {
    int size = 2 * part.count();
    MatrixStore<Double> sum = Matrices.zeros(size, size);
    for (int d = 0; d < part.directions(); d++) {
      int[] block = IntStream.range(d * size, (d + 1) * size).toArray();
      sum = sum.add(moments.rows(block).columns(block));
    }
    return sum;
  }

  /** The same by another name. */
  public Balanced titled(String name) {
    return new Balanced(name, weights, rescaling);
  }

  @Override
  public BalancedLayers prepare(SequenceClassifier model, long seed) {
    try (NDManager scratch = model.manager().newSubManager()) {
      List<List<Part>> parts = Moments.parts(model, scratch);
      List<List<Pair>> pairs = weights.of(model, parts);
      List<BalancedLayers.Layer> layers = new ArrayList<>();
      for (int l = 0; l < parts.size(); l++) {
        List<Reduction> reductions = new ArrayList<>();
        List<Integer> channels = new ArrayList<>();
        for (int p = 0; p < parts.get(l).size(); p++) {
          Part part = parts.get(l).get(p);
          Pair pair = pairs.get(l).get(p);
          reductions.add(new Reduction(part, pair.size(), pair.matter()));
          channels.add(part.channel().orElse(0));
        }
        layers.add(BalancedLayers.Layer.of(reductions, channels, rescaling));
      }
      return new BalancedLayers(model, layers);
    }
  }
}
