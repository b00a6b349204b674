package io.github.last4j.notebook;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Draws bar and histogram traces, upright or lying, side by side or stacked. */
final class PngBars {
  /** The share of the room between two places that bars take up, as plotly.js leaves it. */
  private static final double FILLED = 0.8;

  private static final int AUTOMATIC_BINS = 30;
  private static final int MOST_BINS = 10_000;

  private PngBars() {}

  static void bars(PngPanel panel, PngPanel.Layer layer) {
    Props trace = layer.trace();
    boolean lying = trace.text("orientation", "v").equals("h");
    PngAxis yAxis = panel.y(layer.yReference());
    PngAxis along = lying ? yAxis : panel.x();
    PngAxis across = lying ? panel.x() : yAxis;
    double[] places = along.places(trace.list(lying ? "y" : "x"));
    double[] lengths = across.places(trace.list(lying ? "x" : "y"));
    double room = FILLED * spacing(places);
    List<Props> group = layer.siblings();
    int index =
        IntStream.range(0, group.size()).filter(i -> group.get(i).map() == trace.map()).sum();
    String mode = panel.layout().text("barmode", "group");
    boolean sideBySide = mode.equals("group");
    double width = sideBySide ? room / group.size() : room;
    PngRectangles rectangles = new PngRectangles(layer.legend());
    for (int i = 0; i < Math.min(places.length, lengths.length); i++) {
      double from = places[i] - room / 2 + (sideBySide ? index * width : 0);
      double start = across.base();
      if (mode.equals("stack") || mode.equals("relative")) {
        start += stackedBelow(group.subList(0, index), lying, i, lengths[i]);
      }
      double end = start + lengths[i];
      along.cover(places[i] - 0.5 * spacing(places), false);
      along.cover(places[i] + 0.5 * spacing(places), false);
      across.coverBar(end);
      add(rectangles, lying, new double[] {from, from + width}, start, end, color(layer, i));
    }
    rectangles.draw(panel, layer, false);
  }

  static void histogram(PngPanel panel, PngPanel.Layer layer) {
    Props trace = layer.trace();
    boolean lying = !trace.has("x");
    PngAxis yAxis = panel.y(layer.yReference());
    PngAxis along = lying ? yAxis : panel.x();
    PngAxis across = lying ? panel.x() : yAxis;
    double[] values =
        Arrays.stream(along.places(trace.list(lying ? "y" : "x")))
            .filter(Double::isFinite)
            .toArray();
    PngRectangles rectangles = new PngRectangles(layer.legend());
    if (values.length == 0) {
      rectangles.draw(panel, layer, false);
      return;
    }
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    double size = binSize(low, high, trace.number(lying ? "nbinsy" : "nbinsx", 0), values.length);
    double first = Math.floor(low / size);
    double[] counts = new double[(int) (Math.floor(high / size) - first) + 1];
    for (double value : values) {
      counts[(int) (Math.floor(value / size) - first)]++;
    }
    double scale = scale(trace.text("histnorm", ""), values.length, size);
    for (int i = 0; i < counts.length; i++) {
      double[] edges = {(first + i) * size, (first + i + 1) * size};
      along.cover(edges[0], false);
      along.cover(edges[1], false);
      across.coverBar(counts[i] * scale);
      add(rectangles, lying, edges, across.base(), counts[i] * scale, layer.color());
    }
    rectangles.draw(panel, layer, false);
  }

  private static void add(
      PngRectangles to, boolean lying, double[] along, double start, double end, Color color) {
    if (lying) {
      to.add(start, along[0], end, along[1], color);
    } else {
      to.add(along[0], start, along[1], end, color);
    }
  }

  private static double stackedBelow(List<Props> before, boolean lying, int index, double value) {
    double sum = 0;
    for (Props trace : before) {
      List<Object> lengths = trace.list(lying ? "x" : "y");
      if (index < lengths.size()
          && lengths.get(index) instanceof Number length
          && Math.signum(length.doubleValue()) == Math.signum(value)) {
        sum += length.doubleValue();
      }
    }
    return sum;
  }

  private static Color color(PngPanel.Layer layer, int index) {
    List<Object> colors = layer.trace().child("marker").list("color");
    return index < colors.size() && colors.get(index) instanceof String css
        ? layer.faded(PngColors.parse(css))
        : layer.color();
  }

  /** The smallest distance between two different places, 1 where there is none. */
  static double spacing(double[] places) {
    double[] sorted = Arrays.stream(places).filter(Double::isFinite).sorted().distinct().toArray();
    return IntStream.range(1, sorted.length)
        .mapToDouble(i -> sorted[i] - sorted[i - 1])
        .min()
        .orElse(1);
  }

  /** A round bin size that gives no more bins than asked for. */
  private static double binSize(double low, double high, double bins, int values) {
    double range = PngRange.linear(low, high, low == high ? 0.5 : 0).length();
    double wanted = bins > 0 ? bins : Math.min(AUTOMATIC_BINS, Math.ceil(Math.sqrt(values)));
    return low == high ? range : PngTicks.roundUp(range / Math.min(MOST_BINS, wanted));
  }

  private static double scale(String norm, int values, double size) {
    return switch (norm) {
      case "percent" -> 100.0 / values;
      case "probability" -> 1.0 / values;
      case "density" -> 1 / size;
      case "probability density" -> 1 / (values * size);
      default -> 1;
    };
  }
}
