package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a claim speaks about, as numbers that a search can change.
 *
 * @param <T> what is measured there
 */
interface Domain<T> {
  /** How many numbers. */
  int dimension();

  /** Maps unconstrained numbers to numbers of the domain. */
  double[] natural(double[] free);

  /** Whether rounded numbers are still of the domain. */
  boolean contains(double[] natural);

  /** The same made simpler where the domain knows how: a guess, which may be no counterexample. */
  default double[] simpler(double[] natural) {
    return natural;
  }

  /** The numbers with their names, for readers. */
  String show(double[] natural);

  /** A ratio at a point; what is made on the way is freed. */
  double measure(ToDoubleFunction<T> ratio, double[] natural, NDManager manager);

  /** The ratio on given layers and inputs, where it can be measured on them as it is. */
  Optional<ToDoubleFunction<Sample>> onLayers(ToDoubleFunction<T> ratio);

  /** Whether there are several layers. */
  default boolean stacked() {
    return false;
  }

  /** Whether layers run both ways. */
  default boolean bidirectional() {
    return false;
  }

  /** Maps all numbers to those from 0 to 1. */
  static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Four digits, without zeros at the end. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") ? text : text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
