package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Choices by loss lose the least, by norms and responses that are computed anew here. */
class ByLossTest {
  private static final SequenceData DATA = TinyModels.noise(12);
  private static final double[] RATIOS = {0, 0.25, 0.5, 0.75, 1};

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static double norm(DiscreteSsm layer, StateSet part) {
    return part.isEmpty()
        ? 0
        : SystemNorms.hinf(layer.withoutFeedthrough().keep(part), 1e-9).upper();
  }

  /** ‖Σ_P(v)‖₂ by running the layer that the states make. */
  private static double response(DiscreteSsm layer, StateSet part, LayerTrace trace) {
    if (part.isEmpty()) {
      return 0;
    }
    DiscreteSsm removed = layer.withoutFeedthrough().keep(part);
    return Math.sqrt(removed.output(trace.normalized()).square().sum().getDouble());
  }

  /** The smallest loss of as many states, of all sets of eight. */
  private static double[] smallest(ToDoubleFunction<StateSet> loss) {
    double[] smallest = new double[9];
    for (int r = 0; r <= 8; r++) {
      smallest[r] = Double.POSITIVE_INFINITY;
    }
    for (int bits = 0; bits < 256; bits++) {
      int members = bits;
      StateSet set = StateSet.where(8, i -> (members >> i & 1) == 1);
      smallest[set.count()] = Math.min(smallest[set.count()], loss.applyAsDouble(set));
    }
    return smallest;
  }

  private static void assertBest(
      Selection.Choices best, int layer, ToDoubleFunction<StateSet> loss, double width) {
    double[] smallest = smallest(loss);
    for (double ratio : RATIOS) {
      StateSet removed = best.at(ratio).layer(layer).complement();
      // One state stays in any case.
      assertEquals(Math.min(7, (int) (8 * ratio)), removed.count());
      double expected = smallest[removed.count()];
      assertEquals(expected, loss.applyAsDouble(removed), width * expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,true"})
  void theBestLosesTheLeast(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 1)) {
      Selection.Choices worst = ByLoss.worstCase("any", LossOrder::best).choices(model, 0);
      Selection.Choices seen =
          ByLoss.onInputs("any", LossOrder::best, DATA.asDataset(5)).choices(model, 0);
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      for (int l = 0; l < 2; l++) {
        DiscreteSsm layer = systems.get(l);
        LayerTrace trace = model.trace(DATA).get(l).toType(DataType.FLOAT64);
        // Twice the width of the certified intervals.
        assertBest(worst, l, part -> norm(layer, part), 2e-6);
        // Batches of other sizes differ in single precision.
        assertBest(seen, l, part -> response(layer, part, trace), 1e-5);
      }
    }
  }

  /** As a sweep does it: prepared once a model, for every ratio, and evaluated. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S4D,true"})
  void inASweep(Family family, boolean bidirectional) {
    List<Pruning> methods = new ArrayList<>();
    methods.add(Criterion.UNIFORM_HINF);
    methods.add(ByLoss.worstCase("worst case", LossOrder::greedy));
    methods.add(ByLoss.onInputs("on inputs", LossOrder::greedy, DATA));
    methods.add(
        ByLoss.onInputs("on inputs, counts of LAST", LossOrder::greedyReturn, DATA)
            .withCountsOf(Criterion.LAST));
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 2)) {
      Evaluation whole = Evaluation.of(model, DATA);
      for (Pruning method : methods) {
        DoubleFunction<SequenceClassifier> prepared = method.of(model, 0);
        for (double ratio : RATIOS) {
          try (SequenceClassifier pruned = prepared.apply(ratio)) {
            Evaluation evaluation = Evaluation.of(pruned, DATA);
            assertEquals(DATA.size(), evaluation.samples());
            assertTrue(Double.isFinite(evaluation.loss()));
            assertTrue(ratio > 0 || evaluation.equals(whole), method.title());
            Selection counts =
                method.title().endsWith("LAST") ? Criterion.LAST : Criterion.UNIFORM_HINF;
            assertEquals(counts.select(model, ratio).counts(), pruned.config().pairs());
          }
        }
      }
    }
  }

  @Test
  void choicesMadeBeforeServeSeveralSelections() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 4)) {
      List<List<Choice>> made = Loss.worstCase(model).stream().map(LossOrder::greedy).toList();
      ByLoss ready = new ByLoss("made", any -> made, Criterion.UNIFORM_HINF);
      ByLoss anew = ByLoss.worstCase("anew", LossOrder::greedy);
      for (double ratio : RATIOS) {
        assertEquals(anew.select(model, ratio), ready.select(model, ratio));
        assertEquals(
            anew.withCountsOf(Criterion.LAST).select(model, ratio),
            ready.withCountsOf(Criterion.LAST).select(model, ratio));
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 3)) {
      ByLoss noData = ByLoss.onInputs("any", LossOrder::greedy, null);
      assertThrows(IllegalArgumentException.class, () -> noData.select(model, 0.5));
      ByLoss any = ByLoss.worstCase("any", LossOrder::greedy);
      for (double ratio : new double[] {-0.1, 1.1, Double.NaN}) {
        assertThrows(IllegalArgumentException.class, () -> any.select(model, ratio));
      }
    }
  }
}
