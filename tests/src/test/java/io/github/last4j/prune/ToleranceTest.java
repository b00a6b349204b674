package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.PartNorms;
import io.github.last4j.reference.Cplx;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pruning costs, by norms of parts and by a grid of frequencies. */
class ToleranceTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static double energy(SequenceClassifier whole, SequenceClassifier pruned) {
    return Tolerance.energy(0.5).costs().apply(whole).applyAsDouble(pruned);
  }

  /** Where states are removed, it is the norm of what was removed over the whole layer's. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void energyOfRemovedStates(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 1)) {
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      for (Criterion criterion : List.of(Criterion.LAST, Criterion.RANDOM)) {
        for (double ratio : new double[] {0, 0.1, 0.5, 0.9}) {
          States kept = criterion.select(model, ratio, 2);
          double expected = 0;
          for (int l = 0; l < systems.size(); l++) {
            PartNorms norms = PartNorms.of(systems.get(l));
            StateSet removed = kept.layer(l).complement();
            double share =
                norms.hinf(removed, 1e-6).upper() / norms.hinf(StateSet.all(8), 1e-6).lower();
            expected = Math.max(expected, share * share);
          }
          try (SequenceClassifier pruned = criterion.prune(model, ratio, 2)) {
            // Two intervals of this relative width, squared.
            assertEquals(expected, energy(model, pruned), 4e-6 * expected);
          }
        }
      }
    }
  }

  private static Cplx at(ComplexArray array, int index) {
    return new Cplx(array.real().toDoubleArray()[index], array.imag().toDoubleArray()[index]);
  }

  /** The gain of a layer with one input and one output, pair by pair, without D. */
  private static Cplx[] gains(DiscreteSsm layer, int points) {
    Cplx[] gains = new Cplx[points];
    for (int k = 0; k < points; k++) {
      gains[k] = Cplx.ZERO;
    }
    for (int i = 0; i < layer.states(); i++) {
      Cplx pole = at(layer.lambdaBar(), i);
      Cplx forward = at(layer.c(), i).times(at(layer.bBar(), i));
      Cplx backward =
          layer.backwardC().isEmpty()
              ? Cplx.ZERO
              : at(layer.backwardC().get(), i).times(at(layer.bBar(), i));
      for (int k = 0; k < points; k++) {
        double angle = Math.PI * k / (points - 1);
        gains[k] = gains[k].plus(pair(forward, pole, angle)).plus(pair(backward, pole, -angle));
      }
    }
    return gains;
  }

  /** g/(1-λ̄e^{-jθ}) and the same of the conjugates. */
  private static Cplx pair(Cplx g, Cplx pole, double angle) {
    Cplx back = Cplx.polar(1, -angle);
    Cplx one = new Cplx(1, 0);
    return g.over(one.minus(pole.times(back)))
        .plus(g.conjugate().over(one.minus(pole.conjugate().times(back))));
  }

  /** Where states are changed, it is the largest gain of the difference. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void energyOfChangedStates(boolean bidirectional) {
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.channels(1)
                        .pairs(ModelConfig.layers(2, 10))
                        .bidirectional(bidirectional)
                        .stepMin(0.02)
                        .stepMax(0.3));
    int points = 4001;
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 3)) {
      for (long seed = 0; seed < 3; seed++) {
        double ratio = 0.1 + 0.2 * seed;
        try (SequenceClassifier pruned =
            UnstructuredRandom.TABLE_5.get(0).prune(model, ratio, seed)) {
          double expected = 0;
          for (int l = 0; l < 2; l++) {
            Cplx[] before = gains(model.discreteSystems(manager).get(l), points);
            Cplx[] after = gains(pruned.discreteSystems(manager).get(l), points);
            double lost = 0;
            double all = 0;
            for (int k = 0; k < points; k++) {
              lost = Math.max(lost, before[k].minus(after[k]).abs());
              all = Math.max(all, before[k].abs());
            }
            expected = Math.max(expected, lost * lost / (all * all));
          }
          // A peak lies half a step beside the grid at most; poles' margins are above 0.01.
          assertEquals(expected, energy(model, pruned), 2e-3 * expected);
        }
      }
    }
  }

  @Test
  void nothingThatDiffersCostsNothing() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S4D, true, 2);
        SequenceClassifier same = model.keep(States.all(model.config().pairs()))) {
      assertEquals(0, energy(model, same));
      assertEquals(0, energy(model, model));
    }
  }

  @Test
  void accuracyIsThatOfThePrunedModel() {
    SequenceData data = TinyModels.noise(40);
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 1)) {
      Tolerance tolerance = Tolerance.accuracy(0.05, data);
      assertEquals(0.05, tolerance.limit(), 1e-11);
      ToDoubleFunction<SequenceClassifier> cost = tolerance.costs().apply(model);
      assertEquals(0, cost.applyAsDouble(model));
      try (SequenceClassifier pruned = Criterion.LAST.prune(model, 0.8)) {
        assertEquals(
            Evaluation.of(model, data).accuracy() - Evaluation.of(pruned, data).accuracy(),
            cost.applyAsDouble(pruned));
      }
    }
  }

  /** What is found costs what is tolerated at most, and one step more costs more. */
  @Test
  void everyPruningHasALargestRatio() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, true, 4)) {
      Tolerance tolerance = Tolerance.energy(0.2);
      for (Pruning pruning :
          List.of(
              Criterion.LAST,
              ReleasedCode.LAST,
              ByLoss.worstCase("worst case", LossOrder::greedyReturn),
              UnstructuredRandom.TABLE_5.get(0))) {
        LargestRatio found = pruning.largest(model, tolerance);
        assertEquals(found, LargestRatio.of(pruning, model, 0, tolerance, 0.01), pruning.title());
        assertTrue(found.ratio() < 1, pruning.title());
        try (SequenceClassifier good = pruning.prune(model, found.ratio());
            SequenceClassifier bad = pruning.prune(model, found.ratio() + 0.01)) {
          assertTrue(energy(model, good) <= 0.2, pruning.title());
          assertTrue(energy(model, bad) > 0.2, pruning.title());
        }
      }
    }
  }

  private static void assertRejected(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRejected("share: ", () -> Tolerance.energy(Double.NaN));
    assertThrows(NullPointerException.class, () -> new Tolerance(0, null));
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 5)) {
      Map<String, NDArray> parameters = model.parametersByName(manager);
      parameters.computeIfPresent(
          "params/encoder/layers_1/seq/C", (name, array) -> array.zerosLike());
      try (SequenceClassifier mute = SequenceClassifier.of(manager, model.config(), parameters);
          SequenceClassifier integrating = UnstructuredRandom.TABLE_5.get(1).prune(model, 0.5)) {
        assertRejected("model: expected states that put out", () -> energy(mute, mute));
        assertRejected("ssm: expected every pole inside", () -> energy(model, integrating));
      }
      assertRejected("test: ", () -> Tolerance.accuracy(0.1, null).costs().apply(model));
    }
  }
}
