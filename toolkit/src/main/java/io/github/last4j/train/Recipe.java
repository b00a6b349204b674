package io.github.last4j.train;

/**
 * How a model is trained, such as {@code Recipe.epochs(5).rates(0.008, 0.002)}. Rates rise linearly
 * from zero in the warm-up and then fall to zero along a cosine.
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
    double most = Math.max(Math.max(learningRate, ssmLearningRate), weightDecay);
    if (!(learningRate > 0 && ssmLearningRate > 0 && weightDecay >= 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "learningRate, ssmLearningRate, weightDecay: expected finite positive rates and a"
              + " finite decay of at least zero, got "
              + learningRate
              + ", "
              + ssmLearningRate
              + " and "
              + weightDecay);
    }
  }

  /**
   * The paper's recipe for S5 on sMNIST (Table 4) with another number of epochs: rates of 0.008 and
   * 0.002, batches of 50, a decay of 0.01, and the first epoch of several is warm-up. Seed 0.
   */
  public static Recipe epochs(int epochs) {
    return new Recipe(epochs, epochs > 1 ? 1 : 0, 50, 0.008, 0.002, 0.01, 0);
  }

  /** The same with other peak rates: of most parameters, and of Λ, B and log Δ. */
  public Recipe rates(double base, double ssm) {
    return new Recipe(epochs, warmUpEpochs, batchSize, base, ssm, weightDecay, seed);
  }

  /** The same with another number of epochs in which the rates rise. */
  public Recipe warmUp(int warmUp) {
    return new Recipe(epochs, warmUp, batchSize, learningRate, ssmLearningRate, weightDecay, seed);
  }

  /** The same with another number of sequences a step. */
  public Recipe batch(int size) {
    return new Recipe(epochs, warmUpEpochs, size, learningRate, ssmLearningRate, weightDecay, seed);
  }

  /** The same with another decay of AdamW. */
  public Recipe decay(double decay) {
    return new Recipe(epochs, warmUpEpochs, batchSize, learningRate, ssmLearningRate, decay, seed);
  }

  /** The same with another seed. */
  public Recipe seed(long other) {
    return new Recipe(
        epochs, warmUpEpochs, batchSize, learningRate, ssmLearningRate, weightDecay, other);
  }
}
