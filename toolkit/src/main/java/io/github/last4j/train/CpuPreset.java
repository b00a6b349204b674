package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;

import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
import io.github.last4j.data.ListOps;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Models that two processors without a GPU train in minutes, on data that is here: those under
 * data/models. {@link #note} says what is smaller than in the paper, whose own rows are {@link
 * S5Preset} and {@link S4dPreset}.
 */
public enum CpuPreset {
  /** The paper's S5 for MNIST, row by row, all 784 pixels. */
  SMNIST_S5("smnist-s5", Family.S5, Source.MNIST),
  /** An S5 for MNIST of 14×14 pixels, permuted. */
  PSMNIST_S5("psmnist-s5", Family.S5, Source.PERMUTED_MNIST14),
  /** An S4D for MNIST of 14×14 pixels, permuted. */
  PSMNIST_S4D("psmnist-s4d", Family.S4D, Source.PERMUTED_MNIST14),
  /** An S5 for Fashion-MNIST of 14×14 pixels, row by row. */
  FASHION_S5("fashion-s5", Family.S5, Source.FASHION14),
  /** An S4D for Fashion-MNIST of 14×14 pixels, row by row. */
  FASHION_S4D("fashion-s4d", Family.S4D, Source.FASHION14),
  /** An S5 for Fashion-MNIST of 14×14 pixels, permuted. */
  PFASHION_S5("pfashion-s5", Family.S5, Source.PERMUTED_FASHION14),
  /** An S4D for Fashion-MNIST of 14×14 pixels, permuted. */
  PFASHION_S4D("pfashion-s4d", Family.S4D, Source.PERMUTED_FASHION14),
  /** A bidirectional S5 for ListOps of 16 to 96 tokens. */
  LISTOPS_S5("listops-s5", Family.S5, Source.LISTOPS),
  /** A bidirectional S4D for ListOps of 16 to 96 tokens. */
  LISTOPS_S4D("listops-s4d", Family.S4D, Source.LISTOPS),
  /** An S4D for MNIST of 14×14 pixels, row by row. */
  SMNIST14_S4D("smnist14-s4d", Family.S4D, Source.MNIST14),
  /** An S5 for MNIST of 14×14 pixels, row by row. */
  SMNIST14_S5("smnist14-s5", Family.S5, Source.MNIST14),
  /** The same with the paper's time steps, with which most states outlast so short a sequence. */
  SMNIST14_SLOW_S5("smnist14-slow-s5", Family.S5, Source.MNIST14);

  // The smallest step is about 2/L: a pole with real part -1/2 then decays within the sequence.
  private enum Source {
    MNIST("8,000 of 60,000 digits", 0.0025, 0.1),
    MNIST14("8,000 of 60,000 digits, shrunk to 14×14 = 196 pixels", 0.01, 0.3),
    PERMUTED_MNIST14(
        "8,000 of 60,000 digits, shrunk to 14×14 = 196 pixels in bit-reversed order", 0.01, 0.3),
    FASHION14("8,000 images of Fashion-MNIST, shrunk to 14×14 = 196 pixels", 0.01, 0.3),
    PERMUTED_FASHION14(
        "8,000 images of Fashion-MNIST, shrunk to 14×14 = 196 pixels in bit-reversed order",
        0.01,
        0.3),
    LISTOPS(
        "64,000 and not 96,000 expressions, of 16 to 96 tokens and not 500 to 2,000", 0.02, 0.3);

    private final String description;
    private final double stepMin;
    private final double stepMax;

    Source(String description, double stepMin, double stepMax) {
      this.description = description;
      this.stepMin = stepMin;
      this.stepMax = stepMax;
    }
  }

  private static final int CHANNELS = 64;
  private static final int LAYERS = 4;
  private static final int PAIRS = 64;
  private static final int PAIRS_A_CHANNEL = 16;

  private final String title;
  private final Family family;
  private final Source source;

  CpuPreset(String title, Family family, Source source) {
    this.title = title;
    this.family = family;
    this.source = source;
  }

