package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;

/**
 * Grey images of ten classes, read pixel by pixel: inputs {@code (N, L, 1)} in [0, 1], labels 0 to
 * 9.
 */
public final class ImageSequences {
  private static final int CLASSES = 10;

  private ImageSequences() {}

  /**
   * Loads the MNIST digits that come with this project: 8,000 for training, 1,000 for validation,
   * 1,000 for testing. The test digits are not those of the published test set; see the folder's
   * README.
   *
   * @param split which of them
   * @param options how an image is read
   * @return the sequences, in the order of the file
   * @throws IOException if the data folder is not found ({@link DataFolder#locate()}) or a file is
   *     damaged
   */
  public static SequenceData mnist(Split split, ImageOptions options) throws IOException {
    return load(DataFolder.locate().resolve("mnist"), split, options);
  }

  /**
   * Loads the Fashion-MNIST images that come with this project: 8,000 for training, 1,000 for
   * validation, and 2,000 of the published test set.
   *
   * @param split which of them
   * @param options how an image is read
   * @return the sequences, in the order of the file
   * @throws IOException if the data folder is not found ({@link DataFolder#locate()}) or a file is
   *     damaged
   */
  public static SequenceData fashionMnist(Split split, ImageOptions options) throws IOException {
    return load(DataFolder.locate().resolve("fashion-mnist"), split, options);
  }

  /**
   * Loads images from any folder with the standard names, such as the full MNIST: {@code
   * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, the same for {@code t10k} (the test
   * set) and, where there is one, for {@code validation}; each plain or with {@code .gz}. Without
   * validation files the last tenth of the training files is the validation split, and not part of
   * the training split.
   *
   * <p>The checksum of the result is the SHA-256 of the image file followed by the label file, both
   * uncompressed.
   *
   * @param folder the folder
   * @param split which files, or which part of them
   * @param options how an image is read
   * @return the sequences, in the order of the file
   * @throws IOException if a file is missing or damaged ({@link Idx#read}), images and labels
   *     differ in number, a label exceeds 9, the images have an odd side and are to be pooled, or
   *     there are too few images to split
   */
  public static SequenceData load(Path folder, Split split, ImageOptions options)
      throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    requireNonNull(options, "options");
    boolean hasValidation = find(folder, "validation-images-idx3-ubyte") != null;
    String prefix =
        switch (split) {
          case TRAIN -> "train";
          case VALIDATION -> hasValidation ? "validation" : "train";
          case TEST -> "t10k";
        };
    Path imageFile = require(folder, prefix + "-images-idx3-ubyte");
    Path labelFile = require(folder, prefix + "-labels-idx1-ubyte");
    MessageDigest digest = Checksum.sha256();
    Idx images = Idx.read(imageFile, 3, digest);
    Idx labels = Idx.read(labelFile, 1, digest);
    int count = images.dims().get(0);
    if (labels.dims().get(0) != count) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected %d labels, as many as images in %s, got %d",
              labelFile,
              count,
              imageFile,
              labels.dims().get(0)));
    }

    int from = 0;
    int to = count;
    if (split != Split.TEST && !hasValidation) {
      int kept = count - count / 10;
      if (kept == count) {
        throw new IOException(
            imageFile + ": expected at least 10 images, to split off a tenth, got " + count);
      }
      from = split == Split.TRAIN ? 0 : kept;
      to = split == Split.TRAIN ? kept : count;
    }

    boolean pooled = options.pooling() == ImageOptions.Pooling.MEAN_2X2;
    List<Integer> sides = images.dims().subList(1, 3);
    if (pooled && (sides.get(0) % 2 != 0 || sides.get(1) % 2 != 0)) {
      throw new IOException(imageFile + ": expected even sides, to pool 2×2, got " + sides);
    }
    int height = pooled ? sides.get(0) / 2 : sides.get(0);
    int width = pooled ? sides.get(1) / 2 : sides.get(1);
    String name =
        String.format(
            Locale.ROOT,
            "%s-%dx%d%s/%s",
            folder.toAbsolutePath().normalize().getFileName(),
            height,
            width,
            options.order() == ImageOptions.Order.PERMUTED ? "-permuted" : "",
            split.name().toLowerCase(Locale.ROOT));
    return SequenceData.owning(
        name,
        Checksum.hex(digest),
        1,
        height * width,
        1,
        CLASSES,
        pixels(images.bytes(), from, to, height, width, pooled, options),
        labels(labels.bytes(), from, to, labelFile));
  }

  private static float[] pixels(
      ByteBuffer bytes,
      int from,
      int to,
      int height,
      int width,
      boolean pooled,
      ImageOptions options) {
    int length = height * width;
    int[] order = options.readingOrder(length);
    float[] result = new float[(to - from) * length];
    int stride = 2 * width;
    for (int i = 0; i < result.length; i++) {
      int image = from + i / length;
      int pixel = order[i % length];
      if (pooled) {
        int corner = 4 * length * image + 2 * (pixel / width) * stride + 2 * (pixel % width);
        int sum =
            Byte.toUnsignedInt(bytes.get(corner))
                + Byte.toUnsignedInt(bytes.get(corner + 1))
                + Byte.toUnsignedInt(bytes.get(corner + stride))
                + Byte.toUnsignedInt(bytes.get(corner + stride + 1));
        result[i] = sum / 1020f;
      } else {
        result[i] = Byte.toUnsignedInt(bytes.get(length * image + pixel)) / 255f;
      }
    }
    return result;
  }

  private static int[] labels(ByteBuffer bytes, int from, int to, Path file) throws IOException {
    int[] result = new int[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = Byte.toUnsignedInt(bytes.get(from + i));
      if (result[i] >= CLASSES) {
        throw new IOException(
            file + ": expected labels 0 to 9, got " + result[i] + " at " + (from + i));
      }
    }
    return result;
  }

  /** Null if the folder has neither the file nor the file with .gz. */
  private static Path find(Path folder, String name) {
    for (String suffix : List.of("", ".gz")) {
      Path file = folder.resolve(name + suffix);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }

  private static Path require(Path folder, String name) throws IOException {
    Path file = find(folder, name);
    if (file == null) {
      throw new NoSuchFileException(
          folder.resolve(name).toString(), null, "expected it here, plain or with .gz");
    }
    return file;
  }
}
