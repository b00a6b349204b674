package io.github.last4j.model;

import ai.djl.nn.core.Linear;
import java.util.List;

/**
 * A model at evaluation, one time step after another, in plain Java: what {@link
 * SequenceClassifier} is for whole sequences.
 */
record StepModel(
    ModelConfig config, StepProduct encoder, List<StepLayer> layers, StepProduct decoder) {

  /** Copies of the numbers of a model's parts. */
  static StepModel of(ModelConfig config, Linear encoder, List<SsmLayer> layers, Linear decoder) {
    return new StepModel(
        config,
        SsmLayer.product(encoder),
        layers.stream().map(SsmLayer::step).toList(),
        SsmLayer.product(decoder));
  }

  /** Multiplications of numbers that a step of one sequence takes, those of features left out. */
  long multiplications() {
    long inputs = config.tokens() ? 0 : config.inputs();
    return config.channels() * (inputs + config.classes())
        + layers.stream().mapToLong(StepLayer::multiplications).sum();
  }

  /** The model for several sequences, its states at rest. */
  Memory atRest(int sequences) {
    return new Memory(sequences);
  }

  /** States, and room for what is computed. */
  final class Memory {
    private final List<StepLayer.Memory> states;
    private final float[][] features;
    private final double[][] sums;
    private final float[][] pooled;
    private long steps;

    private Memory(int sequences) {
      states = layers.stream().map(layer -> layer.atRest(sequences)).toList();
      features = new float[sequences][config.channels()];
      sums = new double[sequences][config.channels()];
      pooled = new float[sequences][config.channels()];
    }

    /** Takes a step of features, one array (inputs) a sequence; writes log-probabilities. */
    void step(float[][] inputs, float[][] scores) {
      encoder.apply(inputs, features);
      answer(scores);
    }

    /** Takes a step of tokens, one a sequence; writes log-probabilities. */
    void step(int[] tokens, float[][] scores) {
      for (int k = 0; k < features.length; k++) {
        encoder.row(tokens[k], features[k]);
      }
      answer(scores);
    }

    private void answer(float[][] scores) {
      for (StepLayer.Memory each : states) {
        each.step(features);
      }
      steps++;
      for (int k = 0; k < features.length; k++) {
        pool(features[k], sums[k], pooled[k]);
      }
      decoder.apply(pooled, scores);
      for (float[] each : scores) {
        logSoftmax(each);
      }
    }

    // Sums in double precision: there may be millions of steps.
    private void pool(float[] x, double[] sum, float[] mean) {
      if (config.pooling() == Pooling.LAST) {
        System.arraycopy(x, 0, mean, 0, x.length);
        return;
      }
      double share = 1.0 / steps;
      for (int i = 0; i < x.length; i++) {
        sum[i] += x[i];
        mean[i] = (float) (sum[i] * share);
      }
    }
  }

  private static void logSoftmax(float[] scores) {
    float most = scores[0];
    for (float each : scores) {
      most = Math.max(most, each);
    }
    double sum = 0;
    for (float each : scores) {
      sum += Math.exp(each - most);
    }
    float shift = most + (float) Math.log(sum);
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= shift;
    }
  }
}
