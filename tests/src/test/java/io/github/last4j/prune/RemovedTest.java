package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemovedTest {
  @Test
  void pairsAreCounted() {
    double[] quantity = {1, 2, 3, 2};
    // 3 > 1, 3 > 2, 2 > 1, and 2 = 2 counts half.
    assertEquals(100 * 3.5 / 4, Removed.hasMore(quantity, StateSet.of(4, 0, 1)));
    assertEquals(100, Removed.hasMore(quantity, StateSet.of(4, 0)));
    assertEquals(0, Removed.hasMore(quantity, StateSet.of(4, 2)));
    assertTrue(Double.isNaN(Removed.hasMore(quantity, StateSet.all(4))));
    assertTrue(Double.isNaN(Removed.hasMore(quantity, StateSet.none(4))));
  }

  /** Ranks of removed states, as Mann and Whitney sum them, say the same. */
  @Test
  void ranksSayTheSame() {
    Random random = new Random(3);
    for (int n = 2; n < 40; n++) {
      double[] quantity = DoubleStream.generate(random::nextGaussian).limit(n).toArray();
      StateSet kept = StateSet.where(n, i -> random.nextBoolean()).with(0).without(1);
      int removed = n - kept.count();
      double[] sorted = DoubleStream.of(quantity).sorted().toArray();
      double ranks =
          IntStream.range(0, n)
              .filter(i -> !kept.has(i))
              .mapToDouble(i -> 1 + Arrays.binarySearch(sorted, quantity[i]))
              .sum();
      double u = ranks - removed * (removed + 1) / 2.0;
      assertEquals(100 * u / (removed * kept.count()), Removed.hasMore(quantity, kept), 1e-9);
    }
  }

  @Test
  void badInputIsNamed() {
    assertNamed("quantity", new double[] {1, Double.NaN}, StateSet.all(2));
    assertNamed("kept", new double[] {1, 2}, StateSet.all(3));
  }

  private static void assertNamed(String name, double[] quantity, StateSet kept) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> Removed.hasMore(quantity, kept));
    assertTrue(refused.getMessage().startsWith(name + ":"), refused.getMessage());
  }
}
