package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;

import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.ModelConfigBuilder;
import java.util.function.Consumer;

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
    return switch (this) {
      case SMNIST -> ModelConfig.s5(1, 10);
      case PSMNIST -> ModelConfig.s5(1, 10).with(c -> c.channels(128).blocks(2).dropout(0.15));
      case SCIFAR -> both(3, 10, c -> c.pairs(layers(6, 192)).channels(512).blocks(3));
      case LISTOPS ->
          both(
              17,
              10,
              c ->
                  c.tokens(true)
                      .pairs(layers(8, 8))
                      .channels(128)
                      .blocks(8)
                      .dropout(0)
                      .activation(Activation.HALF_GLU2));
      case TEXT ->
          both(
              129,
              2,
              c ->
                  c.tokens(true)
                      .pairs(layers(6, 96))
                      .channels(256)
                      .blocks(12)
                      .activation(Activation.HALF_GLU2));
      case RETRIEVAL ->
          both(
              97,
              2,
              c ->
                  c.tokens(true)
                      .documentPairs(true)
                      .pairs(layers(6, 128))
                      .channels(128)
                      .blocks(16)
                      .dropout(0));
      case IMAGE -> both(1, 10, c -> c.pairs(layers(6, 192)).channels(512).blocks(3));
      case PATHFINDER ->
          both(
              1,
              2,
              c ->
                  c.pairs(layers(6, 128))
                      .channels(192)
                      .blocks(8)
                      .dropout(0.05)
                      .batchNormMomentum(0.9));
      case PATH_X ->
          both(
              1,
              2,
              c ->
                  c.pairs(layers(6, 128))
                      .channels(128)
                      .blocks(16)
                      .dropout(0)
                      .batchNormMomentum(0.9));
      case SPEECH -> both(1, 35, c -> c.pairs(layers(6, 64)).channels(96).blocks(16));
    };
  }

  /** An S5 in both directions. */
  private static ModelConfig both(int inputs, int classes, Consumer<ModelConfigBuilder> change) {
    return ModelConfig.s5(inputs, classes).with(c -> change.accept(c.bidirectional(true)));
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
