package io.github.last4j.train;

/**
 * How a model is trained. Rates rise linearly from zero in the warm-up and then fall to zero along
 * a cosine.
 *
 * @param epochs passes over the training data
 * @param warmUpEpochs passes in which the rates rise
 * @param batchSize sequences a step
 * @param learningRate the peak rate of AdamW, for all but the state space parameters below
 * @param ssmLearningRate the peak rate of Adam without decay, for Λ, B and log Δ
 * @param weightDecay the decay of AdamW
 * @param seed what initialisation, order of samples and dropout are drawn from
 */
public record Recipe(
    int epochs,
    int warmUpEpochs,
    int batchSize,
    double learningRate,
    double ssmLearningRate,
    double weightDecay,
    long seed) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the argument, what was expected and what came
   */
  public Recipe {
    if (epochs < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "epochs, batchSize: expected positive numbers, got " + epochs + " and " + batchSize);
    }
    if (warmUpEpochs < 0 || warmUpEpochs >= epochs) {
      throw new IllegalArgumentException(
          "warmUpEpochs: expected 0 to epochs - 1 = " + (epochs - 1) + ", got " + warmUpEpochs);
    }
    if (!(learningRate > 0 && ssmLearningRate > 0 && weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "learningRate, ssmLearningRate, weightDecay: expected positive rates and a decay of at"
              + " least zero, got "
              + learningRate
              + ", "
              + ssmLearningRate
              + " and "
              + weightDecay);
    }
  }

  /** The same with another number of epochs, over which the rates fall. */
  public Recipe withEpochs(int count) {
    return new Recipe(
        count, warmUpEpochs, batchSize, learningRate, ssmLearningRate, weightDecay, seed);
  }
}