  /** The beginning of the names of the checkpoints. */
  public String title() {
    return title;
  }

  /**
   * The preset of a title.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CpuPreset of(String title) {
    return Arrays.stream(values())
        .filter(preset -> preset.title.equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "preset: expected one of "
                        + Arrays.stream(values()).map(CpuPreset::title).toList()
                        + ", got "
                        + title));
  }

  /** Where the checkpoint of a seed is kept in the data folder. */
  public String checkpoint(long seed) {
    return "models/" + title + "-" + seed + ".safetensors";
  }

  /** Where the results of pruning its checkpoints are kept in the data folder. */
  public String results() {
    return "results/" + title + ".csv";
  }

  /** The architecture. */
  public ModelConfig config() {
    ModelConfig paper = paper().config();
    ModelConfig timed =
        this == SMNIST14_SLOW_S5
            ? paper
            : paper.with(c -> c.stepMin(source.stepMin).stepMax(source.stepMax));
    if (this == SMNIST_S5) {
      return timed;
    }
    ModelConfig small = timed.with(c -> c.channels(CHANNELS).blocks(1));
    return switch (family) {
      case S5 -> small.with(c -> c.pairs(layers(LAYERS, PAIRS)).clipPoles(true));
      case S4D ->
          small.with(
              c ->
                  c.family(family)
                      .pairs(layers(LAYERS, CHANNELS * PAIRS_A_CHANNEL))
                      .activation(Activation.FULL_GLU));
    };
  }

  private S5Preset paper() {
    return source == Source.LISTOPS ? S5Preset.LISTOPS : S5Preset.SMNIST;
  }

  /** The recipe, with a seed. */
  public Recipe recipe(long seed) {
    int epochs =
        switch (source) {
          case MNIST -> 10;
          case LISTOPS -> 4;
          default -> 15;
        };
    return S5Preset.SMNIST.recipe(seed).withEpochs(epochs);
  }

  /** What is smaller than in the paper, or otherwise not as there, and why. */
  public String note() {
    String architecture =
        this == SMNIST_S5
            ? "The paper's sMNIST model"
            : String.format(
                "%d layers of %d channels with %s, like the paper's S5 for %s otherwise",
                LAYERS,
                CHANNELS,
                family == Family.S4D ? PAIRS_A_CHANNEL + " pairs each" : PAIRS + " pairs",
                paper().title());
    String steps =
        this == SMNIST14_SLOW_S5
            ? "The time steps are the paper's, 0.001 to 0.1, with which most states at"
                + " initialisation outlast the sequence, and infinite-time norms misjudge them."
            : String.format(
                Locale.ROOT,
                "The smallest time step is about 2/L, %s, and not the paper's 0.001: a pole with"
                    + " real part -1/2 then decays within the sequence, and its H∞ norm, which"
                    + " assumes infinite time, means something.",
                source.stepMin);
    String poles =
        config().clipPoles()
            ? " Real parts of poles count as at most -1e-4, as with clip_eigs in the S5 release:"
                + " without it, more than half of these models ended with unstable states."
            : "";
    return String.format(
        "%s. The rates of the paper's S5 for sMNIST, for %d epochs. Trained on %s. %s%s",
        architecture, recipe(0).epochs(), source.description, steps, poles);
  }

  /** The data. */
  public SequenceData data(Split split) throws IOException {
    return switch (source) {
      case MNIST -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL);
      case MNIST14 -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL.pooled());
      case PERMUTED_MNIST14 -> ImageSequences.mnist(split, ImageOptions.PERMUTED.pooled());
      case FASHION14 -> ImageSequences.fashionMnist(split, ImageOptions.SEQUENTIAL.pooled());
      case PERMUTED_FASHION14 -> ImageSequences.fashionMnist(split, ImageOptions.PERMUTED.pooled());
      case LISTOPS -> ListOps.generate(split, ListOps.SHORT);
    };
  }
}
