package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10 (Krizhevsky, 2009) pixel by pixel, row by row: L = 1,024, ten classes. In colour it is
 * the task sCIFAR, in grey the task Image of the Long Range Arena.
 *
 * <p>A folder holds the binary version ({@code data_batch_1.bin} to {@code _5} and {@code
 * test_batch.bin}, also one folder further down, as its archive has them), or the package that
 * {@code make data} fetches: a PNG image for each batch, one picture a row of 1,024 pixels, and the
 * labels as JSON. Both give the same numbers and the same checksum. The last tenth of the training
 * pictures is for validation, 5,000 of 50,000 as in App. C.1 of the paper.
 */
public final class Cifar10 {
  private static final int PIXELS = 1024;
  private static final int CLASSES = 10;

  private Cifar10() {}

  /** What of the colours is kept, and its normalisation: (value / 255 − mean) / deviation. */
  public enum Colors {
    /** Red, green and blue, C = 3, by each one's mean and deviation over the training pictures. */
    RGB(new double[] {0.4914, 0.4822, 0.4465}, new double[] {0.247, 0.243, 0.261}),
    /** The luma of ITU-R 601 in whole numbers, C = 1, by mean 122.6/255 and deviation 61/255. */
    GREY(new double[] {122.6 / 255}, new double[] {61.0 / 255});

    @SuppressWarnings("ImmutableEnumChecker")
    private final double[] mean;

    @SuppressWarnings("ImmutableEnumChecker")
    private final double[] deviation;

    Colors(double[] mean, double[] deviation) {
      this.mean = mean;
      this.deviation = deviation;
    }

    private int channels() {
      return mean.length;
    }

    private float normalized(int value, int channel) {
      return (float) ((value / 255.0 - mean[channel]) / deviation[channel]);
    }

    /** One picture, (L, C), of its bytes, (L, 3). */
    private float[] sequence(byte[] rgb) {
      float[] result = new float[PIXELS * channels()];
      for (int i = 0; i < PIXELS; i++) {
        int[] color = new int[3];
        for (int c = 0; c < 3; c++) {
          color[c] = Byte.toUnsignedInt(rgb[3 * i + c]);
        }
        if (this == GREY) {
          // 0.299, 0.587 and 0.114 times 2¹⁶, rounded.
          int luma = (19595 * color[0] + 38470 * color[1] + 7471 * color[2] + 0x8000) >> 16;
          result[i] = normalized(luma, 0);
        } else {
          for (int c = 0; c < 3; c++) {
            result[3 * i + c] = normalized(color[c], c);
          }
        }
      }
      return result;
    }
  }

  /** Pictures and their labels: picture i is bytes 3,072·i to 3,072·(i + 1), (L, 3). */
  interface Pictures {
    int size();

    byte[] picture(int i);

    int label(int i);
  }

  /**
   * Reads the pictures of a split.
   *
   * @param folder the folder, of either form
   * @param colors what is kept of the colours
   * @return inputs {@code (N, 1024, C)} in the order of the files, labels 0 to 9
   * @throws IOException if a file is missing, truncated or of another format, or a label is not
   *     from 0 to 9, naming the file and the reason
   */
  public static SequenceData load(Path folder, Split split, Colors colors) throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    requireNonNull(colors, "colors");
    boolean train = split != Split.TEST;
    Path inside = folder.resolve("cifar-10-batches-bin");
    Path binary = Files.isDirectory(inside) ? inside : folder;
    Pictures pictures =
        Files.isRegularFile(folder.resolve("train_lables.json"))
            ? CifarPng.read(folder, train)
            : CifarBinary.read(binary, train);
    List<Integer> all = IntStream.range(0, pictures.size()).boxed().toList();
    List<Integer> part = train ? HeldOut.ofTraining(all, split, folder) : all;
    String name = HeldOut.name(colors == Colors.RGB ? "scifar" : "cifar-grey", split);
    return Samples.read(
        name,
        new Samples.Sizes(1, PIXELS, colors.channels(), CLASSES),
        part.size(),
        i -> {
          int picture = part.get(i);
          return new Samples.Sample(
              colors.sequence(pictures.picture(picture)), pictures.label(picture));
        });
  }

  /**
   * Checks a label.
   *
   * @throws IOException if it is not from 0 to 9
   */
  static int requireLabel(Path file, int label, int at) throws IOException {
    if (label < 0 || label >= CLASSES) {
      throw BadFile.of(file, "labels 0 to 9", label + " at " + at);
    }
    return label;
  }
}
