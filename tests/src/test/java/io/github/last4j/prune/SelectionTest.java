package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Last;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to prune a model, whoever asks for it and how. */
class SelectionTest {
  private static final double[] RATIOS = {1, 0, 0.4};
  private static final SequenceData DATA = TinyModels.noise(30);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static List<Selection> selections() {
    List<Selection> all = new ArrayList<>(Criterion.TABLE_6);
    Criterion.HINF.forEach(criterion -> all.add(ReleasedCode.of(criterion)));
    all.add(Criterion.LAST.within(40));
    all.add(Criterion.of("slowest", DiscreteSsm::timeConstants));
    all.add(ByLoss.worstCase("worst case, greedy", LossOrder::greedy));
    all.add(ByLoss.onInputs("on inputs, return", LossOrder::greedyReturn, DATA));
    all.add(
        ByLoss.onInputs("on inputs, best", LossOrder::best, DATA.asDataset(7))
            .withCountsOf(Criterion.LAST));
    Criterion random = new Criterion("any", PaperImportance.RANDOM, Rescaling.NONE, Scope.GLOBAL);
    all.add(
        ByLoss.worstCase("worst case, random counts", LossOrder::greedyReturn)
            .withCountsOf(random));
    return all;
  }

  private static List<Pruning> prunings(Family family) {
    List<Pruning> all = new ArrayList<>(selections());
    if (family == Family.S5) {
      all.addAll(UnstructuredRandom.TABLE_5);
    }
    return all;
  }

  private void assertSame(SequenceClassifier expected, SequenceClassifier actual, String what) {
    assertEquals(expected.config(), actual.config(), what);
    Map<String, NDArray> parameters = actual.parametersByName(manager);
    expected
        .parametersByName(manager)
        .forEach((name, array) -> assertEquals(array, parameters.get(name), what + name));
  }

  /** Prepared for many ratios, in any order, it is what one call for one ratio gives. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void preparedIsTheSame(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 2)) {
      for (Pruning pruning : prunings(family)) {
        for (long seed : new long[] {0, 5}) {
          DoubleFunction<SequenceClassifier> prepared = pruning.of(model, seed);
          for (double ratio : RATIOS) {
            String what = pruning.title() + ", ratio " + ratio + ", seed " + seed + ": ";
            try (SequenceClassifier one = pruning.prune(model, ratio, seed);
                SequenceClassifier other = prepared.apply(ratio)) {
              assertSame(one, other, what);
            }
          }
        }
        try (SequenceClassifier one = pruning.prune(model, 0.4, 0);
            SequenceClassifier other = pruning.prune(model, 0.4)) {
          assertSame(one, other, pruning.title());
        }
        assertThrows(
            IllegalArgumentException.class, () -> pruning.prune(model, 1.1), pruning.title());
        assertThrows(
            IllegalArgumentException.class,
            () -> pruning.of(model, 0).apply(Double.NaN),
            pruning.title());
      }
    }
  }

  /** Pruned is kept, evaluated with masks, and with the readouts of what goes at zero. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void prunedIsWhatIsSelected(Family family, boolean bidirectional) {
    try (SequenceClassifier single = TinyModels.of(manager, family, bidirectional, 3);
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      for (Selection selection : selections()) {
        Selection.Choices choices = selection.choices(model, 4);
        for (double ratio : new double[] {0.3, 0.8}) {
          States states = selection.select(model, ratio, 4);
          String what = selection.title() + ", ratio " + ratio + ": ";
          assertEquals(states, choices.at(ratio), what);
          try (SequenceClassifier pruned = selection.prune(model, ratio, 4);
              SequenceClassifier kept = model.keep(states);
              SequenceClassifier silent = silenced(model, states)) {
            assertSame(kept, pruned, what);
            assertEquals(states.counts(), pruned.config().pairs());
            Evaluation expected = Evaluation.of(pruned, DATA);
            assertEquals(expected, Last.evaluate(model, DATA, states.toMasks(manager)), what);
            Evaluation actual = Evaluation.of(silent, DATA);
            assertEquals(expected.accuracy(), actual.accuracy(), what);
            // Double precision, whose sums have more terms here.
            assertEquals(expected.loss(), actual.loss(), 1e-10, what);
          }
        }
        assertEquals(selection.select(model, 0.4, 0), selection.select(model, 0.4));
        assertEquals(States.all(model.config().pairs()), selection.select(model, 0));
      }
    }
  }

  /** The model of the same size that does not read the states that go. */
  private SequenceClassifier silenced(SequenceClassifier model, States kept) {
    Map<String, NDArray> parameters = model.parametersByName(manager);
    NDList masks = kept.toMasks(manager);
    for (int l = 0; l < masks.size(); l++) {
      NDArray stays = masks.get(l).toType(DataType.FLOAT64, false).reshape(-1, 1);
      for (String name : List.of("C", "C1", "C2")) {
        parameters.computeIfPresent(
            "params/encoder/layers_" + l + "/seq/" + name, (path, c) -> c.mul(stays));
      }
    }
    return SequenceClassifier.of(manager, model.config(), parameters);
  }

