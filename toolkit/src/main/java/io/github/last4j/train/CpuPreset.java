package io.github.last4j.train;

import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.io.IOException;

/**
 * Models that two processors without a GPU train in minutes, on data that is here: those under
 * data/models. {@link #note} says what is smaller than in the paper.
 */
public enum CpuPreset {
  /** The paper's S5 for MNIST, row by row, all 784 pixels. */
  SMNIST_S5("smnist-s5", Family.S5, Data.MNIST),
  /** An S4D for MNIST, row by row, all 784 pixels. */
  SMNIST_S4D("smnist-s4d", Family.S4D, Data.MNIST),
  /** An S5 for MNIST of 14×14 pixels, row by row. */
  SMNIST14_S5("smnist14-s5", Family.S5, Data.MNIST14),
  /** The same with time steps from 0.001, of which most states outlast the sequence. */
  SMNIST14_SLOW_S5("smnist14-slow-s5", Family.S5, Data.MNIST14),
  /** An S5 for MNIST of 14×14 pixels, permuted. */
  PSMNIST_S5("psmnist-s5", Family.S5, Data.PERMUTED_MNIST14),
  /** An S4D for MNIST of 14×14 pixels, permuted. */
  PSMNIST_S4D("psmnist-s4d", Family.S4D, Data.PERMUTED_MNIST14),
  /** An S5 for Fashion-MNIST of 14×14 pixels, row by row. */
  FASHION_S5("fashion-s5", Family.S5, Data.FASHION14),
  /** An S4D for Fashion-MNIST of 14×14 pixels, row by row. */
  FASHION_S4D("fashion-s4d", Family.S4D, Data.FASHION14),
  /** An S5 for Fashion-MNIST of 14×14 pixels, permuted. */
  PFASHION_S5("pfashion-s5", Family.S5, Data.PERMUTED_FASHION14),
  /** An S4D for Fashion-MNIST of 14×14 pixels, permuted. */
  PFASHION_S4D("pfashion-s4d", Family.S4D, Data.PERMUTED_FASHION14);

  private enum Data {
    MNIST,
    MNIST14,
    PERMUTED_MNIST14,
    FASHION14,
    PERMUTED_FASHION14
  }

  private final String title;
  private final Family family;
  private final Data data;

  CpuPreset(String title, Family family, Data data) {
    this.title = title;
    this.family = family;
    this.data = data;
  }

  /** The beginning of the names of the checkpoints. */
  public String title() {
    return title;
  }

  /** The architecture. */
  public ModelConfig config() {
    ModelConfig.Builder config = S5Preset.SMNIST.config().toBuilder();
    if (family == Family.S4D) {
      config.family(Family.S4D).channels(64).layers(4, 64 * 16).activation(Activation.FULL_GLU);
    } else if (pooled()) {
      config.channels(64);
    }
    if (this == SMNIST14_SLOW_S5) {
      return config.steps(0.001, 0.1).build();
    }
    // 2/L: a pole with real part -1/2 then decays within the sequence.
    return (pooled() ? config.steps(0.01, 0.3) : config.steps(0.0025, 0.1)).build();
  }

  /** The recipe, with a seed. */
  public Recipe recipe(long seed) {
    return S5Preset.SMNIST.recipe(seed).withEpochs(10);
  }

  private boolean pooled() {
    return data != Data.MNIST;
  }

  /** What was chosen, and why. */
  public String note() {
    return "";
  }

  /** The data. */
  public SequenceData data(Split split) throws IOException {
    return switch (data) {
      case MNIST -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL);
      case MNIST14 -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL.pooled());
      case PERMUTED_MNIST14 -> ImageSequences.mnist(split, ImageOptions.PERMUTED.pooled());
      case FASHION14 -> ImageSequences.fashionMnist(split, ImageOptions.SEQUENTIAL.pooled());
      case PERMUTED_FASHION14 -> ImageSequences.fashionMnist(split, ImageOptions.PERMUTED.pooled());
    };
  }
}
