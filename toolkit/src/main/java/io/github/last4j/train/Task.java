package io.github.last4j.train;

import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.ModelConfig;
import java.io.IOException;

/** The trainings whose checkpoints are kept under data/models: images, pixel by pixel. */
public enum Task {
  /** MNIST, row by row. */
  SMNIST_S5("smnist-s5", false, false),
  /** MNIST, permuted. */
  PSMNIST_S5("psmnist-s5", false, true),
  /** Fashion-MNIST, row by row. */
  FASHION_S5("fashion-s5", true, false),
  /** Fashion-MNIST, permuted. */
  PERMUTED_FASHION_S5("pfashion-s5", true, true);

  // Of the 150 in the paper.
  private static final int EPOCHS = 10;
  // 2/L: a pole with real part -1/2 decays within the sequence.
  private static final double STEP_MIN = 0.0025;

  private final String title;
  private final boolean fashion;
  private final boolean permuted;

  Task(String title, boolean fashion, boolean permuted) {
    this.title = title;
    this.fashion = fashion;
    this.permuted = permuted;
  }

  /** The beginning of the names of the checkpoints. */
  public String title() {
    return title;
  }

  /** The architecture: the paper's sMNIST or psMNIST row (Table 4) but for the smallest step. */
  public ModelConfig config() {
    return paper().config().toBuilder().steps(STEP_MIN, 0.1).build();
  }

  /** The recipe, with a seed. */
  public Recipe recipe(long seed) {
    return paper().recipe(seed).withEpochs(EPOCHS);
  }

  private S5Preset paper() {
    return permuted ? S5Preset.PSMNIST : S5Preset.SMNIST;
  }

  /** What was chosen, and why. */
  public String note() {
    return "The paper's "
        + paper().title()
        + " model and rates, on 8,000 of 60,000 "
        + (fashion ? "images of Fashion-MNIST, which the paper does not have," : "digits")
        + " and for 10 of its 150 epochs. The smallest time step is 2/L = 0.0025 and not the"
        + " paper's 0.001: a pole with real part -1/2 then decays within the sequence, and its H∞"
        + " norm, which assumes infinite time, means something.";
  }

  /** The data. */
  public SequenceData data(Split split) throws IOException {
    ImageOptions options = permuted ? ImageOptions.PERMUTED : ImageOptions.SEQUENTIAL;
    return fashion
        ? ImageSequences.fashionMnist(split, options)
        : ImageSequences.mnist(split, options);
  }
}
