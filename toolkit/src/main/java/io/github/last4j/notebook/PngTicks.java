package io.github.last4j.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Where the ticks of an axis are, and what they say: few, whatever the axis goes over. */
final class PngTicks {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /** A distance that is asked for counts if it makes no more ticks than this. */
  private static final int MOST = 200;

  /** A label at a place of the axis. */
  record Mark(double value, String label) {}

  private PngTicks() {}

  /**
   * Ticks at multiples of a round number.
   *
   * @param room how many there is room for
   * @param step their distance, or zero for one that there is room for
   */
  static List<Mark> round(double low, double high, double room, double step) {
    boolean asked = step > 0 && (high - low) / step <= MOST;
    double size = asked ? step : roundUp((high - low) / Math.min(MOST, Math.max(1, room)));
    double first = Math.ceil(low / size - 1e-9);
    List<Double> values = new ArrayList<>();
    for (int k = 0; k <= 2 * MOST && (first + k) * size <= high + 1e-9 * size; k++) {
      // Rounding error would show as 0.30000000000000004, and miss the zero.
      double value = Math.abs(first + k) < 0.5 ? 0 : (first + k) * size;
      // One tick only where floating point has no number for the next.
      if (values.isEmpty() || value > values.get(values.size() - 1)) {
        values.add(value);
      }
    }
    boolean told = values.stream().map(TableView::number).distinct().count() == values.size();
    DoubleFunction<String> label = told ? TableView::number : Double::toString;
    return values.stream().map(value -> new Mark(value, label.apply(value))).toList();
  }

  /** The smallest of 1, 2 and 5 times powers of ten that is no less than {@code least}. */
  static double roundUp(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return Math.min(factor * power, Double.MAX_VALUE);
      }
    }
    return Math.min(10 * power, Double.MAX_VALUE);
  }

  /**
   * Ticks of a logarithmic axis at powers of ten, and between them where there are few.
   *
   * @param room how many there is room for
   */
  static List<Mark> decades(double low, double high, double room) {
    int from = (int) Math.floor(Math.log10(low));
    int to = (int) Math.ceil(Math.log10(high));
    int step = Math.max(1, (int) Math.ceil((to - from) / Math.max(1, room)));
    int[] digits = to - from <= 2 ? new int[] {1, 2, 5} : new int[] {1};
    boolean near = from >= -3 && to <= 3;
    List<Mark> decades = new ArrayList<>();
    for (int exponent = from; exponent <= to; exponent += step) {
      for (int digit : digits) {
        decades.add(new Mark(digit * Math.pow(10, exponent), logLabel(exponent, digit, near)));
      }
    }
    return decades;
  }

  /** A digit times a power of ten, written out as 0.02 or as 2·10⁻⁶. */
  private static String logLabel(int exponent, int digit, boolean writtenOut) {
    if (writtenOut) {
      double value = digit * Math.pow(10, exponent);
      return String.format(Locale.ROOT, "%." + Math.max(0, -exponent) + "f", value);
    }
    StringBuilder power = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char c : Integer.toString(Math.abs(exponent)).toCharArray()) {
      power.append(SUPERSCRIPTS.charAt(c - '0'));
    }
    return (digit == 1 ? "" : digit + "·") + "10" + power;
  }
}
