package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.sweep.Published;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The presets against the rows of Tables 3 and 4, and models made of them. */
class PresetTest {
  /** A preset of either table. */
  record Preset(Family family, String title, ModelConfig config, Recipe recipe) {
    /** The row of the table. */
    Row row() throws IOException {
      Table table = table(family);
      Table rows = table.where(table.stringColumn("task").isEqualTo(title));
      assertEquals(1, rows.rowCount());
      return rows.row(0);
    }

    @Override
    public String toString() {
      return family + " " + title;
    }
  }

  private static Table table(Family family) throws IOException {
    return Published.table(family == Family.S5 ? 4 : 3);
  }

  static Stream<Preset> presets() {
    return Stream.concat(
        Arrays.stream(S5Preset.values())
            .map(p -> new Preset(Family.S5, p.title(), p.config(), p.recipe(5))),
        Arrays.stream(S4dPreset.values())
            .map(p -> new Preset(Family.S4D, p.title(), p.config(), p.recipe(5))));
  }

  private static ModelConfig config(Family family, String name) {
    return switch (family) {
      case S5 -> S5Preset.valueOf(name).config();
      case S4D -> S4dPreset.valueOf(name).config();
    };
  }

  @Test
  void everyRowIsAPreset() throws IOException {
    for (Family family : Family.values()) {
      List<String> titles = presets().filter(p -> p.family() == family).map(Preset::title).toList();
      assertEquals(table(family).stringColumn("task").asList(), titles);
    }
    assertEquals(18, presets().count());
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyNumberIsTheTables(Preset preset) throws IOException {
    Row row = preset.row();
    ModelConfig config = preset.config();
    boolean s5 = preset.family() == Family.S5;
    double states = row.getDouble("state dimension") * (s5 ? 1 : config.channels());
    assertEquals(preset.family(), config.family());
    assertEquals(
        Collections.nCopies((int) row.getDouble("layers"), (int) (states / 2)), config.pairs());
    assertEquals(row.getDouble("channels"), config.channels());
    assertEquals(s5 ? row.getDouble("blocks") : 1, config.blocks());
    assertEquals(row.getDouble("dropout"), config.dropout());
    assertEquals(row.getDouble("step min"), config.stepMin());
    assertEquals(s5 ? 0.1 : row.getDouble("step max"), config.stepMax());
    String norm = s5 ? "BN" : row.getString("norm");
    assertEquals(
        norm.equals("LN") ? Normalization.LAYER : Normalization.BATCH, config.normalization());
    assertTrue(norm.equals("LN") || norm.equals("BN"), norm);
    assertEquals(s5 || Boolean.parseBoolean(row.getString("pre-norm")), !config.postNorm());
    assertEquals(List.of(), config.channelPairs());
    Recipe recipe = preset.recipe();
    double rate = row.getDouble("learning rate");
    assertEquals(rate, recipe.learningRate());
    // Table 3 has no rate of its own for state space parameters.
    double ssmRate = s5 ? row.getDouble("SSM learning rate") : Math.min(rate, 0.001);
    assertEquals(ssmRate, recipe.ssmLearningRate());
    assertEquals(row.getDouble("batch size"), recipe.batchSize());
    assertEquals(row.getDouble("epochs"), recipe.epochs());
    assertEquals(row.getDouble("weight decay"), recipe.weightDecay());
    assertEquals(5, recipe.seed());
  }

  /** App. C, and what the releases of S5 and S4 add. */
  @ParameterizedTest
  @CsvSource({
    "SMNIST, 1, false, 10, false, HALF_GLU1, 0.95",
    "PSMNIST, 1, false, 10, false, HALF_GLU1, 0.95",
    "SCIFAR, 3, false, 10, true, HALF_GLU1, 0.95",
    "LISTOPS, 17, true, 10, true, HALF_GLU2, 0.95",
    "TEXT, 129, true, 2, true, HALF_GLU2, 0.95",
    "RETRIEVAL, 97, true, 2, true, HALF_GLU1, 0.95",
    "IMAGE, 1, false, 10, true, HALF_GLU1, 0.95",
    "PATHFINDER, 1, false, 2, true, HALF_GLU1, 0.9",
    "PATH_X, 1, false, 2, true, HALF_GLU1, 0.9",
    "SPEECH, 1, false, 35, true, HALF_GLU1, 0.95"
  })
  void tasks(
      String name,
      int inputs,
      boolean tokens,
      int classes,
      boolean bidirectional,
      Activation activation,
      double momentum) {
    for (Family family : Family.values()) {
      if (family == Family.S4D && name.endsWith("SMNIST")) {
        continue;
      }
      ModelConfig config = config(family, name);
      assertEquals(inputs, config.inputs());
      assertEquals(tokens, config.tokens());
      assertEquals(classes, config.classes());
      assertEquals(bidirectional, config.bidirectional());
      assertEquals(name.equals("RETRIEVAL"), config.documentPairs());
      assertEquals(family == Family.S5 ? activation : Activation.FULL_GLU, config.activation());
      assertEquals(family == Family.S5 ? momentum : 0.9, config.batchNormMomentum());
    }
  }

  /** What Sec. 2.2 and App. C say that there is, for p stored pairs in a layer. */
  private static long count(ModelConfig config) {
    long h = config.channels();
    long p = config.pairs().get(0);
    long directions = config.bidirectional() ? 2 : 1;
    boolean s5 = config.family() == Family.S5;
    long poles = 2 * p;
    long steps = s5 ? p : h;
    long b = s5 ? 2 * p * h : 0;
    long c = directions * (s5 ? 2 * h * p : 2 * p);
    long d = h;
    long mixing = (config.activation() == Activation.FULL_GLU ? 2 : 1) * (h * h + h);
    long norm = 2 * h;
    long layer = poles + steps + b + c + d + mixing + norm;
    long encoder = config.inputs() * h + h;
    long head =
        config.documentPairs()
            ? 4 * h * h + h + h * config.classes() + config.classes()
            : h * config.classes() + config.classes();
    return encoder + config.layers() * layer + head;
  }

  @ParameterizedTest
  @MethodSource("presets")
  void parametersAreCountedAndTheModelRuns(Preset preset) {
    ModelConfig config = preset.config();
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      long count = 0;
      for (Map.Entry<String, NDArray> entry : model.parametersByName(manager).entrySet()) {
        // Running statistics are not learned.
        count += entry.getKey().startsWith("params/") ? entry.getValue().size() : 0;
      }
      assertEquals(count(config), count);
      int sequences = config.documentPairs() ? 2 : 1;
      NDArray x =
          config.tokens()
              ? manager.zeros(new Shape(sequences, 5), DataType.INT64)
              : manager.ones(new Shape(sequences, 5, config.inputs()));
      NDArray probabilities = model.logProbabilities(new NDList(x)).exp();
      assertEquals(new Shape(1, config.classes()), probabilities.getShape());
      assertEquals(1, probabilities.sum().getFloat(), 1e-5);
      assertTrue(probabilities.min().getFloat() > 0);
    }
  }

  /** The same counts as numbers, worked out by hand, against a slip in the formula. */
  @ParameterizedTest
  @CsvSource({
    "S5, SMNIST, 138634",
    "S5, PSMNIST, 200970",
    "S5, SCIFAR, 5134730",
    "S5, LISTOPS, 188106",
    "S5, TEXT, 1319618",
    "S5, RETRIEVAL, 771970",
    "S5, IMAGE, 5133706",
    "S5, PATHFINDER, 1113602",
    "S5, PATH_X, 694018",
    "S5, SPEECH, 283523",
    "S4D, SCIFAR, 3761162",
    "S4D, LISTOPS, 468490",
    "S4D, TEXT, 1124354",
    "S4D, RETRIEVAL, 1378562",
    "S4D, IMAGE, 3760138",
    "S4D, PATHFINDER, 1091586",
    "S4D, PATH_X, 1091586",
    "S4D, SPEECH, 353443"
  })
  void countsByHand(Family family, String name, long expected) {
    assertEquals(expected, count(config(family, name)));
  }
}
