package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import io.github.last4j.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** What the cards and tables under data say of the models there can be had again. */
class CommittedModelsTest {
  // Sums in float32 whose order may differ by machine: a probability in its sixth digit.
  private static final double LOSS_TOLERANCE = 1e-4;

  static Stream<String> models() throws IOException {
    try (Stream<Path> files = Files.list(DataFolder.locate().resolve("models"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".safetensors"))
          .map(name -> name.replace(".safetensors", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<String> tables() throws IOException {
    try (Stream<Path> files = Files.list(DataFolder.locate().resolve("results"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".csv"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void cardsAreTrue(String name) throws IOException {
    CpuPreset preset = CpuPreset.of(name.substring(0, name.lastIndexOf('-')));
    long seed = Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
    Path folder = DataFolder.locate().resolve("models");
    Card card = Card.fromJson(Files.readString(folder.resolve(name + ".json")));
    assertEquals(name, card.name());
    assertEquals(preset.config(), card.config());
    assertEquals(preset.note(), card.note());
    assertEquals(card.recipe().epochs(), card.epochs().size());
    if (preset.trainedHere()) {
      assertEquals(preset.recipe(seed), card.recipe());
      assertEquals(preset.task().data(Split.TRAIN).checksum(), card.dataChecksum());
    } else {
      // On more data than are here, for as many epochs as fitted.
      assertEquals(Recipe.epochs(card.recipe().epochs()).seed(seed), card.recipe());
      assertTrue(card.recipe().epochs() <= preset.recipe(seed).epochs());
      assertTrue(card.trainingSamples() > preset.task().data(Split.TRAIN).size());
    }

    SequenceData test = preset.task().data(Split.TEST);
    // The whole test data in a second or two; where sequences are long, of one seed only, and of
    // models from elsewhere, of which the card says what their own project measured.
    boolean all = test.length() < 200 || seed == 0 || !preset.trainedHere();
    try (SequenceClassifier model = Models.load(preset.title(), seed)) {
      assertEquals(card.config(), model.config());
      Evaluation evaluation = Evaluation.of(model, all ? test : test.take(20));
      if (all) {
        assertEquals(card.test().samples(), evaluation.samples());
        // A sample whose two best classes are level may fall either way on another machine.
        assertEquals(card.test().accuracy(), evaluation.accuracy(), 1.01 / test.size());
        assertEquals(card.test().loss(), evaluation.loss(), LOSS_TOLERANCE);
      } else {
        assertTrue(evaluation.accuracy() > 0.7, "chance is 0.1, and the card says 0.97 or more");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreTrue(String file) throws IOException {
    CpuPreset preset = CpuPreset.of(file.replace(".csv", ""));
    Table committed = Models.results(preset.title());
    SequenceData test =
        preset.task().data(Split.TEST).take((int) committed.row(0).getLong("samples"));
    // Two rows that take a second or two.
    Sweep sweep = Sweep.of(List.of(Criterion.LAST), List.of(0.3, 0.9));
    try (SequenceClassifier model = Models.load(preset.title(), 0)) {
      Trained trained = new Trained(preset.task(), preset.title(), 0, model);
      for (Row row : sweep.run(List.of(trained), test)) {
        Table same =
            committed.where(
                t ->
                    t.longColumn("seed")
                        .isEqualTo(0)
                        .and(t.stringColumn("method").isEqualTo(row.getString("method")))
                        .and(t.doubleColumn("ratio").isEqualTo(row.getDouble("ratio"))));
        assertFalse(same.isEmpty());
        Row expected = same.row(0);
        assertEquals(expected.getString("checksum"), row.getString("checksum"));
        assertEquals(expected.getInt("states"), row.getInt("states"));
        assertEquals(expected.getDouble("accuracy"), row.getDouble("accuracy"), 1.01 / test.size());
        assertEquals(expected.getDouble("loss"), row.getDouble("loss"), LOSS_TOLERANCE);
      }
    }
  }
}
