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
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Norms do not depend on the size of numbers. */
@Timeout(30)
class ScaleTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Multiplies by powers of two, which rounds nothing. */
  private static Layer times(Layer layer, int ofB, int ofC) {
    return new Layer(
        layer.poles,
        times(layer.b, ofB),
        times(layer.c, ofC),
        layer.backwardC == null ? null : times(layer.backwardC, ofC),
        layer.d == null
            ? null
            : DoubleStream.of(layer.d).map(x -> Math.scalb(x, ofB + ofC)).toArray());
  }

  private static Cplx[][] times(Cplx[][] matrix, int power) {
    return Arrays.stream(matrix)
        .map(
            row ->
                Arrays.stream(row)
                    .map(z -> new Cplx(Math.scalb(z.re(), power), Math.scalb(z.im(), power)))
                    .toArray(Cplx[]::new))
        .toArray(Cplx[][]::new);
  }

  /** Every number of a layer that scales with its gain. */
  private double[] numbers(Layer layer) {
    DiscreteSsm ssm = layer.ssm(manager);
    int n = ssm.states();
    HinfNorm norm = SystemNorms.hinf(ssm, 1e-6);
    HinfNorm second = HamiltonianHinf.norm(ssm, 1e-6);
    HinfNorm part = PartNorms.of(ssm).hinf(StateSet.of(n, 0, 2), 1e-6);
    double[] ones = IntStream.range(0, 60).mapToDouble(i -> 1 + i % 7).toArray();
    NDArray u = manager.create(ones, new Shape(1, 20, 3));
    DoubleStream all =
        DoubleStream.of(
            norm.lower(),
            norm.upper(),
            second.lower(),
            second.upper(),
            part.lower(),
            part.upper(),
            PartNorms.of(ssm).reached(StateSet.of(n, 1)),
            SystemNorms.h2(ssm),
            FrequencyResponse.largest(ssm, 0.4)[0],
            EnergyGain.withinSteps(ssm, u)[0],
            EnergyGain.overAllTime(ssm, u)[0],
            WorstCaseInput.gainOverAllTime(ssm, 0.4, 30));
    all = DoubleStream.concat(all, DoubleStream.of(FrequencyResponse.singularValues(ssm, 0.4)[0]));
    all = DoubleStream.concat(all, DoubleStream.of(StateNorms.values(ssm)));
    all = DoubleStream.concat(all, DoubleStream.of(HankelSingularValues.of(ssm)));
    if (layer.backwardC == null) {
      HinfNorm error = SystemNorms.hinf(BalancedTruncation.error(ssm, 3), 1e-6);
      all = DoubleStream.concat(all, DoubleStream.of(error.lower(), error.upper()));
    }
    return all.toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "900,-900",
    "-900,900",
    "900,0",
    "0,900",
    "-900,0",
    "0,-900",
    "450,450",
    "-450,-450",
    "901,-320",
    "-777,13",
    "-3,4",
    "511,-512",
    "-664,664",
    "265,-265",
    "-133,-132"
  })
  void powersOfTwoChangeNoDigit(int ofB, int ofC) {
    for (int seed = 1; seed <= 3; seed++) {
      RandomSsms random = new RandomSsms(seed);
      Layer layer = TestLayers.random(random, 5, 3, 3, 1e-3);
      layer = seed == 2 ? layer.withBackwardC(random.matrix(3, 5, 1)) : layer;
      layer = seed == 3 ? layer.withD(1, -2, 0.3) : layer;
      double[] expected = numbers(layer);
      Arrays.setAll(expected, i -> Math.scalb(expected[i], ofB + ofC));
      assertArrayEquals(expected, numbers(times(layer, ofB, ofC)));
    }
  }

  /** States that differ in size by far more than one number can, with gains that do not. */
  @Test
  void statesOfEverySize() {
    Layer layer = TestLayers.random(new RandomSsms(5), 4, 2, 2, 1e-2);
    double expected = SystemNorms.hinf(layer.ssm(manager), 1e-9).upper();
    for (int i = 0; i < 4; i++) {
      int power = 600 * (i % 2) - 300 * i;
      layer.b[i] = times(new Cplx[][] {layer.b[i]}, power)[0];
      for (Cplx[] row : layer.c) {
        row[i] = new Cplx(Math.scalb(row[i].re(), -power), Math.scalb(row[i].im(), -power));
      }
    }
    assertEquals(expected, SystemNorms.hinf(layer.ssm(manager), 1e-9).upper());
    assertEquals(expected, HamiltonianHinf.norm(layer.ssm(manager), 1e-9).upper(), 1e-8 * expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {600, 900})
  void whatNoDoubleHoldsIsNamed(int power) {
    DiscreteSsm ssm =
        times(TestLayers.random(new RandomSsms(1), 4, 2, 2, 1e-3), power, power).ssm(manager);
    NDArray u = manager.ones(new Shape(1, 4, 2), DataType.FLOAT64);
    for (org.junit.jupiter.api.function.Executable norm :
        new org.junit.jupiter.api.function.Executable[] {
          () -> SystemNorms.hinf(ssm, 1e-6),
          () -> SystemNorms.h2(ssm),
          () -> HamiltonianHinf.norm(ssm, 1e-6),
          () -> HankelSingularValues.of(ssm),
          () -> Gramians.of(ssm),
          () -> SystemNorms.hinf(BalancedTruncation.error(ssm, 2), 1e-6),
          () -> StateNorms.values(ssm),
          () -> StateNorms.hinf(ssm),
          () -> PartNorms.of(ssm).hinf(StateSet.all(4), 1e-6),
          () -> PartNorms.of(ssm).reached(StateSet.all(4)),
          () -> FrequencyResponse.singularValues(ssm, 1),
          () -> FrequencyResponse.largest(ssm, 1),
          () -> EnergyGain.overAllTime(ssm, u),
          () -> WorstCaseInput.gainOverAllTime(ssm, 1, 5)
        }) {
      Exception refused = assertThrows(IllegalArgumentException.class, norm);
      assertTrue(refused.getMessage().contains("range of double precision"), refused::toString);
    }
  }

  /** Nor on that of the input. */
  @ParameterizedTest
  @ValueSource(ints = {-1000, -600, -200, 150, 600, 1000})
  void inputsOfEverySize(int power) {
    DiscreteSsm ssm = TestLayers.random(new RandomSsms(6), 4, 2, 2, 1e-2).ssm(manager);
    NDArray u = manager.create(new double[] {3, 1, -2, 5, 4, 1}, new Shape(1, 3, 2));
    NDArray scaled = u.mul(manager.create(Math.scalb(1.0, power)));
    assertEquals(EnergyGain.withinSteps(ssm, u)[0], EnergyGain.withinSteps(ssm, scaled)[0]);
    assertEquals(EnergyGain.overAllTime(ssm, u)[0], EnergyGain.overAllTime(ssm, scaled)[0]);
    assertEquals(WorstCaseInput.improve(ssm, u, 3), WorstCaseInput.improve(ssm, scaled, 3));
  }

  /** What vanishes has an interval from zero to the least double. */
  @Test
  void whatIsTooSmallIsZero() {
    Layer layer = times(TestLayers.random(new RandomSsms(1), 4, 2, 2, 1e-3), -900, -900);
    HinfNorm norm = SystemNorms.hinf(layer.ssm(manager), 1e-6);
    assertEquals(0, norm.lower());
    assertEquals(Double.MIN_VALUE, norm.upper());
  }

  /** λ̄ = 0.5+0.5i, b = 1e-3, c = 1+1i: a closed form's largest value on a fine grid. */
  @Test
  void secondMethodAtOrdinarySizes() {
    Layer layer =
        TestLayers.scalar(1 - Math.sqrt(0.5), Math.PI / 4, new Cplx(1e-3, 0), new Cplx(1, 1));
    double largest =
        IntStream.rangeClosed(0, 100_000)
            .mapToDouble(i -> layer.largestGain(Math.PI * i / 100_000))
            .max()
            .orElseThrow();
    assertEquals(4.3947364e-3, largest, 1e-10);
    HinfNorm second = HamiltonianHinf.norm(layer.ssm(manager), 1e-6);
    assertEquals(largest, second.lower(), 2e-6 * largest);
    assertTrue(second.upper() >= largest, second::toString);
  }

  @Test
  void secondMethodOnSmallInputs() {
    for (int seed = 1; seed <= 40; seed++) {
      RandomSsms random = new RandomSsms(seed);
      int n = random.integer(1, 6);
      int channels = random.integer(1, 3);
      Layer layer = TestLayers.random(random, n, channels, channels, 1e-3);
      for (Cplx[] row : layer.b) {
        Arrays.setAll(row, k -> new Cplx(row[k].re() * 1e-5, row[k].im() * 1e-5));
      }
      HinfNorm first = SystemNorms.hinf(layer.ssm(manager), 1e-6);
      HinfNorm second = HamiltonianHinf.norm(layer.ssm(manager), 1e-6);
      assertEquals(first.lower(), second.lower(), 2e-6 * first.lower(), "seed " + seed);
    }
  }

  /** Margins far below what poles in double precision have. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-13, 1e-30, 1e-100})
  void poleAlmostOnTheCircle(double margin) {
    DiscreteSsm ssm = TestLayers.scalar(margin, 0.7, new Cplx(1, 0), new Cplx(1, 0)).ssm(manager);
    HinfNorm norm = SystemNorms.hinf(ssm, 1e-6);
    assertEquals(1 / margin, norm.lower(), 1e-5 / margin);
  }

  /** Where not even powers of the margin are numbers, there is an end, too. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-200, 1e-300, Double.MIN_VALUE})
  void poleNearerThanCanBeComputed(double margin) {
    DiscreteSsm ssm = TestLayers.scalar(margin, 0.7, new Cplx(1, 0), new Cplx(1, 0)).ssm(manager);
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> SystemNorms.hinf(ssm, 1e-6));
    assertTrue(refused.getMessage().contains("range of double precision"), refused::toString);
  }
}
