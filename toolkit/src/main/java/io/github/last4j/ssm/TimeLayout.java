package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The order in which the time steps of a sequence lie in memory, chosen so that a scan is a few
 * batched matrix products on contiguous memory.
 *
 * <p>Step l = t + T·k is step t of chunk k; the chunk ends form a sequence that is cut up likewise.
 * In scan order t varies slowest, then the digits of k, and the batch fastest, so that the steps of
 * a chunk are rows of one matrix. Everything else in a model acts on each step alone and does not
 * see the order; only the model's input is ever rearranged. A length without suitable factors stays
 * in order of time, and its scans pad it with zeros and rearrange it themselves.
 *
 * @param length the number L of time steps
 * @param radices the chunk length at each level; their product is L, or the padded length
 */
public record TimeLayout(int length, List<Integer> radices) {
  private static final int LARGEST_RADIX = 64;
  // A level costs about as much as this many columns of a Toeplitz matrix.
  private static final double LEVEL_COST = 150;

  /**
   * The layout of least cost for a length.
   *
   * @throws IllegalArgumentException if the length is not positive
   */
  public static TimeLayout of(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least one time step, got " + length);
    }
    // Padding by up to an eighth beats a prime factor; every length of at least 8 has a 7-smooth
    // one
    // in reach, and shorter ones are one chunk.
    for (int padded = length; ; padded++) {
      Plan plan = plan(padded);
      if (plan != null) {
        return new TimeLayout(length, Collections.unmodifiableList(plan.radices));
      }
    }
  }

  /**
   * The layout that leaves the steps in order of time, as one chunk.
   *
   * @throws IllegalArgumentException if the length is not positive
   */
  public static TimeLayout inOrder(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least one time step, got " + length);
    }
    return new TimeLayout(length, List.of(length));
  }

  private record Plan(List<Integer> radices, double cost) {}

  /** The factorisation of least cost into radices of at most 64, or null if there is none. */
  private static Plan plan(int length) {
    Plan best = length <= LARGEST_RADIX ? new Plan(List.of(length), length) : null;
    for (int radix = 2; radix <= LARGEST_RADIX && radix < length; radix++) {
      if (length % radix == 0) {
        Plan rest = plan(length / radix);
        if (rest != null) {
          double cost = radix + (rest.cost + LEVEL_COST) / radix;
          if (best == null || cost < best.cost) {
            List<Integer> radices = new ArrayList<>(List.of(radix));
            radices.addAll(rest.radices);
            best = new Plan(radices, cost);
          }
        }
      }
    }
    return best;
  }

  /** The length that scans work on: the product of the radices. */
  public int paddedLength() {
    return radices.stream().reduce(1, (a, b) -> a * b);
  }

  /** Whether the scan order is a mere permutation of the steps, without padding. */
  public boolean exact() {
    return paddedLength() == length;
  }

  /**
   * Rearranges sequences for a model.
   *
   * @param x shape (batch, L, features)
   * @return shape (L, batch, features), the steps in scan order, or in order of time if not exact
   */
  public NDArray arrange(NDArray x) {
    long batch = x.getShape().get(0);
    long features = x.getShape().get(2);
    if (!exact()) {
      return x.transpose(1, 0, 2);
    }
    int levels = radices.size();
    long[] split = new long[levels + 2];
    int[] order = new int[levels + 2];
    split[0] = batch;
    split[levels + 1] = features;
    for (int level = 0; level < levels; level++) {
      // The most significant digit, that of the last level, comes first in order of time.
      split[levels - level] = radices.get(level);
      order[level] = levels - level;
    }
    order[levels + 1] = levels + 1;
    return x.reshape(split).transpose(order).reshape(length, batch, features);
  }

  /**
   * Undoes {@link #arrange}.
   *
   * @param x shape (L, batch, features)
   * @return shape (batch, L, features) in order of time
   */
  public NDArray restore(NDArray x) {
    long batch = x.getShape().get(1);
    long features = x.getShape().get(2);
    if (!exact()) {
      return x.transpose(1, 0, 2);
    }
    int levels = radices.size();
    long[] split = new long[levels + 2];
    int[] order = new int[levels + 2];
    split[levels] = batch;
    split[levels + 1] = features;
    order[0] = levels;
    for (int level = 0; level < levels; level++) {
      split[level] = radices.get(level);
      order[levels - level] = level;
    }
    order[levels + 1] = levels + 1;
    return x.reshape(split).transpose(order).reshape(batch, length, features);
  }

  /** The same order without need of padding. */
  private TimeLayout padded() {
    return new TimeLayout(paddedLength(), radices);
  }

  /** Rearranges rows (rows, L·batch) as {@link #arrange} left them into padded scan order. */
  NDArray pack(NDArray rows, long batch) {
    if (exact()) {
      return rows;
    }
    long count = rows.getShape().get(0);
    NDArray steps = rows.reshape(count, length, batch);
    NDArray zeros =
        rows.getManager()
            .zeros(new Shape(count, paddedLength() - length, batch), rows.getDataType());
    // With the rows as a batch and the sequences as features this is what arrange does.
    NDArray packed = padded().arrange(steps.concat(zeros, 1));
    return packed.transpose(1, 0, 2).reshape(count, -1);
  }

  /** Undoes {@link #pack}. */
  NDArray unpack(NDArray rows, long batch) {
    if (exact()) {
      return rows;
    }
    long count = rows.getShape().get(0);
    NDArray steps = padded().restore(rows.reshape(count, paddedLength(), batch).transpose(1, 0, 2));
    return steps.get(":, :{}, :", length).reshape(count, length * batch);
  }
}
