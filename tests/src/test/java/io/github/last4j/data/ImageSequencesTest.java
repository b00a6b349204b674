package io.github.last4j.data;

import static io.github.last4j.data.IdxFiles.idx;
import static io.github.last4j.data.IdxFiles.writeImages;
import static io.github.last4j.data.Split.TEST;
import static io.github.last4j.data.Split.TRAIN;
import static io.github.last4j.data.Split.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.ImageOptions.Order;
import io.github.last4j.data.ImageOptions.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSequencesTest {
  @TempDir Path folder;

  @Test
  void mnistIsSplitEvenlyOverTheDigits() throws IOException {
    int[] total = {1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978};
    SequenceData train = ImageSequences.mnist(TRAIN, ImageOptions.SEQUENTIAL.pooled());
    SequenceData validation = ImageSequences.mnist(VALIDATION, ImageOptions.SEQUENTIAL.pooled());
    SequenceData test = ImageSequences.mnist(TEST, ImageOptions.SEQUENTIAL.pooled());

    assertEquals(8000, train.size());
    assertEquals(1000, validation.size());
    assertEquals(1000, test.size());
    for (int digit = 0; digit < 10; digit++) {
      assertEquals(0.1 * total[digit], count(validation, digit), 1);
      assertEquals(0.1 * total[digit], count(test, digit), 1);
      assertEquals(
          total[digit], count(train, digit) + count(validation, digit) + count(test, digit));
    }
  }

  @Test
  void noMnistDigitOccursTwice() throws IOException {
    Set<Integer> seen = new HashSet<>();
    int images = 0;
    for (Split split : Split.values()) {
      SequenceData data = ImageSequences.mnist(split, ImageOptions.SEQUENTIAL);
      for (int i = 0; i < data.size(); i++) {
        seen.add(Arrays.hashCode(data.input(i)));
      }
      images += data.size();
    }
    // Of 10,000 random 32-bit hashes, 0.012 pairs collide on average.
    assertTrue(seen.size() >= images - 2, seen.size() + " of " + images);
  }

  @Test
  void fashionMnistHasItsCounts() throws IOException {
    Map<Split, Integer> sizes = Map.of(TRAIN, 8000, VALIDATION, 1000, TEST, 2000);
    for (Split split : Split.values()) {
      SequenceData data = ImageSequences.fashionMnist(split, ImageOptions.SEQUENTIAL.pooled());
      assertEquals(sizes.get(split), data.size());
      for (int label = 0; label < 10; label++) {
        assertEquals(0.1, (double) count(data, label) / data.size(), 0.03);
      }
    }
    // The labels at the start of the published files.
    assertArrayEquals(new int[] {9, 0, 0, 3}, firstLabels(TRAIN));
    assertArrayEquals(new int[] {9, 2, 1, 1}, firstLabels(TEST));
  }

  /** The numbers are those that Python reads from the file. */
  @Test
  void anImageIsWhatAnotherReaderSees() throws IOException {
    SequenceData data = ImageSequences.mnist(TEST, ImageOptions.SEQUENTIAL);
    float[] image = data.input(3);

    assertEquals("mnist-28x28/test: 1000 sequences of (784, 1), 10 classes", data.toString());
    assertEquals(
        "22157a0f2104991beaa9853d61c9c9378faefe4a65e2c46b7933dba648aef81e", data.checksum());
    assertArrayEquals(new int[] {7, 7, 1, 7, 2, 0, 2, 6}, Arrays.copyOf(data.labels(), 8));
    int[] bytes = {0, 22, 91, 130, 193, 254, 254, 204, 125, 201, 254, 254};
    for (int i = 0; i < bytes.length; i++) {
      assertEquals(bytes[i] / 255f, image[10 * 28 + 8 + i]);
    }
    assertEquals(15745, IntStream.range(0, 784).mapToLong(i -> Math.round(255 * image[i])).sum());
  }

  @Test
  void poolingIsTheMeanOfBlocksAndThePermutationAReordering() throws IOException {
    float[] raster = sample(Pooling.NONE, Order.RASTER);
    float[] pooled = sample(Pooling.MEAN_2X2, Order.RASTER);
    float[] permuted = sample(Pooling.NONE, Order.PERMUTED);
    float[] both = sample(Pooling.MEAN_2X2, Order.PERMUTED);

    for (int y = 0; y < 14; y++) {
      for (int x = 0; x < 14; x++) {
        double mean = 0;
        for (int corner : new int[] {0, 1, 28, 29}) {
          mean += raster[2 * y * 28 + 2 * x + corner] / 4.0;
        }
        assertEquals(mean, pooled[14 * y + x], 1e-7);
      }
    }
    int[] order = bitReversal(784);
    assertArrayEquals(new int[] {0, 512, 256, 768, 128, 640, 384, 64}, Arrays.copyOf(order, 8));
    for (int i = 0; i < 784; i++) {
      assertEquals(raster[order[i]], permuted[i]);
    }
    order = bitReversal(196);
    for (int i = 0; i < 196; i++) {
      assertEquals(pooled[order[i]], both[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 196, 784, 1023, 1024, 1025})
  void thePermutationIsTheSortByReversedDigits(int length) {
    assertArrayEquals(bitReversal(length), ImageOptions.PERMUTED.readingOrder(length));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderOfTheUsersOwnWorks(boolean zipped) throws IOException {
    writeImages(folder, "train", 25, zipped);
    writeImages(folder, "t10k", 7, zipped);

    SequenceData train = ImageSequences.load(folder, TRAIN, ImageOptions.SEQUENTIAL);
    SequenceData validation = ImageSequences.load(folder, VALIDATION, ImageOptions.SEQUENTIAL);
    SequenceData test = ImageSequences.load(folder, TEST, ImageOptions.SEQUENTIAL.pooled());

    assertEquals(23, train.size());
    assertEquals(2, validation.size());
    assertArrayEquals(new int[] {3, 4}, validation.labels());
    assertEquals((23 * 16 + 5) % 256 / 255f, validation.input(0)[5]);
    assertEquals(7, test.size());
    assertEquals(folder.getFileName() + "-2x2/test", test.name());
    // Image 1, top right block: (18 + 19 + 22 + 23) / 4.
    assertEquals(20.5f / 255, test.input(1)[1], 1e-7f);
  }

  @Test
  void theChecksumIsOfTheContentNotOfItsCompression() throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Path zipped = Files.createDirectory(folder.resolve("zipped"));
    Path other = Files.createDirectory(folder.resolve("other"));
    writeImages(plain, "t10k", 7, false);
    writeImages(zipped, "t10k", 7, true);
    writeImages(other, "t10k", 8, true);

    String checksum = ImageSequences.load(plain, TEST, ImageOptions.SEQUENTIAL).checksum();
    assertEquals(checksum, ImageSequences.load(zipped, TEST, ImageOptions.SEQUENTIAL).checksum());
    assertNotEquals(checksum, ImageSequences.load(other, TEST, ImageOptions.SEQUENTIAL).checksum());
  }

  @Test
  void validationFilesWinOverTheTenth() throws IOException {
    writeImages(folder, "train", 25, true);
    writeImages(folder, "validation", 4, true);

    assertEquals(25, ImageSequences.load(folder, TRAIN, ImageOptions.SEQUENTIAL).size());
    assertEquals(4, ImageSequences.load(folder, VALIDATION, ImageOptions.SEQUENTIAL).size());
  }

  @Test
  void unfitFoldersAreRefusedByFile() throws IOException {
    refused(NoSuchFileException.class, TEST, "t10k-images-idx3-ubyte");

    writeImages(folder, "train", 9, false);
    refused(IOException.class, TRAIN, "at least 10 images");

    writeImages(folder, "t10k", 3, false);
    Path labels = folder.resolve("t10k-labels-idx1-ubyte");
    Files.write(labels, idx(0x801, new int[] {2}, new byte[2]));
    refused(IOException.class, TEST, "expected 3 labels");
    Files.write(labels, idx(0x801, new int[] {3}, (byte) 9, (byte) 10, (byte) 0));
    refused(IOException.class, TEST, "expected labels 0 to 9, got 10 at 1");
    Files.delete(labels);
    refused(NoSuchFileException.class, TEST, "t10k-labels-idx1-ubyte");
  }

  @Test
  void oddSidesCannotBePooled() throws IOException {
    Files.write(
        folder.resolve("t10k-images-idx3-ubyte"), idx(0x803, new int[] {1, 2, 3}, new byte[6]));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(0x801, new int[] {1}, (byte) 1));

    assertEquals(6, ImageSequences.load(folder, TEST, ImageOptions.PERMUTED).length());
    IOException e =
        assertThrows(
            IOException.class,
            () -> ImageSequences.load(folder, TEST, ImageOptions.PERMUTED.pooled()));
    assertTrue(e.getMessage().contains("even sides"), e.getMessage());
  }

  private void refused(Class<? extends IOException> type, Split split, String message) {
    IOException e =
        assertThrows(type, () -> ImageSequences.load(folder, split, ImageOptions.SEQUENTIAL));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static float[] sample(Pooling pooling, Order order) throws IOException {
    return ImageSequences.fashionMnist(VALIDATION, new ImageOptions(pooling, order)).input(17);
  }

  private static int[] firstLabels(Split split) throws IOException {
    SequenceData data = ImageSequences.fashionMnist(split, ImageOptions.SEQUENTIAL.pooled());
    return data.take(4).labels();
  }

  private static int count(SequenceData data, int label) {
    return (int) Arrays.stream(data.labels()).filter(other -> other == label).count();
  }

  /** By strings, as one would on paper. */
  private static int[] bitReversal(int length) {
    int digits = Integer.toBinaryString(length - 1).length();
    return IntStream.range(0, length)
        .boxed()
        .sorted(Comparator.comparing(i -> reversedDigits(i, digits)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static String reversedDigits(int number, int digits) {
    String binary = Integer.toBinaryString(number);
    return new StringBuilder("0".repeat(digits - binary.length()) + binary).reverse().toString();
  }
}
