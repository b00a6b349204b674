package io.github.last4j.train;

import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.ModelConfig;
import java.io.IOException;

/** The trainings whose checkpoints are kept under data/models. */
public enum Task {
  /** Sequential MNIST, pixel by pixel, with the paper's S5 (Table 4). */
  SMNIST_S5(
      "smnist-s5",
      10,
      "The paper's sMNIST model and rates, on 8,000 of its 60,000 digits and for 10 of its 150"
          + " epochs. The smallest time step is 2/L = 0.0025 and not the paper's 0.001: a pole with"
          + " real part -1/2 then decays within the sequence, and its H∞ norm, which assumes"
          + " infinite time, means something.");

  private final String title;
  private final int epochs;
  private final String note;

  Task(String title, int epochs, String note) {
    this.title = title;
    this.epochs = epochs;
    this.note = note;
  }

  /** The beginning of the names of the checkpoints. */
  public String title() {
    return title;
  }

  /** The architecture. */
  public ModelConfig config() {
    return switch (this) {
      case SMNIST_S5 -> ModelConfig.sequentialMnist().toBuilder().steps(0.0025, 0.1).build();
    };
  }

  /** The recipe, with a seed. */
  public Recipe recipe(long seed) {
    return Recipe.sequentialMnist(epochs, seed);
  }

  /** What was chosen, and why. */
  public String note() {
    return note;
  }

  /** The data. */
  public SequenceData data(Split split) throws IOException {
    return ImageSequences.mnist(split, ImageOptions.SEQUENTIAL);
  }
}
