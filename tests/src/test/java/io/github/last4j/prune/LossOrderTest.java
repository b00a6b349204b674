package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.ResidualBound;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to choose states, against all subsets written out and against closed forms. */
class LossOrderTest {
  private static final NDManager MANAGER = NDManager.newBaseManager();

  // Twice the width of the certified intervals.
  private static final double WIDTH = 2e-6;

  @AfterAll
  static void close() {
    MANAGER.close();
  }

  private static ComplexArray complex(Cplx[][] values) {
    int columns = values[0].length;
    double[] re = new double[values.length * columns];
    double[] im = new double[re.length];
    for (int i = 0; i < re.length; i++) {
      re[i] = values[i / columns][i % columns].re();
      im[i] = values[i / columns][i % columns].im();
    }
    Shape shape = new Shape(values.length, columns);
    return ComplexArray.of(MANAGER.create(re, shape), MANAGER.create(im, shape));
  }

  /** A layer with random poles, or with the poles and products cb given for one channel. */
  private static DiscreteSsm layer(RandomSsms random, int n, int channels) {
    Cplx[][] poles = new Cplx[n][1];
    for (Cplx[] pole : poles) {
      double radius = 1 - random.logUniform(1e-3, 0.5);
      double angle = random.uniform(0, Math.PI);
      pole[0] = new Cplx(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    return DiscreteSsm.of(
        complex(poles).reshape(n),
        complex(random.matrix(n, channels, 1)),
        complex(random.matrix(channels, n, 1)));
  }

  private static DiscreteSsm scalar(double[] radius, double[] angle, Cplx... products) {
    int n = radius.length;
    Cplx[][] poles = new Cplx[n][1];
    Cplx[][] ones = new Cplx[n][];
    for (int i = 0; i < n; i++) {
      poles[i][0] = new Cplx(radius[i] * Math.cos(angle[i]), radius[i] * Math.sin(angle[i]));
      ones[i] = new Cplx[] {new Cplx(1, 0)};
    }
    return DiscreteSsm.of(
        complex(poles).reshape(n), complex(ones), complex(new Cplx[][] {products}));
  }

  /** The norm by the layer that they make, which shares nothing with the losses' reading. */
  private static double norm(DiscreteSsm layer, StateSet part) {
    return part.isEmpty() ? 0 : SystemNorms.hinf(layer.keep(part), 1e-9).upper();
  }

  private static void assertNear(double expected, double actual) {
    assertEquals(expected, actual, WIDTH * expected);
  }

  private static void requireNested(List<Choice> choices) {
    for (int r = 1; r < choices.size(); r++) {
      StateSet fewer = choices.get(r - 1).removed();
      assertEquals(r, choices.get(r).removed().count());
      assertEquals(fewer, fewer.and(choices.get(r).removed()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void bestIsTheSmallestOfAllSubsets(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 6);
    DiscreteSsm layer = layer(random, n, random.integer(1, 3));
    double[] smallest = new double[n + 1];
    Arrays.fill(smallest, Double.POSITIVE_INFINITY);
    for (int bits = 0; bits < 1 << n; bits++) {
      int members = bits;
      StateSet part = StateSet.where(n, i -> (members >> i & 1) == 1);
      smallest[part.count()] = Math.min(smallest[part.count()], norm(layer, part));
    }
    List<Choice> best = LossOrder.best(Loss.worstCase(layer));
    assertEquals(n + 1, best.size());
    for (int r = 0; r <= n; r++) {
      assertEquals(r, best.get(r).removed().count());
      assertNear(smallest[r], best.get(r).loss());
      assertNear(norm(layer, best.get(r).removed()), best.get(r).loss());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void greedyTakesTheSmallestStep(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(2, 7);
    DiscreteSsm layer = layer(random, n, 2);
    List<Choice> greedy = LossOrder.greedy(Loss.worstCase(layer));
    List<Choice> back = LossOrder.greedyReturn(Loss.worstCase(layer));
    assertEquals(n + 1, greedy.size());
    assertEquals(n + 1, back.size());
    requireNested(greedy);
    requireNested(back);
    for (int r = 0; r < n; r++) {
      double forward = Double.POSITIVE_INFINITY;
      double backward = Double.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        StateSet before = greedy.get(r).removed();
        if (!before.has(i)) {
          forward = Math.min(forward, norm(layer, before.with(i)));
        }
        StateSet after = back.get(r + 1).removed();
        if (after.has(i)) {
          backward = Math.min(backward, norm(layer, after.without(i)));
        }
      }
      assertNear(forward, greedy.get(r + 1).loss());
      assertNear(backward, back.get(r).loss());
    }
  }

  @Test
  void cancellingPairsGoTogether() {
    // Pairs 0 and 1 are each other's negative with norm near 10; pair 2 is small.
    DiscreteSsm layer =
        scalar(
            new double[] {0.9, 0.9, 0.5},
            new double[] {1, 1, 2},
            new Cplx(1, 0),
            new Cplx(-1, 0),
            new Cplx(0.1, 0));
    Loss loss = Loss.worstCase(layer);
    List<Choice> best = LossOrder.best(loss);
    assertEquals(StateSet.of(3, 2), best.get(1).removed());
    assertEquals(StateSet.of(3, 0, 1), best.get(2).removed());
    // What rounding leaves of two terms of size 10.
    assertEquals(0, best.get(2).loss(), 1e-6);
    List<Choice> order = LossOrder.ascending(StateNorms.hinf(layer).toDoubleArray(), loss);
    assertTrue(order.get(2).loss() > 9);
    assertTrue(order.get(3).loss() < 0.3);
  }

  @Test
  void pairsAreNotRankedByTheirStates() {
    DiscreteSsm layer =
        scalar(new double[] {0.9, 0.9}, new double[] {0.02, 1.5}, new Cplx(0, 1), new Cplx(0.5, 0));
    assertArrayEquals(new double[] {10, 5}, StateNorms.hinf(layer).toDoubleArray(), 1e-12);
    Loss loss = Loss.worstCase(layer);
    assertEquals(3.475, loss.of(StateSet.of(2, 0)), 5e-4);
    assertEquals(5.263, loss.of(StateSet.of(2, 1)), 5e-4);
    assertEquals(StateSet.of(2, 0), LossOrder.best(loss).get(1).removed());
    assertEquals(StateSet.of(2, 0), LossOrder.singly(loss).get(1).removed());
    assertEquals(
        StateSet.of(2, 1),
        LossOrder.ascending(StateNorms.hinf(layer).toDoubleArray(), loss).get(1).removed());
  }

  @Test
  void singlyIsInTheOrderOfWhatEachLosesAlone() {
    DiscreteSsm layer = layer(new RandomSsms(12), 7, 2);
    List<Choice> choices = LossOrder.singly(Loss.worstCase(layer));
    requireNested(choices);
    double before = 0;
    for (int r = 1; r <= 7; r++) {
      StateSet earlier = choices.get(r - 1).removed();
      StateSet next = choices.get(r).removed().and(earlier.complement());
      assertTrue(norm(layer, next) >= before * (1 - WIDTH));
      assertNear(norm(layer, choices.get(r).removed()), choices.get(r).loss());
      before = norm(layer, next);
    }
  }

  @Test
  void ascendingRemovesWhatAScopeDoesNotKeep() {
    DiscreteSsm layer = layer(new RandomSsms(8), 6, 1);
    double[] scores = {2, 1, 2, 1, 3, 1};
    List<Choice> choices = LossOrder.ascending(scores, Loss.worstCase(layer));
    for (int r = 0; r < 6; r++) {
      StateSet kept = Scope.UNIFORM.select(List.of(scores), r / 6.0).layer(0);
      assertEquals(kept.complement(), choices.get(r).removed());
      assertNear(norm(layer, choices.get(r).removed()), choices.get(r).loss());
    }
  }

  @Test
  void lossOnInputsIsTheResponseOfWhatGoes() {
    RandomSsms random = new RandomSsms(9);
    DiscreteSsm one = layer(random, 5, 3);
    DiscreteSsm layer =
        one.withBackwardC(complex(random.matrix(3, 5, 1)))
            .withFeedthrough(MANAGER.ones(new Shape(3), DataType.FLOAT64));
    NDArray inputs =
        MANAGER.create(
            IntStream.range(0, 240).mapToDouble(i -> random.normal()).toArray(),
            new Shape(2, 40, 3));
    Loss loss = Loss.onInputs(layer, inputs);
    StateSet removed = StateSet.of(5, 0, 2, 3);
    StateSet kept = StateSet.of(5, 1, 4);
    double first = ResidualBound.removedResponse(layer, kept, inputs.get(0));
    double second = ResidualBound.removedResponse(layer, kept, inputs.get(1));
    double expected = Math.hypot(first, second);
    assertEquals(expected, loss.of(removed), 1e-12 * expected);
    assertEquals(0, loss.of(StateSet.none(5)));
    double all =
        Math.hypot(
            ResidualBound.removedResponse(layer, StateSet.none(5), inputs.get(0)),
            ResidualBound.removedResponse(layer, StateSet.none(5), inputs.get(1)));
    assertEquals(expected / all, loss.share(removed), 1e-12);
    double energy = Math.sqrt(inputs.square().sum().getDouble());
    assertTrue(loss.of(removed) <= Loss.worstCase(layer).of(removed) * energy);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Loss loss = Loss.worstCase(layer(new RandomSsms(10), 15, 1));
    assertThrows(IllegalArgumentException.class, () -> LossOrder.best(loss));
    assertThrows(IllegalArgumentException.class, () -> LossOrder.ascending(new double[14], loss));
    double[] nan = new double[15];
    nan[7] = Double.NaN;
    assertThrows(IllegalArgumentException.class, () -> LossOrder.ascending(nan, loss));
    assertThrows(IllegalArgumentException.class, () -> loss.of(StateSet.of(16, 15)));
    DiscreteSsm layer = layer(new RandomSsms(11), 2, 3);
    NDArray inputs = MANAGER.ones(new Shape(1, 5, 2));
    assertThrows(IllegalArgumentException.class, () -> Loss.onInputs(layer, inputs));
    Loss seen = Loss.onInputs(layer, MANAGER.ones(new Shape(1, 5, 3)));
    assertThrows(IllegalArgumentException.class, () -> seen.of(StateSet.of(3, 2)));
  }
}
