package io.github.last4j.lab;

import java.util.OptionalDouble;

/**
 * That an answer is right, and how right.
 *
 * @param share of the points, above 0 and at most 1
 * @param text what there is to say about it
 * @param score what a leaderboard ranks, where there is one
 */
record Verdict(double share, String text, OptionalDouble score) {
  static Verdict right(String text, Object... arguments) {
    return partly(1, text, arguments);
  }

  static Verdict partly(double share, String text, Object... arguments) {
    return new Verdict(
        share, arguments.length == 0 ? text : Text.of(text, arguments), OptionalDouble.empty());
  }

  Verdict withScore(double value) {
    return new Verdict(share, text, OptionalDouble.of(value));
  }
}
