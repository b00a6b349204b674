package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.Task;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The models that are here, by title. */
class ModelsTest {
  private static Map<String, NDArray> parameters(SequenceClassifier model) {
    return model.parametersByName(model.manager());
  }

  @Test
  void aModelIsTheOneInItsFile() throws IOException {
    var file = DataFolder.locate().resolve("models/psmnist-s5-1.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = Models.load("psmnist-s5", 1);
        SequenceClassifier expected = Checkpoints.load(manager, file)) {
      assertEquals(expected.config(), model.config());
      Map<String, NDArray> parameters = parameters(model);
      parameters(expected)
          .forEach(
              (name, array) ->
                  assertArrayEquals(array.toFloatArray(), parameters.get(name).toFloatArray()));
    }
  }

  @Test
  void sizesAreThoseOfTheModels() throws IOException {
    Table sizes = Models.sizes(List.of(CpuPreset.PSMNIST_S4D, CpuPreset.SMNIST_S5_FULL));
    Row row = sizes.row(0);
    assertEquals("psmnist-s4d", row.getString("model"));
    assertEquals("Permuted digits, S4D", row.getString("in words"));
    try (SequenceClassifier model = Models.load("psmnist-s4d", 0)) {
      assertEquals(model.config().channels(), row.getNumber("channels"));
      assertEquals(model.config().pairs().size(), row.getNumber("layers"));
      assertEquals(model.config().pairs().get(0), (int) row.getNumber("pairs a layer"));
    }
    Card card =
        Card.fromJson(
            Files.readString(DataFolder.locate().resolve("models/smnist-s5-full-0.json")));
    assertEquals(card.recipe().epochs(), sizes.row(1).getNumber("epochs"));
  }

  /** Titles of figures: no two kinds share theirs. */
  @Test
  void kindsDifferInWords() throws IOException {
    List<String> words = Models.kinds().stream().map(CpuPreset::inWords).toList();
    assertEquals(words.size(), Set.copyOf(words).size(), words.toString());
    assertTrue(words.contains("Fashion-MNIST, S5"), words.toString());
  }

  @Test
  void aModelOutlivesItsSiblings() throws IOException {
    SequenceClassifier one = Models.load("listops-s5", 0);
    try (SequenceClassifier other = Models.load("listops-s5", 0)) {
      one.manager().getParentManager().close();
      assertFalse(one.manager().isOpen());
      assertTrue(other.manager().isOpen());
    }
  }

  @Test
  void theModelsOfAKindDifferInTheirSeeds() throws IOException {
    List<Trained> models = Models.trained("listops-s4d");
    assertEquals(List.of(0L, 1L, 2L), models.stream().map(Trained::seed).toList());
    for (Trained trained : models) {
      assertEquals(Task.LISTOPS, trained.task());
      assertEquals("listops-s4d", trained.name());
      assertEquals(CpuPreset.LISTOPS_S4D.config(), trained.model().config());
    }
    Set<Double> sums =
        models.stream()
            .map(m -> (double) parameters(m.model()).get("params/decoder/kernel").sum().getFloat())
            .collect(Collectors.toSet());
    assertEquals(3, sums.size());
    models.forEach(trained -> trained.model().close());
  }

  @Test
  void theTableHasWhatTheCardsSay() throws IOException {
    Table table = Models.table();
    assertEquals(
        Models.kinds().stream().map(CpuPreset::title).toList(),
        table.stringColumn("model").asList());
    Row row = table.where(table.stringColumn("model").isEqualTo("smnist14-s4d")).row(0);
    assertEquals("smnist14", row.getString("task"));
    assertEquals("S4D", row.getString("family"));
    assertEquals(3, row.getInt("seeds"));
    assertEquals(4, row.getInt("layers"));
    assertEquals(4 * 64 * 16, row.getInt("states"));
    double[] percent = new double[3];
    for (int seed = 0; seed < 3; seed++) {
      Path card = DataFolder.locate().resolve("models/smnist14-s4d-" + seed + ".json");
      percent[seed] = 100 * Card.fromJson(Files.readString(card)).test().accuracy();
    }
    double mean = (percent[0] + percent[1] + percent[2]) / 3;
    double squares = 0;
    for (double each : percent) {
      squares += (each - mean) * (each - mean);
    }
    String expected = String.format(Locale.ROOT, "%.1f ± %.1f", mean, Math.sqrt(squares / 2));
    assertEquals(expected, row.getString("accuracy (%)"));
  }

  @Test
  void whatIsNotThereIsSaid() {
    refused("preset", () -> Models.load("smnist", 0));
    refused("seed", () -> Models.load("smnist-s5", 7));
    refused("preset", () -> Models.trained("smnist"));
    refused("preset", () -> Models.results("smnist"));
    refused("preset", () -> Models.beyond("smnist"));
    refused("preset", () -> Models.calibrations("smnist"));
  }

  private static void refused(String argument, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(argument + ": expected"), message);
  }

  @Test
  void resultsAreOfTheKindsThatWereSwept() throws IOException {
    Set<String> files;
    try (Stream<Path> models = Files.list(DataFolder.locate().resolve("models"))) {
      files =
          models
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".safetensors"))
              .map(name -> name.replaceFirst("-\\d+\\.safetensors$", ""))
              .collect(Collectors.toSet());
    }
    assertEquals(files, Models.kinds().stream().map(CpuPreset::title).collect(Collectors.toSet()));
    assertFalse(Models.swept().contains(CpuPreset.SMNIST_S5));
    Set<String> swept = Models.swept().stream().map(CpuPreset::title).collect(Collectors.toSet());
    Table all = Models.results();
    assertEquals(swept, all.stringColumn("model").asSet());
    Table one = Models.results("fashion-s5");
    assertEquals(Set.of("fashion-s5"), one.stringColumn("model").asSet());
    long expected = all.stringColumn("model").isEqualTo("fashion-s5").size();
    assertEquals(expected, one.rowCount());
  }

  @Test
  void resultsBeyondThePapersMethodsAreApart() throws IOException {
    Table one = Models.beyond("smnist14-s5");
    assertEquals(Set.of("smnist14-s5"), one.stringColumn("model").asSet());
    assertTrue(one.stringColumn("method").asSet().contains("Covariance-balanced"));
    assertFalse(Models.results("smnist14-s5").stringColumn("method").contains("Surgeon + refit"));
    assertTrue(Models.beyond().stringColumn("model").contains("smnist14-s5"));
    Table calibrations = Models.calibrations();
    assertTrue(calibrations.stringColumn("model").contains("psmnist-s5"));
    assertTrue(calibrations.stringColumn("method").contains("Surgeon + refit, noise"));
  }
}