  @Test
  void theSeedDecidesWhatIsRandom() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 3)) {
      for (Selection selection : List.of(Criterion.RANDOM, Criterion.RANDOM.within(40))) {
        States states = selection.select(model, 0.5, 3);
        assertEquals(states, selection.select(model, 0.5, 3));
        assertNotEquals(states, selection.select(model, 0.5, 4));
      }
      for (Selection selection : selections()) {
        if (!selection.title().contains("andom")) {
          assertEquals(selection.select(model, 0.5, 3), selection.select(model, 0.5, 4));
        }
      }
    }
  }

  /** A choice by losses keeps as many states of each layer as it is told to. */
  @ParameterizedTest
  @CsvSource({"S5,true", "S4D,false"})
  void countsAreThoseOfTheSelectionGiven(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 4)) {
      for (ByLoss byLoss :
          List.of(
              ByLoss.worstCase("any", LossOrder::greedy),
              ByLoss.onInputs("any", LossOrder::greedyReturn, DATA))) {
        Selection.Choices uniform = byLoss.choices(model, 6);
        for (Selection selection :
            List.of(
                Criterion.UNIFORM_HINF,
                Criterion.LAST,
                Criterion.GLOBAL_MAGNITUDE,
                new Criterion("any", PaperImportance.RANDOM, Rescaling.NONE, Scope.GLOBAL),
                ReleasedCode.LAST,
                byLoss.withCountsOf(Criterion.LAMP))) {
          Selection.Choices choices = byLoss.withCountsOf(selection).choices(model, 6);
          for (double ratio : new double[] {0, 0.3, 0.5, 0.77, 1}) {
            List<Integer> counts = selection.select(model, ratio, 6).counts();
            assertEquals(counts, choices.at(ratio).counts());
            if (selection == Criterion.UNIFORM_HINF) {
              assertEquals(counts, uniform.at(ratio).counts());
            }
          }
        }
      }
    }
  }

  /** The model that is pruned stays as it is, and nothing of the choice is left. */
  @Test
  void nothingIsLeft() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, true, 5)) {
      NDArray x = manager.ones(new Shape(1, 40, 2), DataType.FLOAT32);
      float[] before = model.logProbabilities(new NDList(x)).toFloatArray();
      // What the model keeps for batches like those of the data is made here.
      model.trace(DATA).forEach(trace -> trace.close());
      for (Pruning pruning : prunings(Family.S5)) {
        int owned = model.manager().getManagedArrays().size();
        int shared = manager.getManagedArrays().size();
        pruning.prune(model, 0.5).close();
        assertEquals(owned, model.manager().getManagedArrays().size(), pruning.title());
        assertEquals(shared, manager.getManagedArrays().size(), pruning.title());
      }
      assertArrayEquals(before, model.logProbabilities(new NDList(x)).toFloatArray());
    }
  }
}
