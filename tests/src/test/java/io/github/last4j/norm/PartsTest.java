package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.norm.TestLayers.Layer;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ojalgo.matrix.store.MatrixStore;

/** A layer of independent channels has the norms that its whole matrices have. */
class PartsTest {
  private static final int CHANNELS = 5;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Layers whose parts are not all alike. */
  private enum Kind {
    PLAIN,
    FEEDTHROUGH,
    BOTH_DIRECTIONS,
    BOTH_WITH_FEEDTHROUGH,
    EQUAL_CHANNELS,
    EMPTY_CHANNELS,
    EMPTY_WITH_FEEDTHROUGH,
    STATES_IN_DISORDER,
    CROSSED,
    TWO_IN_ONE,
    UNUSED_STATES;

    Layer layer() {
      RandomSsms random = new RandomSsms(name().length());
      int n = 15;
      int[] channel = IntStream.range(0, n).map(i -> i / 3).toArray();
      if (this == EMPTY_CHANNELS || this == EMPTY_WITH_FEEDTHROUGH) {
        Arrays.setAll(channel, i -> 2 * (i / 5 % 2));
      }
      if (this == STATES_IN_DISORDER) {
        Arrays.setAll(channel, i -> i * 7 % CHANNELS);
      }
      Layer full = TestLayers.random(random, n, CHANNELS, CHANNELS, 0.02);
      if (name().startsWith("BOTH")) {
        full = full.withBackwardC(random.matrix(CHANNELS, n, 1));
      }
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < CHANNELS; k++) {
          boolean own = k == channel[i] || (this == TWO_IN_ONE && k / 2 == channel[i] / 2);
          int out = this == CROSSED ? (k + 1) % CHANNELS : k;
          if (!own || (this == UNUSED_STATES && i % 4 == 1)) {
            full.b[i][k] = Cplx.ZERO;
          }
          if (!own || (this == UNUSED_STATES && i % 4 == 2)) {
            full.c[out][i] = Cplx.ZERO;
            if (full.backwardC != null) {
              full.backwardC[out][i] = Cplx.ZERO;
            }
          }
        }
        if (this == EQUAL_CHANNELS) {
          full.poles[i] = full.poles[i % 3];
          full.b[i][channel[i]] = full.b[i % 3][0];
          full.c[channel[i]][i] = full.c[0][i % 3];
        }
      }
      return name().endsWith("FEEDTHROUGH") ? full.withD(0.5, -40, 0, 1, 2) : full;
    }
  }

  private static PairSystem whole(DiscreteSsm ssm) {
    return PairSystem.of(ssm);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void norms(Kind kind) {
    Layer layer = kind.layer();
    DiscreteSsm ssm = layer.ssm(manager);
    HinfNorm expected = new GainSearch(whole(ssm), 1e-9).run(0);
    HinfNorm actual = SystemNorms.hinf(ssm, 1e-9);
    assertTrue(actual.lower() <= expected.upper() && expected.lower() <= actual.upper());
    assertTrue(actual.tolerance() <= 1e-9, actual::toString);
    double peak = layer.largestGain(actual.peakFrequency());
    assertEquals(actual.lower(), peak, 1e-7 * peak);
    HinfNorm second = HamiltonianHinf.norm(ssm, 1e-9);
    assertEquals(actual.lower(), second.lower(), 1e-8 * actual.lower());
    double h2 = Math.sqrt(layer.meanSquare(4096));
    assertEquals(h2, SystemNorms.h2(ssm), 1e-12 * h2);
    StateSet some = StateSet.where(15, i -> i % 2 == 0);
    HinfNorm part = PartNorms.of(ssm).hinf(some, 1e-9);
    HinfNorm alone = new GainSearch(whole(ssm).part(some, false), 1e-9).run(0);
    assertEquals(alone.lower(), part.lower(), 2e-9 * alone.lower());
    HinfNorm kept = PartNorms.of(ssm).hinfWithFeedthrough(some, 1e-9);
    HinfNorm left = SystemNorms.hinf(ssm.keep(some), 1e-9);
    assertEquals(left.lower(), kept.lower(), 2e-9 * left.lower());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void gramiansAndHankelValues(Kind kind) {
    DiscreteSsm ssm = kind.layer().ssm(manager);
    for (int first = 0; first < whole(ssm).terms; first += ssm.states()) {
      Gramians expected = Gramians.of(whole(ssm), first);
      Gramians actual = first == 0 ? Gramians.of(ssm) : Gramians.backward(ssm);
      assertSame(expected.a(), actual.a());
      assertSame(expected.b(), actual.b());
      assertSame(expected.c(), actual.c());
      assertSame(expected.controllability(), actual.controllability());
      assertSame(expected.observability(), actual.observability());
      GramiansTest.assertLyapunov(actual);
      double[] values = Balancing.of(Gramians.of(whole(ssm).balanced(), first)).values();
      double unit = Math.scalb(1.0, whole(ssm).unit());
      double[] actualValues =
          first == 0 ? HankelSingularValues.of(ssm) : HankelSingularValues.backward(ssm);
      Arrays.setAll(values, i -> values[i] * unit);
      assertArrayEquals(values, actualValues, 1e-8 * values[0]);
    }
  }

  private static void assertSame(MatrixStore<Double> expected, MatrixStore<Double> actual) {
    assertEquals(expected.countRows(), actual.countRows());
    assertEquals(expected.countColumns(), actual.countColumns());
    for (int i = 0; i < expected.countRows(); i++) {
      for (int k = 0; k < expected.countColumns(); k++) {
        assertEquals(expected.doubleValue(i, k), actual.doubleValue(i, k) + 0.0, 1e-14);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BOTH_DIRECTIONS", "BOTH_WITH_FEEDTHROUGH"},
      mode = EnumSource.Mode.EXCLUDE)
  void balancedTruncation(Kind kind) {
    DiscreteSsm ssm = kind.layer().ssm(manager);
    double[] sigma = HankelSingularValues.of(ssm);
    for (int order : new int[] {0, 1, 5, 20}) {
      double error = SystemNorms.hinf(BalancedTruncation.error(ssm, order), 1e-4).upper();
      double tail = Arrays.stream(sigma, order, sigma.length).sum();
      double rounding = 1e-7 * sigma[0];
      assertTrue(error >= sigma[order] - rounding, order + ": " + error);
      assertTrue(error <= 2 * tail * (1 + 1e-4) + rounding, order + ": " + error);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void inputsAndFrequencies(Kind kind) {
    Layer layer = kind.layer();
    DiscreteSsm ssm = layer.ssm(manager);
    double[] all = FrequencyResponse.singularValues(ssm, 0.3)[0];
    assertEquals(CHANNELS, all.length);
    assertEquals(layer.largestGain(0.3), all[0], 1e-9 * all[0]);
    assertEquals(all[0], FrequencyResponse.largest(ssm, 0.3)[0], 1e-6 * all[0]);
    // What the slowest state, margin 0.02, has left after 1500 steps is below 1e-13.
    RandomSsms random = new RandomSsms(7);
    double[] values = IntStream.range(0, 20 * CHANNELS).mapToDouble(i -> random.normal()).toArray();
    NDArray u = manager.create(values, new Shape(1, 20, CHANNELS));
    NDArray rest = manager.zeros(new Shape(1, 1500, CHANNELS), DataType.FLOAT64);
    NDArray padded = rest.concat(u, 1).concat(rest, 1);
    double expected = Math.sqrt(Signals.energy(ssm.output(padded)) / Signals.energy(u));
    assertEquals(expected, EnergyGain.withinSteps(ssm, padded)[0], 1e-12 * expected);
    assertEquals(expected, EnergyGain.overAllTime(ssm, u)[0], 1e-12 * expected);
    HinfNorm norm = SystemNorms.hinf(ssm, 1e-6);
    double reached = WorstCaseInput.gainOverAllTime(ssm, norm.peakFrequency(), 4000);
    assertEquals(norm.lower(), reached, 1e-2 * norm.lower());
    assertTrue(reached <= norm.upper());
  }

  @Test
  void aChannelCanBeAskedFor() {
    DiscreteSsm ssm = Kind.EMPTY_WITH_FEEDTHROUGH.layer().ssm(manager);
    double most = 0;
    for (int channel : new int[] {0, 2}) {
      DiscreteSsm one = ssm.channel(channel);
      assertEquals(new Shape(1), one.feedthrough().orElseThrow().getShape());
      most = Math.max(most, SystemNorms.hinf(one, 1e-9).upper());
    }
    // Channel 1 has nothing but a feedthrough of -40.
    assertEquals(Math.max(most, 40), SystemNorms.hinf(ssm, 1e-9).upper(), 1e-7);
    for (int none : new int[] {1, -1, CHANNELS}) {
      Exception refused = assertThrows(IllegalArgumentException.class, () -> ssm.channel(none));
      assertTrue(refused.getMessage().startsWith("channel: expected"), refused.getMessage());
    }
    int all =
        IntStream.range(0, CHANNELS)
            .map(k -> Kind.PLAIN.layer().ssm(manager).channel(k).states())
            .sum();
    assertEquals(15, all);
  }

  /** Of the size of real layers, which no dense matrix of states does for. */
  @Test
  void manyChannels() {
    int channels = 96;
    int n = 32 * channels;
    RandomSsms random = new RandomSsms(3);
    Layer layer = TestLayers.random(random, n, 1, 1, 1e-3);
    Cplx[][] b = new Cplx[n][channels];
    Cplx[][] c = new Cplx[channels][n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(b[i], Cplx.ZERO);
      b[i][i / 32] = layer.b[i][0];
      for (int k = 0; k < channels; k++) {
        c[k][i] = k == i / 32 ? layer.c[0][i] : Cplx.ZERO;
      }
    }
    DiscreteSsm ssm = new Layer(layer.poles, b, c, null, null).ssm(manager);
    double hinf = 0;
    double squares = 0;
    double first = 0;
    for (int k = 0; k < channels; k++) {
      DiscreteSsm one = ssm.channel(k);
      hinf = Math.max(hinf, SystemNorms.hinf(one, 1e-6).lower());
      double h2 = SystemNorms.h2(one);
      squares += h2 * h2;
      first = Math.max(first, HankelSingularValues.of(one)[0]);
    }
    assertEquals(hinf, SystemNorms.hinf(ssm, 1e-6).lower(), 1e-6 * hinf);
    assertEquals(Math.sqrt(squares), SystemNorms.h2(ssm), 1e-12 * Math.sqrt(squares));
    double[] values = HankelSingularValues.of(ssm);
    assertEquals(2 * n, values.length);
    assertEquals(first, values[0], 1e-12 * first);
  }
}
