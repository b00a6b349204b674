package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reviews, one a text file, in folders {@code neg} (class 0) and {@code pos} (class 1): the task
 * Text, byte by byte.
 *
 * <p>A folder or zip file holds either {@code train} and {@code test} with these two in each, as
 * IMDB's {@code aclImdb} does (Maas et al., 2011), or the two alone, as Movie Reviews do (Pang and
 * Lee, 2004); either may be the only thing in a folder above. With {@code train} and {@code test},
 * the last tenth of each class of {@code train}, by name, is for validation, since the paper's task
 * has none. Without, the last tenth of each class is for testing and the one before it for
 * validation: folds 10 and 9 of Movie Reviews.
 */
public final class Reviews {
  private static final List<String> CLASSES = List.of("neg", "pos");

  private Reviews() {}

  /** The texts of a class, each as it is in its file. */
  record OfClass(int label, List<byte[]> texts) {}

  /**
   * Reads the reviews of a split.
   *
   * @param from the folder or zip file, or a folder with nothing but a zip file in it
   * @param length L, the greatest number of bytes; of longer reviews the first ones are read
   * @return tokens {@code (N, L, 1)} of {@link ByteTokens#ASCII} with their lengths, the negative
   *     ones first, by name
   * @throws IOException if a folder is missing, or a text is empty or not UTF-8, naming it
   */
  public static SequenceData load(Path from, Split split, int length) throws IOException {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least 1, got " + length);
    }
    List<OfClass> classes = read(from, split);
    List<byte[]> texts = classes.stream().flatMap(each -> each.texts().stream()).toList();
    int negative = classes.get(0).texts().size();
    return Samples.read(
        HeldOut.name("reviews-" + length, split),
        new Samples.Sizes(1, length, 1, CLASSES.size()),
        texts.size(),
        i -> {
          float[] tokens = new float[length];
          int steps = ByteTokens.ASCII.write(texts.get(i), tokens, 0, length);
          return new Samples.Sample(tokens, i < negative ? 0 : 1, steps);
        });
  }

  /** The reviews of a split, the negative ones first. */
  static List<OfClass> read(Path from, Split split) throws IOException {
    requireNonNull(from, "from");
    requireNonNull(split, "split");
    Path path = onlyZip(from);
    if (!Files.isRegularFile(path)) {
      return classes(path, split);
    }
    try (FileSystem zip = FileSystems.newFileSystem(path)) {
      return classes(zip.getPath("/"), split);
    } catch (ProviderNotFoundException e) {
      throw BadFile.of(path, "a zip file", e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private static List<OfClass> classes(Path from, Split split) throws IOException {
    Path root = root(from);
    boolean published = Files.isDirectory(root.resolve("train"));
    Path above = root;
    if (published) {
      above = root.resolve(split == Split.TEST ? "test" : "train");
    }
    List<OfClass> result = new ArrayList<>();
    for (int label = 0; label < CLASSES.size(); label++) {
      Path folder = above.resolve(CLASSES.get(label));
      List<byte[]> texts = new ArrayList<>();
      for (Path file : files(folder, split, published)) {
        texts.add(Utf8.requireText(Files.readAllBytes(file), file, ""));
      }
      result.add(new OfClass(label, texts));
    }
    return result;
  }

  private static List<Path> files(Path folder, Split split, boolean published) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadFile.missing(folder, "expected a folder of texts here");
    }
    List<Path> files = list(folder, file -> file.toString().endsWith(".txt"));
    if (!published) {
      return HeldOut.ofAll(files, split, folder);
    }
    if (split != Split.TEST) {
      return HeldOut.ofTraining(files, split, folder);
    }
    if (files.isEmpty()) {
      throw BadFile.of(folder, "texts", "none");
    }
    return files;
  }

  /** Where the folders are: here, or in the only folder that is here. */
  private static Path root(Path from) throws IOException {
    Path at = from;
    while (!Files.isDirectory(at.resolve("train")) && !Files.isDirectory(at.resolve("pos"))) {
      List<Path> folders = list(at, Files::isDirectory);
      if (folders.size() != 1) {
        throw BadFile.missing(
            from, "expected the folders train and test, or neg and pos, of reviews in it");
      }
      at = folders.get(0);
    }
    return at;
  }

  private static Path onlyZip(Path from) throws IOException {
    if (!Files.isDirectory(from)) {
      return from;
    }
    List<Path> folders = list(from, Files::isDirectory);
    List<Path> zips = list(from, file -> file.toString().endsWith(".zip"));
    return folders.isEmpty() && zips.size() == 1 ? zips.get(0) : from;
  }

  private static List<Path> list(Path folder, Predicate<Path> which) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadFile.missing(folder, "expected a folder or a zip file here");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(which).sorted().toList();
    }
  }
}
