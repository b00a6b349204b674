package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pairs of halves of reviews, and whether both are of one review: a task of the kind of Retrieval,
 * from the files of {@link Reviews}.
 *
 * <p>Each review gives its first half twice: with its own second half, class 1, and with that of
 * the next review of the same opinion in the split, class 0. So every half is as often in a pair of
 * one class as of the other, and no half alone tells anything.
 */
public final class ReviewHalves {
  private ReviewHalves() {}

  /** Two texts, one after the other, and their class. */
  private record Pair(List<byte[]> halves, int label) {}

  /**
   * Reads the pairs of a split.
   *
   * @param from as for {@link Reviews#load}
   * @param length L, the greatest number of bytes of a half; of longer ones the first are read
   * @return tokens {@code (N, 2, L, 1)} of {@link ByteTokens#PRINTABLE} with lengths {@code (N, 2)}
   * @throws IOException as {@link Reviews#load}, or if a class has no two reviews in the split
   */
  public static SequenceData load(Path from, Split split, int length) throws IOException {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least 1, got " + length);
    }
    List<Pair> pairs = new ArrayList<>();
    for (Reviews.OfClass each : Reviews.read(from, split)) {
      pairs.addAll(pairs(each.texts(), from));
    }
    return Samples.read(
        HeldOut.name("review-halves-" + length, split),
        new Samples.Sizes(2, length, 1, 2),
        pairs.size(),
        i -> {
          float[] tokens = new float[2 * length];
          int[] lengths = new int[2];
          for (int half = 0; half < 2; half++) {
            byte[] text = pairs.get(i).halves().get(half);
            lengths[half] = ByteTokens.PRINTABLE.write(text, tokens, half * length, length);
          }
          return new Samples.Sample(tokens, pairs.get(i).label(), lengths);
        });
  }

  private static List<Pair> pairs(List<byte[]> texts, Path from) throws IOException {
    if (texts.size() < 2) {
      throw BadFile.of(from, "two reviews of each opinion in a split", texts.size());
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      byte[] next = texts.get((i + 1) % texts.size());
      byte[] first = Arrays.copyOf(text, middle(text, from));
      pairs.add(new Pair(List.of(first, secondHalf(text, from)), 1));
      pairs.add(new Pair(List.of(first, secondHalf(next, from)), 0));
    }
    return pairs;
  }

  private static byte[] secondHalf(byte[] text, Path from) throws IOException {
    return Arrays.copyOfRange(text, middle(text, from), text.length);
  }

  /** Behind the first space in the second half, or just its middle. */
  private static int middle(byte[] text, Path from) throws IOException {
    if (text.length < 2) {
      throw BadFile.of(from, "reviews of at least two bytes", text.length);
    }
    for (int i = text.length / 2; i < text.length - 1; i++) {
      if (text[i] == ' ' || text[i] == '\n') {
        return i + 1;
      }
    }
    return text.length / 2;
  }
}
