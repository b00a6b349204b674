package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.bound.ResidualBound;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Importance;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.PaperImportance;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.store.MatrixStore;

/** A layer that holds numbers of channels has the norms of the one that holds its matrices. */
class ChannelNormsTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Of both directions, with feedthrough, in disorder or with channels without states, or not. */
  private DiscreteSsm matrices(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(2, 10);
    int h = random.integer(1, 6);
    TestLayers.Layer layer = TestLayers.random(random, n, h, h, 0.01);
    if (seed % 2 == 0) {
      layer = layer.withBackwardC(random.matrix(h, n, 1));
    }
    int[] channel = IntStream.range(0, n).map(i -> random.integer(0, h - 1)).toArray();
    if (random.chance(0.5)) {
      Arrays.sort(channel);
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < h; k++) {
        if (k != channel[i]) {
          layer.b[i][k] = Cplx.ZERO;
          layer.c[k][i] = Cplx.ZERO;
          if (layer.backwardC != null) {
            layer.backwardC[k][i] = Cplx.ZERO;
          }
        }
      }
      if (random.chance(0.1)) {
        layer.c[channel[i]][i] = Cplx.ZERO;
      }
    }
    return random.chance(0.5)
        ? layer
            .withD(IntStream.range(0, h).mapToDouble(i -> random.normal()).toArray())
            .ssm(manager)
        : layer.ssm(manager);
  }

  private static void assertAlike(
      DiscreteSsm matrices, double tolerance, ToDoubleFunction<DiscreteSsm> norm) {
    double expected = norm.applyAsDouble(matrices);
    double actual = norm.applyAsDouble(matrices.decoupled());
    assertTrue(expected >= 0);
    assertEquals(expected, actual, tolerance * expected);
  }

  private static void assertAllAlike(
      DiscreteSsm matrices, double tolerance, Function<DiscreteSsm, double[]> norms) {
    double[] expected = norms.apply(matrices);
    double most = Arrays.stream(expected).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    assertArrayEquals(expected, norms.apply(matrices.decoupled()), tolerance * most);
  }

  private static double[] elements(Gramians gramians) {
    return List.of(
            gramians.a(),
            gramians.b(),
            gramians.c(),
            gramians.controllability(),
            gramians.observability())
        .stream()
        .flatMapToDouble((MatrixStore<Double> each) -> Arrays.stream(each.toRawCopy1D()))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void norms(long seed) {
    DiscreteSsm whole = matrices(seed);
    StateSet some = StateSet.where(whole.states(), i -> i == 0 || i % 3 == 2);
    for (DiscreteSsm layer : List.of(whole, whole.keep(some))) {
      int n = layer.states();
      StateSet kept = StateSet.where(n, i -> i % 2 == 0);
      // The search certifies ends of this width.
      assertAlike(layer, 1e-6, each -> SystemNorms.hinf(each, 1e-6).lower());
      assertAlike(layer, 1e-12, SystemNorms::h2);
      assertAllAlike(layer, 1e-13, each -> elements(Gramians.of(each)));
      assertAllAlike(layer, 1e-8, HankelSingularValues::of);
      if (layer.bidirectional()) {
        assertAllAlike(layer, 1e-13, each -> elements(Gramians.backward(each)));
        assertAllAlike(layer, 1e-8, HankelSingularValues::backward);
      } else {
        for (int order : new int[] {0, 1, n}) {
          assertAlike(
              layer,
              1e-3,
              each -> 1 + SystemNorms.hinf(BalancedTruncation.error(each, order), 1e-4).upper());
        }
      }
      assertAllAlike(layer, 1e-14, StateNorms::values);
      assertAllAlike(layer, 1e-12, each -> FrequencyResponse.singularValues(each, 0, 0.3, 3)[1]);
      assertAlike(layer, 2e-6, each -> Loss.worstCase(each).of(kept));
      for (Bound bound : Bound.values()) {
        assertAlike(layer, 4e-6, each -> bound.layer(each, kept, Nonlinearity.GELU, 1).value());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void inputs(long seed) {
    DiscreteSsm layer = matrices(seed);
    RandomSsms random = new RandomSsms(seed);
    int h = layer.inputs();
    double[] values = IntStream.range(0, 2 * 30 * h).mapToDouble(i -> random.normal()).toArray();
    NDArray u = manager.create(values, new Shape(2, 30, h));
    NDArray scale = manager.ones(new Shape(h), DataType.FLOAT64).mul(1.5);
    StateSet kept = StateSet.where(layer.states(), i -> i % 2 == 0);
    assertAllAlike(layer, 1e-12, each -> EnergyGain.overAllTime(each, u));
    assertAllAlike(layer, 1e-12, each -> EnergyGain.withinSteps(each, u));
    assertAllAlike(layer, 1e-9, each -> WorstCaseInput.improve(each, u, 3).toDoubleArray());
    assertAlike(layer, 1e-12, each -> Loss.onInputs(each, u).of(kept));
    assertAlike(layer, 1e-12, each -> ResidualBound.removedResponse(each, kept, u.get(0)));
    assertAlike(layer, 1e-12, each -> ResidualBound.lostResponse(each, each.keep(kept), u.get(0)));
    for (ToDoubleFunction<ResidualBound.Block> part :
        List.<ToDoubleFunction<ResidualBound.Block>>of(
            ResidualBound.Block::removed, ResidualBound.Block::pruned)) {
      assertAlike(
          layer, 3e-6, each -> part.applyAsDouble(ResidualBound.Block.of(each, kept, scale)));
      assertAlike(
          layer,
          3e-6,
          each -> part.applyAsDouble(ResidualBound.Block.of(each, each.keep(kept), scale)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void importance(long seed) {
    DiscreteSsm layer = matrices(seed);
    for (Importance each :
        List.of(
            PaperImportance.HINF,
            Criterion.LAST.within(20).importance(),
            PaperImportance.MAGNITUDE)) {
      assertAllAlike(layer, 1e-13, each::of);
    }
  }
}
