package io.github.last4j.lab;

import java.util.Locale;

/** Words with numbers in them, in the digits of no country. */
final class Text {
  private Text() {}

  static String of(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** A number with as many decimals as it has, such as points. */
  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : of("%.2f", value);
  }
}
