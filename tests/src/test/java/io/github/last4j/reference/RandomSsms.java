package io.github.last4j.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded layers that go where the numbers are difficult. */
public final class RandomSsms {
  private final SplittableRandom random;

  public RandomSsms(long seed) {
    random = new SplittableRandom(seed);
  }

  public int integer(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  public double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  public double logUniform(double low, double high) {
    return Math.exp(uniform(Math.log(low), Math.log(high)));
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A standard normal number. */
  public double normal() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  public Cplx[][] matrix(int rows, int columns, double scale) {
    Cplx[][] out = new Cplx[rows][columns];
    for (Cplx[] row : out) {
      for (int i = 0; i < columns; i++) {
        row[i] = new Cplx(scale * normal(), scale * normal());
      }
    }
    return out;
  }

  /**
   * A stable layer: steps from 1e-6 to 1, poles whose decay in one step goes from 1e-9 to 4 and
   * whose angle in one step goes to 5 in either direction, real ones among them.
   */
  public ReferenceSsm layer(int n, int channels, boolean bidirectional) {
    Cplx[] lambda = new Cplx[n];
    double[] step = new double[n];
    for (int i = 0; i < n; i++) {
      step[i] = logUniform(1e-6, 1);
      double decay = chance(0.5) ? logUniform(1e-9, 1e-2) : logUniform(1e-3, 4);
      double angle = chance(0.1) ? 0 : chance(0.3) ? logUniform(1e-9, 1e-3) : uniform(-5, 5);
      lambda[i] = new Cplx(-decay / step[i], angle / step[i]);
    }
    return new ReferenceSsm(
        lambda,
        matrix(n, channels, 1 / Math.sqrt(channels)),
        matrix(channels, n, 1 / Math.sqrt(n)),
        bidirectional ? matrix(channels, n, 1 / Math.sqrt(n)) : null,
        null,
        step);
  }

  /** As {@link #layer}, with duplicated states, zero rows of B and zero columns of C. */
  public ReferenceSsm degenerateLayer(int n, int channels, boolean bidirectional) {
    int[] order = IntStream.range(0, n).map(i -> chance(0.3) ? integer(0, n - 1) : i).toArray();
    ReferenceSsm layer = layer(n, channels, bidirectional).select(order);
    for (int i = 0; i < n; i++) {
      if (chance(0.1)) {
        layer.b[i] = zeros(channels);
      }
      if (chance(0.1)) {
        clearColumn(layer.c, i);
        if (bidirectional) {
          clearColumn(layer.backwardC, i);
        }
      }
    }
    return layer;
  }

  private static Cplx[] zeros(int length) {
    return IntStream.range(0, length).mapToObj(i -> Cplx.ZERO).toArray(Cplx[]::new);
  }

  private static void clearColumn(Cplx[][] matrix, int column) {
    for (Cplx[] row : matrix) {
      row[column] = Cplx.ZERO;
    }
  }

  /** From one to eight layers of different sizes, the last of them all zero now and then. */
  public List<ReferenceSsm> model(int largest) {
    int count = integer(1, 8);
    boolean bidirectional = chance(0.5);
    int channels = integer(1, 6);
    List<ReferenceSsm> layers = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      int n = chance(0.2) ? 1 : (int) Math.round(logUniform(1, largest));
      layers.add(
          chance(0.5)
              ? degenerateLayer(n, channels, bidirectional)
              : layer(n, channels, bidirectional));
    }
    if (chance(0.2)) {
      layers.set(count - 1, layers.get(count - 1).scaleC(0));
    }
    if (count > 1 && chance(0.3)) {
      layers.set(0, layers.get(count - 1));
    }
    return layers;
  }

  public int[] permutation(int n) {
    int[] order = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = integer(0, i);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }
}
