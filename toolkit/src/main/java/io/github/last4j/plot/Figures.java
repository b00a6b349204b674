package io.github.last4j.plot;

import io.github.last4j.plot.Palette.Style;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Margin;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.TickSettings;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.ScatterTrace.Mode;
import tech.tablesaw.plotly.traces.Trace;

/** What the figures of this package are made of. */
final class Figures {
  // More would hide the line.
  private static final int MOST_MARKERS = 25;

  /** The size of a marker in pixels. */
  static final int MARKER = 7;

  private static final Margin MARGIN =
      Margin.builder().left(70).right(20).top(50).bottom(60).build();

  private Figures() {}

  static Figure of(String title, Axis x, Axis y, List<? extends Trace> traces) {
    return new Figure(layout(title, x, y).build(), traces.toArray(Trace[]::new));
  }

  static Layout.LayoutBuilder layout(String title, Axis x, Axis y) {
    return Layout.builder()
        .title(title)
        .width(760)
        .height(420)
        .margin(MARGIN)
        .showLegend(true)
        .xAxis(x)
        .yAxis(y);
  }

  static Axis linear(String title) {
    return Axis.builder().title(title).build();
  }

  /** Angles from low to high, in multiples of π. */
  static Axis angles(String title, double low, double high) {
    double turns = (high - low) / Math.PI;
    double step = turns > 2 ? 1 : turns > 1 ? 0.5 : 0.25;
    IntStream steps =
        IntStream.rangeClosed(
            (int) Math.floor(low / Math.PI / step), (int) Math.ceil(high / Math.PI / step));
    return angles(Axis.builder().title(title), steps.mapToDouble(i -> i * step));
  }

  /** The same on a logarithmic axis for these angles, with more ticks on a short one. */
  static Axis logAngles(String title, double[] theta) {
    DoubleSummaryStatistics range = Arrays.stream(theta).summaryStatistics();
    List<String> digits =
        range.getMax() > 200 * range.getMin() ? List.of("1") : List.of("1", "2", "5");
    DoubleStream shares =
        IntStream.rangeClosed(-9, 0)
            .boxed()
            .flatMap(decade -> digits.stream().map(digit -> digit + "e" + decade))
            .mapToDouble(Double::parseDouble);
    return angles(Axis.builder().title(title).type(Axis.Type.LOG), shares);
  }

  private static Axis angles(Axis.AxisBuilder axis, DoubleStream shares) {
    double[] ticks = shares.toArray();
    String[] labels = Arrays.stream(ticks).mapToObj(Figures::ofPi).toArray(String[]::new);
    double[] places = Arrays.stream(ticks).map(share -> share * Math.PI).toArray();
    return axis.tickSettings(TickSettings.builder().arrayTicks(places, labels).build()).build();
  }

  private static String ofPi(double share) {
    if (share == 0 || Math.abs(share) == 1) {
      return share == 0 ? "0" : share < 0 ? "-π" : "π";
    }
    return BigDecimal.valueOf(share).stripTrailingZeros().toPlainString() + "π";
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
    return trace(name, x, y, style, marked ? Mode.LINE_AND_MARKERS : Mode.LINE, MARKER);
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
    return points(name, x, y, style, MARKER);
  }

  static ScatterTrace points(String name, double[] x, double[] y, Style style, int size) {
    return trace(name, x, y, style, Mode.MARKERS, size);
  }

  /** Several lines in one trace, thin, behind the one of that name that stands for all of them. */
  static ScatterTrace thin(
      String name, Collection<? extends SortedMap<Double, Double>> lines, Style style) {
    DoubleStream.Builder x = DoubleStream.builder();
    DoubleStream.Builder y = DoubleStream.builder();
    for (SortedMap<Double, Double> line : lines) {
      line.keySet().forEach(x::add);
      line.values().forEach(y::add);
      x.add(Double.NaN);
      y.add(Double.NaN);
    }
    return ScatterTrace.builder(x.build().toArray(), y.build().toArray())
        .mode(Mode.LINE)
        .line(Line.builder().color(style.colour()).width(1).build())
        .opacity(0.45)
        .name(name)
        .showLegend(false)
        .build();
  }

  /** The line that a ratio is compared with. */
  static ScatterTrace one(double from, double to) {
    return guide("ratio of 1", new double[] {from, to}, new double[] {1, 1});
  }

  /** A dashed grey line that guides the eye. */
  static ScatterTrace guide(String name, double[] x, double[] y) {
    return line(name, x, y, Palette.GUIDE);
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

  private static ScatterTrace trace(
      String name, double[] x, double[] y, Style style, Mode mode, int size) {
    return ScatterTrace.builder(x, y)
        .mode(mode)
        .line(Line.builder().color(style.colour()).dash(style.dash()).width(2).build())
        .marker(Marker.builder().color(style.colour()).symbol(style.marker()).size(size).build())
        .name(name)
        .build();
  }
}
