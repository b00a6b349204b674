package io.github.last4j.lab;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Exercise 4.2: LAST of one layer, by what characterises it. The lowest state's score is its share
 * of the layer's energy, and when it has gone nothing changes for the others: once is as good as
 * greedy.
 */
final class LastScore {
  private LastScore() {}

  static Verdict judge(Answer answer, Draw draw) {
    for (int i = 0; i < 20; i++) {
      double[] logs = draw.many(2 + draw.below(9), () -> draw.between(-6, 6));
      double[] found = scores(answer, logs);
      known(logs, found);
      double best = found[highest(logs)];
      Wrong.unless(
          Math.abs(best) < 1e-9,
          "the best state has its own energy over itself: ln 1 = 0, not %s",
          best);
      int low = lowest(logs);
      double share = logs[low] - Math.log(energies(logs).sum());
      Wrong.unless(
          Math.abs(found[low] - share) < 1e-9,
          "the lowest state's score is its share of all: ln of it is %.6g, and yours is %.6g",
          share,
          found[low]);
      double[] rest =
          IntStream.range(0, logs.length).filter(k -> k != low).mapToDouble(k -> logs[k]).toArray();
      double[] without = scores(answer, rest);
      double[] expected =
          IntStream.range(0, logs.length)
              .filter(k -> k != low)
              .mapToDouble(k -> found[k])
              .toArray();
      Wrong.unless(
          gap(without, expected) < 1e-9,
          "when the lowest state has gone, the others' scores must stay (once = greedy), and they"
              + " change by %.2g",
          gap(without, expected));
    }
    scale(answer, draw);
    return Verdict.right(
        "scored once, in state order, it is the greedy order; the scale is nothing");
  }

  private static double[] scores(Answer answer, double... logs) {
    return answer.numbers(logs.length, (Object) logs.clone());
  }

  /** What is often written instead. */
  private static void known(double[] logs, double... found) {
    int n = logs.length;
    double all = energies(logs).sum();
    double[] share = new double[n];
    double[] below = new double[n];
    double[] above = new double[n];
    for (int i = 0; i < n; i++) {
      double own = logs[i];
      share[i] = own - Math.log(all);
      below[i] = own - Math.log(energies(logs).filter(e -> e <= Math.exp(own)).sum());
      above[i] = own - Math.log(energies(logs).filter(e -> e > Math.exp(own)).sum());
    }
    double[] sorted = found.clone();
    Arrays.sort(sorted);
    boolean descending = IntStream.range(1, n).allMatch(i -> found[i] <= found[i - 1]);
    Wrong.when(
        n > 2 && gap(found, share) < 1e-9,
        "each is divided by the energy of all states: Eq. 9 sums the state itself and those above");
    Wrong.when(
        n > 2 && gap(found, below) < 1e-9,
        "the sum is over the lower states: in Eq. 9 states are sorted from the highest, and j ≤ i"
            + " are those above");
    Wrong.when(
        found[highest(logs)] > 20 || gap(found, above) < 1e-9,
        "the state itself belongs into its own sum");
    Wrong.when(
        Arrays.stream(found).allMatch(x -> x > 0 && x <= 1 + 1e-12)
            && Math.abs(found[highest(logs)] - 1) < 1e-9,
        "these are the scores; asked for are their logarithms");
    Wrong.when(
        n > 4 && descending && !isDescending(logs),
        "the scores come in sorted order, and are wanted in the order of the states");
    Wrong.when(gap(found, logs) < 1e-12, "nothing is divided: these are the scores of Eq. 6");
  }

  private static boolean isDescending(double... values) {
    return IntStream.range(1, values.length).allMatch(i -> values[i] <= values[i - 1]);
  }

  private static void scale(Answer answer, Draw draw) {
    double[] logs = draw.many(6, () -> draw.between(-3, 3));
    double[] found = scores(answer, logs);
    for (double shift : new double[] {-5, -800, 900}) {
      double[] moved = Arrays.stream(logs).map(x -> x + shift).toArray();
      double[] other = (double[]) answer.any((Object) moved);
      Wrong.when(
          Arrays.stream(other).anyMatch(x -> !Double.isFinite(x)),
          "right, but with all scores e^%.0f times as large it is not finite: exp leaves the range"
              + " of numbers. Take the largest logarithm out before the sum",
          shift);
      Wrong.unless(
          gap(other, found) < 1e-9,
          "a factor common to a layer must change nothing, and changes a score by %.2g",
          gap(other, found));
    }
  }

  private static DoubleStream energies(double... logs) {
    return Arrays.stream(logs).map(Math::exp);
  }

  private static int highest(double... values) {
    return IntStream.range(0, values.length).reduce(0, (a, b) -> values[b] > values[a] ? b : a);
  }

  private static int lowest(double... values) {
    return IntStream.range(0, values.length).reduce(0, (a, b) -> values[b] < values[a] ? b : a);
  }

  private static double gap(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
