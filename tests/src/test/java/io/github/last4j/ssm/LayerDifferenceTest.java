package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Last;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferenceSsm;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the difference of two layers puts out is the difference of what they put out. */
class LayerDifferenceTest {
  private static final int CHANNELS = 3;
  // Of the largest output: sums in another order.
  private static final double TOLERANCE = 1e-12;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  private DiscreteSsm discrete(ReferenceSsm layer, long seed) {
    Discretization method = seed % 2 == 0 ? Discretization.ZOH : Discretization.BILINEAR;
    return Last.discretize(ReferenceBridge.ssm(manager, layer), method);
  }

  private static StateSet some(RandomSsms random, int states) {
    return StateSet.where(states, i -> random.chance(0.5));
  }

  private static void assertSame(DiscreteSsm expected, DiscreteSsm actual) {
    NDList one = expected.arrays();
    NDList other = actual.arrays();
    assertEquals(one.size(), other.size());
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.get(i), other.get(i));
    }
  }

  /** To the last digit, in the order that they had. */
  @ParameterizedTest
  @MethodSource("seeds")
  void withWhatStaysItIsWhatWent(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(2, 40);
    ReferenceSsm reference = random.layer(n, CHANNELS, seed % 3 == 0);
    DiscreteSsm layer =
        discrete(reference, seed)
            .withFeedthrough(manager.ones(new Shape(CHANNELS), DataType.FLOAT64));
    StateSet kept = some(random, n).with(0).without(n - 1);
    DiscreteSsm difference = LayerDifference.of(layer, layer.keep(kept)).orElseThrow();
    assertSame(layer.withoutFeedthrough().keep(kept.complement()), difference);
    assertTrue(difference.feedthrough().isEmpty());
    // The other way round only C has another sign.
    DiscreteSsm negative = LayerDifference.of(layer.keep(kept), layer).orElseThrow();
    assertEquals(difference.bBar(), negative.bBar());
    assertEquals(difference.c(), negative.c().mul(-1));
    assertEquals(difference.backwardC(), negative.backwardC().map(c -> c.mul(-1)));
  }

  /** What a model computes for a state does not depend on which others there are. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void ofPrunedModels(Family family, boolean bidirectional) {
    RandomSsms random = new RandomSsms(2);
    for (Discretization method : Discretization.values()) {
      for (int pairs : new int[] {4, 12, 36, 76}) {
        ModelConfig config =
            ModelConfig.s5(1, 10)
                .with(
                    c ->
                        c.family(family)
                            .channels(4)
                            .pairs(ModelConfig.layers(2, pairs))
                            .bidirectional(bidirectional)
                            .discretization(method));
        States kept =
            new States(
                IntStream.range(0, 2)
                    .mapToObj(l -> some(random, pairs).with(1).without(0))
                    .toList());
        try (SequenceClassifier model = SequenceClassifier.create(manager, config, pairs);
            SequenceClassifier smaller = model.keep(kept)) {
          List<DiscreteSsm> before = model.discreteSystems(manager);
          List<DiscreteSsm> after = smaller.discreteSystems(manager);
          for (int l = 0; l < 2; l++) {
            DiscreteSsm went = before.get(l).withoutFeedthrough().keep(kept.layer(l).complement());
            assertSame(went, LayerDifference.of(before.get(l), after.get(l)).orElseThrow());
          }
        }
      }
    }
  }

  /**
   * Layers with no state, some states or all but one in common, and states that are there twice.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void outputsSubtract(long seed) {
    RandomSsms random = new RandomSsms(100 + seed);
    boolean bidirectional = seed % 3 == 0;
    int n = random.integer(1, 20);
    ReferenceSsm reference = random.degenerateLayer(n, CHANNELS, bidirectional);
    int[] drawn = IntStream.range(0, n).map(i -> random.integer(0, n - 1)).toArray();
    double[] factors = IntStream.range(0, n).mapToDouble(i -> i == 0 ? 1.5 : 1).toArray();
    DiscreteSsm first = discrete(reference, seed);
    DiscreteSsm scaled = first.withC(first.c().mul(manager.create(factors)));
    NDArray u = normal(random, 2, 60, CHANNELS);
    for (DiscreteSsm second :
        List.of(
            discrete(random.layer(5, CHANNELS, bidirectional), seed),
            discrete(reference.select(drawn), seed),
            scaled)) {
      NDArray one = first.output(u);
      NDArray other = second.output(u);
      NDArray actual =
          LayerDifference.of(first, second)
              .map(difference -> difference.output(u))
              .orElse(u.zerosLike());
      double size = Math.max(one.abs().max().getDouble(), other.abs().max().getDouble());
      assertArrayEquals(one.sub(other).toDoubleArray(), actual.toDoubleArray(), TOLERANCE * size);
    }
    // One state has another C, if it is not zero.
    LayerDifference.of(first, scaled).ifPresent(difference -> assertEquals(1, difference.states()));
  }

  private NDArray normal(RandomSsms random, long... shape) {
    Shape target = new Shape(shape);
    double[] values =
        IntStream.range(0, (int) target.size()).mapToDouble(i -> random.normal()).toArray();
    return manager.create(values, target);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingDiffers(long seed) {
    RandomSsms random = new RandomSsms(200 + seed);
    int n = random.integer(1, 20);
    ReferenceSsm reference = random.degenerateLayer(n, CHANNELS, seed % 2 == 0);
    DiscreteSsm layer = discrete(reference, 0);
    assertTrue(LayerDifference.of(layer, layer).isEmpty());
    DiscreteSsm permuted = discrete(reference.select(random.permutation(n)), 0);
    assertTrue(LayerDifference.of(layer, permuted).isEmpty());
    NDArray d = manager.ones(new Shape(CHANNELS), DataType.FLOAT64);
    assertTrue(LayerDifference.of(layer.withFeedthrough(d), permuted.withFeedthrough(d)).isEmpty());
    // Only D does.
    NDArray u = normal(random, 1, 9, CHANNELS);
    DiscreteSsm direct = LayerDifference.of(layer, layer.withFeedthrough(d)).orElseThrow();
    assertArrayEquals(u.mul(-1).toDoubleArray(), direct.output(u).toDoubleArray());
  }

  @Test
  void theFirstLayersManagerHoldsIt() {
    DiscreteSsm first = discrete(new RandomSsms(1).layer(6, CHANNELS, true), 0);
    try (NDManager other = manager.newSubManager()) {
      DiscreteSsm difference;
      try (NDManager scratch = manager.newSubManager()) {
        DiscreteSsm second =
            Last.discretize(
                ReferenceBridge.ssm(scratch, new RandomSsms(2).layer(4, CHANNELS, true)));
        difference = LayerDifference.of(first, second).orElseThrow();
      }
      NDArray u = normal(new RandomSsms(3), 1, 9, CHANNELS);
      u.attach(other);
      assertEquals(10, difference.states());
      assertEquals(new Shape(1, 9, CHANNELS), difference.output(u).getShape());
      difference
          .arrays()
          .forEach(a -> assertEquals(first.lambdaBar().real().getManager(), a.getManager()));
    }
  }

  private static void assertRejected(Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith("second: "), message);
  }

  @Test
  void layersThatDoNotFitAreRefused() {
    RandomSsms random = new RandomSsms(4);
    DiscreteSsm one = discrete(random.layer(3, CHANNELS, false), 0);
    DiscreteSsm both = discrete(random.layer(3, CHANNELS, true), 0);
    DiscreteSsm narrow = discrete(random.layer(3, 2, false), 0);
    assertRejected(() -> LayerDifference.of(one, both));
    assertRejected(() -> LayerDifference.of(both, one));
    assertRejected(() -> LayerDifference.of(one, narrow));
    DiscreteSsm single =
        new DiscreteSsm(
            one.lambdaBar().toType(DataType.FLOAT32),
            one.margin().toType(DataType.FLOAT32, false),
            one.bBar().toType(DataType.FLOAT32),
            one.c().toType(DataType.FLOAT32),
            one.backwardC(),
            one.feedthrough());
    assertRejected(() -> LayerDifference.of(one, single));
  }
}
