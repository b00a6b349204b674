package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;

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
    long correct = 0;
    double loss = 0;
    long samples = 0;
    try (NDManager manager = model.manager().newSubManager()) {
      for (Batch batch : test.getData(manager)) {
        try (batch;
            NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray labels = batch.getLabels().singletonOrThrow().toType(DataType.INT64, false);
          NDArray logProbabilities = model.logProbabilities(batch.getData());
          if (logProbabilities.getShape().get(0) != labels.size()) {
            throw new IllegalArgumentException(
                String.format(
                    "test: expected a label for each of %d samples of a batch, got %d",
                    logProbabilities.getShape().get(0), labels.size()));
          }
          NDArray predicted = logProbabilities.argMax(-1);
          correct += predicted.eq(labels).toType(DataType.INT64, false).sum().getLong();
          NDArray likelihoods = logProbabilities.gather(labels.reshape(-1, 1), 1);
          loss -= likelihoods.toType(DataType.FLOAT64, false).sum().getDouble();
          samples += labels.size();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalArgumentException("test: expected a readable dataset", e);
    }
    if (samples == 0) {
      throw new IllegalArgumentException("test: expected at least one sample, got none");
    }
    return new Evaluation((double) correct / samples, loss / samples, samples);
  }
}
