package io.github.last4j.train;

import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;

/**
 * The S5 of the paper, at full scale: the rows of Table 4 as architectures and recipes.
 *
 * <p>All but sMNIST and psMNIST are bidirectional (App. C). What Table 4 leaves out is as in the S5
 * release: the activations, the momentum of the running statistics, the head of Retrieval, and one
 * epoch of warm-up, in Text none. Not as there: some of its tasks let B or Δ decay, or learn at the
 * rate of the rest, and draw C in other ways. Vocabularies are those of App. C.1; the release
 * counts one more symbol of ListOps, for padding.
 */
public enum S5Preset {
  /** MNIST, pixel by pixel. */
  SMNIST("sMNIST"),
  /** MNIST, permuted. */
  PSMNIST("psMNIST"),
  /** CIFAR-10 in colour, pixel by pixel. */
  SCIFAR("sCIFAR"),
  /** Nested operations on digits. */
  LISTOPS("ListOps"),
  /** Reviews, byte by byte. */
  TEXT("Text"),
  /** Whether two papers share citations, byte by byte: pairs of documents. */
  RETRIEVAL("Retrieval"),
  /** CIFAR-10 in grey, pixel by pixel. */
  IMAGE("Image"),
  /** Pathfinder, 32 × 32. */
  PATHFINDER("Pathfinder"),
  /** Pathfinder, 128 × 128. */
  PATH_X("Path-X"),
  /** Speech Commands, raw at 16 kHz. */
  SPEECH("Speech");

  private final String title;

  S5Preset(String title) {
    this.title = title;
  }

  /** The name of the task in Table 4. */
  public String title() {
    return title;
  }

  /** The architecture. */
  public ModelConfig config() {
    ModelConfig.Builder both = ModelConfig.sequentialMnist().toBuilder().bidirectional(true);
    return switch (this) {
      case SMNIST -> ModelConfig.sequentialMnist();
      case PSMNIST ->
          ModelConfig.sequentialMnist().toBuilder().channels(128).blocks(2).dropout(0.15).build();
      case SCIFAR -> both.inputs(3).layers(6, 192).channels(512).blocks(3).build();
      case LISTOPS ->
          both.vocabulary(17)
              .layers(8, 8)
              .channels(128)
              .blocks(8)
              .dropout(0)
              .activation(Activation.HALF_GLU2)
              .build();
      case TEXT ->
          both.vocabulary(129)
              .classes(2)
              .layers(6, 96)
              .channels(256)
              .blocks(12)
              .activation(Activation.HALF_GLU2)
              .build();
      case RETRIEVAL ->
          both.vocabulary(97)
              .classes(2)
              .documentPairs(true)
              .layers(6, 128)
              .channels(128)
              .blocks(16)
              .dropout(0)
              .build();
      case IMAGE -> both.layers(6, 192).channels(512).blocks(3).build();
      case PATHFINDER ->
          both.classes(2)
              .layers(6, 128)
              .channels(192)
              .blocks(8)
              .dropout(0.05)
              .batchNormMomentum(0.9)
              .build();
      case PATH_X ->
          both.classes(2)
              .layers(6, 128)
              .channels(128)
              .blocks(16)
              .dropout(0)
              .batchNormMomentum(0.9)
              .build();
      case SPEECH -> both.classes(35).layers(6, 64).channels(96).blocks(16).build();
    };
  }

  /** The recipe, with a seed. */
  public Recipe recipe(long seed) {
    Recipe recipe =
        switch (this) {
          case SMNIST -> Recipe.epochs(150);
          case PSMNIST -> Recipe.epochs(150).rates(0.004, 0.001);
          case SCIFAR -> Recipe.epochs(250).rates(0.0045, 0.001).decay(0.07);
          case LISTOPS -> Recipe.epochs(40).rates(0.003, 0.001).decay(0.07);
          case TEXT -> Recipe.epochs(35).rates(0.004, 0.001).decay(0.07).warmUp(0);
          case RETRIEVAL -> Recipe.epochs(20).rates(0.002, 0.001).decay(0.05).batch(32);
          case IMAGE -> Recipe.epochs(250).rates(0.005, 0.001).decay(0.07);
          case PATHFINDER -> Recipe.epochs(200).rates(0.005, 0.0009).decay(0.07).batch(64);
          case PATH_X -> Recipe.epochs(75).rates(0.002, 0.0006).decay(0.05).batch(32);
          case SPEECH -> Recipe.epochs(40).decay(0.04).batch(16);
        };
    return recipe.seed(seed);
  }
}
