package io.github.last4j.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** Comparison by relative error. */
public final class Relative {
  private Relative() {}

  /** Asserts equal lengths and, element by element, a relative error below the tolerance. */
  public static void assertClose(
      double[] expected, double[] actual, double tolerance, String what) {
    assertEquals(expected.length, actual.length, what + ": length");
    for (int i = 0; i < expected.length; i++) {
      assertClose(expected[i], actual[i], tolerance, what + "[" + i + "]");
    }
  }

  /** Asserts a relative error below the tolerance; below 1e-300 doubles have lost digits. */
  public static void assertClose(double expected, double actual, double tolerance, String what) {
    double error = Math.abs(expected - actual);
    if (!(error <= tolerance * Math.abs(expected) || error <= 1e-300)) {
      fail(
          String.format(
              "%s: expected %s, got %s, relative error %.3g",
              what, expected, actual, error / Math.abs(expected)));
    }
  }

  /** Asserts that two complex numbers differ by less than the tolerance times the first. */
  public static void assertClose(Cplx expected, Cplx actual, double tolerance, String what) {
    if (!(expected.minus(actual).abs() <= tolerance * expected.abs())) {
      fail(what + ": expected " + expected + ", got " + actual);
    }
  }
}
