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

  /** The tasks that this project has models of. */
  public static final List<Task> ALL =
      List.of(SMNIST, SMNIST14, PSMNIST, FASHION, PFASHION, LISTOPS);

  /** Reads or makes the samples of a split. */
  @FunctionalInterface
  public interface Loader {
    /** The samples, the same ones at every call. */
    SequenceData load(Split split) throws IOException;
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
