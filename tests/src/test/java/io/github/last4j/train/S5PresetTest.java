package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.data.DataFolder;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The presets against Table 4, and models made of them. */
class S5PresetTest {
  private static Table table4() throws IOException {
    return Table.read().csv(DataFolder.locate().resolve("paper/table4.csv").toFile());
  }

  @ParameterizedTest
  @EnumSource(S5Preset.class)
  void everyNumberIsTable4s(S5Preset preset) throws IOException {
    Table table = table4();
    Table rows = table.where(table.stringColumn("task").isEqualTo(preset.title()));
    assertEquals(1, rows.rowCount());
    Row row = rows.row(0);
    ModelConfig config = preset.config();
    int pairs = (int) (row.getNumber("states") / 2);
    assertEquals(
        Collections.nCopies((int) row.getNumber("layers"), pairs), config.pairs(), "pairs");
    assertEquals(row.getNumber("channels"), config.channels());
    assertEquals(row.getNumber("blocks"), config.blocks());
    assertEquals(row.getNumber("dropout"), config.dropout());
    assertEquals(row.getNumber("step_min"), config.stepMin());
    assertEquals(0.1, config.stepMax());
    Recipe recipe = preset.recipe(5);
    assertEquals(row.getNumber("learning_rate"), recipe.learningRate());
    assertEquals(row.getNumber("ssm_learning_rate"), recipe.ssmLearningRate());
    assertEquals(row.getNumber("batch_size"), recipe.batchSize());
    assertEquals(row.getNumber("epochs"), recipe.epochs());
    assertEquals(row.getNumber("weight_decay"), recipe.weightDecay());
    assertEquals(5, recipe.seed());
  }

  @Test
  void onlyRetrievalIsMissing() throws IOException {
    Set<String> tasks = new TreeSet<>(table4().stringColumn("task").asList());
    Arrays.stream(S5Preset.values()).map(S5Preset::title).forEach(tasks::remove);
    assertEquals(Set.of("Retrieval"), tasks);
  }

  /** App. C, and what the S5 release adds. */
  @ParameterizedTest
  @CsvSource({
    "SMNIST, 1, false, 10, false, HALF_GLU1, 0.95",
    "PSMNIST, 1, false, 10, false, HALF_GLU1, 0.95",
    "SCIFAR, 3, false, 10, true, HALF_GLU1, 0.95",
    "LISTOPS, 17, true, 10, true, HALF_GLU2, 0.95",
    "TEXT, 129, true, 2, true, HALF_GLU2, 0.95",
    "IMAGE, 1, false, 10, true, HALF_GLU1, 0.95",
    "PATHFINDER, 1, false, 2, true, HALF_GLU1, 0.9",
    "PATH_X, 1, false, 2, true, HALF_GLU1, 0.9",
    "SPEECH, 1, false, 35, true, HALF_GLU1, 0.95"
  })
  void tasks(
      S5Preset preset,
      int inputs,
      boolean tokens,
      int classes,
      boolean bidirectional,
      Activation activation,
      double momentum) {
    ModelConfig config = preset.config();
    assertEquals(inputs, config.inputs());
    assertEquals(tokens, config.tokens());
    assertEquals(classes, config.classes());
    assertEquals(bidirectional, config.bidirectional());
    assertEquals(activation, config.activation());
    assertEquals(momentum, config.batchNormMomentum());
  }

  /**
   * Counted by hand: in·h+h, in every layer 3p poles and steps, 2ph of B and of each C, h of D,
   * h²+h of the gate and 2h of the normalisation, and hc+c at the end.
   */
  @ParameterizedTest
  @CsvSource({
    "SMNIST, 138634",
    "PSMNIST, 200970",
    "SCIFAR, 5134730",
    "LISTOPS, 188106",
    "TEXT, 1319618",
    "IMAGE, 5133706",
    "PATHFINDER, 1113602",
    "PATH_X, 694018",
    "SPEECH, 283523"
  })
  void parametersAreCountedAndTheModelRuns(S5Preset preset, long expected) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, preset.config(), 0)) {
      long count = 0;
      for (Map.Entry<String, NDArray> entry : model.parametersByName(manager).entrySet()) {
        // Running statistics are not learned.
        count += entry.getKey().startsWith("params/") ? entry.getValue().size() : 0;
      }
      assertEquals(expected, count);
      NDArray x =
          preset.config().tokens()
              ? manager.zeros(new Shape(1, 5), DataType.INT64)
              : manager.ones(new Shape(1, 5, preset.config().inputs()));
      NDArray probabilities = model.logProbabilities(new NDList(x)).exp();
      assertEquals(new Shape(1, preset.config().classes()), probabilities.getShape());
      assertEquals(1, probabilities.sum().getFloat(), 1e-5);
      assertTrue(probabilities.min().getFloat() > 0);
    }
  }
}
