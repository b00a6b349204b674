package io.github.last4j.spark;

import io.github.last4j.Models;
import io.github.last4j.app.Options;
import io.github.last4j.app.Sweep;
import io.github.last4j.app.Sweep.Plan;
import io.github.last4j.data.DataFolder;
import io.github.last4j.prune.Pruning;
import io.github.last4j.sweep.Results;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.CpuPreset;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;
import tech.tablesaw.api.Row;

/**
 * What {@code make sweep} does, on a Spark cluster: each row, of a model, a method and a ratio, is
 * a task. Models and data are broadcast, and a row is appended to its file as soon as the driver
 * has it, so that a sweep that was interrupted goes on where it was. What a lost executor was at is
 * done again by another.
 */
public final class ClusterSweep {
  private ClusterSweep() {}

  /** What is done with the cells of a partition, one each, where the executor is. */
  private interface Work extends Function2<TaskContext, Iterator<Cell>, String>, Serializable {}

  /**
   * Sweeps over the models of some presets. The master, and all else of Spark, comes from system
   * properties such as {@code spark.master}.
   *
   * @param args as those of {@link Sweep#main}
   */
  public static void main(String[] args) throws IOException {
    Options options = Sweep.options(args);
    SparkConf conf = new SparkConf().setAppName("last4j sweep");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      for (CpuPreset preset : Sweep.presets(options)) {
        sweep(spark, preset, options);
      }
    }
  }

  private static void sweep(JavaSparkContext spark, CpuPreset preset, Options options)
      throws IOException {
    List<Trained> models = Models.trained(preset.title());
    Broadcast<byte[]> packed = spark.broadcast(Workplace.pack(DataFolder.locate(), preset));
    List<Plan> plans = Sweep.plans(preset);
    for (int p = 0; p < plans.size(); p++) {
      Optional<Plan> wanted = plans.get(p).only(options);
      if (wanted.isEmpty()) {
        continue;
      }
      Plan plan = wanted.get();
      List<Cell> missing = missing(preset, p, plan, models);
      System.out.printf(
          Locale.ROOT,
          "%s: %d of %d rows to make%n",
          plan.file(),
          missing.size(),
          plan.sweep().size(models.size()));
      run(spark, packed, missing, plan.path());
      // All are known: checks that they are of these models, and makes none.
      plan.run(models);
    }
    packed.destroy();
    models.forEach(trained -> trained.model().close());
  }

  /** The rows that the file lacks, in the order of the sweep. */
  private static List<Cell> missing(CpuPreset preset, int number, Plan plan, List<Trained> models)
      throws IOException {
    Set<List<Object>> there = new HashSet<>();
    if (Files.exists(plan.path())) {
      for (Row row : Results.read(plan.path())) {
        there.add(
            List.of(
                row.getString("model"),
                (long) row.getNumber("seed"),
                row.getString("method"),
                row.getNumber("ratio")));
      }
    }
    List<Cell> missing = new ArrayList<>();
    for (Trained model : models) {
      for (Pruning method : plan.sweep().methods()) {
        for (double ratio : plan.sweep().ratios()) {
          if (!there.contains(List.of(model.name(), model.seed(), method.title(), ratio))) {
            missing.add(new Cell(preset.title(), number, method.title(), model.seed(), ratio));
          }
        }
      }
    }
    return missing;
  }

  private static void run(
      JavaSparkContext spark, Broadcast<byte[]> packed, List<Cell> cells, Path file)
      throws IOException {
    if (cells.isEmpty()) {
      return;
    }
    JavaRDD<Cell> one = spark.parallelize(cells, cells.size());
    Work work =
        (context, partition) -> {
          Cell cell = partition.next();
          try {
            return Workplace.of(cell.kind(), packed.value()).row(cell);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    List<Object> partitions = new ArrayList<>(IntStream.range(0, cells.size()).boxed().toList());
    Path arriving = Workplace.scratch("rows").resolve("rows.csv");
    Function2<Object, String, BoxedUnit> keep =
        (number, text) -> {
          try {
            Files.writeString(arriving, text);
            Results.merge(file, arriving);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return BoxedUnit.UNIT;
        };
    spark
        .sc()
        .runJob(
            one.rdd(),
            work,
            CollectionConverters.asScala(partitions).toSeq(),
            keep,
            ClassTag$.MODULE$.apply(String.class));
  }
}
