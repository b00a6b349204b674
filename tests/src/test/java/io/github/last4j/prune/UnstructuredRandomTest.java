package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.prune.UnstructuredPruning;
import io.github.last4j.prune.ZeroedPole;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferencePruning;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeroing elements: how many, which, and what stays as it was. */
class UnstructuredPruningTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private DiagonalSsm layer(long seed, int n, int channels, boolean bidirectional, DataType type) {
    ReferenceSsm layer = new RandomSsms(seed).layer(n, channels, bidirectional);
    return ReferenceBridge.ssm(manager, layer, type)
        .withFeedthrough(manager.ones(new Shape(channels), type));
  }

  private static List<DiagonalSsm> random(List<DiagonalSsm> layers, double ratio, long seed) {
    return UnstructuredPruning.random(
        layers, Discretization.ZOH, ZeroedPole.INTEGRATES, ratio, seed);
  }

  private static List<ComplexArray> matrices(DiagonalSsm layer) {
    List<ComplexArray> matrices = new ArrayList<>(List.of(layer.lambda(), layer.b(), layer.c()));
    layer.backwardC().ifPresent(matrices::add);
    return matrices;
  }

  private static double[] doubles(NDArray array) {
    return ComplexArray.copy(array, DataType.FLOAT64).toDoubleArray();
  }

  /** The elements of all matrices in a row, real parts and imaginary parts. */
  private static double[][] elements(DiagonalSsm layer) {
    return new double[][] {
      matrices(layer).stream().flatMapToDouble(m -> Arrays.stream(doubles(m.real()))).toArray(),
      matrices(layer).stream().flatMapToDouble(m -> Arrays.stream(doubles(m.imag()))).toArray()
    };
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.1, 1 / 3.0, 0.5, 0.9, 1})
  void exactlyTheShareBecomesZeroAndTheRestStays(double ratio) {
    for (long seed = 0; seed < 6; seed++) {
      DataType type = seed % 2 == 0 ? DataType.FLOAT32 : DataType.FLOAT64;
      List<DiagonalSsm> layers =
          List.of(
              layer(seed, 7, 3, seed % 3 == 0, type), layer(seed + 100, 1, 1, seed % 3 == 0, type));
      List<DiagonalSsm> pruned = random(layers, ratio, seed);
      for (int l = 0; l < 2; l++) {
        double[][] before = elements(layers.get(l));
        double[][] after = elements(pruned.get(l));
        int kept = 0;
        for (int i = 0; i < before[0].length; i++) {
          boolean stays = after[0][i] != 0 || after[1][i] != 0;
          assertEquals(stays ? before[0][i] : 0, after[0][i], 0);
          assertEquals(stays ? before[1][i] : 0, after[1][i], 0);
          kept += stays ? 1 : 0;
        }
        assertEquals(ReferencePruning.kept(before[0].length, ratio), kept);
        assertEquals(type, pruned.get(l).lambda().dataType());
        assertArrayEquals(doubles(layers.get(l).step()), doubles(pruned.get(l).step()));
        assertArrayEquals(
            doubles(layers.get(l).feedthrough().get()), doubles(pruned.get(l).feedthrough().get()));
      }
    }
  }

  /** Every element goes equally often, whatever matrix it is in; the seed decides. */
  @Test
  void everyElementIsAsLikelyAsAnother() {
    List<DiagonalSsm> layers =
        List.of(layer(1, 3, 2, true, DataType.FLOAT64), layer(2, 3, 2, true, DataType.FLOAT64));
    int draws = 1500;
    int[] gone = new int[42];
    int different = 0;
    for (int seed = 0; seed < draws; seed++) {
      try (NDManager scratch = manager.newSubManager()) {
        List<DiagonalSsm> copies =
            layers.stream()
                .map(
                    layer -> {
                      DiagonalSsm copy = layer.toType(DataType.FLOAT64);
                      copy.arrays().attach(scratch);
                      return copy;
                    })
                .toList();
        List<DiagonalSsm> pruned = random(copies, 1 / 3.0, seed);
        double[] first = elements(pruned.get(0))[0];
        double[] second = elements(pruned.get(1))[0];
        boolean same = true;
        for (int i = 0; i < 21; i++) {
          gone[i] += first[i] == 0 ? 1 : 0;
          gone[21 + i] += second[i] == 0 ? 1 : 0;
          same &= (first[i] == 0) == (second[i] == 0);
        }
        different += same ? 0 : 1;
      }
    }
    assertTrue(different > 0.99 * draws, "layers are drawn apart");
    for (int count : gone) {
      // Five standard deviations.
      assertEquals(draws / 3.0, count, 5 * Math.sqrt(draws * 2 / 9.0));
    }
    double[] once = elements(random(layers, 0.5, 9).get(1))[0];
    assertArrayEquals(once, elements(random(layers, 0.5, 9).get(1))[0]);
    assertFalse(Arrays.equals(once, elements(random(layers, 0.5, 10).get(1))[0]));
  }

  /** A pole at zero sums its inputs up, and has no H∞ norm: an error, and neither NaN nor ∞. */
  @Test
  void poleAtZero() {
    DiagonalSsm layer =
        DiagonalSsm.of(
            ComplexArray.of(manager.create(new double[] {-1}), manager.create(new double[] {2})),
            ComplexArray.of(
                manager.create(new double[] {3}).reshape(1, 1),
                manager.create(new double[] {0}).reshape(1, 1)),
            ComplexArray.of(
                manager.create(new double[] {1}).reshape(1, 1),
                manager.create(new double[] {0}).reshape(1, 1)),
            manager.create(new double[] {0.1}));
    DiagonalSsm pruned = null;
    for (int seed = 0; pruned == null; seed++) {
      DiagonalSsm candidate = random(List.of(layer), 1 / 3.0, seed).get(0);
      pruned = candidate.lambda().imag().getDouble(0) == 0 ? candidate : null;
    }
    DiscreteSsm discrete = Last.discretize(pruned);
    assertEquals(1, discrete.lambdaBar().real().getDouble(0));
    assertEquals(0, discrete.lambdaBar().imag().getDouble(0));
    assertEquals(0.3, discrete.bBar().real().getDouble(0, 0), 1e-15);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Last.hinfNorm(discrete)).getMessage();
    assertTrue(message.contains("state 0"), message);
  }

  private static Cplx at(ComplexArray array, long... index) {
    return new Cplx(array.real().getDouble(index), array.imag().getDouble(index));
  }

  /** Where poles forget, the same elements go, but of the discrete matrices. */
  @ParameterizedTest
  @EnumSource(Discretization.class)
  void polesThatForget(Discretization method) {
    for (long seed = 0; seed < 8; seed++) {
      DataType type = seed % 2 == 0 ? DataType.FLOAT32 : DataType.FLOAT64;
      DiagonalSsm layer = layer(seed, 9, 3, seed % 3 == 0, type);
      DiagonalSsm zeroed = random(List.of(layer), 0.4, seed).get(0);
      DiagonalSsm pruned =
          UnstructuredPruning.random(List.of(layer), method, ZeroedPole.FORGETS, 0.4, seed).get(0);
      DiscreteSsm before = Last.discretize(layer, method);
      DiscreteSsm after = Last.discretize(pruned, method);
      assertTrue(Arrays.stream(Last.hinfNorm(after).toDoubleArray()).allMatch(Double::isFinite));
      double tolerance = type == DataType.FLOAT32 ? 1e-6 : 1e-12;
      ComplexArray lambda = zeroed.lambda().toType(DataType.FLOAT64);
      NDArray inputStays = ComplexArray.copy(zeroed.b().real(), DataType.FLOAT64);
      for (int i = 0; i < 9; i++) {
        boolean stays = lambda.real().getDouble(i) != 0 || lambda.imag().getDouble(i) != 0;
        Cplx pole = stays ? at(before.lambdaBar(), i) : Cplx.ZERO;
        // -2/Δ·Δ/2 is -1 but for rounding; exp(-1000) is zero.
        double rounding = !stays && method == Discretization.BILINEAR ? tolerance : 0;
        assertEquals(0, pole.minus(at(after.lambdaBar(), i)).abs(), rounding);
        for (int j = 0; j < 3; j++) {
          Cplx whole = at(before.bBar(), i, j);
          Cplx expected = inputStays.getDouble(i, j) != 0 ? whole : Cplx.ZERO;
          double error = expected.minus(at(after.bBar(), i, j)).abs();
          assertEquals(0, error, tolerance * whole.abs());
        }
      }
      assertArrayEquals(doubles(zeroed.c().real()), doubles(pruned.c().real()));
    }
  }

  @Test
  void ratiosOutOfRange() {
    List<DiagonalSsm> layers = List.of(layer(1, 3, 2, true, DataType.FLOAT64));
    for (double ratio : new double[] {-0.1, 1.1, Double.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> random(layers, ratio, 0)).getMessage();
      assertTrue(message.contains("ratio"), message);
    }
  }
}
