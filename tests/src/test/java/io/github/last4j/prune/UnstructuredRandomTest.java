package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.Last;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
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
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeroing elements: how many, which, and what stays as it was. */
class UnstructuredRandomTest {
  private static final UnstructuredRandom FORGETS =
      new UnstructuredRandom("any", ZeroedPole.FORGETS);
  private static final UnstructuredRandom INTEGRATES =
      new UnstructuredRandom("any", ZeroedPole.INTEGRATES);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** A model whose layers are given, and the rest of it drawn. */
  private SequenceClassifier model(
      Discretization method, DataType type, List<ReferenceSsm> layers) {
    ReferenceSsm any = layers.get(0);
    boolean bidirectional = any.backwardC != null;
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.channels(any.c.length)
                        .pairs(layers.stream().map(ReferenceSsm::states).toList())
                        .bidirectional(bidirectional)
                        .discretization(method));
    try (NDManager scratch = manager.newSubManager();
        SequenceClassifier drawn = SequenceClassifier.create(manager, config, 1)) {
      Map<String, NDArray> parameters = drawn.parametersByName(scratch);
      for (int l = 0; l < layers.size(); l++) {
        DiagonalSsm layer = ReferenceBridge.ssm(scratch, layers.get(l));
        String path = "params/encoder/layers_" + l + "/seq/";
        parameters.put(path + "Lambda_re", layer.lambda().real());
        parameters.put(path + "Lambda_im", layer.lambda().imag());
        parameters.put(path + "B", layer.b().toPairs());
        parameters.put(path + (bidirectional ? "C1" : "C"), layer.c().toPairs());
        layer.backwardC().ifPresent(c -> parameters.put(path + "C2", c.toPairs()));
        parameters.put(path + "log_step", layer.step().log().reshape(-1, 1));
      }
      parameters.replaceAll((name, array) -> ComplexArray.copy(array, type));
      return SequenceClassifier.of(manager, config, parameters);
    }
  }

  private static ReferenceSsm layer(long seed, int n, int channels, boolean bidirectional) {
    return new RandomSsms(seed).layer(n, channels, bidirectional);
  }

  /** The elements of all matrices of a layer in a row, real parts and imaginary parts. */
  private static double[][] elements(DiagonalSsm layer) {
    List<ComplexArray> matrices = new ArrayList<>(List.of(layer.lambda(), layer.b(), layer.c()));
    layer.backwardC().ifPresent(matrices::add);
    return new double[][] {
      matrices.stream().flatMapToDouble(m -> Arrays.stream(m.real().toDoubleArray())).toArray(),
      matrices.stream().flatMapToDouble(m -> Arrays.stream(m.imag().toDoubleArray())).toArray()
    };
  }

  /** The elements of a layer's matrices after pruning, as {@link #elements(DiagonalSsm)}. */
  private double[][] elements(SequenceClassifier model, int layer, double ratio, long seed) {
    try (NDManager scratch = manager.newSubManager();
        SequenceClassifier pruned = INTEGRATES.prune(model, ratio, seed)) {
      return elements(pruned.systems(scratch).get(layer));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.1, 1 / 3.0, 0.5, 0.9, 1})
  void exactlyTheShareBecomesZeroAndTheRestStays(double ratio) {
    for (long seed = 0; seed < 6; seed++) {
      DataType type = seed % 2 == 0 ? DataType.FLOAT32 : DataType.FLOAT64;
      boolean bidirectional = seed % 3 == 0;
      for (List<ReferenceSsm> layers :
          List.of(
              List.of(layer(seed, 7, 3, bidirectional), layer(seed + 200, 1, 3, bidirectional)),
              List.of(layer(seed + 100, 1, 1, bidirectional)))) {
        try (SequenceClassifier model = model(Discretization.ZOH, type, layers);
            SequenceClassifier pruned = INTEGRATES.prune(model, ratio, seed)) {
          assertEquals(model.config(), pruned.config());
          for (int l = 0; l < layers.size(); l++) {
            double[][] before = elements(model.systems(manager).get(l));
            double[][] after = elements(pruned.systems(manager).get(l));
            int kept = 0;
            for (int i = 0; i < before[0].length; i++) {
              boolean stays = after[0][i] != 0 || after[1][i] != 0;
              assertEquals(stays ? before[0][i] : 0, after[0][i], 0);
              assertEquals(stays ? before[1][i] : 0, after[1][i], 0);
              kept += stays ? 1 : 0;
            }
            assertEquals(ReferencePruning.kept(before[0].length, ratio), kept);
          }
          assertOthersStay(model, pruned, type);
        }
      }
    }
  }

  /** Steps and feedthrough, and what is outside of the systems. */
  private void assertOthersStay(
      SequenceClassifier model, SequenceClassifier pruned, DataType type) {
    Map<String, NDArray> before = model.parametersByName(manager);
    Map<String, NDArray> after = pruned.parametersByName(manager);
    assertEquals(before.keySet(), after.keySet());
    before.forEach(
        (name, array) -> {
          assertEquals(type, after.get(name).getDataType());
          if (!name.matches(".*/seq/(Lambda_re|Lambda_im|B|C|C1|C2)")) {
            assertEquals(array, after.get(name), name);
          }
        });
  }

  /** Every element goes equally often, whatever matrix it is in; the seed decides. */
  @Test
  void everyElementIsAsLikelyAsAnother() {
    List<ReferenceSsm> layers = List.of(layer(1, 3, 2, true), layer(2, 3, 2, true));
    try (SequenceClassifier model = model(Discretization.ZOH, DataType.FLOAT64, layers)) {
      int draws = 1500;
      int[] gone = new int[42];
      int different = 0;
      for (int seed = 0; seed < draws; seed++) {
        try (NDManager scratch = manager.newSubManager();
            SequenceClassifier pruned = INTEGRATES.prune(model, 1 / 3.0, seed)) {
          List<DiagonalSsm> systems = pruned.systems(scratch);
          double[] first = elements(systems.get(0))[0];
          double[] second = elements(systems.get(1))[0];
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
      double[] once = elements(model, 1, 0.5, 9)[0];
      assertArrayEquals(once, elements(model, 1, 0.5, 9)[0]);
      assertFalse(Arrays.equals(once, elements(model, 1, 0.5, 10)[0]));
    }
  }

  /** A pole at zero sums its inputs up, and has no H∞ norm: an error, and neither NaN nor ∞. */
  @Test
  void poleAtZero() {
    ReferenceSsm layer =
        new ReferenceSsm(
            new Cplx[] {new Cplx(-1, 2)},
            new Cplx[][] {{new Cplx(3, 0)}},
            new Cplx[][] {{new Cplx(1, 0)}},
            new double[] {0.1});
    try (SequenceClassifier model = model(Discretization.ZOH, DataType.FLOAT64, List.of(layer))) {
      // One of three elements goes; in this seed it is the pole.
      long seed =
          IntStream.range(0, 100)
              .filter(s -> elements(model, 0, 1 / 3.0, s)[1][0] == 0)
              .findFirst()
              .orElseThrow();
      try (SequenceClassifier pruned = INTEGRATES.prune(model, 1 / 3.0, seed)) {
        DiscreteSsm discrete = pruned.discreteSystems(manager).get(0);
        assertEquals(1, discrete.lambdaBar().real().getDouble(0));
        assertEquals(0, discrete.lambdaBar().imag().getDouble(0));
        assertEquals(0.3, discrete.bBar().real().getDouble(0, 0), 1e-15);
        String message = refused(() -> Last.hinfNorm(discrete));
        assertTrue(message.contains("state 0"), message);
      }
    }
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
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
      List<ReferenceSsm> layers = List.of(layer(seed, 9, 3, seed % 3 == 0));
      try (SequenceClassifier model = model(method, type, layers);
          SequenceClassifier integrating = INTEGRATES.prune(model, 0.4, seed);
          SequenceClassifier forgetting = FORGETS.prune(model, 0.4, seed)) {
        DiagonalSsm zeroed = integrating.systems(manager).get(0);
        DiscreteSsm before = model.discreteSystems(manager).get(0);
        DiscreteSsm after = forgetting.discreteSystems(manager).get(0);
        assertTrue(Arrays.stream(Last.hinfNorm(after).toDoubleArray()).allMatch(Double::isFinite));
        double tolerance = type == DataType.FLOAT32 ? 1e-6 : 1e-12;
        for (int i = 0; i < 9; i++) {
          boolean stays = at(zeroed.lambda(), i).abs() != 0;
          Cplx pole = stays ? at(before.lambdaBar(), i) : Cplx.ZERO;
          // -2/Δ·Δ/2 is -1 but for rounding; exp(-1000) is zero.
          double rounding = !stays && method == Discretization.BILINEAR ? tolerance : 0;
          assertEquals(0, pole.minus(at(after.lambdaBar(), i)).abs(), rounding);
          for (int j = 0; j < 3; j++) {
            Cplx whole = at(before.bBar(), i, j);
            Cplx expected = zeroed.b().real().getDouble(i, j) != 0 ? whole : Cplx.ZERO;
            double error = expected.minus(at(after.bBar(), i, j)).abs();
            assertEquals(0, error, tolerance * whole.abs());
          }
        }
        DiagonalSsm forgotten = forgetting.systems(manager).get(0);
        assertEquals(zeroed.c(), forgotten.c());
        assertEquals(zeroed.backwardC(), forgotten.backwardC());
        assertOthersStay(model, forgetting, type);
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    List<ReferenceSsm> layers = List.of(layer(1, 3, 2, true));
    try (SequenceClassifier model = model(Discretization.ZOH, DataType.FLOAT64, layers)) {
      for (double ratio : new double[] {-0.1, 1.1, Double.NaN}) {
        String message = refused(() -> INTEGRATES.prune(model, ratio, 0));
        assertTrue(message.contains("ratio"), message);
      }
    }
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(c -> c.family(Family.S4D).channels(2).pairs(ModelConfig.layers(1, 4)));
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      String message = refused(() -> FORGETS.prune(model, 0.5));
      assertTrue(message.startsWith("model: expected an S5"), message);
    }
    assertThrows(NullPointerException.class, () -> new UnstructuredRandom("any", null));
  }
}
