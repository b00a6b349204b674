package io.github.last4j.data;

import io.github.last4j.progress.Interruption;
import io.github.last4j.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Reads samples one at a time, each of them once before any is used, so that a bad file is found
 * before a training begins. What fits into a quarter of the heap is kept; otherwise the samples are
 * read again when a batch needs them. The numbers and the checksum are the same either way.
 */
final class Samples {
  private Samples() {}

  /** A sample. */
  static final class Sample {
    private final float[] input;
    private final int label;
    private final int[] lengths;

    /**
     * Keeps the arrays; nobody else may.
     *
     * @param input {@code (documents, L, C)}, with zeros for padding
     * @param lengths the steps of each document without padding; none if all have L
     */
    Sample(float[] input, int label, int... lengths) {
      this.input = input;
      this.label = label;
      this.lengths = lengths;
    }
  }

  /** Where samples come from: the same sample for the same number, at any time. */
  @FunctionalInterface
  interface Source {
    Sample read(int number) throws IOException;
  }

  /** The sizes of samples. */
  record Sizes(int documents, int length, int channels, int classes) {
    int width() {
      return length * channels;
    }
  }

  /** Reads samples 0 to count − 1, with a progress bar. */
  static SequenceData read(String name, Sizes sizes, int count, Source source) throws IOException {
    return read("reading " + name, name, sizes, count, source, memory());
  }

  /** As {@link #read(String, Sizes, int, Source)}, from a source that no file can fail. */
  static SequenceData drawn(String name, Sizes sizes, int count, Source source) {
    try {
      return read("drawing " + name, name, sizes, count, source, memory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long memory() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /**
   * As above, keeping inputs of that many bytes at most.
   *
   * <p>The checksum is the SHA-256 of the samples: of each the inputs of each document without
   * padding as float32, the lengths if there are any, and the label as int32, all little-endian.
   */
  static SequenceData read(
      String task, String name, Sizes sizes, int count, Source source, long memory)
      throws IOException {
    int width = sizes.documents() * sizes.width();
    long values = (long) count * width;
    boolean keep = values < Integer.MAX_VALUE && values * Float.BYTES <= memory;
    float[] inputs = new float[keep ? (int) values : 0];
    int[] labels = new int[count];
    int[] lengths = {};
    MessageDigest digest = Checksum.sha256();
    try (Progress progress = Progress.of(task, count)) {
      for (int i = 0; i < count; i++) {
        Interruption.check("the " + task);
        Sample sample = source.read(i);
        labels[i] = sample.label;
        if (sample.lengths.length != 0) {
          lengths = lengths.length == 0 ? new int[count * sizes.documents()] : lengths;
          System.arraycopy(sample.lengths, 0, lengths, i * sizes.documents(), sizes.documents());
        }
        if (keep) {
          System.arraycopy(sample.input, 0, inputs, i * width, width);
        }
        update(digest, sample, sizes);
        progress.step();
      }
    }
    String checksum = Checksum.hex(digest);
    if (keep) {
      return SequenceData.owning(
          name,
          checksum,
          sizes.documents(),
          sizes.length(),
          sizes.channels(),
          sizes.classes(),
          inputs,
          labels,
          lengths);
    }
    return SequenceData.reading(
        name,
        checksum,
        sizes.documents(),
        sizes.length(),
        sizes.channels(),
        sizes.classes(),
        (i, to, at) -> again(source, i, sizes, to, at),
        labels,
        lengths);
  }

  private static void again(Source source, int sequence, Sizes sizes, float[] to, int at) {
    try {
      float[] input = source.read(sequence / sizes.documents()).input;
      int from = sequence % sizes.documents() * sizes.width();
      System.arraycopy(input, from, to, at, sizes.width());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void update(MessageDigest digest, Sample sample, Sizes sizes) {
    int[] lengths = sample.lengths;
    int[] steps = lengths.clone();
    if (steps.length == 0) {
      steps = new int[sizes.documents()];
      Arrays.fill(steps, sizes.length());
    }
    int values = Arrays.stream(steps).sum() * sizes.channels() + lengths.length + 1;
    ByteBuffer bytes = ByteBuffer.allocate(4 * values).order(ByteOrder.LITTLE_ENDIAN);
    for (int document = 0; document < steps.length; document++) {
      int from = document * sizes.width();
      for (int i = from; i < from + steps[document] * sizes.channels(); i++) {
        bytes.putFloat(sample.input[i]);
      }
    }
    for (int length : lengths) {
      bytes.putInt(length);
    }
    digest.update(bytes.putInt(sample.label).array());
  }
}
