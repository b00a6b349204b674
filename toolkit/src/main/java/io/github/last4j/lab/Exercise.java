package io.github.last4j.lab;

import java.util.List;
import java.util.function.Function;

/**
 * An exercise: what is asked and how an answer is judged.
 *
 * @param id its number, such as "1.2"
 * @param points for a right answer
 * @param asks what is asked, in a few words
 * @param entry the name of the method or variable that the student writes
 * @param without what that code must not call, because it would be the answer
 * @param seconds an answer may take
 * @param numbers of a student's variant, which the question states; empty where all have the same
 * @param judge of answers
 */
record Exercise(
    String id,
    double points,
    String asks,
    String entry,
    List<String> without,
    int seconds,
    Function<Draw, double[]> numbers,
    Judge judge) {

  /** Judges an answer by its properties. */
  @FunctionalInterface
  interface Judge {
    /**
     * Tells a right answer.
     *
     * @param answer what is judged
     * @param draw the numbers of the student's variant
     * @throws Wrong if the answer is not right, with a hint
     * @throws Exception if the check itself can't be made
     */
    Verdict of(Answer answer, Draw draw) throws Exception;
  }

  static Exercise of(String id, double points, String asks, String entry, Judge judge) {
    return new Exercise(id, points, asks, entry, List.of(), 20, draw -> new double[0], judge);
  }

  /** The same where the answer may not call something. */
  Exercise without(String... names) {
    return new Exercise(id, points, asks, entry, List.of(names), seconds, numbers, judge);
  }

  /** The same with another time limit. */
  Exercise within(int longest) {
    return new Exercise(id, points, asks, entry, without, longest, numbers, judge);
  }

  /** The same with numbers of every student's own. */
  Exercise with(Function<Draw, double[]> drawn) {
    return new Exercise(id, points, asks, entry, without, seconds, drawn, judge);
  }
}
