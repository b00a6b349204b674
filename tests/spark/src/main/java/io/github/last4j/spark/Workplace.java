package io.github.last4j.spark;

import io.github.last4j.Models;
import io.github.last4j.app.Sweep.Plan;
import io.github.last4j.prune.Pruning;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.CpuPreset;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkFiles;

/** What an executor works with: the models of a preset and its data, as they were sent to it. */
final class Workplace {
  private static final Map<String, Workplace> OPEN = new HashMap<>();

  private final List<Plan> plans;
  private final Map<Long, Trained> models = new HashMap<>();
  private final Map<String, Pruning> methods = new HashMap<>();

  private Workplace(CpuPreset preset) throws IOException {
    plans = io.github.last4j.app.Sweep.plans(preset);
    Models.trained(preset.title()).forEach(trained -> models.put(trained.seed(), trained));
  }

  /**
   * Packs what executors need: data that come with the project, the checkpoints of a preset and
   * their cards.
   *
   * @param data the data folder
   * @return a zip file
   */
  static byte[] pack(Path data, CpuPreset preset) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = data.relativize(file).toString().replace('\\', '/');
        if (name.matches("(fashion-)?mnist/.*|models/" + preset.title() + "-\\d+\\..*")) {
          zip.putNextEntry(new ZipEntry(name));
          Files.copy(file, zip);
        }
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The one of this process for a preset.
   *
   * @param packed what {@link #pack} made
   */
  static synchronized Workplace of(String kind, byte[] packed) throws IOException {
    Workplace open = OPEN.get(kind);
    if (open == null) {
      Path folder = scratch("data");
      unpack(packed, folder);
      System.setProperty("last4j.data", folder.toString());
      open = new Workplace(CpuPreset.of(kind));
      OPEN.put(kind, open);
    }
    return open;
  }

  /** A new folder that Spark deletes with this process. */
  static Path scratch(String name) throws IOException {
    return Files.createTempDirectory(Path.of(SparkFiles.getRootDirectory()), name);
  }

  private static void unpack(byte[] packed, Path folder) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  /**
   * Makes a row: one at a time, since an engine has all threads of an executor.
   *
   * @return a file of results with this row
   */
  synchronized String row(Cell cell) {
    Plan plan = plans.get(cell.plan());
    Pruning method = methods.computeIfAbsent(cell.method(), title -> method(plan, title));
    try {
      Path file = scratch("row").resolve("row.csv");
      Sweep.of(List.of(method), List.of(cell.ratio()))
          .run(List.of(models.get(cell.seed())), plan.test(), file);
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pruning method(Plan plan, String title) {
    return plan.sweep().methods().stream()
        .filter(method -> method.title().equals(title))
        .map(Remembered::new)
        .findFirst()
        .orElseThrow();
  }
}
