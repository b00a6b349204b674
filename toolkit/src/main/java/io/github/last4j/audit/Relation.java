package io.github.last4j.audit;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a claim says about the ratio of its left side to its right side. */
enum Relation {
  /** Both sides are equal; the ratio is then the larger side over the smaller. */
  EQUAL,
  /** Left ≤ right. */
  AT_MOST,
  /** Left &lt; right. */
  BELOW;

  // What rounding, and the width of certified norms, may add to a ratio of one.
  private static final double TOLERANCE = 1e-5;

  // What lies above is cancellation down to rounding.
  private static final double LARGEST = 1e9;

  boolean violatedBy(double ratio) {
    return this == BELOW ? ratio >= 1 : ratio > 1 + TOLERANCE;
  }

  /**
   * The relation's ratio of two non-negative numbers: one or less for nothing over nothing, and
   * infinite above a thousand million.
   */
  double ratio(double left, double right) {
    if (left == 0 && right == 0) {
      return this == EQUAL ? 1 : 0;
    }
    double quotient = this == EQUAL ? Math.max(left / right, right / left) : left / right;
    return quotient > LARGEST ? Double.POSITIVE_INFINITY : quotient;
  }

  /** The same of two measures. */
  <T> ToDoubleFunction<T> ratio(ToDoubleFunction<T> left, ToDoubleFunction<T> right) {
    return point -> ratio(left.applyAsDouble(point), right.applyAsDouble(point));
  }

  /** The worst of the same over the first layer's states. */
  ToDoubleFunction<Sample> ofStates(OfState left, OfState right) {
    return s ->
        IntStream.range(0, s.layer().states())
            .mapToDouble(i -> ratio(left.of(s.layer(), i), right.of(s.layer(), i)))
            .max()
            .orElseThrow();
  }

  /** A number of one state. */
  interface OfState {
    double of(Layer layer, int state);
  }
}
