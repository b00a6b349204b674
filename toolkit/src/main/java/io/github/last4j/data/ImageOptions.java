package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

/**
 * How an image becomes a sequence of pixels.
 *
 * @param pooling what happens to the image first
 * @param order in which order its pixels are read
 */
public record ImageOptions(Pooling pooling, Order order) {
  /** Every pixel, row by row: the sMNIST task, with L = 784. */
  public static final ImageOptions SEQUENTIAL = new ImageOptions(Pooling.NONE, Order.RASTER);

  /** Every pixel, in {@link Order#PERMUTED} order: the psMNIST task, with L = 784. */
  public static final ImageOptions PERMUTED = new ImageOptions(Pooling.NONE, Order.PERMUTED);

  /** What happens to an image before it is read. */
  public enum Pooling {
    /** Nothing. */
    NONE,
    /** The mean of each 2×2 block, which makes 14×14 of 28×28; a quarter of the length. */
    MEAN_2X2
  }

  /** The order in which the pixels are read. */
  public enum Order {
    /** Row by row from the top, each from the left. */
    RASTER,
    /**
     * One fixed order for all images: the raster indices 0, …, L−1 sorted by the number whose
     * binary digits, in as many as the next power of two needs, are theirs reversed. Neighbours in
     * the image end up far apart in the sequence.
     */
    PERMUTED
  }

  /**
   * Checks the arguments.
   *
   * @param pooling what happens to the image first
   * @param order in which order its pixels are read
   * @throws NullPointerException if one is null
   */
  public ImageOptions {
    requireNonNull(pooling, "pooling");
    requireNonNull(order, "order");
  }

  /**
   * Returns the same order on an image pooled by {@link Pooling#MEAN_2X2}.
   *
   * @return the options
   */
  public ImageOptions pooled() {
    return new ImageOptions(Pooling.MEAN_2X2, order);
  }

  /** Element k is the raster index of the pixel that comes k-th. */
  int[] readingOrder(int length) {
    int[] result = new int[length];
    if (order == Order.RASTER) {
      for (int i = 0; i < length; i++) {
        result[i] = i;
      }
      return result;
    }
    int bits = 32 - Integer.numberOfLeadingZeros(length - 1);
    int next = 0;
    // Reversing twice gives the index back, so counting up in the reversed index is the sort.
    for (int reversed = 0; next < length; reversed++) {
      int index = bits == 0 ? 0 : Integer.reverse(reversed) >>> (32 - bits);
      if (index < length) {
        result[next++] = index;
      }
    }
    return result;
  }
}
