package io.github.last4j.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The recurrence of an S4D layer: x = λ̄x + u in every state and y = 2Re(Σ C·B̄/B·x) + D∘u in every
 * channel.
 *
 * <p>Channels are sorted by how many states they have. Rank i then consists of the i-th states of
 * the first channels, as many as have that many, and a step takes one vector after another: the
 * time is that of the states that are there.
 */
final class S4dStep implements StepSystem {
  // Which channel is at a place.
  private final int[] order;
  // One for each number of states up to the most.
  private final Rank[] ranks;
  private final float[] direct;

  private S4dStep(int[] order, Rank[] ranks, float[] direct) {
    this.order = order;
    this.ranks = ranks;
    this.direct = direct;
  }

  /** The i-th states of the first channels, or all states. */
  static final class Rank {
    private final float[] re;
    private final float[] im;
    private final float[] outRe;
    private final float[] outIm;

    /**
     * Some states; all arrays have one length.
     *
     * @param re Re λ̄
     * @param im Im λ̄
     * @param outRe the real part of what the state counts for in the output
     * @param outIm the imaginary part, negated
     */
    Rank(float[] re, float[] im, float[] outRe, float[] outIm) {
      this.re = re;
      this.im = im;
      this.outRe = outRe;
      this.outIm = outIm;
    }

    private Rank pick(int[] states) {
      return new Rank(pick(re, states), pick(im, states), pick(outRe, states), pick(outIm, states));
    }

    private static float[] pick(float[] numbers, int[] places) {
      float[] picked = new float[places.length];
      for (int i = 0; i < places.length; i++) {
        picked[i] = numbers[places[i]];
      }
      return picked;
    }
  }

  /**
   * The recurrence of states that are stored one channel after another.
   *
   * @param counts how many each channel has
   * @param states the numbers of all of them
   * @param direct D, shape (h)
   */
  static S4dStep of(List<Integer> counts, Rank states, float[] direct) {
    int[] order =
        IntStream.range(0, counts.size())
            .boxed()
            .sorted(Comparator.comparing((Integer channel) -> -counts.get(channel)))
            .mapToInt(channel -> channel)
            .toArray();
    int[] first = new int[order.length];
    for (int channel = 1; channel < first.length; channel++) {
      first[channel] = first[channel - 1] + counts.get(channel - 1);
    }
    Rank[] ranks =
        IntStream.range(0, counts.get(order[0]))
            .mapToObj(
                rank ->
                    states.pick(
                        IntStream.of(order)
                            .takeWhile(channel -> counts.get(channel) > rank)
                            .map(channel -> first[channel] + rank)
                            .toArray()))
            .toArray(Rank[]::new);
    return new S4dStep(order, ranks, direct);
  }

  @Override
  public Memory atRest(int sequences) {
    return new States(sequences);
  }

  @Override
  public long multiplications() {
    long sum = direct.length;
    for (Rank rank : ranks) {
      sum += 6L * rank.re.length;
    }
    return sum;
  }

  private final class States implements Memory {
    private final float[][][] re;
    private final float[][][] im;
    private final float[][] seen;
    private final float[][] sums;
    private final float[] next = new float[direct.length];

    States(int sequences) {
      re = new float[sequences][ranks.length][];
      im = new float[sequences][ranks.length][];
      for (int k = 0; k < sequences; k++) {
        for (int r = 0; r < ranks.length; r++) {
          re[k][r] = new float[ranks[r].re.length];
          im[k][r] = new float[ranks[r].re.length];
        }
      }
      seen = new float[sequences][direct.length];
      sums = new float[sequences][direct.length];
    }

    @Override
    public void step(float[][] u, float[][] y) {
      for (int k = 0; k < u.length; k++) {
        sort(u[k], seen[k], sums[k]);
      }
      for (int r = 0; r < ranks.length; r++) {
        for (int k = 0; k < u.length; k++) {
          turn(ranks[r], seen[k], re[k][r], im[k][r], sums[k]);
        }
      }
      for (int k = 0; k < u.length; k++) {
        unsort(sums[k], y[k]);
      }
    }

    private void turn(Rank rank, float[] u, float[] x, float[] z, float[] sum) {
      int size = x.length;
      newReal(rank.re, x, rank.im, z, u, next, size);
      newImaginary(rank.re, rank.im, x, z, size);
      System.arraycopy(next, 0, x, 0, size);
      put(rank.outRe, x, rank.outIm, z, sum, size);
    }

    // One array is written in each loop: the compiler makes no vector instructions of two.
    private static void newReal(
        float[] re, float[] x, float[] im, float[] z, float[] u, float[] next, int size) {
      for (int i = 0; i < size; i++) {
        next[i] = re[i] * x[i] - im[i] * z[i] + u[i];
      }
    }

    private static void newImaginary(float[] re, float[] im, float[] x, float[] z, int size) {
      for (int i = 0; i < size; i++) {
        z[i] = re[i] * z[i] + im[i] * x[i];
      }
    }

    private static void put(float[] re, float[] x, float[] im, float[] z, float[] sum, int size) {
      for (int i = 0; i < size; i++) {
        sum[i] += re[i] * x[i] + im[i] * z[i];
      }
    }
  }

  /** The inputs in order, and what they are in the output. */
  private void sort(float[] u, float[] seen, float[] sums) {
    for (int i = 0; i < order.length; i++) {
      float each = u[order[i]];
      seen[i] = each;
      sums[i] = direct[order[i]] * each;
    }
  }

  private void unsort(float[] sums, float[] y) {
    for (int i = 0; i < order.length; i++) {
      y[order[i]] = sums[i];
    }
  }
}
