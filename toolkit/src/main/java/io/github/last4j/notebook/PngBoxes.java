package io.github.last4j.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jfree.chart.annotations.XYBoxAnnotation;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Draws box traces: quartiles, whiskers to the outermost values within 1.5 interquartile ranges,
 * and a dot for each value beyond.
 */
final class PngBoxes {
  private static final BasicStroke LINE = new BasicStroke(2);
  private static final double HALF_WIDTH = 0.25;

  private PngBoxes() {}

  static void draw(PngPanel panel, PngPanel.Layer layer) {
    Props trace = layer.trace();
    PngAxis yAxis = panel.y(layer.yReference());
    double[] y = yAxis.places(trace.list("y"));
    List<Object> x = trace.list("x");
    double[] x1 = x.isEmpty() ? panel.x().places(names(layer, y.length)) : panel.x().places(x);
    XYSeries outliers = new XYSeries(layer.legend(), false, true);
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    renderer.setSeriesPaint(0, layer.color());
    renderer.setSeriesShape(0, PngScatter.symbol("circle", 6));
    renderer.setSeriesVisibleInLegend(0, layer.inLegend());
    groups(x1, y)
        .forEach(
            (place, values) -> {
              panel.x().cover(place - 0.5, false);
              panel.x().cover(place + 0.5, false);
              IntStream.range(0, values.length).forEach(i -> yAxis.cover(values[i], true));
              box(renderer, outliers, place, values, layer.color());
            });
    panel.add(new XYSeriesCollection(outliers), renderer, layer.yReference());
  }

  private static List<Object> names(PngPanel.Layer layer, int count) {
    return IntStream.range(0, count).<Object>mapToObj(i -> layer.legend()).toList();
  }

  private static Map<Double, double[]> groups(double[] x, double[] y) {
    Map<Double, double[]> groups = new LinkedHashMap<>();
    for (double place : x) {
      groups.computeIfAbsent(
          place,
          p ->
              IntStream.range(0, Math.min(x.length, y.length))
                  .filter(i -> x[i] == p && Double.isFinite(y[i]))
                  .mapToDouble(i -> y[i])
                  .sorted()
                  .toArray());
    }
    groups.values().removeIf(values -> values.length == 0);
    return groups;
  }

  private static void box(
      XYLineAndShapeRenderer to, XYSeries outliers, double place, double[] sorted, Color color) {
    double q1 = quantile(sorted, 0.25);
    double q3 = quantile(sorted, 0.75);
    double reach = 1.5 * (q3 - q1);
    double[] within =
        Arrays.stream(sorted).filter(v -> v >= q1 - reach && v <= q3 + reach).toArray();
    double bottom = within[0];
    double top = within[within.length - 1];
    double left = place - HALF_WIDTH;
    double right = place + HALF_WIDTH;
    to.addAnnotation(
        new XYBoxAnnotation(left, q1, right, q3, LINE, color, PngColors.faded(color, 0.5)));
    line(to, left, quantile(sorted, 0.5), right, quantile(sorted, 0.5), color);
    line(to, place, q3, place, top, color);
    line(to, place, q1, place, bottom, color);
    line(to, place - HALF_WIDTH / 2, top, place + HALF_WIDTH / 2, top, color);
    line(to, place - HALF_WIDTH / 2, bottom, place + HALF_WIDTH / 2, bottom, color);
    for (double value : sorted) {
      if (value < bottom || value > top) {
        outliers.add(place, value);
      }
    }
  }

  private static void line(
      XYLineAndShapeRenderer to, double x0, double y0, double x1, double y1, Color color) {
    to.addAnnotation(new XYLineAnnotation(x0, y0, x1, y1, LINE, color));
  }

  /** Linear between neighbours, with the i-th of n values at (i + 1/2)/n as plotly.js has it. */
  private static double quantile(double[] sorted, double share) {
    double at = Math.min(sorted.length - 1, Math.max(0, share * sorted.length - 0.5));
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    // Not by the difference, which may be beyond floating point.
    return (low + 1 - at) * sorted[low] + (at - low) * sorted[high];
  }
}
