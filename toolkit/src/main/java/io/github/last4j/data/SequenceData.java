package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Labelled sequences, in Java memory or read as they are asked for: inputs {@code (N, L, C)},
 * labels {@code (N)} and, where sequences are shorter than L, lengths {@code (N)}. Or labelled
 * pairs of documents, as in the task Retrieval: inputs {@code (N, 2, L, C)} and lengths {@code (N,
 * 2)}. Tokens are one channel with their numbers. Immutable; {@link #take} and {@link #shuffled}
 * share the numbers and differ in the order only. As a dataset it gives its samples in their order,
 * in batches of {@value #BATCH}; for others there is {@link #asDataset}.
 */
public final class SequenceData implements Dataset {
  private static final int BATCH = 50;

  /**
   * 2⁶⁴ over the golden ratio: successive multiples are far apart, so the passes' seeds are too.
   */
  private static final long PASS_STEP = 0x9E3779B97F4A7C15L;

  private final String name;
  private final String checksum;
  private final int documents;
  private final int length;
  private final int channels;
  private final int classes;
  private final Sequences inputs;
  private final int[] labels;
  private final int[] lengths;

  /** Sample i is row {@code rows[i]} of the labels, and as many documents of the others. */
  private final int[] rows;

  /** Where the inputs are. */
  @FunctionalInterface
  interface Sequences {
    /** Copies sequence i, {@code (L, C)}, to an array, from a place on. */
    void copy(int i, float[] to, int at);
  }

  private SequenceData(
      String name,
      String checksum,
      int documents,
      int length,
      int channels,
      int classes,
      Sequences inputs,
      int[] labels,
      int[] lengths,
      int[] rows) {
    this.name = name;
    this.checksum = checksum;
    this.documents = documents;
    this.length = length;
    this.channels = channels;
    this.classes = classes;
    this.inputs = inputs;
    this.labels = labels;
    this.lengths = lengths;
    this.rows = rows;
  }

  /**
   * Makes a set of sequences.
   *
   * @param name what to call it in tables and figures
   * @param checksum the SHA-256 of what it was made from, in hexadecimal
   * @param length L
   * @param channels C
   * @param classes the number of classes
   * @param inputs {@code (N, L, C)} in C order, finite, the padding too; copied
   * @param labels {@code (N)}, each from 0 to {@code classes} − 1; copied
   * @param lengths {@code (N)}, each from 1 to L, the steps before the padding; copied; without
   *     any, all sequences have length L
   * @throws IllegalArgumentException if there is no sample, or sizes or values are not as above
   */
  public static SequenceData of(
      String name,
      String checksum,
      int length,
      int channels,
      int classes,
      float[] inputs,
      int[] labels,
      int... lengths) {
    return owning(
        name,
        checksum,
        1,
        length,
        channels,
        classes,
        copy("inputs", inputs, float[]::clone),
        copy("labels", labels, int[]::clone),
        copy("lengths", lengths, int[]::clone));
  }

  private static <T> T copy(String argument, T values, UnaryOperator<T> copy) {
    return copy.apply(requireNonNull(values, argument));
  }

  /** Makes a set of pairs of documents: as {@link #of}, but (N, 2, L, C) and lengths (N, 2). */
  public static SequenceData ofPairs(
      String name,
      String checksum,
      int length,
      int channels,
      int classes,
      float[] inputs,
      int[] labels,
      int... lengths) {
    return owning(
        name,
        checksum,
        2,
        length,
        channels,
        classes,
        copy("inputs", inputs, float[]::clone),
        copy("labels", labels, int[]::clone),
        copy("lengths", lengths, int[]::clone));
  }

  /** As {@link #of}, without copies: nobody else may keep the arrays. */
  static SequenceData owning(
      String name,
      String checksum,
      int documents,
      int length,
      int channels,
      int classes,
      float[] inputs,
      int[] labels,
      int... lengths) {
    requirePositive("length", length);
    requirePositive("channels", channels);
    if (inputs.length != (long) labels.length * documents * length * channels) {
      String expected = documents == 1 ? "N·L·C = %d·" : "N·2·L·C = %d·2·";
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "inputs: expected " + expected + "%d·%d values, got %d",
              labels.length,
              length,
              channels,
              inputs.length));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!Float.isFinite(inputs[i])) {
        throw new IllegalArgumentException(
            "inputs: expected finite values, got " + inputs[i] + " at " + i);
      }
    }
    int width = length * channels;
    Sequences kept = (i, to, at) -> System.arraycopy(inputs, i * width, to, at, width);
    return reading(name, checksum, documents, length, channels, classes, kept, labels, lengths);
  }

  /** As {@link #owning}, but the inputs, finite ones, are asked for whenever they are needed. */
  static SequenceData reading(
      String name,
      String checksum,
      int documents,
      int length,
      int channels,
      int classes,
      Sequences inputs,
      int[] labels,
      int... lengths) {
    requireNonNull(name, "name");
    requireNonNull(checksum, "checksum");
    requirePositive("length", length);
    requirePositive("channels", channels);
    requirePositive("classes", classes);
    requirePositive("samples", labels.length);
    requireRange("labels", labels, 0, classes - 1);
    int sequences = documents * labels.length;
    if (lengths.length != 0 && lengths.length != sequences) {
      throw new IllegalArgumentException(
          "lengths: expected " + sequences + ", got " + lengths.length);
    }
    requireRange("lengths", lengths, 1, length);
    int[] rows = IntStream.range(0, labels.length).toArray();
    return new SequenceData(
        name, checksum, documents, length, channels, classes, inputs, labels, lengths, rows);
  }

  /** The name, such as {@code mnist-14x14-permuted/test}. */
  public String name() {
    return name;
  }

  /** The SHA-256 of what the data were made from; {@link #take} and {@link #shuffled} keep it. */
  public String checksum() {
    return checksum;
  }

  /** The number of samples N. */
  public int size() {
    return rows.length;
  }

  /** The sequences in a sample: 2 for pairs of documents, otherwise 1. */
  public int documents() {
    return documents;
  }

  /** The steps L of a sequence, with its padding. */
  public int length() {
    return length;
  }

  /** The values C at each step. */
  public int channels() {
    return channels;
  }

  /** The number of classes, one more than the highest label possible. */
  public int classes() {
    return classes;
  }

  /**
   * A copy of all inputs, {@code (N, L, C)} or for pairs {@code (N, 2, L, C)}, in C order.
   *
   * @throws IllegalStateException if no array holds as many
   */
  public float[] inputs() {
    return pick(bySample(0, size()));
  }

  /**
   * A copy of one sample's input, {@code (L, C)} or for a pair {@code (2, L, C)}, in C order.
   *
   * @throws IndexOutOfBoundsException if there is no such sample
   */
  public float[] input(int sample) {
    if (sample < 0 || sample >= size()) {
      throw new IndexOutOfBoundsException(
          "sample: expected 0 to " + (size() - 1) + ", got " + sample);
    }
    return pick(bySample(sample, sample + 1));
  }

  /** A copy of all labels, {@code (N)}. */
  public int[] labels() {
    return pick(labels, rows);
  }

  /**
   * The steps of each sequence without its padding, {@code (N)} or for pairs {@code (N, 2)}; empty
   * if all have length L.
   */
  public Optional<int[]> lengths() {
    return lengths.length == 0 ? Optional.empty() : Optional.of(pick(lengths, bySample(0, size())));
  }

  /**
   * The first n samples.
   *
   * @throws IllegalArgumentException if n is not from 1 to N
   */
  public SequenceData take(int n) {
    if (n < 1 || n > size()) {
      throw new IllegalArgumentException("n: expected 1 to " + size() + ", got " + n);
    }
    return withRows(Arrays.copyOf(rows, n));
  }

  /** The samples in a random order that depends on the seed only, on every machine. */
  public SequenceData shuffled(long seed) {
    int[] order = rows.clone();
    // The models here were trained in these orders. The first draw hardly differs between seeds 0,
    // 1
    // and 2: one place of all.
    Random random = new Random(seed);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int row = order[i];
      order[i] = order[j];
      order[j] = row;
    }
    return withRows(order);
  }

  /**
   * Cuts the samples, in their order, into batches; the last one may be smaller. A batch holds the
   * data {@code (B, L, C)} float32, then the lengths {@code (B)} int64 if there are any, and the
   * labels {@code (B)} int64, on the manager's device. Data and lengths of B pairs are those of 2B
   * sequences, the first documents of all pairs and then the second ones. The arrays belong to a
   * manager of the batch's own: close each batch when done with it, or they stay until the manager
   * is closed.
   *
   * @param manager the parent of the batches' managers
   * @param batchSize the number of samples in a batch, at least 1
   * @return the batches, which each iteration makes anew
   * @throws IllegalArgumentException if {@code batchSize} is not positive
   */
  public Iterable<Batch> batches(NDManager manager, int batchSize) {
    requireNonNull(manager, "manager");
    requirePositive("batchSize", batchSize);
    int count = (size() - 1) / batchSize + 1;
    return () -> IntStream.range(0, count).mapToObj(k -> batch(manager, k, batchSize)).iterator();
  }

  /** Batches of {@value #BATCH}, as {@link #batches} makes them. */
  @Override
  public Iterable<Batch> getData(NDManager manager) {
    return batches(manager, BATCH);
  }

  @Override
  public void prepare(Progress progress) {
    // Everything is in memory already, or has been read once.
  }

  /**
   * A dataset of other batches in this order.
   *
   * @param batchSize the number of samples in a batch, at least 1
   * @throws IllegalArgumentException if {@code batchSize} is not positive
   */
  public Dataset asDataset(int batchSize) {
    requirePositive("batchSize", batchSize);
    return new Passes(batchSize, () -> this);
  }

  /**
   * A dataset that gives the samples in a new order at every pass. The order of the first, second,
   * … call of {@code getData} on it depends on the seed and the number of the call only, so that
   * two runs with the same seed see the same batches, whatever else draws random numbers. The first
   * order is that of {@link #shuffled} with this seed.
   *
   * @param batchSize the number of samples in a batch, at least 1
   * @throws IllegalArgumentException if {@code batchSize} is not positive
   */
  public Dataset asDataset(int batchSize, long seed) {
    requirePositive("batchSize", batchSize);
    AtomicLong passes = new AtomicLong();
    return new Passes(batchSize, () -> shuffled(seed + passes.getAndIncrement() * PASS_STEP));
  }

  /** The name and the sizes. */
  @Override
  public String toString() {
    String samples = documents == 1 ? "sequences" : "pairs of sequences";
    return String.format(
        Locale.ROOT,
        "%s: %d %s of (%d, %d), %d classes",
        name,
        size(),
        samples,
        length,
        channels,
        classes);
  }

  private Batch batch(NDManager parent, int number, int batchSize) {
    int from = number * batchSize;
    int to = from + Math.min(batchSize, size() - from);
    NDManager manager = parent.newSubManager();
    int[] sequences = byDocument(from, to);
    Shape shape = new Shape(sequences.length, length, channels);
    NDList data = new NDList(manager.create(pick(sequences), shape));
    if (lengths.length != 0) {
      data.add(manager.create(toLong(pick(lengths, sequences))));
    }
    int[] batch = Arrays.copyOfRange(rows, from, to);
    NDList target = new NDList(manager.create(toLong(pick(labels, batch))));
    return new Batch(
        manager, data, target, to - from, Batchifier.STACK, Batchifier.STACK, to, size());
  }

  private SequenceData withRows(int[] newRows) {
    return new SequenceData(
        name, checksum, documents, length, channels, classes, inputs, labels, lengths, newRows);
  }

  /** The sequences of some samples, one sample after the other. */
  private int[] bySample(int from, int to) {
    return Arrays.stream(rows, from, to)
        .flatMap(row -> IntStream.range(0, documents).map(which -> row * documents + which))
        .toArray();
  }

  /** The sequences of some samples, the first document of each before any second one. */
  private int[] byDocument(int from, int to) {
    return IntStream.range(0, documents)
        .flatMap(which -> Arrays.stream(rows, from, to).map(row -> row * documents + which))
        .toArray();
  }

  private float[] pick(int[] sequences) {
    int width = length * channels;
    long values = (long) sequences.length * width;
    if (values >= Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "inputs: expected less than 2³¹ values, got " + values + "; take fewer samples");
    }
    float[] result = new float[(int) values];
    for (int i = 0; i < sequences.length; i++) {
      inputs.copy(sequences[i], result, i * width);
    }
    return result;
  }

  private static int[] pick(int[] values, int[] indices) {
    return Arrays.stream(indices).map(i -> values[i]).toArray();
  }

  private static void requirePositive(String argument, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(argument + ": expected at least 1, got " + value);
    }
  }

  private static void requireRange(String argument, int[] values, int least, int most) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < least || values[i] > most) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: expected %d to %d, got %d at %d",
                argument,
                least,
                most,
                values[i],
                i));
      }
    }
  }

  private static long[] toLong(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private record Passes(int batchSize, Supplier<SequenceData> next) implements Dataset {
    @Override
    public Iterable<Batch> getData(NDManager manager) {
      return next.get().batches(manager, batchSize);
    }

    @Override
    public void prepare(Progress progress) {
      // Everything is in memory already, or has been read once.
    }
  }
}
