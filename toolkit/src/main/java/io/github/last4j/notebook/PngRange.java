package io.github.last4j.notebook;

import java.util.Locale;

/**
 * From where to where an axis or a colour scale goes: two different finite numbers with a finite
 * distance, whatever the data are.
 */
record PngRange(double low, double high) {
  /** Below this many steps between floating-point numbers places would be rounded to one. */
  private static final double LEAST_STEPS = 16;

  /** Narrower ranges have no ticks that floating point could hold. */
  private static final double NARROWEST = 1e-300;

  /** Between logarithms of ends that are nearer than this nothing but rounding is left. */
  private static final double LEAST_FACTOR = 1 + 1e-9;

  /**
   * A range around some numbers, wider than asked for where floating point needs it.
   *
   * @param margin what to add at either end, unless that is beyond floating point
   * @throws IllegalArgumentException if the numbers' distance is beyond floating point
   */
  static PngRange linear(double low, double high, double margin) {
    if (!Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "axis: expected numbers at a finite distance, got %s and %s",
              low,
              high));
    }
    boolean fits = Double.isFinite((high + margin) - (low - margin));
    double from = fits ? low - margin : low;
    double to = fits ? high + margin : high;
    double least = Math.max(NARROWEST, LEAST_STEPS * Math.max(Math.ulp(from), Math.ulp(to)));
    double missing = Math.max(0, (least - (to - from)) / 2);
    return new PngRange(from - missing, to + missing);
  }

  /** The same for numbers on a logarithmic axis, with a factor for a margin. */
  static PngRange logarithmic(double low, double high, double margin) {
    double from = positive(low);
    double to = positive(high);
    double factor = to / from < LEAST_FACTOR ? Math.max(margin, 3) : margin;
    return new PngRange(positive(from / factor), positive(to * factor));
  }

  private static double positive(double value) {
    return Math.min(Math.max(value, Double.MIN_VALUE), Double.MAX_VALUE);
  }

  double length() {
    return high - low;
  }
}
