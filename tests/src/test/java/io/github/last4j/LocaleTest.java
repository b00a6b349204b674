package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.ImageOptions;
import io.github.last4j.data.ImageSequences;
import io.github.last4j.data.ListOps;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.io.FileFormat;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.plot.SweepPlots;
import io.github.last4j.progress.Progress;
import io.github.last4j.prune.Criterion;
import io.github.last4j.sweep.Results;
import io.github.last4j.sweep.Summary;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.Card;
import io.github.last4j.train.CpuPreset;
import io.github.last4j.train.Epoch;
import io.github.last4j.train.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** Files, names, messages, checksums and tables are the same in every country. */
class LocaleTest {
  private static final Locale BEFORE = Locale.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void goHome() {
    Locale.setDefault(BEFORE);
  }

  /** Among them digits and points that are not those of Java, and a Turkish i. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "de-DE", "en-US", "tr-TR"})
  void everythingIsAsInNoCountry(String tag) throws Exception {
    Locale.setDefault(Locale.ROOT);
    List<String> expected = texts("root");
    Locale.setDefault(Locale.forLanguageTag(tag));
    List<String> actual = texts(tag);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i));
    }
  }

  private List<String> texts(String name) throws Exception {
    List<String> texts = new ArrayList<>();
    SequenceData digits = ImageSequences.mnist(Split.TEST, ImageOptions.PERMUTED.pooled());
    texts.addAll(List.of(digits.name(), digits.checksum(), digits.toString()));
    SequenceData words =
        ListOps.generate(Split.TEST, new ListOps.Options(5, 5, 16, 96, 5, 5, 30, 0));
    texts.addAll(List.of(words.name(), words.checksum(), Task.LISTOPS.toString()));
    for (CpuPreset preset : CpuPreset.values()) {
      texts.addAll(List.of(preset.title(), preset.note(), preset.checkpoint(1234567)));
    }
    texts.add(csv(Models.table()));
    models(name, digits.take(40), texts);
    messages(texts);
    texts.add(progress());
    return texts;
  }

  private void models(String name, SequenceData digits, List<String> texts) throws IOException {
    ModelConfig config =
        ModelConfig.s5(1, 10).with(c -> c.channels(4).pairs(ModelConfig.layers(2, 6)));
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config, 0);
      for (FileFormat format : FileFormat.values()) {
        Path file = folder.resolve(name + format);
        Checkpoints.save(model, file, format);
        texts.add(HexFormat.of().formatHex(Files.readAllBytes(file)));
        texts.add(Checkpoints.load(manager, file).config().toString());
      }
      Evaluation evaluation = Evaluation.of(model, digits);
      texts.add(evaluation.toString());
      List<Epoch> epochs = List.of(new Epoch(1234, 0.125, evaluation, 1234.5));
      texts.add(
          Card.of(
                  "n",
                  config,
                  Recipe.epochs(3),
                  digits,
                  "",
                  epochs,
                  evaluation,
                  manager.getDevice(),
                  new byte[0])
              .toJson());
      texts.add(csv(Epoch.table(epochs)));
      sweep(folder.resolve(name + ".csv"), new Trained(Task.PSMNIST, "m", 0, model), digits, texts);
    }
  }

  private static void sweep(Path file, Trained trained, SequenceData digits, List<String> texts)
      throws IOException {
    Sweep sweep = Sweep.of(List.of(Criterion.RANDOM, Criterion.LAST), List.of(0.0, 0.25, 0.5));
    Table table = sweep.run(List.of(trained), digits, file);
    // Seconds differ.
    texts.add(Files.readString(file).replaceAll(",[0-9.E-]+,(?=[0-9a-f]{16},)", ","));
    Table read = Results.read(file);
    for (Table each : List.of(table, read)) {
      each.replaceColumn("seconds", DoubleColumn.create("seconds", new double[6]));
      texts.add(csv(each));
    }
    texts.add(csv(Summary.accuracy(read)));
    texts.add(csv(Summary.losses(read, "LAST", 100)));
    texts.add(SweepPlots.accuracy(read, "m").asJavascript("m"));
  }

  private static String csv(Table table) {
    StringWriter csv = new StringWriter();
    table.write().csv(csv);
    return csv.toString();
  }

  private static void messages(List<String> texts) {
    List<Executable> refused =
        List.of(
            () -> ModelConfig.s5(-1234567, 2),
            () -> ModelConfig.s5(1, 2).with(c -> c.dropout(1234.5)),
            () -> ListOps.evaluate("1 2 3"),
            () -> new ListOps.Options(5, 5, 16, 90_000, 64_000, 1, 1, 0),
            () -> SequenceData.of("n", "c", 1234, 1, 2, new float[3], new int[1]),
            () -> SequenceData.of("n", "c", 1, 1, 2, new float[1], new int[] {1234}),
            () -> Task.of("I"),
            () -> CpuPreset.of("I"),
            () -> Models.load("smnist-s5", 1234));
    for (Executable each : refused) {
      texts.add(assertThrows(IllegalArgumentException.class, each).getMessage());
    }
  }

  /** The line of a sweep, on standard error. */
  private static String progress() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (Progress progress = Progress.of("trial", 1234)) {
      progress.step(1234);
    } finally {
      System.setErr(before);
    }
    return written.toString(StandardCharsets.UTF_8).replaceAll("[0-9.]+ s", "s");
  }
}
