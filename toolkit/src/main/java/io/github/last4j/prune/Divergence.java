package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.List;

/** KL(whole ‖ other) of the class probabilities on unlabelled sequences, in nats a sequence. */
final class Divergence {
  private final SequenceClassifier whole;
  private final Dataset data;
  private final List<float[]> logProbabilities = new ArrayList<>();

  Divergence(SequenceClassifier whole, Dataset data) {
    this.whole = whole;
    this.data = data;
    Moments.forEach(
        whole, data, (x, mask) -> logProbabilities.add(floats(whole.logProbabilities(x))));
  }

  private static float[] floats(NDArray array) {
    return array.toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** The number of batches. */
  int batches() {
    return logProbabilities.size();
  }

  /** What is done with a batch and what the whole model says of it. */
  interface Use {
    /**
     * Uses a batch.
     *
     * @param x sequences, and lengths if they have any
     * @param whole log-probabilities, (batch, classes)
     */
    void accept(NDList x, NDArray whole);
  }

  /** One pass over the sequences, in their order. */
  void forEach(Use use) {
    int[] batch = new int[1];
    Moments.forEach(
        whole,
        data,
        (x, mask) -> {
          float[] logs = logProbabilities.get(batch[0]++);
          int classes = whole.config().classes();
          Shape shape = new Shape(logs.length / classes, classes);
          use.accept(x, x.head().getManager().create(logs, shape));
        });
  }

  /** The mean over all sequences. */
  double of(SequenceClassifier other) {
    double[] sum = new double[2];
    forEach(
        (x, logs) -> {
          float[] mine = logs.toFloatArray();
          float[] theirs = floats(other.logProbabilities(x));
          for (int i = 0; i < mine.length; i++) {
            sum[0] += Math.exp(mine[i]) * (mine[i] - theirs[i]);
          }
          sum[1] += logs.getShape().get(0);
        });
    return sum[0] / sum[1];
  }
}
