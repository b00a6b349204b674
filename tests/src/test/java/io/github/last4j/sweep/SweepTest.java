package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfigBuilder;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.plot.SweepPlots;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.prune.UnstructuredRandom;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Sweeps evaluate what they say, once, and go on where they were interrupted. */
class SweepTest {
  private static final SequenceData DATA = TinySweep.data(40);
  // Sums in float32 over at most 60 steps, with removed states as zeros or left out.
  private static final double LOSS_TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void rowsAreOfModelsWhoseOtherStatesAreSilent(Family family) {
    Sweep sweep = Sweep.of(Criterion.TABLE_6, List.of(0.0, 0.3, 0.7, 1.0));
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, family);
      Table table = sweep.run(models, DATA);
      assertEquals(sweep.size(2), table.rowCount());
      int next = 0;
      for (Trained trained : models) {
        for (Criterion criterion : Criterion.TABLE_6) {
          for (double ratio : sweep.ratios()) {
            Row row = table.row(next++);
            States kept = criterion.select(trained.model(), ratio, trained.seed());
            Evaluation silent = evaluateWithSilentStates(manager, trained.model(), kept);
            assertEquals("noise", row.getString("task"));
            assertEquals(family.name(), row.getString("family"));
            assertEquals(trained.name(), row.getString("model"));
            assertEquals(trained.seed(), row.getLong("seed"));
            assertEquals(criterion.title(), row.getString("method"));
            assertEquals(ratio, row.getDouble("ratio"));
            assertEquals(silent.loss(), row.getDouble("loss"), LOSS_TOLERANCE);
            assertEquals(silent.samples(), row.getLong("samples"));
            for (int layer = 1; layer <= 3; layer++) {
              assertEquals(kept.layer(layer - 1).count(), row.getInt("layer " + layer));
            }
            assertEquals(kept.count(), row.getInt("states"));
          }
        }
      }
    }
  }

  /** All states stay, and those that would go have zero rows in the output matrices. */
  private static Evaluation evaluateWithSilentStates(
      NDManager manager, SequenceClassifier model, States kept) {
    NDList masks = kept.toMasks(manager);
    Map<String, NDArray> parameters = model.parametersByName(manager);
    for (int layer = 0; layer < masks.size(); layer++) {
      for (String name : List.of("C1", "C2")) {
        String path = "params/encoder/layers_" + layer + "/seq/" + name;
        NDArray c = parameters.get(path);
        NDArray stays = masks.get(layer).toType(c.getDataType(), false);
        // S5 has (h, n, 2), S4D (n, 2).
        parameters.put(path, c.mul(stays.reshape(stays.size(), 1)));
      }
    }
    try (SequenceClassifier silent = SequenceClassifier.of(manager, model.config(), parameters)) {
      return Evaluation.of(silent, DATA.asDataset(7));
    }
  }

  @Test
  void unstructuredPruningKeepsAllStates() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, Family.S5);
      Sweep sweep = Sweep.of(UnstructuredRandom.TABLE_5.subList(0, 1), List.of(0.0, 0.5));
      Table table = sweep.run(models, DATA);
      Evaluation whole = Evaluation.of(models.get(0).model(), DATA.asDataset(50));
      assertEquals(whole.loss(), table.row(0).getDouble("loss"), LOSS_TOLERANCE);
      assertTrue(Math.abs(whole.loss() - table.row(1).getDouble("loss")) > 1e-3);
      assertTrue(table.intColumn("states").asList().stream().allMatch(states -> states == 30));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameTable(Family family) {
    Sweep sweep = family == Family.S5 ? TinySweep.S5 : TinySweep.S4D;
    try (NDManager manager = NDManager.newBaseManager()) {
      Table first = sweep.run(TinySweep.models(manager, family), DATA);
      Table second = sweep.run(TinySweep.models(manager, family), DATA);
      assertSame(first, second);
    }
  }

  /** Equal but for the time, to the last digit. */
  private static void assertSame(Table expected, Table actual) {
    assertEquals(
        expected.removeColumns("seconds").printAll(), actual.removeColumns("seconds").printAll());
  }

  /** A lambda is all that a criterion of one's own takes, wherever the others go. */
  @ParameterizedTest
  @EnumSource
  void onesOwnCriterionGoesEverywhere(Family family) {
    Criterion mine = Criterion.of("mine", layer -> layer.timeConstants());
    List<Pruning> methods = List.of(mine, Criterion.LAST);
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, family);
      Table table = Sweep.of(methods).run(models, DATA);
      Table own = Results.methods(table, List.of(mine));
      assertEquals(22, own.rowCount());
      SequenceClassifier model = models.get(0).model();
      States kept = mine.select(model, 0.5);
      assertEquals(
          kept.count(),
          own.where(own.doubleColumn("ratio").isEqualTo(0.5)).row(0).getInt("states"));
      List<DiscreteSsm> layers = model.discreteSystems(manager);
      // Across layers: the slowest that goes is no slower than any that stays.
      assertTrue(
          times(layers, kept).min().orElseThrow()
              >= times(layers, kept.complement()).max().orElseThrow());
      assertTrue(Summary.accuracy(table).containsColumn("mine"));
      assertEquals(
          List.of("mine", "LAST"),
          Summary.averages(table, "mine", 100).stringColumn("method").asList());
      Table largest = LargestRatios.run(models, methods, Tolerance.accuracy(0.5, DATA), DATA);
      assertEquals("mine", largest.getString(1, "method"));
      assertEquals(
          mine.largest(model, Tolerance.accuracy(0.5, DATA)).ratio(),
          largest.row(1).getDouble("ratio"));
      assertTrue(SweepPlots.accuracy(table, "two").asJavascript("two").contains("mine"));
    }
  }

  private static DoubleStream times(List<DiscreteSsm> layers, States states) {
    return IntStream.range(0, layers.size())
        .boxed()
        .flatMapToDouble(
            l -> states.layer(l).indices().mapToDouble(i -> layers.get(l).timeConstants()[i]));
  }

  @Test
  void aRandomMethodDrawsFromTheSeedOfTheModel() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = TinySweep.models(manager, Family.S5).get(0).model();
      List<Trained> seeds = new ArrayList<>();
      for (long seed = 0; seed < 3; seed++) {
        seeds.add(new Trained(TinySweep.NOISE, "the same", seed, model));
      }
      List<Pruning> methods =
          List.of(Criterion.RANDOM, UnstructuredRandom.TABLE_5.get(0), Criterion.LAST);
      Table table = Sweep.of(methods, List.of(0.5)).run(seeds, DATA);
      List<Integer> different =
          methods.stream()
              .map(method -> Results.methods(table, List.of(method)))
              .map(rows -> rows.doubleColumn("loss").countUnique())
              .toList();
      assertEquals(List.of(3, 3, 1), different);
      for (Trained trained : seeds) {
        try (SequenceClassifier pruned = Criterion.RANDOM.prune(model, 0.5, trained.seed())) {
          Table row = table.where(table.longColumn("seed").isEqualTo((double) trained.seed()));
          assertEquals(Evaluation.of(pruned, DATA).loss(), row.doubleColumn("loss").get(0));
        }
      }
    }
  }

  /** A row of an evaluation that was not made has the seconds of the one that was. */
  @Test
  void equalPruningsAreEvaluatedOnce() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, Family.S5);
      Criterion again = Criterion.LAST.titled("LAST again");
      Table table = Sweep.of(List.of(Criterion.LAST, again)).run(models, DATA);
      Table first = Results.methods(table, List.of(Criterion.LAST));
      Table second = Results.methods(table, List.of(again));
      for (String column : List.of("loss", "seconds")) {
        assertEquals(
            first.doubleColumn(column).asList(), second.doubleColumn(column).asList(), column);
      }
    }
  }

  @Test
  void aSweepThatWasKilledGoesOnWhereItWas() throws Exception {
    Path file = folder.resolve("new/folder/results.csv");
    kill(file, 20);
    String before = Files.readString(file);
    String whole = before.substring(0, before.lastIndexOf('\n') + 1);
    long rows = whole.lines().count() - 1;
    assertTrue(rows < TinySweep.S5.size(2), "killed in the middle");

    // As if it had been killed while it wrote.
    Files.writeString(file, whole + "noise,S5,\"tiny, of two\",0,LAST,0.30,0.");
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, Family.S5);
      Table resumed = TinySweep.S5.run(models, DATA, file);
      String after = Files.readString(file);
      assertTrue(after.startsWith(whole), "what was known is not evaluated again");
      assertEquals(TinySweep.S5.size(2) + 1, after.lines().count());
      assertEquals(resumed.printAll(), Results.read(file).printAll());
      Table again = TinySweep.S5.run(models, DATA, file);
      assertEquals(after, Files.readString(file));
      assertEquals(resumed.printAll(), again.printAll());
      assertSame(TinySweep.S5.run(models, DATA), resumed);
    }
  }

  /** Starts a sweep in another process and kills it when the file has some rows. */
  private static void kill(Path file, int rows) throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                TinySweep.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (Files.notExists(file) || Files.readString(file).lines().count() <= rows) {
        assertTrue(child.isAlive(), "the sweep ended by itself");
        assertTrue(System.nanoTime() < end, "the sweep wrote nothing in two minutes");
        Thread.sleep(2);
      }
      // The file is the other's as long as it lives.
      String message =
          assertThrows(IOException.class, () -> ResultsFile.open(file, 3)).getMessage();
      assertTrue(message.contains("process " + child.pid() + "@"), message);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void oneSweepAtATimeAddsToAFile() throws IOException {
    Path file = folder.resolve("results.csv");
    try (ResultsFile first = ResultsFile.open(file, 3)) {
      String message =
          assertThrows(IOException.class, () -> ResultsFile.open(file, 3)).getMessage();
      assertTrue(message.endsWith("got one in this process"), message);
      assertEquals(List.of(), first.results());
    }
    ResultsFile.open(file, 3).close();
  }

  /** Whoever was killed while it wrote the header had nothing to lose. */
  @Test
  void aHeaderThatWasNotFinishedIsANewFile() throws IOException {
    String header = String.join(",", Results.COLUMNS) + ",layer 1,layer 2,layer 3";
    for (int length : new int[] {0, 1, 30, header.length() - 1, header.length()}) {
      Path file = Files.writeString(folder.resolve("cut.csv"), header.substring(0, length));
      assertEquals(0, Results.read(file).rowCount());
      ResultsFile.open(file, 3).close();
      assertEquals(header + "\n", Files.readString(file));
    }
    Path other = Files.writeString(folder.resolve("notes.txt"), "task list, without an end");
    assertThrows(IOException.class, () -> ResultsFile.open(other, 3));
    assertEquals("task list, without an end", Files.readString(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0,LAST,0.5,7,1,10,3,1,c,1,2; accuracy: expected a number in [0, 1], got 7",
        "0,LAST,0.5,-0.1,1,10,3,1,c,1,2; accuracy",
        "0,LAST,0.5,,1,10,3,1,c,1,2; accuracy",
        "0,LAST,0.5,1,-1,10,3,1,c,1,2; loss",
        "0,LAST,0.5,1,Infinity,10,3,1,c,1,2; loss",
        "0,LAST,1.5,1,1,10,3,1,c,1,2; ratio",
        "0,LAST,0.5,1,1,0,3,1,c,1,2; samples",
        "0,LAST,0.5,1,1,10,4,1,c,1,2; states: expected 3, the sum of the layers [1, 2], got 4",
        "0,LAST,0.5,1,1,10,,1,c,1,2; states",
        "0,LAST,0.5,1,1,10,3,-1,c,1,2; seconds",
        "0,LAST,0.5,1,1,10,-1,1,c,1,-2; layers",
        "0,LAST,0.5,1,1,10,0,1,c,,; layers",
        "1,LAST,0.5,1,1,10,3,1,c,1,2; one row for each model, seed, method and ratio"
      })
  void impossibleResultsAreRefused(String row, String reason) throws IOException {
    String header = String.join(",", Results.COLUMNS) + ",layer 1,layer 2\n";
    String good = "noise,S5,tiny,1,LAST,0.5,1,1,10,3,1,c,1,2\n";
    Path file = Files.writeString(folder.resolve("r.csv"), header + good);
    assertEquals(1, Results.read(file).rowCount());
    Files.writeString(file, header + good + "noise,S5,tiny," + row + "\n");
    String message = assertThrows(IOException.class, () -> Results.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()) && message.contains(reason), message);
  }

  @Test
  void filesThatRepeatEachOtherAreRefused() throws IOException {
    String header = String.join(",", Results.COLUMNS) + ",layer 1\n";
    Path file =
        Files.writeString(
            folder.resolve("r.csv"), header + "noise,S5,tiny,1,LAST,0.5,1,1,10,3,1,c,3\n");
    assertThrows(IOException.class, () -> Results.read(List.of(file, file)));
    assertTrue(message(() -> Results.read(List.of())).startsWith("files:"));
  }

  /** The same parameters in another architecture are another model. */
  @Test
  void configurationsCount() {
    Pruning slower =
        new Pruning() {
          @Override
          public String title() {
            return "slower";
          }

          @Override
          public SequenceClassifier prune(SequenceClassifier model, double ratio, long seed) {
            return changed(model, c -> c.stepRescale(50));
          }
        };
    Sweep sweep = Sweep.of(List.of(Criterion.LAST, slower), List.of(0.0));
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = TinySweep.models(manager, Family.S5).get(0).model();
      DoubleColumn losses = sweep.run(List.of(trained(model)), DATA).doubleColumn("loss");
      assertNotEquals(losses.get(0), losses.get(1));
      Set<String> checksums = new HashSet<>();
      List<Consumer<ModelConfigBuilder>> choices =
          List.of(
              c -> {},
              c -> c.stepRescale(2),
              c -> c.stepRescale(3),
              c -> c.exactGelu(true),
              c -> c.normEpsilon(1e-3),
              c -> c.postNorm(true),
              c -> c.pooling(Pooling.LAST),
              c -> c.maskPadding(false),
              c -> c.discretization(Discretization.BILINEAR));
      Sweep whole = Sweep.of(List.of(Criterion.LAST), List.of(0.0));
      for (Consumer<ModelConfigBuilder> choice : choices) {
        Table row = whole.run(List.of(trained(changed(model, choice))), DATA);
        checksums.add(row.stringColumn("checksum").get(0));
      }
      assertEquals(choices.size(), checksums.size());
    }
  }

  private static Trained trained(SequenceClassifier model) {
    return new Trained(TinySweep.NOISE, "tiny", 0, model);
  }

  private static SequenceClassifier changed(
      SequenceClassifier model, Consumer<ModelConfigBuilder> change) {
    NDManager parent = model.manager().getParentManager();
    return SequenceClassifier.of(
        parent, model.config().with(change), model.parametersByName(parent));
  }

  @Test
  void resultsOfOtherModelsAreNotMixed() throws IOException {
    Path file = folder.resolve("results.csv");
    Sweep sweep = Sweep.of(List.of(Criterion.LAST), List.of(0.5));
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, Family.S5);
      sweep.run(models, DATA, file);
      Trained other = new Trained(TinySweep.NOISE, models.get(0).name(), 1, models.get(0).model());
      String message = message(() -> sweep.run(List.of(other), DATA, file));
      assertTrue(message.contains("checksum") && message.contains("seed 1"), message);
      message = message(() -> sweep.run(models, TinySweep.data(39), file));
      assertTrue(message.contains("checksum"), message);
      // Another name is another row of the same file.
      Trained renamed = new Trained(TinySweep.NOISE, "other", 1, models.get(0).model());
      sweep.run(List.of(renamed), DATA, file);
      assertEquals(3, Results.read(file).rowCount());

      Path narrow = folder.resolve("narrow.csv");
      Files.writeString(
          narrow,
          Files.readString(file).lines().findFirst().orElseThrow().replace(",layer 3", "") + "\n");
      message = message(() -> sweep.run(models, DATA, narrow));
      assertTrue(message.contains("3 layers, got 2"), message);
    }
  }

  @Test
  void badInputIsNamed() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Sweep sweep = Sweep.of(List.of(Criterion.LAST), List.of(0.5));
      assertTrue(message(() -> sweep.run(List.of(), DATA)).startsWith("models:"));
      List<Trained> s4d = TinySweep.models(manager, Family.S4D);
      assertTrue(message(() -> TinySweep.S5.run(s4d, DATA)).startsWith("model:"));
      List<Criterion> last = List.of(Criterion.LAST);
      for (List<Criterion> bad :
          Arrays.asList(
              List.of(Criterion.LAST, Criterion.LAST),
              List.<Criterion>of(),
              Arrays.asList(Criterion.LAST, null),
              null)) {
        assertTrue(message(() -> Sweep.of(bad, List.of(0.5))).startsWith("methods:"));
      }
      for (List<Double> bad :
          Arrays.asList(
              List.of(0.5, 0.5),
              List.of(0.0, -0.0),
              List.<Double>of(),
              List.of(1.5),
              List.of(-0.1),
              List.of(Double.NaN),
              Arrays.asList(0.5, null),
              null)) {
        assertTrue(message(() -> Sweep.of(last, bad)).startsWith("ratios:"));
      }
      Trained one = TinySweep.models(manager, Family.S5).get(0);
      assertTrue(message(() -> sweep.run(List.of(one, one), DATA)).startsWith("models:"));
    }
    Path file = folder.resolve("other.csv");
    Files.writeString(file, "a,b\n1,2\n");
    assertThrows(IOException.class, () -> Results.read(file));
    Files.writeString(file, String.join(",", Results.COLUMNS) + ",layer 1\nx,y\n");
    assertThrows(IOException.class, () -> Results.read(file));
    assertThrows(IOException.class, () -> Results.read(folder.resolve("none.csv")));
  }

  private static String message(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
