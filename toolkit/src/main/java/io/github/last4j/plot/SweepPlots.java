package io.github.last4j.plot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of the tables that sweeps make. */
public final class SweepPlots {
  private static final List<String> COLOURS =
      List.of(
          "#636efa", "#ef553b", "#00cc96", "#ab63fa", "#ffa15a", "#19d3f3", "#ff6692", "#b6e880");

  private SweepPlots() {}

  /**
   * Accuracy against the share of states removed, as in the paper's Fig. 2: for each criterion the
   * mean over the models as a line, and from the worst to the best as a band.
   *
   * @param sweep a table that a sweep made
   */
  public static Figure accuracy(Table sweep, String title) {
    List<Trace> traces = new ArrayList<>();
    List<String> criteria = new ArrayList<>(sweep.stringColumn("criterion").unique().asList());
    Collections.sort(
        criteria, (a, b) -> first(sweep, "criterion", a) - first(sweep, "criterion", b));
    for (int i = 0; i < criteria.size(); i++) {
      String name = criteria.get(i);
      Table rows = sweep.where(sweep.stringColumn("criterion").isEqualTo(name));
      NavigableMap<Double, List<Double>> byRatio =
          group(rows, row -> 100 * row.getDouble("ratio"), row -> 100 * row.getDouble("accuracy"));
      String colour = COLOURS.get(i % COLOURS.size());
      traces.add(band(byRatio, name, colour));
      traces.add(mean(byRatio, name, colour));
    }
    return figure(title, "states removed (%)", "accuracy (%)", traces);
  }

  /**
   * The states that each layer keeps against the share of states removed, as in the lower part of
   * the paper's Fig. 3: the mean over the models.
   *
   * @param sweep a table that a sweep made
   * @param criterion the title of the criterion to show
   */
  public static Figure remainingStates(Table sweep, String criterion, String title) {
    Table rows = sweep.where(sweep.stringColumn("criterion").isEqualTo(criterion));
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "criterion: expected one of "
              + sweep.stringColumn("criterion").unique().asList()
              + ", got "
              + criterion);
    }
    List<Trace> traces = new ArrayList<>();
    for (String layer : rows.columnNames()) {
      if (layer.startsWith("layer ")) {
        String colour = COLOURS.get(traces.size() % COLOURS.size());
        traces.add(
            mean(
                group(rows, row -> 100 * row.getDouble("ratio"), row -> row.getInt(layer)),
                layer,
                colour));
      }
    }
    return figure(title, "states removed (%)", "states kept", traces);
  }

  private static int first(Table table, String column, String value) {
    return table.stringColumn(column).asList().indexOf(value);
  }

  private static NavigableMap<Double, List<Double>> group(
      Table rows, ToDoubleFunction<Row> x, ToDoubleFunction<Row> y) {
    NavigableMap<Double, List<Double>> groups = new TreeMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent(x.applyAsDouble(row), key -> new ArrayList<>())
          .add(y.applyAsDouble(row));
    }
    return groups;
  }

  private static Trace mean(SortedMap<Double, List<Double>> groups, String name, String colour) {
    double[] x = groups.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    double[] y =
        groups.values().stream()
            .mapToDouble(
                values -> values.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
            .toArray();
    return ScatterTrace.builder(x, y)
        .mode(ScatterTrace.Mode.LINE_AND_MARKERS)
        .line(Line.builder().color(colour).width(2).build())
        .marker(tech.tablesaw.plotly.components.Marker.builder().color(colour).size(6).build())
        .name(name)
        .build();
  }

  /** The outline from the least to the greatest value, filled. */
  private static Trace band(NavigableMap<Double, List<Double>> groups, String name, String colour) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    groups.forEach(
        (key, values) -> {
          x.add(key);
          y.add(Collections.min(values));
        });
    groups
        .descendingMap()
        .forEach(
            (key, values) -> {
              x.add(key);
              y.add(Collections.max(values));
            });
    return ScatterTrace.builder(
            x.stream().mapToDouble(Double::doubleValue).toArray(),
            y.stream().mapToDouble(Double::doubleValue).toArray())
        .mode(ScatterTrace.Mode.LINE)
        .line(Line.builder().color(colour).width(0).build())
        .fill(ScatterTrace.Fill.TO_SELF)
        .fillColor(colour)
        .opacity(0.2)
        .showLegend(false)
        .name(name + ", range over seeds")
        .build();
  }

  private static Figure figure(String title, String x, String y, List<Trace> traces) {
    Layout layout =
        Layout.builder()
            .title(title)
            .xAxis(Axis.builder().title(x).build())
            .yAxis(Axis.builder().title(y).build())
            .width(760)
            .height(460)
            .build();
    return new Figure(layout, traces.toArray(Trace[]::new));
  }
}
