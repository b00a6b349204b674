package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of how trainings went on. */
public final class TrainingPlots {
  private TrainingPlots() {}

  /**
   * Accuracy on the validation data against the processor time of the training so far: for each
   * method a line with a point at the end of every epoch, means over the seeds.
   *
   * @param course as {@code make study} writes it, of one kind of model
   * @param methods which to show
   * @throws IllegalArgumentException if there is no row of a method
   */
  public static Figure accuracy(Table course, List<String> methods, String title) {
    return of(course, methods, title, "validation accuracy", 100, Figures.linear("accuracy (%)"));
  }

  /**
   * Accuracy on the validation data after every epoch of one training.
   *
   * @param course with the columns epoch and validation accuracy (in [0, 1]), as epochs make it
   */
  public static Figure validation(Table course, String title) {
    double[] epochs = course.numberColumn("epoch").asDoubleArray();
    double[] percent = course.numberColumn("validation accuracy").multiply(100).asDoubleArray();
    return Figures.of(
        title,
        Figures.linear("epoch"),
        Figures.linear("accuracy (%)"),
        List.of(Figures.line("validation data", epochs, percent, Palette.layer(1))));
  }

  /** The states that are left in the same way. */
  public static Figure states(Table course, List<String> methods, String title) {
    return of(course, methods, title, "states", 1, Figures.linear("states"));
  }

  private static Figure of(
      Table course, List<String> methods, String title, String column, double unit, Axis y) {
    List<Trace> traces = new ArrayList<>();
    Palette.of(new LinkedHashSet<>(methods))
        .forEach(
            (method, style) -> {
              Table rows = course.where(course.stringColumn("method").isEqualTo(method));
              if (rows.isEmpty()) {
                throw new IllegalArgumentException(
                    "methods: expected some of "
                        + new LinkedHashSet<>(course.stringColumn("method").asList())
                        + ", got "
                        + method);
              }
              double[] x = numbers(means(rows, "cpu seconds"), 1);
              for (int i = 1; i < x.length; i++) {
                x[i] += x[i - 1];
              }
              traces.add(Figures.line(method, x, numbers(means(rows, column), unit), style));
            });
    return Figures.of(title, Figures.linear("processor time (s)"), y, traces);
  }

  /** By epoch. */
  private static SortedMap<Double, Double> means(Table rows, String column) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                (Row row) -> row.getNumber("epoch"),
                TreeMap::new,
                Collectors.averagingDouble(row -> row.getNumber(column))));
  }

  private static double[] numbers(Map<Double, Double> values, double unit) {
    return values.values().stream().mapToDouble(value -> unit * value).toArray();
  }
}
