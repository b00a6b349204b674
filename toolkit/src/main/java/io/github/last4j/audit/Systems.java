package io.github.last4j.audit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Layers of stored pairs and an input.
 *
 * @param layers how many layers, all alike
 * @param pairs stored pairs in each
 * @param channels inputs and outputs of each
 * @param steps the length of the input
 * @param removed how many pairs the first layer loses, the first ones
 * @param bidirectional whether the layers run both ways
 * @param memoryless whether all poles are zero and all numbers real: a layer is then a matrix
 */
record Systems(
    int layers,
    int pairs,
    int channels,
    int steps,
    int removed,
    boolean bidirectional,
    boolean memoryless)
    implements Domain<Sample> {

  // From one pair and one number to what shows the effect of several.
  static final Systems PAIR = of(1, 1, 1);
  static final Systems PAIRS = of(1, 2, 1);
  static final Systems LAYER = of(1, 4, 2);
  static final Systems PAIR_DRIVEN = PAIR.driven(1, 1);
  static final Systems PAIR_DRIVEN_LONG = PAIR.driven(16, 1);
  static final Systems ONE_OF_TWO = PAIRS.driven(1, 1);
  static final Systems BOTH_OF_TWO = PAIRS.driven(2, 2);
  static final Systems ALL_OF_FOUR = of(1, 4, 1).driven(2, 4);
  static final Systems LAYER_DRIVEN = of(1, 3, 2).driven(12, 2);
  static final Systems TWO_LAYERS = of(2, 2, 1);
  static final Systems TWO_LAYERS_LARGE = of(2, 4, 1);
  static final Systems STACK = TWO_LAYERS.driven(1, 1);
  static final Systems STACK_LONG = TWO_LAYERS.driven(4, 1);
  static final Systems STACK_ALL = of(2, 3, 1).driven(2, 3);
  static final Systems PAIR_BOTH_WAYS = PAIR.bothWays();
  static final Systems LAYER_BOTH_WAYS = of(1, 1, 2).bothWays();

  private static final double LEAST_MARGIN = 0.02;

  private static Systems of(int layers, int pairs, int channels) {
    return new Systems(layers, pairs, channels, 0, 0, false, false);
  }

  private Systems driven(int length, int lost) {
    return new Systems(layers, pairs, channels, length, lost, bidirectional, memoryless);
  }

  private Systems bothWays() {
    return new Systems(layers, pairs, channels, steps, removed, true, memoryless);
  }

  /** The same with all poles at zero. */
  Systems withoutMemory() {
    return new Systems(layers, pairs, channels, steps, removed, bidirectional, true);
  }

  @Override
  public boolean stacked() {
    return layers > 1;
  }

  @Override
  public double measure(ToDoubleFunction<Sample> ratio, double[] natural, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      return ratio.applyAsDouble(sample(scratch, natural));
    }
  }

  @Override
  public Optional<ToDoubleFunction<Sample>> onLayers(ToDoubleFunction<Sample> ratio) {
    return Optional.of(ratio);
  }

  // A pair has 1-|λ̄| and arg λ̄, then for each channel the real and imaginary parts of B̄, C and
  // the backward C. The input follows the pairs of all layers.

  private int width() {
    return 2 + channel() * channels;
  }

  private int channel() {
    return bidirectional ? 6 : 4;
  }

  @Override
  public int dimension() {
    return layers * pairs * width() + steps * channels;
  }

  @Override
  public double[] natural(double[] free) {
    double[] natural = free.clone();
    for (int i = 0; i < layers * pairs; i++) {
      int at = i * width();
      natural[at] = LEAST_MARGIN + (1 - LEAST_MARGIN) * Domain.logistic(free[at]);
      natural[at + 1] = Math.PI * Domain.logistic(free[at + 1]);
      if (memoryless) {
        natural[at] = 1;
        for (int k = at + 3; k < at + width(); k += 2) {
          natural[k] = 0;
        }
      }
    }
    return natural;
  }

  @Override
  public boolean contains(double[] natural) {
    for (int i = 0; i < layers * pairs; i++) {
      double margin = natural[i * width()];
      if (!(margin >= LEAST_MARGIN && margin <= 1)) {
        return false;
      }
    }
    return true;
  }

  /** Real poles, inputs and outputs. */
  @Override
  public double[] simpler(double[] natural) {
    double[] simple = natural.clone();
    for (int i = 0; i < layers * pairs; i++) {
      int at = i * width();
      simple[at + 1] = natural[at + 1] > Math.PI / 2 ? Math.PI : 0;
      for (int k = at + 2; k < at + width(); k += 2) {
        simple[k] = Math.copySign(Math.hypot(natural[k], natural[k + 1]), natural[k]);
        simple[k + 1] = 0;
      }
    }
    return simple;
  }

  private Sample sample(NDManager manager, double[] natural) {
    List<DiscreteSsm> systems = new ArrayList<>();
    List<StateSet> kept = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      systems.add(system(manager, natural, l * pairs * width()));
      int lost = l > 0 ? 0 : removed;
      kept.add(StateSet.where(pairs, i -> i >= lost));
    }
    double[][] input = new double[steps][channels];
    int at = layers * pairs * width();
    for (double[] row : input) {
      for (int k = 0; k < channels; k++) {
        row[k] = natural[at++];
      }
    }
    return Sample.of(systems, new States(kept), input);
  }

  private DiscreteSsm system(NDManager manager, double[] natural, int first) {
    double[] margin = new double[pairs];
    double[] re = new double[pairs];
    double[] im = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      margin[i] = natural[first + i * width()];
      double angle = natural[first + i * width() + 1];
      re[i] = (1 - margin[i]) * Math.cos(angle);
      im[i] = (1 - margin[i]) * Math.sin(angle);
    }
    IntFunction<NDArray> inward =
        part ->
            manager.create(
                each(j -> natural[entry(first, j / channels, j % channels) + part]),
                new Shape(pairs, channels));
    IntFunction<NDArray> outward =
        part ->
            manager.create(
                each(j -> natural[entry(first, j % pairs, j / pairs) + part]),
                new Shape(channels, pairs));
    DiscreteSsm system =
        new DiscreteSsm(
            ComplexArray.of(manager.create(re), manager.create(im)),
            manager.create(margin),
            ComplexArray.of(inward.apply(0), inward.apply(1)),
            ComplexArray.of(outward.apply(2), outward.apply(3)),
            Optional.empty(),
            Optional.empty());
    return bidirectional
        ? system.withBackwardC(ComplexArray.of(outward.apply(4), outward.apply(5)))
        : system;
  }

  /** Where a channel of a pair begins. */
  private int entry(int first, int pair, int k) {
    return first + pair * width() + 2 + k * channel();
  }

  private double[] each(IntToDoubleFunction number) {
    return IntStream.range(0, pairs * channels).mapToDouble(number).toArray();
  }

  @Override
  public String show(double[] natural) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < layers * pairs; i++) {
      parts.add(
          (layers > 1 ? "layer " + (i / pairs + 1) + " " : "")
              + (i < removed ? "removed pair: " : "pair: ")
              + showPair(natural, i));
    }
    List<String> u = new ArrayList<>();
    for (int i = layers * pairs * width(); i < natural.length; i++) {
      u.add(Domain.number(natural[i]));
    }
    return String.join("; ", parts) + (u.isEmpty() ? "" : "; u = " + String.join(" ", u));
  }

  private String showPair(double[] natural, int pair) {
    double margin = natural[pair * width()];
    double angle = natural[pair * width() + 1];
    return "|λ̄| = "
        + Domain.number(1 - margin)
        + (margin == 1 || angle == 0 ? "" : ", arg λ̄ = " + Domain.number(angle))
        + ", B̄ = "
        + showEntries(natural, pair, 0)
        + ", C = "
        + showEntries(natural, pair, 2)
        + (bidirectional ? ", backward C = " + showEntries(natural, pair, 4) : "");
  }

  private String showEntries(double[] natural, int pair, int part) {
    return IntStream.range(0, channels)
        .map(k -> entry(0, pair, k) + part)
        .mapToObj(at -> complex(natural[at], natural[at + 1]))
        .collect(Collectors.joining(" "));
  }

  private static String complex(double re, double im) {
    return im == 0
        ? Domain.number(re)
        : "(" + Domain.number(re) + (im < 0 ? "-" : "+") + Domain.number(Math.abs(im)) + "j)";
  }
}
