package io.github.last4j.prune;

import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.LayerDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/** Fits C and D of smaller layers for white noise, in closed form and each layer by itself. */
final class WhiteNoiseFitter {
  private WhiteNoiseFitter() {}

  static SequenceClassifier fit(
      SequenceClassifier whole, SequenceClassifier smaller, OptionalInt length) {
    try (NDManager scratch = whole.manager().newSubManager()) {
      List<DiscreteSsm> before = whole.discreteSystems(scratch);
      List<DiscreteSsm> after = new ArrayList<>(smaller.discreteSystems(scratch));
      for (int l = 0; l < after.size(); l++) {
        if (LayerDifference.of(before.get(l), after.get(l)).isPresent()) {
          List<Part> parts = Part.of(after.get(l));
          List<Part> wholes = Part.of(before.get(l));
          double[] d = ComplexArray.doubles(before.get(l).feedthrough().orElseThrow());
          List<Regression> sums =
              parts.stream().map(part -> sums(part, whole(wholes, part), d, length)).toList();
          after.set(l, FittedLayer.of(after.get(l), parts, sums));
        }
      }
      return smaller.withSystems(after);
    }
  }

  private static Part whole(List<Part> wholes, Part part) {
    return wholes.stream()
        .filter(each -> each.channel().equals(part.channel()))
        .findFirst()
        .orElseThrow();
  }

  /** The sums of a step of noise with variance one, u and the states that it drives. */
  private static Regression sums(Part part, Part whole, double[] d, OptionalInt length) {
    R064Store input = part.inputs();
    MatrixStore<Double> weights = whole.weights();
    MatrixStore<Double> seen = weights.multiply(whole.inputs());
    int first = part.channel().orElse(0);
    int h = (int) seen.countRows();
    R064Store outputs = R064Store.FACTORY.copy(weights.multiply(joint(whole, part, length)));
    R064Store direct = Matrices.zeros(h, 2);
    for (int o = 0; o < h; o++) {
      double feedthrough = d[first + o];
      direct.set(o, 0, seen.doubleValue(o, o) + feedthrough);
      direct.set(o, 1, 1.0);
      for (int k = 0; k < part.size(); k++) {
        outputs.add(o, k, feedthrough * input.doubleValue(k, o));
      }
    }
    return new Regression(joint(part, part, length), outputs, input, direct);
  }

  /** E[f f'ᵀ] of all coordinates; directions share the present input only. */
  private static R064Store joint(Part a, Part b, OptionalInt length) {
    R064Store one = WhiteNoise.driven(a.system(), b.system(), length);
    if (a.directions() == 1) {
      return one;
    }
    MatrixStore<Double> shared =
        half(a.inputs(), 2 * a.count()).multiply(half(b.inputs(), 2 * b.count()).transpose());
    R064Store joint = Matrices.zeros(a.size(), b.size());
    for (int i = 0; i < a.size(); i++) {
      for (int k = 0; k < b.size(); k++) {
        int row = i % (2 * a.count());
        int column = k % (2 * b.count());
        boolean same = i / (2 * a.count()) == k / (2 * b.count());
        joint.set(i, k, same ? one.doubleValue(row, column) : shared.doubleValue(row, column));
      }
    }
    return joint;
  }

  private static MatrixStore<Double> half(R064Store matrix, int rows) {
    int[] first = IntStream.range(0, rows).toArray();
    return matrix.rows(first);
  }
}
