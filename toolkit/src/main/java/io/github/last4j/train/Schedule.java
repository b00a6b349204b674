package io.github.last4j.train;

import static java.util.Objects.requireNonNull;

import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * When a model is pruned while it trains, by how much, and by which pruning. The model really is
 * smaller after a cut, and the rest of the training costs less.
 *
 * @param title its name in tables and figures
 * @param pruning what chooses
 * @param cuts in the order of their times
 */
public record Schedule(String title, Pruning pruning, List<Cut> cuts) {
  /**
   * One cut.
   *
   * @param time the share of the training's steps that come before it, in [0, 1]; the cut is
   *     between two steps, at the nearest one
   * @param amount how much goes
   */
  public record Cut(double time, Amount amount) {
    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     */
    public Cut {
      requireShare("time", time);
      requireNonNull(amount, "amount");
    }

    /** How many steps of a training come before it. */
    public int step(int steps) {
      return (int) Math.round(time * steps);
    }
  }

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if times fall
   */
  public Schedule {
    requireNonNull(title, "title");
    requireNonNull(pruning, "pruning");
    cuts = List.copyOf(cuts);
    for (int i = 1; i < cuts.size(); i++) {
      if (cuts.get(i).time() < cuts.get(i - 1).time()) {
        throw new IllegalArgumentException(
            "cuts: expected times that do not fall, got "
                + cuts.get(i).time()
                + " after "
                + cuts.get(i - 1).time());
      }
    }
  }

  /**
   * One cut.
   *
   * @param time the share of the steps before it, in [0, 1]
   * @param ratio the share of the states to remove, in [0, 1]
   */
  public static Schedule once(Pruning pruning, double time, double ratio) {
    return new Schedule("One shot", pruning, List.of(new Cut(time, Amount.gone(ratio))));
  }

  /** One cut after the first tenth of the steps. */
  public static Schedule early(Pruning pruning, double ratio) {
    return once(pruning, 0.1, ratio).titled("Early");
  }

  /**
   * Cuts at equal distances, each of the same share of the states that are left.
   *
   * @param ratio the share of the states that is gone after the last, in [0, 1)
   * @param times how many cuts, at least one
   * @param from the time of the first
   * @param to the time of the last
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Schedule iterative(
      Pruning pruning, double ratio, int times, double from, double to) {
    if (ratio == 1) {
      throw new IllegalArgumentException("ratio: expected less than 1, got 1");
    }
    requireShare("ratio", ratio);
    return gradual("Iterative", pruning, times, from, to, k -> 1 - Math.pow(1 - ratio, k));
  }

  /** Five of them between a tenth and six tenths of the steps. */
  public static Schedule iterative(Pruning pruning, double ratio) {
    return iterative(pruning, ratio, 5, 0.1, 0.6);
  }

  /**
   * Cuts at equal distances along ratio·(1 - (1 - k/n)³), most of them early, as Zhu and Gupta
   * (2017) prune weights.
   *
   * @param ratio the share of the states that is gone after the last, in [0, 1]
   * @param times how many cuts n, at least one
   * @param from the time of the first, k = 1
   * @param to the time of the last, k = n
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Schedule cubic(Pruning pruning, double ratio, int times, double from, double to) {
    requireShare("ratio", ratio);
    return gradual("Cubic", pruning, times, from, to, k -> ratio * (1 - Math.pow(1 - k, 3)));
  }

  /** Eight of them between a tenth and half of the steps. */
  public static Schedule cubic(Pruning pruning, double ratio) {
    return cubic(pruning, ratio, 8, 0.1, 0.5);
  }

  /**
   * Cuts at equal distances, each by as much as a tolerance allows of the model as it is then.
   *
   * @param tolerance what each cut may cost, such as {@code Tolerance.accuracy(0.01, validation)}
   * @param times how many cuts, at least one
   * @param from the time of the first
   * @param to the time of the last
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Schedule within(
      Pruning pruning, Tolerance tolerance, int times, double from, double to) {
    List<Cut> cuts = new ArrayList<>();
    times(times, from, to).forEach(time -> cuts.add(new Cut(time, Amount.within(tolerance))));
    return new Schedule("By tolerance", pruning, cuts);
  }

  /** Five of them between two and eight tenths of the steps. */
  public static Schedule within(Pruning pruning, Tolerance tolerance) {
    return within(pruning, tolerance, 5, 0.2, 0.8);
  }

  /** The same by another name. */
  public Schedule titled(String name) {
    return new Schedule(name, pruning, cuts);
  }

  private static Schedule gradual(
      String title, Pruning pruning, int times, double from, double to, DoubleUnaryOperator gone) {
    List<Double> at = times(times, from, to);
    List<Cut> cuts = new ArrayList<>();
    for (int k = 1; k <= times; k++) {
      double share = gone.applyAsDouble((double) k / times);
      cuts.add(new Cut(at.get(k - 1), Amount.gone(share)));
    }
    return new Schedule(title, pruning, cuts);
  }

  private static List<Double> times(int times, double from, double to) {
    if (times < 1) {
      throw new IllegalArgumentException("times: expected at least one cut, got " + times);
    }
    requireShare("from", from);
    requireShare("to", to);
    if (from > to) {
      throw new IllegalArgumentException(
          "from, to: expected times that do not fall, got " + from + " and " + to);
    }
    List<Double> list = new ArrayList<>();
    for (int k = 0; k < times; k++) {
      list.add(times == 1 ? to : from + (to - from) * k / (times - 1));
    }
    return list;
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + ": expected a share in [0, 1], got " + value);
    }
  }

  /** What it does in one line, by which a training is known to be the same. */
  String description() {
    return cuts.stream()
        .map(cut -> String.format(Locale.ROOT, "%s at %.6f", cut.amount().title(), cut.time()))
        .collect(Collectors.joining(", ", pruning.title() + ": ", ""));
  }
}
