package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders that Hankel singular values allow at a level. */
class HankelOrdersTest {
  private static final double[] VALUES = {8, 4, 2, 1};

  // Twice the tails are 30, 14, 6, 2 and 0.
  @ParameterizedTest
  @CsvSource({"0, 4, 4", "1, 3, 4", "2, 2, 3", "5.9, 1, 3", "6, 1, 2", "14, 0, 1", "30, 0, 0"})
  void ordersAtALevel(double level, int least, int sure) {
    assertEquals(least, HankelSingularValues.leastOrder(VALUES, level));
    assertEquals(sure, HankelSingularValues.sureOrder(VALUES, level));
  }
}
