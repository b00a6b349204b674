package io.github.last4j.bound;

import ai.djl.ndarray.NDScope;
import io.github.last4j.norm.BalancedTruncation;
import io.github.last4j.norm.HankelSingularValues;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.progress.Interruption;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.LossOrder;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a layer loses in the worst case with r = 0, 1, …, n of its states, by several ways to choose
 * them, beside what limits any choice. Each is a line of n + 1 numbers with a name.
 *
 * <p>Ways are "H∞ order" by the norms of Eq. 5, which within a layer is LAST's, "pair order"
 * ({@link LossOrder#singly}), "greedy", "greedy return" and "best". Limits are "Hankel floor",
 * σ<sub>2(n-r)+1</sub>, which no causal model with as many states is below; "balanced truncation",
 * what this one loses, which has poles of its own; and "its guarantee", 2(σ<sub>2(n-r)+1</sub> + …
 * + σ<sub>2n</sub>). The Hankel singular values σ should be above rounding, some 1e-10 of the
 * first.
 *
 * @param ways the choices by name
 * @param limits the numbers by name; NaN where there is none
 */
public record LayerLosses(Map<String, List<Choice>> ways, Map<String, double[]> limits) {
  private static final String BEST = "best";
  private static final String FLOOR = "Hankel floor";
  private static final String BALANCED = "balanced truncation";
  private static final String GUARANTEE = "its guarantee";
  private static final double BALANCED_TOLERANCE = 1e-4;

  /** Copies the maps, with their order. */
  public LayerLosses {
    ways = Collections.unmodifiableMap(new LinkedHashMap<>(ways));
    limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
  }

  /**
   * Of all ways and limits.
   *
   * @param layer a stable layer of one direction with at most {@value LossOrder#MOST_EXHAUSTIVE}
   *     states
   * @throws IllegalArgumentException if it is another
   */
  public static LayerLosses exhaustive(DiscreteSsm layer) {
    Loss loss = Loss.worstCase(layer);
    Map<String, List<Choice>> ways = new LinkedHashMap<>();
    ways.put("H∞ order", order(layer, loss));
    ways.put("pair order", LossOrder.singly(loss));
    ways.put("greedy", LossOrder.greedy(loss));
    ways.put("greedy return", LossOrder.greedyReturn(loss));
    ways.put(BEST, LossOrder.best(loss));
    return new LayerLosses(ways, limits(layer, 1));
  }

  /**
   * Of the H∞ order, greedy removal and all limits, for layers that are larger.
   *
   * @param layer a stable layer of one direction
   * @param step balanced truncation is at every so many removed states
   * @throws IllegalArgumentException if the layer is another
   */
  public static LayerLosses greedy(DiscreteSsm layer, int step) {
    Loss loss = Loss.worstCase(layer);
    Map<String, List<Choice>> ways = new LinkedHashMap<>();
    ways.put("H∞ order", order(layer, loss));
    ways.put("greedy", LossOrder.greedy(loss));
    return new LayerLosses(ways, limits(layer, step));
  }

  private static List<Choice> order(DiscreteSsm layer, Loss loss) {
    return LossOrder.ascending(StateNorms.logHinf(layer), loss);
  }

  private static Map<String, double[]> limits(DiscreteSsm layer, int step) {
    int n = layer.states();
    double[] sigma = HankelSingularValues.of(layer);
    Map<String, double[]> limits = new LinkedHashMap<>();
    limits.put(FLOOR, each(n, r -> r == 0 ? 0 : sigma[2 * (n - r)]));
    limits.put(
        BALANCED, each(n, r -> r == 0 || r % step > 0 ? Double.NaN : balanced(layer, 2 * (n - r))));
    limits.put(GUARANTEE, each(n, r -> 2 * Arrays.stream(sigma, 2 * (n - r), 2 * n).sum()));
    return limits;
  }

  private static double balanced(DiscreteSsm layer, int order) {
    Interruption.check("balanced truncation");
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return SystemNorms.hinf(BalancedTruncation.error(layer, order), BALANCED_TOLERANCE).upper();
    }
  }

  private static double[] each(int n, IntToDoubleFunction number) {
    return IntStream.rangeClosed(0, n).mapToDouble(number).toArray();
  }

  /**
   * The n + 1 numbers of a way or a limit.
   *
   * @throws IllegalArgumentException if there is no such line
   */
  public double[] line(String name) {
    if (ways.containsKey(name)) {
      return ways.get(name).stream().mapToDouble(Choice::loss).toArray();
    }
    if (!limits.containsKey(name)) {
      throw new IllegalArgumentException("name: expected one of " + names() + ", got " + name);
    }
    return limits.get(name).clone();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(ways.keySet());
    names.addAll(limits.keySet());
    return names;
  }

  /** All numbers for r removed states: of the ways, then of the limits. */
  public double[] at(int r) {
    return names().stream().mapToDouble(name -> line(name)[r]).toArray();
  }

  /** Some lines by their names, in this order. */
  public Map<String, double[]> lines(String... names) {
    return lines(this::line, names);
  }

  /**
   * Some lines in units of another.
   *
   * @param of the name of the other
   */
  public Map<String, double[]> ratios(String of, String... names) {
    return lines(name -> ratio(name, of), names);
  }

  private static Map<String, double[]> lines(Function<String, double[]> line, String... names) {
    return Arrays.stream(names)
        .collect(
            Collectors.toMap(
                Function.identity(), line, (first, second) -> first, LinkedHashMap::new));
  }

  private double[] ratio(String name, String of) {
    double[] y = line(name);
    double[] unit = line(of);
    return each(y.length - 1, r -> y[r] / unit[r]);
  }

  /** The largest ratio of two lines over r = 1, …, n, where both have numbers. */
  public double largestRatio(String name, String of) {
    return numbers(name, of).max().orElse(Double.NaN);
  }

  /** The geometric mean of the ratio of two lines over r = 1, …, n, where both have numbers. */
  public double meanRatio(String name, String of) {
    return Math.exp(numbers(name, of).map(Math::log).average().orElse(Double.NaN));
  }

  private DoubleStream numbers(String name, String of) {
    return Arrays.stream(ratio(name, of)).skip(1).filter(ratio -> !Double.isNaN(ratio));
  }

  /**
   * How far a line is below one that it can't be below: no line below the floor, no way below the
   * best, and balanced truncation not above its guarantee.
   *
   * @return the largest ratio of such a bound to its line, less one; zero if all hold
   */
  public double excess() {
    double excess = Math.max(largestRatio(FLOOR, BALANCED), largestRatio(BALANCED, GUARANTEE));
    for (String way : ways.keySet()) {
      excess = Math.max(excess, largestRatio(FLOOR, way));
      if (ways.containsKey(BEST)) {
        excess = Math.max(excess, largestRatio(BEST, way));
      }
    }
    return Math.max(0, excess - 1);
  }
}
