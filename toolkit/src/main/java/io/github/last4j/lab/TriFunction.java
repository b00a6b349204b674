package io.github.last4j.lab;

/**
 * A function of three arguments, as an answer to an exercise.
 *
 * @param <A> the first argument
 * @param <B> the second
 * @param <C> the third
 */
@FunctionalInterface
public interface TriFunction<A, B, C> {
  /** The value at three arguments. */
  Object apply(A first, B second, C third);
}
