package io.github.last4j.lab;

import java.util.Arrays;
import java.util.function.Function;

/** What a student hands in: a value, or a function that a check may call. */
final class Answer {
  private static final String NOT_YET = "no answer yet: ";

  private final Function<Object[], Object> body;
  private final int arity;

  private Answer(int arity, Function<Object[], Object> body) {
    this.arity = arity;
    this.body = body;
  }

  static Answer value(Object value) {
    return new Answer(0, arguments -> value);
  }

  static Answer function(int arity, Function<Object[], Object> body) {
    return new Answer(arity, body);
  }

  /**
   * Whatever the answer gives.
   *
   * @throws Wrong if it gives nothing
   * @throws Failed if its code throws
   */
  Object any(Object... arguments) {
    Wrong.when(
        arity > 0 && arguments.length == 0, "this exercise wants a value, and got a function");
    Wrong.when(
        arity == 0 && arguments.length > 0, "this exercise wants a function, and got a value");
    Wrong.when(
        arity != arguments.length,
        "this exercise wants a function of %d arguments, and got one of %d",
        arguments.length,
        arity);
    Object given = call(arguments);
    Wrong.when(
        given == null, NOT_YET + (arity == 0 ? "the value" : "the function gives") + " null");
    return given;
  }

  @SuppressWarnings("PMD.AvoidCatchingThrowable") // a student's code may throw all there is
  private Object call(Object[] arguments) {
    try {
      return body.apply(arguments);
    } catch (Throwable thrown) {
      throw new Failed(thrown);
    }
  }

  /** Whether it is a value and no function. */
  boolean isValue() {
    return arity == 0;
  }

  /** A value of a type. */
  <T> T as(Class<T> type, Object... arguments) {
    Object given = any(arguments);
    Wrong.unless(
        type.isInstance(given),
        "expected %s, got %s",
        type.getSimpleName(),
        given.getClass().getSimpleName());
    return type.cast(given);
  }

  /** A finite number. */
  double number(Object... arguments) {
    double given = as(Number.class, arguments).doubleValue();
    Wrong.when(arity == 0 && Double.isNaN(given), NOT_YET + "the value is not a number (NaN)");
    Wrong.when(Double.isNaN(given), "a result is not a number (NaN)%s", at(arguments));
    Wrong.when(Double.isInfinite(given), "a result is infinite%s", at(arguments));
    return given;
  }

  /** So many finite numbers; -1 for any count. */
  double[] numbers(int count, Object... arguments) {
    double[] given = doubles(any(arguments));
    Wrong.unless(
        count < 0 || given.length == count, "expected %d numbers, got %d", count, given.length);
    for (double each : given) {
      Wrong.when(Double.isNaN(each), "a result is not a number (NaN)%s", at(arguments));
      Wrong.when(Double.isInfinite(each), "a result is infinite%s", at(arguments));
    }
    return given.clone();
  }

  private static double[] doubles(Object given) {
    if (given instanceof double[] numbers) {
      return numbers;
    }
    if (given instanceof float[] numbers) {
      double[] wide = new double[numbers.length];
      Arrays.setAll(wide, i -> numbers[i]);
      return wide;
    }
    if (given instanceof int[] numbers) {
      return Arrays.stream(numbers).asDoubleStream().toArray();
    }
    throw new Wrong("expected double[], got " + given.getClass().getSimpleName());
  }

  /** Rows of finite numbers, each of a length. */
  double[][] rows(int length, Object... arguments) {
    double[][] given = as(double[][].class, arguments);
    for (double[] row : given) {
      Wrong.when(
          row == null || row.length != length,
          "each row wants %d numbers, and one has %s",
          length,
          row == null ? "none" : row.length);
      for (double each : row) {
        Wrong.unless(Double.isFinite(each), "a number is not finite: %s", Arrays.toString(row));
      }
    }
    return given;
  }

  private static String at(Object... arguments) {
    boolean simple =
        arguments.length > 0 && Arrays.stream(arguments).allMatch(each -> each instanceof Number);
    return simple ? " at " + Arrays.toString(arguments) : "";
  }
}
