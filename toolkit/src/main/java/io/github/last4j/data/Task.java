package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What models learn: labelled sequences, and how they stand to the paper's. Another task is another
 * record, here or in a notebook.
 *
 * @param name short and unique, such as {@code smnist14}: the column {@code task} of results
 * @param paper what the paper's tables call it, if they have it
 * @param classes the number of classes
 * @param length L, with the padding of shorter sequences
 * @param smaller what the training data are, and what of that is smaller than in the paper
 * @param loader reads or makes the samples of a split
 */
public record Task(
    String name, Optional<String> paper, int classes, int length, String smaller, Loader loader) {
  /** MNIST, row by row, all 784 pixels. */
  public static final Task SMNIST =
      new Task(
          "smnist",
          Optional.of("sMNIST"),
          10,
          784,
          "8,000 of 60,000 digits",
          split -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL));

  /** MNIST of 14×14 pixels, row by row. */
  public static final Task SMNIST14 =
      new Task(
          "smnist14",
          Optional.of("sMNIST"),
          10,
          196,
          "8,000 of 60,000 digits, shrunk to 14×14 = 196 pixels",
          split -> ImageSequences.mnist(split, ImageOptions.SEQUENTIAL.pooled()));

  /** MNIST of 14×14 pixels, permuted. */
  public static final Task PSMNIST =
      new Task(
          "psmnist",
          Optional.of("psMNIST"),
          10,
          196,
          "8,000 of 60,000 digits, shrunk to 14×14 = 196 pixels in bit-reversed order",
          split -> ImageSequences.mnist(split, ImageOptions.PERMUTED.pooled()));

  /** Fashion-MNIST of 14×14 pixels, row by row. */
  public static final Task FASHION =
      new Task(
          "fashion",
          Optional.empty(),
          10,
          196,
          "8,000 images of Fashion-MNIST, shrunk to 14×14 = 196 pixels",
          split -> ImageSequences.fashionMnist(split, ImageOptions.SEQUENTIAL.pooled()));

  /** Fashion-MNIST of 14×14 pixels, permuted. */
  public static final Task PFASHION =
      new Task(
          "pfashion",
          Optional.empty(),
          10,
          196,
          "8,000 images of Fashion-MNIST, shrunk to 14×14 = 196 pixels in bit-reversed order",
          split -> ImageSequences.fashionMnist(split, ImageOptions.PERMUTED.pooled()));

  /** ListOps of 16 to 96 tokens. */
  public static final Task LISTOPS =
      new Task(
          "listops",
          Optional.of("ListOps"),
          10,
          96,
          "64,000 and not 96,000 expressions, of 16 to 96 tokens and not 500 to 2,000",
          split -> ListOps.generate(split, ListOps.SHORT));

  /** MNIST, row by row, all 784 pixels of all digits. */
  public static final Task FULL_SMNIST =
      new Task(
          "fullsmnist",
          Optional.of("sMNIST"),
          10,
          784,
          "54,000 of the 60,000 digits; the last tenth is for validation",
          split ->
              PublicSet.MNIST.read(
                  folder -> ImageSequences.load(folder, split, ImageOptions.SEQUENTIAL)));

  /** MNIST, permuted, all 784 pixels of all digits. */
  public static final Task FULL_PSMNIST =
      new Task(
          "fullpsmnist",
          Optional.of("psMNIST"),
          10,
          784,
          "54,000 of the 60,000 digits; the last tenth is for validation",
          split ->
              PublicSet.MNIST.read(
                  folder -> ImageSequences.load(folder, split, ImageOptions.PERMUTED)));

  /** CIFAR-10 in colour, pixel by pixel. */
  public static final Task SCIFAR =
      new Task(
          "scifar",
          Optional.of("sCIFAR"),
          10,
          1024,
          "45,000 images, as in the paper",
          split ->
              PublicSet.CIFAR10.read(folder -> Cifar10.load(folder, split, Cifar10.Colors.RGB)));

  /** CIFAR-10 in grey, pixel by pixel. */
  public static final Task IMAGE =
      new Task(
          "image",
          Optional.of("Image"),
          10,
          1024,
          "45,000 images, as in the paper",
          split ->
              PublicSet.CIFAR10.read(folder -> Cifar10.load(folder, split, Cifar10.Colors.GREY)));

  /** Reviews of IMDB, byte by byte. */
  public static final Task TEXT =
      new Task(
          "text",
          Optional.of("Text"),
          2,
          4096,
          "22,500 of the 25,000 reviews; the last tenth of each class is for validation",
          split -> PublicSet.IMDB.read(folder -> Reviews.load(folder, split, 4096)));

  /** Reviews of the Sentiment Polarity Dataset, byte by byte. */
  public static final Task REVIEWS =
      new Task(
          "reviews",
          Optional.of("Text"),
          2,
          4096,
          "1,600 of 2,000 Movie Reviews and not 25,000 of IMDB",
          split -> PublicSet.MOVIE_REVIEWS.read(folder -> Reviews.load(folder, split, 4096)));

  /** Pairs of papers of the ACL Anthology Network, byte by byte. */
  public static final Task RETRIEVAL =
      new Task(
          "retrieval",
          Optional.of("Retrieval"),
          2,
          DocumentPairs.LENGTH,
          "147,086 pairs, as in the paper",
          split ->
              PublicSet.AAN.read(
                  folder -> DocumentPairs.load(folder, split, DocumentPairs.LENGTH)));

  /** Pairs of halves of reviews of the Sentiment Polarity Dataset, byte by byte. */
  public static final Task REVIEW_HALVES =
      new Task(
          "reviewhalves",
          Optional.of("Retrieval"),
          2,
          2048,
          "3,200 pairs of halves of Movie Reviews and not 147,086 of papers",
          split -> PublicSet.MOVIE_REVIEWS.read(folder -> ReviewHalves.load(folder, split, 2048)));

  /** ListOps of 501 to 1,999 tokens, the expressions of the Long Range Arena. */
  public static final Task FULL_LISTOPS =
      new Task(
          "fulllistops",
          Optional.of("ListOps"),
          10,
          ListOpsFiles.LENGTH,
          "96,000 expressions, as in the paper",
          split -> PublicSet.LISTOPS.read(folder -> ListOpsFiles.load(folder, split)));

  /** Pathfinder of 32 × 32 pixels, the images of the Long Range Arena. */
  public static final Task PATHFINDER =
      new Task(
          "pathfinder",
          Optional.of("Pathfinder"),
          2,
          32 * 32,
          "160,000 images, as in the paper",
          split -> PublicSet.PATHFINDER32.read(folder -> PathfinderFiles.load(folder, split, 32)));

  /** Pathfinder of 128 × 128 pixels, the images of the Long Range Arena. */
  public static final Task PATH_X =
      new Task(
          "pathx",
          Optional.of("Path-X"),
          2,
          128 * 128,
          "160,000 images, as in the paper",
          split ->
              PublicSet.PATHFINDER128.read(folder -> PathfinderFiles.load(folder, split, 128)));

  /** Pathfinder of 32 × 32 pixels, drawn here. */
  public static final Task DRAWN_PATHFINDER =
      new Task(
          "drawnpathfinder",
          Optional.of("Pathfinder"),
          2,
          32 * 32,
          "40,000 and not 160,000 images, drawn by this project's generator",
          split ->
              Pathfinder.generate(split, Pathfinder.PATHFINDER32.samples(40_000, 1_000, 2_000)));

  /** Pathfinder of 128 × 128 pixels, drawn here. */
  public static final Task DRAWN_PATH_X =
      new Task(
          "drawnpathx",
          Optional.of("Path-X"),
          2,
          128 * 128,
          "10,000 and not 160,000 images, drawn by this project's generator",
          split -> Pathfinder.generate(split, Pathfinder.PATH_X.samples(10_000, 200, 200)));

  /** All words of Speech Commands, raw at 16 kHz. */
  public static final Task SPEECH =
      new Task(
          "speech",
          Optional.of("Speech"),
          35,
          16_000,
          "all clips that its two lists leave for training",
          split -> speech(split, SpeechCommands.Words.THIRTY_FIVE, 16_000));

  /** The ten commands of Speech Commands, raw at 16 kHz. */
  public static final Task SPEECH10 =
      new Task(
          "speech10",
          Optional.of("Speech"),
          10,
          16_000,
          "ten and not 35 words",
          split -> speech(split, SpeechCommands.Words.TEN, 16_000));

  /** The tasks of this project: those that it has models of, and those that need public data. */
  public static final List<Task> ALL =
      List.of(
          SMNIST,
          SMNIST14,
          PSMNIST,
          FASHION,
          PFASHION,
          LISTOPS,
          FULL_SMNIST,
          FULL_PSMNIST,
          SCIFAR,
          IMAGE,
          TEXT,
          REVIEWS,
          RETRIEVAL,
          REVIEW_HALVES,
          FULL_LISTOPS,
          PATHFINDER,
          PATH_X,
          DRAWN_PATHFINDER,
          DRAWN_PATH_X,
          SPEECH,
          SPEECH10);

  /** Reads or makes the samples of a split. */
  @FunctionalInterface
  public interface Loader {
    /** The samples, the same ones at every call. */
    SequenceData load(Split split) throws IOException;
  }

  private static SequenceData speech(Split split, SpeechCommands.Words words, int rate)
      throws IOException {
    return PublicSet.SPEECH_COMMANDS.read(
        folder -> SpeechCommands.load(folder, split, words, rate));
  }

  /**
   * Refuses nulls.
   *
   * @throws IllegalArgumentException if there is no name, no class or no step
   */
  public Task {
    requireNonNull(name, "name");
    requireNonNull(paper, "paper");
    requireNonNull(smaller, "smaller");
    requireNonNull(loader, "loader");
    if (name.isEmpty() || classes < 1 || length < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "name, classes, length: expected a name and positive numbers, got '%s', %d and %d",
              name,
              classes,
              length));
    }
  }

  /**
   * The task of a name, among {@link #ALL}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Task of(String name) {
    return ALL.stream()
        .filter(task -> task.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "task: expected one of %s, got %s",
                        ALL.stream().map(Task::name).toList(),
                        name)));
  }

  /**
   * The samples of a split.
   *
   * @throws java.nio.file.NoSuchFileException if they are of a public set that is not here yet,
   *     saying how to get it ({@link PublicSet})
   * @throws IOException if they can't be read
   */
  public SequenceData data(Split split) throws IOException {
    return loader.load(split);
  }

  /** The name, the paper's name, and the sizes. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s (%s): %d classes, L = %d, trained on %s",
        name,
        paper.map(p -> "the paper's " + p).orElse("not in the paper"),
        classes,
        length,
        smaller);
  }
}
