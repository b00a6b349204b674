package io.github.last4j.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds against losses that the scalar reference measures, and against closed forms. */
class BoundTest {
  // The width of the certified norms.
  private static final double WIDTH = 2e-6;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static double energy(double[][] signal) {
    return Arrays.stream(signal).flatMapToDouble(Arrays::stream).map(x -> x * x).sum();
  }

  private static double distance(double[][] a, double[][] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      for (int k = 0; k < a[t].length; k++) {
        sum += (a[t][k] - b[t][k]) * (a[t][k] - b[t][k]);
      }
    }
    return sum;
  }

  private static double[][] apply(Nonlinearity nonlinearity, double[][] signal) {
    return Arrays.stream(signal)
        .map(row -> Arrays.stream(row).map(nonlinearity::apply).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] input(RandomSsms random, int length, int channels) {
    double size = random.logUniform(0.1, 30);
    double angle = random.uniform(0, Math.PI);
    boolean wave = random.chance(0.5);
    double[][] u = new double[length][channels];
    for (int t = 0; t < length; t++) {
      for (int k = 0; k < channels; k++) {
        u[t][k] = size * (wave ? Math.cos(angle * t + k) : random.normal());
      }
    }
    return u;
  }

  /** Some survivors of n, at least one; the rest goes. */
  private static StateSet survivors(RandomSsms random, int n) {
    return StateSet.where(n, i -> random.chance(0.5)).with(random.integer(0, n - 1));
  }

  private static ReferenceSsm part(ReferenceSsm layer, StateSet kept) {
    return layer.select(kept.indices().toArray());
  }

  private DiscreteSsm discrete(ReferenceSsm layer) {
    return Last.discretize(ReferenceBridge.ssm(manager, layer));
  }

  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void noLayerLosesMore(Nonlinearity nonlinearity) {
    RandomSsms random = new RandomSsms(nonlinearity.name().length());
    for (int trial = 0; trial < 40; trial++) {
      int n = random.integer(1, 6);
      int channels = random.integer(1, 3);
      ReferenceSsm layer = random.degenerateLayer(n, channels, random.chance(0.3));
      StateSet kept = survivors(random, n);
      double[][] u = input(random, 60, channels);
      double lost =
          distance(
              apply(nonlinearity, layer.apply(u, Method.ZOH)),
              apply(nonlinearity, part(layer, kept).apply(u, Method.ZOH)));
      DiscreteSsm ssm = discrete(layer);
      double sharp = Bound.SHARP.layer(ssm, kept, nonlinearity, energy(u)).value();
      double valid = Bound.VALID.layer(ssm, kept, nonlinearity, energy(u)).value();
      assertTrue(lost <= sharp * (1 + 1e-9) + 1e-20, "trial " + trial + ": " + lost + " " + sharp);
      assertTrue(sharp <= valid * (1 + WIDTH), "trial " + trial + ": " + sharp + " " + valid);
    }
  }

  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void noModelLosesMore(Nonlinearity nonlinearity) {
    RandomSsms random = new RandomSsms(100 + nonlinearity.name().length());
    for (int trial = 0; trial < 25; trial++) {
      int channels = random.integer(1, 2);
      boolean bidirectional = random.chance(0.3);
      double[][] u = input(random, 40, channels);
      double[][] whole = u;
      double[][] pruned = u;
      List<DiscreteSsm> layers = new ArrayList<>();
      List<StateSet> kept = new ArrayList<>();
      for (int l = random.integer(1, 4); l > 0; l--) {
        int n = random.integer(1, 5);
        ReferenceSsm layer = random.degenerateLayer(n, channels, bidirectional);
        StateSet stay = survivors(random, n);
        whole = apply(nonlinearity, layer.apply(whole, Method.ZOH));
        pruned = apply(nonlinearity, part(layer, stay).apply(pruned, Method.ZOH));
        layers.add(discrete(layer));
        kept.add(stay);
      }
      double lost = distance(whole, pruned);
      double sharp = Bound.SHARP.model(layers, new States(kept), nonlinearity, energy(u)).value();
      double valid = Bound.VALID.model(layers, new States(kept), nonlinearity, energy(u)).value();
      assertTrue(lost <= sharp * (1 + 1e-9) + 1e-20, "trial " + trial + ": " + lost + " " + sharp);
      assertTrue(sharp <= valid * (1 + 8 * WIDTH), "trial " + trial + ": " + sharp + " " + valid);
    }
  }

  /** A long wave at the removed part's peak comes as near as its length allows. */
  @Test
  void sharpIsReachedWithoutANonlinearity() {
    RandomSsms random = new RandomSsms(7);
    for (int trial = 0; trial < 10; trial++) {
      double margin = random.uniform(0.05, 0.5);
      double angle = random.uniform(0.3, 2.8);
      DiscreteSsm ssm = pairs(new double[] {margin, 0.3}, new double[] {angle, 0.1}, 1);
      StateSet kept = StateSet.of(2, 1);
      double peak = SystemNorms.hinf(ssm.keep(kept.complement()), 1e-6).peakFrequency();
      double[] u = IntStream.range(0, 4000).mapToDouble(t -> Math.cos(peak * t)).toArray();
      double[] y = response(margin, angle, u);
      double input = Arrays.stream(u).map(x -> x * x).sum();
      double output = Arrays.stream(y).map(x -> x * x).sum();
      double bound = Bound.SHARP.layer(ssm, kept, Nonlinearity.IDENTITY, input).value();
      assertTrue(output <= bound * (1 + 1e-9));
      // The start and the end of the wave cost some 1/margin of 4,000 steps.
      assertEquals(1, output / bound, 2 / (margin * 4000));
    }
  }

  /** One pair with B̄ = C = 1 in scalar arithmetic. */
  private static double[] response(double margin, double angle, double[] u) {
    double re = 0;
    double im = 0;
    double[] y = new double[u.length];
    for (int t = 0; t < u.length; t++) {
      double next = (1 - margin) * (Math.cos(angle) * re - Math.sin(angle) * im) + u[t];
      im = (1 - margin) * (Math.cos(angle) * im + Math.sin(angle) * re);
      re = next;
      y[t] = 2 * re;
    }
    return y;
  }

  /** Pairs with one input and output, each with the same CB̄. */
  private DiscreteSsm pairs(double[] margins, double[] angles, double cb) {
    return DiscreteSsm.singleChannel(
        manager,
        IntStream.range(0, margins.length)
            .mapToObj(i -> new double[] {1 - margins[i], angles[i], cb, 0})
            .toArray(double[][]::new));
  }

  /**
   * By hand: two equal real pairs with λ̄ = 1/2 and CB̄ = 1/2 in each of their four states, u = (1,
   * 1, 1). Each state answers (1/2)(1, 3/2, 7/4), together 2(1, 3/2, 7/4): energy 4(1 + 9/4 +
   * 49/16) = 25.25. The printed bound has four squared norms of 1, times 3: 12. The others have 4²
   * times 3.
   */
  @Test
  void thePrintedBoundIsExceeded() {
    DiscreteSsm ssm = pairs(new double[] {0.5, 0.5, 0.9}, new double[] {0, 0, 1}, 0.5);
    StateSet kept = StateSet.of(3, 2);
    assertEquals(12, Bound.PAPER.layer(ssm, kept, Nonlinearity.IDENTITY, 3).value(), 1e-12);
    assertEquals(48, Bound.VALID.layer(ssm, kept, Nonlinearity.IDENTITY, 3).value(), 1e-12);
    assertEquals(48, Bound.SHARP.layer(ssm, kept, Nonlinearity.IDENTITY, 3).value(), 48 * WIDTH);
    // Two pairs with B̄ = 1/2 answer as one with B̄ = 1.
    double lost = Arrays.stream(response(0.5, 0, new double[] {1, 1, 1})).map(x -> x * x).sum();
    assertEquals(25.25, lost, 1e-12);
  }

  /** With one removed pair and unit norms elsewhere Eq. 8 is the removed share of the product. */
  @Test
  void theModelBoundOfOneLayerIsTheLayers() {
    DiscreteSsm ssm = pairs(new double[] {0.2, 0.5, 0.9}, new double[] {1, 2, 3}, 0.7 * 1.3);
    StateSet kept = StateSet.of(3, 0, 2);
    for (Bound bound : Bound.values()) {
      double layer = bound.layer(ssm, kept, Nonlinearity.GELU, 2.5).value();
      double model =
          bound.model(List.of(ssm), new States(List.of(kept)), Nonlinearity.GELU, 2.5).value();
      assertEquals(layer, model, 1e-9 * layer, bound.name());
    }
  }

  @Test
  void nothingRemovedIsNothingLost() {
    DiscreteSsm ssm = pairs(new double[] {0.2, 0.5}, new double[] {1, 2}, 1);
    StateSet all = StateSet.all(2);
    StateSet none = StateSet.none(2);
    for (Bound bound : Bound.values()) {
      assertEquals(0, bound.layer(ssm, all, Nonlinearity.GELU, 1).value());
      assertEquals(
          0,
          bound
              .model(List.of(ssm, ssm), new States(List.of(all, all)), Nonlinearity.GELU, 1)
              .value());
      assertTrue(bound.layer(ssm, none, Nonlinearity.GELU, 1).value() > 0);
      // Without all its states the first layer answers nothing.
      assertTrue(
          bound
                  .model(List.of(ssm, ssm), new States(List.of(none, all)), Nonlinearity.GELU, 1)
                  .value()
              > 0);
    }
  }

  @Test
  void assumptionsAreNamed() {
    DiscreteSsm ssm = pairs(new double[] {0.2, 0.5}, new double[] {1, 2}, 1);
    StateSet kept = StateSet.of(2, 0);
    assertTrue(
        Bound.PAPER
            .layer(ssm, kept, Nonlinearity.GELU, 1)
            .assumptions()
            .contains(Assumption.ORTHOGONAL_RESPONSES));
    assertFalse(
        Bound.SHARP
            .layer(ssm, kept, Nonlinearity.GELU, 1)
            .assumptions()
            .contains(Assumption.UNIT_SLOPE));
  }

  /** The largest slope and gain on a fine grid, which are below the constants by a trifle. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void constantsOfNonlinearities(Nonlinearity nonlinearity) {
    double slope = 0;
    double gain = 0;
    double step = 1e-4;
    for (double x = -12; x < 12; x += step) {
      double next = nonlinearity.apply(x + step);
      slope = Math.max(slope, Math.abs(next - nonlinearity.apply(x)) / step);
      gain = Math.max(gain, Math.abs(nonlinearity.apply(x)) - Math.abs(x));
    }
    // A quotient of differences over 1e-4 is below the slope by its curvature, and off by rounding.
    assertTrue(slope <= nonlinearity.slope() + 1e-11);
    assertEquals(nonlinearity.slope(), slope, 2e-7);
    assertTrue(gain <= 1e-15, nonlinearity + " gains " + gain);
    assertEquals(0, nonlinearity.apply(0));
  }

  @Test
  void badInputIsNamed() {
    DiscreteSsm ssm = pairs(new double[] {0.2, 0.5}, new double[] {1, 2}, 1);
    StateSet kept = StateSet.of(2, 0);
    StateSet wrong = StateSet.all(1);
    named("kept", () -> Bound.SHARP.layer(ssm, wrong, Nonlinearity.GELU, 1));
    named("inputEnergy", () -> Bound.SHARP.layer(ssm, kept, Nonlinearity.GELU, -1));
    named("inputEnergy", () -> Bound.VALID.layer(ssm, kept, Nonlinearity.GELU, Double.NaN));
    States two = new States(List.of(kept, kept));
    named("kept", () -> Bound.PAPER.model(List.of(ssm), two, Nonlinearity.GELU, 1));
    States other = new States(List.of(wrong));
    named("kept[0]", () -> Bound.SHARP.model(List.of(ssm), other, Nonlinearity.GELU, 1));
    DiscreteSsm unstable = pairs(new double[] {-0.1, 0.5}, new double[] {1, 2}, 1);
    named("ssm", () -> Bound.VALID.layer(unstable, kept, Nonlinearity.GELU, 1));
    named("ssm", () -> Bound.SHARP.layer(unstable, StateSet.of(2, 1), Nonlinearity.GELU, 1));
  }

  private static void named(String argument, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.startsWith(argument + ":"), message);
  }
}
