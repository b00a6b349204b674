package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.Batches;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.ojalgo.matrix.store.R064Store;

/**
 * Second moments of what unlabelled sequences make of the states of a model, added up batch after
 * batch in double precision. The cost is linear in the steps.
 */
final class Moments {
  private Moments() {}

  /** Requires sequences. */
  static Dataset requireData(Dataset data) {
    if (data == null) {
      throw new IllegalArgumentException("data: expected a dataset, got null");
    }
    return data;
  }

  /** Requires a number of steps. */
  static OptionalInt requireLength(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least one step, got " + length);
    }
    return OptionalInt.of(length);
  }

  /** The parts of every layer of a model, held by a manager. */
  static List<List<Part>> parts(SequenceClassifier model, NDManager owner) {
    return model.discreteSystems(owner).stream().map(Part::of).toList();
  }

  /** Σ ffᵀ over all sequences and steps, of the coordinates f of every part: (N, N) each. */
  static List<List<R064Store>> states(
      SequenceClassifier model, List<List<Part>> parts, Dataset data) {
    List<List<R064Store>> moments = zeros(parts);
    forEach(
        model,
        data,
        (x, mask) -> {
          NDArray steps = model.encode(x);
          for (int l = 0; l < parts.size(); l++) {
            LayerTrace trace = model.trace(l, steps, x.subNDList(1));
            for (int p = 0; p < parts.get(l).size(); p++) {
              Part part = parts.get(l).get(p);
              addSquare(moments.get(l).get(p), () -> rows(part.signals(trace.normalized()), mask));
            }
            steps = trace.output();
          }
        });
    return moments;
  }

  /** Σ aaᵀ of the gradients a of the sequences' margins with respect to f: (N, N) each. */
  static List<List<R064Store>> gradients(
      SequenceClassifier model, List<List<Part>> parts, Dataset data) {
    List<List<R064Store>> moments = zeros(parts);
    forEach(
        model,
        data,
        (x, mask) -> {
          List<NDArray> gradients = model.marginGradients(x);
          for (int l = 0; l < parts.size(); l++) {
            for (int p = 0; p < parts.get(l).size(); p++) {
              Part part = parts.get(l).get(p);
              NDArray response = gradients.get(l);
              addSquare(
                  moments.get(l).get(p), () -> rows(part.gradients(response), Optional.empty()));
            }
          }
        });
    return moments;
  }

  private static List<List<R064Store>> zeros(List<List<Part>> parts) {
    return parts.stream()
        .map(layer -> layer.stream().map(part -> Matrices.zeros(part.size(), part.size())).toList())
        .toList();
  }

  /** Adds FᵀF for rows F that are needed no longer. */
  private static void addSquare(R064Store sum, Supplier<NDArray> rows) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray f = rows.get();
      Matrices.add(sum, f.transpose().matMul(f));
    }
  }

  /** What is done with the inputs of a batch. */
  interface Use {
    /**
     * Uses a batch.
     *
     * @param x sequences, and lengths if they have any
     * @param mask one at the steps within their lengths, zero after them, (batch·L, 1)
     */
    void accept(NDList x, Optional<NDArray> mask);
  }

  /** One pass over sequences; what is made of a batch is freed. */
  static void forEach(SequenceClassifier model, Dataset data, Use use) {
    try (NDManager scratch = model.manager().newSubManager()) {
      Batches.forEach(
          "data",
          "the calibration",
          data,
          scratch,
          batch -> use.accept(batch.getData(), mask(batch.getData())));
    }
  }

  private static Optional<NDArray> mask(NDList x) {
    if (x.size() < 2) {
      return Optional.empty();
    }
    NDArray lengths = x.get(1).toType(DataType.INT64, false).reshape(-1, 1);
    long steps = x.head().getShape().get(1);
    NDArray step =
        lengths.getManager().create(LongStream.range(0, steps).toArray(), new Shape(1, steps));
    return Optional.of(step.lt(lengths).toType(DataType.FLOAT64, false).reshape(-1, 1));
  }

  /** Signals (batch, L, k) as rows (batch·L, k), those after the end of a sequence zero. */
  static NDArray rows(NDArray signals, Optional<NDArray> mask) {
    NDArray rows = signals.reshape(-1, signals.getShape().get(2));
    return mask.map(rows::mul).orElse(rows);
  }
}
