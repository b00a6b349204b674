package io.github.last4j.plot;

import io.github.last4j.plot.Palette.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.ScatterTrace.Mode;
import tech.tablesaw.plotly.traces.Trace;

/** What the figures of this package are made of. */
final class Figures {
  // More would hide the line.
  private static final int MOST_MARKERS = 25;

  private Figures() {}

  static Figure of(String title, Axis x, Axis y, List<? extends Trace> traces) {
    return new Figure(layout(title, x, y).build(), traces.toArray(Trace[]::new));
  }

  static Layout.LayoutBuilder layout(String title, Axis x, Axis y) {
    return Layout.builder().title(title).width(760).height(420).showLegend(true).xAxis(x).yAxis(y);
  }

  static Axis linear(String title) {
    return Axis.builder().title(title).build();
  }

  static Axis log(String title) {
    return Axis.builder().title(title).type(Axis.Type.LOG).build();
  }

  /**
   * A line for each name.
   *
   * @param argument what an exception calls the lines
   * @throws IllegalArgumentException if a line has another length than x
   */
  static List<Trace> lines(String argument, double[] x, Map<String, double[]> lines) {
    List<Trace> traces = new ArrayList<>();
    Palette.of(lines.keySet())
        .forEach(
            (name, style) -> {
              double[] y = lines.get(name);
              if (y.length != x.length) {
                throw new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "%s: expected %d numbers in %s, got %d",
                        argument,
                        x.length,
                        name,
                        y.length));
              }
              traces.add(line(name, x, y, style));
            });
    return traces;
  }

  static ScatterTrace line(String name, double[] x, double[] y, Style style) {
    boolean marked = style.marker() != null && x.length <= MOST_MARKERS;
    return trace(name, x, y, style, marked ? Mode.LINE_AND_MARKERS : Mode.LINE);
  }

  /** A line for each name over first, first + 1, … without what is not positive. */
  static List<Trace> positive(int first, Map<String, double[]> lines) {
    List<Trace> traces = new ArrayList<>();
    Palette.of(lines.keySet())
        .forEach((name, style) -> traces.add(positive(name, first, lines.get(name), style)));
    return traces;
  }

  /** A line over first, first + 1, … without what is not positive. */
  static ScatterTrace positive(String name, int first, double[] y, Style style) {
    int[] shown = IntStream.range(0, y.length).filter(i -> y[i] > 0).toArray();
    return line(
        name,
        IntStream.of(shown).mapToDouble(i -> first + i).toArray(),
        IntStream.of(shown).mapToDouble(i -> y[i]).toArray(),
        style);
  }

  static ScatterTrace points(String name, double[] x, double[] y, Style style) {
    return trace(name, x, y, style, Mode.MARKERS);
  }

  /** A dashed grey line that guides the eye. */
  static ScatterTrace guide(String name, double[] x, double[] y) {
    return line(name, x, y, Palette.guide(0));
  }

  /** A translucent area, with its outline (mode "lines") or without (mode "none"). */
  static ScatterTrace.ScatterBuilder area(double[] x, double[] y, String colour, Mode mode) {
    int rgb = Integer.decode(colour);
    return ScatterTrace.builder(x, y)
        .mode(mode)
        .line(Line.builder().color(colour).width(2).build())
        .fill(ScatterTrace.Fill.TO_SELF)
        .fillColor(
            String.format(Locale.ROOT, "rgba(%d,%d,%d,0.2)", rgb >> 16, rgb >> 8 & 255, rgb & 255));
  }

  private static ScatterTrace trace(String name, double[] x, double[] y, Style style, Mode mode) {
    return ScatterTrace.builder(x, y)
        .mode(mode)
        .line(Line.builder().color(style.colour()).dash(style.dash()).width(2).build())
        .marker(Marker.builder().color(style.colour()).symbol(style.marker()).size(7).build())
        .name(name)
        .build();
  }
}
