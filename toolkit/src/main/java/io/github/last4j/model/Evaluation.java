package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import java.util.Locale;

/**
 * How well a model does on a dataset.
 *
 * @param accuracy the share of samples whose class has the highest probability, in [0, 1]
 * @param loss the mean negative log-likelihood of the classes, in nats
 * @param samples the number of samples
 */
public record Evaluation(double accuracy, double loss, long samples) {

  /**
   * Evaluates a model, without gradient.
   *
   * @param test batches with sequences, and lengths if they have any, as data and one integer class
   *     (batch) as label
   * @throws IllegalArgumentException if the dataset has no sample, or inputs or labels do not fit
   *     the model
   * @throws IllegalStateException if the loss is not finite, naming the layer that began it
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static Evaluation of(SequenceClassifier model, Dataset test) {
    long[] counts = new long[2];
    double[] loss = new double[1];
    try (NDManager manager = model.manager().newSubManager()) {
      Batches.forEach(
          "test",
          "the evaluation",
          test,
          manager,
          batch -> {
            NDArray logProbabilities = model.logProbabilities(batch.getData());
            long batchSize = logProbabilities.getShape().get(0);
            NDArray losses = losses("test", logProbabilities, batch.getLabels());
            double batchLoss = losses.toType(DataType.FLOAT64, false).sum().getDouble();
            if (!Double.isFinite(batchLoss)) {
              throw notFinite(model, batch, batchLoss, counts[1]);
            }
            loss[0] += batchLoss;
            NDArray labels = batch.getLabels().head().toType(DataType.INT64, false).reshape(-1);
            NDArray predicted = logProbabilities.argMax(-1);
            counts[0] += predicted.eq(labels).toType(DataType.INT64, false).sum().getLong();
            counts[1] += batchSize;
          });
    }
    long samples = counts[1];
    require(samples > 0, "test: expected at least one sample, got none");
    return new Evaluation((double) counts[0] / samples, loss[0] / samples, samples);
  }

  /**
   * The negative log-likelihoods of classes; differentiable.
   *
   * @param name of the dataset, for messages
   * @param logProbabilities shape (batch, classes)
   * @param labels of a batch: one array (batch) of integers
   * @return shape (batch, 1), in nats
   * @throws IllegalArgumentException if the labels are not one class for each sample
   */
  public static NDArray losses(String name, NDArray logProbabilities, NDList labels) {
    Shape shape = logProbabilities.getShape();
    NDArray classes = Inputs.labels(name, labels, shape.get(0), shape.get(1));
    return logProbabilities.gather(classes, 1).neg();
  }

  private static IllegalStateException notFinite(
      SequenceClassifier model, Batch batch, double loss, long before) {
    String where = model.firstNotFinite(batch.getData()).orElse("the loss");
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "model: expected a finite loss, got %s in the batch after %d samples; the first numbers"
                + " that are not finite are those of %s",
            loss,
            before,
            where));
  }
}
