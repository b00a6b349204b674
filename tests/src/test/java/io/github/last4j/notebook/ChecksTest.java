package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void whatIsWithinTheBoundIsSaid(double error) {
    assertEquals("x: error below 1e+00", Checks.holds("x", error, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNotStopsTheNotebook(double error) {
    AssertionError stopped = assertThrows(AssertionError.class, () -> Checks.holds("x", error, 1));
    assertTrue(stopped.getMessage().startsWith("x: "), stopped.getMessage());
  }

  @Test
  void yesOrNo() {
    assertEquals("x: true", Checks.holds("x", true));
    assertThrows(AssertionError.class, () -> Checks.holds("x", false));
  }
}
