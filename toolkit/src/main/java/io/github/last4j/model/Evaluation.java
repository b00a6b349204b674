package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Dataset;

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
   * @throws IllegalArgumentException if the dataset has no sample, or shapes do not fit the model
   */
  public static Evaluation of(SequenceClassifier model, Dataset test) {
    long[] counts = new long[2];
    double[] loss = new double[1];
    try (NDManager manager = model.manager().newSubManager()) {
      Batches.forEach(
          "test",
          test,
          manager,
          batch -> {
            NDArray labels = batch.getLabels().singletonOrThrow().toType(DataType.INT64, false);
            NDArray logProbabilities = model.logProbabilities(batch.getData());
            long batchSize = logProbabilities.getShape().get(0);
            require(
                batchSize == labels.size(),
                "test: expected a label for each of %s samples of a batch, got %s",
                batchSize,
                labels.size());
            NDArray predicted = logProbabilities.argMax(-1);
            counts[0] += predicted.eq(labels).toType(DataType.INT64, false).sum().getLong();
            counts[1] += labels.size();
            NDArray likelihoods = logProbabilities.gather(labels.reshape(-1, 1), 1);
            loss[0] -= likelihoods.toType(DataType.FLOAT64, false).sum().getDouble();
          });
    }
    long samples = counts[1];
    require(samples > 0, "test: expected at least one sample, got none");
    return new Evaluation((double) counts[0] / samples, loss[0] / samples, samples);
  }
}
