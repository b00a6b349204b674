package io.github.last4j.notebook;

import java.awt.Color;
import java.util.List;
import java.util.stream.IntStream;

/** Draws heatmap traces: a rectangle for each cell, its edges halfway between the places. */
final class PngHeatmap {
  private PngHeatmap() {}

  /** The values of a heatmap's colours. */
  record Scale(String name, boolean reversed, double low, double high) {

    static Scale of(Props trace) {
      double[] values =
          trace.list("z").stream()
              .flatMap(row -> ((List<?>) row).stream())
              .filter(Number.class::isInstance)
              .mapToDouble(v -> ((Number) v).doubleValue())
              .toArray();
      double low = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0);
      double high = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(1);
      return new Scale(
          trace.text("colorscale", "Viridis"),
          trace.flag("reversescale", false),
          trace.number("zmin", low),
          trace.number("zmax", high));
    }

    Color color(double value) {
      // By halves, since the difference may be beyond floating point.
      double position = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
      return PngColors.scaled(name, position, reversed);
    }
  }

  static void draw(PngPanel panel, PngPanel.Layer layer) {
    Props trace = layer.trace();
    List<Object> rows = trace.list("z");
    int columns = rows.stream().mapToInt(row -> ((List<?>) row).size()).max().orElse(0);
    PngAxis yAxis = panel.y(layer.yReference());
    double[] xEdges = edges(panel.x().places(orIndex(trace.list("x"), columns)), panel.x());
    double[] yEdges = edges(yAxis.places(orIndex(trace.list("y"), rows.size())), yAxis);
    Scale scale = Scale.of(trace);
    PngRectangles cells = new PngRectangles(layer.legend());
    for (int i = 0; i < Math.min(rows.size(), yEdges.length - 1); i++) {
      List<?> row = (List<?>) rows.get(i);
      for (int j = 0; j < Math.min(row.size(), xEdges.length - 1); j++) {
        if (row.get(j) instanceof Number value) {
          Color color = layer.faded(scale.color(value.doubleValue()));
          cells.add(xEdges[j], yEdges[i], xEdges[j + 1], yEdges[i + 1], color);
        }
      }
    }
    cells.draw(panel, layer, true);
  }

  private static List<Object> orIndex(List<Object> places, int count) {
    return places.isEmpty()
        ? IntStream.range(0, count).<Object>mapToObj(Integer::valueOf).toList()
        : places;
  }

  private static double[] edges(double[] places, PngAxis axis) {
    int n = places.length;
    double[] at = places.clone();
    if (axis.isLog()) {
      for (int i = 0; i < n; i++) {
        at[i] = Math.log10(places[i]);
      }
    }
    double[] edges = new double[n + 1];
    for (int i = 1; i < n; i++) {
      edges[i] = at[i - 1] / 2 + at[i] / 2;
    }
    if (n > 0) {
      edges[0] = at[0] - (n > 1 ? edges[1] - at[0] : 0.5);
      edges[n] = at[n - 1] + (n > 1 ? at[n - 1] - edges[n - 1] : 0.5);
    }
    for (int i = 0; i <= n; i++) {
      edges[i] = axis.isLog() ? Math.pow(10, edges[i]) : edges[i];
      axis.cover(edges[i], false);
    }
    return edges;
  }
}
