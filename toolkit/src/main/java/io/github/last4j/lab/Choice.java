package io.github.last4j.lab;

import java.util.Arrays;

/** Exercise 4.3: which states stay, by how many do and by which can't be exchanged. */
final class Choice {
  private Choice() {}

  static Verdict judge(Answer answer, Draw draw) {
    counts(answer, new double[][] {{10, 9, 8, 7, 6}, {5, 4, 3, 2, 1}}, 0.5);
    counts(answer, new double[][] {{10, 9, 8, 7, 6}, {5, 4, 3, 2, 1}}, 0);
    counts(answer, new double[][] {{10, 9, 8, 7, 6}, {5, 4, 3, 2, 1}}, 0.9);
    counts(answer, new double[][] {{10, 9, 8, 7, 6}, {5, 4, 3, 2, 1}}, 1);
    for (int i = 0; i < 40; i++) {
      double[][] scores = new double[1 + draw.below(4)][];
      Arrays.setAll(scores, l -> draw.normals(1 + draw.below(8)));
      counts(answer, scores, draw.below(21) / 20.0);
    }
    for (int i = 0; i < 20; i++) {
      double[][] ties = new double[3][];
      Arrays.setAll(ties, l -> draw.many(5, () -> draw.below(3)));
      counts(answer, ties, draw.below(21) / 20.0);
    }
    return Verdict.right("exactly max(layers, ⌊N(1 - ratio)⌋) stay, and no better one goes");
  }

  private static void counts(Answer answer, double[][] scores, double ratio) {
    double[][] copy = Arrays.stream(scores).map(double[]::clone).toArray(double[][]::new);
    boolean[][] stay = answer.as(boolean[][].class, copy, ratio);
    Wrong.unless(
        stay.length == scores.length, "expected %d layers, got %d", scores.length, stay.length);
    int total = 0;
    int kept = 0;
    for (int l = 0; l < scores.length; l++) {
      Wrong.unless(
          stay[l] != null && stay[l].length == scores[l].length,
          "layer %d has %d states, and as many answers are wanted",
          l,
          scores[l].length);
      total += scores[l].length;
      kept += count(stay[l]);
    }
    int expected = Math.max(scores.length, (int) Math.floor(total * (1 - ratio) + 1e-9));
    String where =
        Text.of("of %d states in %d layers at a ratio of %.2f", total, scores.length, ratio);
    empty(scores, stay, where);
    Wrong.when(
        kept == total - expected && kept != expected,
        "%s, %d stay and should go: a ratio is the share to remove",
        where,
        kept);
    Wrong.when(
        kept == (int) Math.floor(total * (1 - ratio))
            && kept < expected
            && expected > scores.length,
        "%s, %d should stay, and %d do: 1 - ratio is a little less than it looks like; add 1e-9"
            + " before you round down",
        where,
        expected,
        kept);
    Wrong.when(
        kept > expected && distinct(scores) < total,
        "%s, %d should stay, and %d do: equal scores at a threshold are all kept or all removed."
            + " Count instead",
        where,
        expected,
        kept);
    Wrong.unless(kept == expected, "%s, %d should stay, and %d do", where, expected, kept);
    exchange(scores, stay, where);
  }

  private static void empty(double[][] scores, boolean[][] stay, String where) {
    for (int l = 0; l < scores.length; l++) {
      Wrong.when(
          count(stay[l]) == 0, "%s, layer %d has no state left: its best one must stay", where, l);
      double best = Arrays.stream(scores[l]).max().orElseThrow();
      boolean better = true;
      for (int i = 0; i < scores[l].length; i++) {
        better &= !(stay[l][i] && scores[l][i] == best);
      }
      Wrong.when(
          better,
          "%s, layer %d loses its best state and keeps another: higher is worth more",
          where,
          l);
    }
  }

  /** No removed state may be worth more than a kept one that is not the best of its layer. */
  private static void exchange(double[][] scores, boolean[][] stay, String where) {
    for (int l = 0; l < scores.length; l++) {
      for (int i = 0; i < scores[l].length; i++) {
        for (int m = 0; m < scores.length && !stay[l][i]; m++) {
          for (int j = 0; j < scores[m].length; j++) {
            if (!stay[m][j] || count(stay[m]) == 1) {
              continue;
            }
            Wrong.when(
                scores[m][j] < scores[l][i],
                "%s, state %d of layer %d stays with %.4g, and state %d of layer %d goes with %.4g:"
                    + " all layers compete",
                where,
                j,
                m,
                scores[m][j],
                i,
                l,
                scores[l][i]);
            Wrong.when(
                scores[m][j] == scores[l][i] && (l < m || l == m && i < j),
                "%s, of equal scores the lower layer stays, then the lower index: repeatable runs"
                    + " need a rule",
                where);
          }
        }
      }
    }
  }

  private static int count(boolean... values) {
    int count = 0;
    for (boolean value : values) {
      count += value ? 1 : 0;
    }
    return count;
  }

  private static int distinct(double[]... scores) {
    return (int) Arrays.stream(scores).flatMapToDouble(Arrays::stream).distinct().count();
  }
}
