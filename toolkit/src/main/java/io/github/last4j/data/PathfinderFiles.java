package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Pathfinder images as the Long Range Arena drew them (Linsley et al., 2018), pixel by pixel, row
 * by row: the tasks Pathfinder with 32 × 32 and Path-X with 128 × 128 pixels. The hardest of its
 * three sets, {@code curv_contour_length_14}, holds {@code imgs/N/*.png} and, for each N, {@code
 * metadata/N.npy}: a line of text for each image, or a table of texts in NumPy's format, in which
 * the folder, the file, its number and the label come first.
 *
 * <p>The first eight tenths of the images, in the order of the metadata, are for training, then one
 * tenth is for validation and one for testing: 160,000, 20,000 and 20,000 as in App. C.1. A value
 * from 0 to 255 becomes one from −1 to 1.
 */
public final class PathfinderFiles {
  private static final String SET = "curv_contour_length_14";

  private PathfinderFiles() {}

  private record Image(Path file, int label) {}

  /**
   * Reads the images of a split.
   *
   * @param folder the folder that holds {@code curv_contour_length_14}
   * @param side the height and width of the images: 32, 128 or another
   * @return {@code (N, side², 1)}, labels 1 where one contour joins the markers and 0 otherwise
   * @throws IOException if a file is missing, or not as above, naming it and the reason
   */
  public static SequenceData load(Path folder, Split split, int side) throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    if (side < 1) {
      throw new IllegalArgumentException("side: expected at least 1, got " + side);
    }
    Path set = folder.resolve(SET);
    List<Image> images = HeldOut.ofAll(images(set), split, set);
    return Samples.read(
        HeldOut.name("pathfinder-lra-" + side, split),
        new Samples.Sizes(1, side * side, 1, 2),
        images.size(),
        i -> {
          byte[] pixels = Png.read(images.get(i).file(), side, side, 1);
          return new Samples.Sample(Pathfinder.normalized(pixels), images.get(i).label());
        });
  }

  private static List<Image> images(Path set) throws IOException {
    List<Image> images = new ArrayList<>();
    for (Path file : metadata(set.resolve("metadata"))) {
      for (List<String> row : rows(file)) {
        if (row.size() < 4 || !row.get(3).matches("[01]")) {
          throw BadFile.of(
              file, "folder, file, number and label 0 or 1 of each image", String.join(" ", row));
        }
        Path image = set.resolve(row.get(0)).resolve(row.get(1));
        images.add(new Image(image, row.get(3).charAt(0) - '0'));
      }
    }
    return images;
  }

  private static List<List<String>> rows(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (Npy.is(content)) {
      return Npy.rows(content, file);
    }
    return Utf8.decode(content, file, "")
        .lines()
        .map(line -> Arrays.asList(line.strip().split("\\s+", -1)))
        .toList();
  }

  /** 2.npy before 10.npy. */
  private static List<Path> metadata(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadFile.missing(folder, "expected the folder of the images' labels here");
    }
    try (Stream<Path> files = Files.list(folder)) {
      Comparator<String> byNumber = Comparator.comparing(String::length);
      return files
          .filter(file -> file.toString().endsWith(".npy"))
          .sorted(
              Comparator.comparing(
                  file -> file.getFileName().toString(),
                  byNumber.thenComparing(Comparator.naturalOrder())))
          .toList();
    }
  }
}
