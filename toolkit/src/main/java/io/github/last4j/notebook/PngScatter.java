package io.github.last4j.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Draws scatter traces: lines, markers, error bars, and filled bands. */
final class PngScatter {
  private static final int LINES_ONLY_FROM = 20;

  private PngScatter() {}

  /** A point of a trace as places on its axes. */
  private record Point(double x, double y) {

    boolean isFinite() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  static void draw(PngPanel panel, PngPanel.Layer layer) {
    Props trace = layer.trace();
    PngAxis yAxis = panel.y(layer.yReference());
    List<Point> points = points(panel, trace, yAxis);
    String mode = mode(trace, points.size());
    Errors xErrors = new Errors(trace.child("error_x"));
    Errors yErrors = new Errors(trace.child("error_y"));
    boolean steps = trace.child("line").text("shape", "linear").equals("hv");
    XYIntervalSeries series = new XYIntervalSeries(layer.legend(), false, true);
    for (int i = 0; i < points.size(); i++) {
      double x = points.get(i).x();
      double y = points.get(i).y();
      panel.x().cover(xErrors.low(x, i), mode.contains("markers"));
      panel.x().cover(xErrors.high(x, i), mode.contains("markers"));
      yAxis.cover(yErrors.low(y, i), true);
      yAxis.cover(yErrors.high(y, i), true);
      if (steps && i > 0) {
        double before = points.get(i - 1).y();
        series.add(x, x, x, before, before, before);
      }
      series.add(
          x, xErrors.low(x, i), xErrors.high(x, i), y, yErrors.low(y, i), yErrors.high(y, i));
    }
    XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
    dataset.addSeries(series);
    Renderer renderer = new Renderer(layer, steps, mode);
    renderer.setDrawXError(trace.has("error_x"));
    renderer.setDrawYError(trace.has("error_y"));
    fill(panel, layer, points, renderer);
    panel.add(dataset, renderer, layer.yReference());
  }

  private static List<Point> points(PngPanel panel, Props trace, PngAxis yAxis) {
    List<Object> y = trace.list("y");
    List<Object> x = trace.list("x");
    if (x.isEmpty()) {
      x = IntStream.range(0, y.size()).<Object>mapToObj(Integer::valueOf).toList();
    }
    double[] xPlaces = panel.x().places(x);
    double[] yPlaces = yAxis.places(y);
    return IntStream.range(0, Math.min(xPlaces.length, yPlaces.length))
        .mapToObj(i -> new Point(xPlaces[i], yPlaces[i]))
        .toList();
  }

  private static String mode(Props trace, int points) {
    return trace.text("mode", points < LINES_ONLY_FROM ? "lines+markers" : "lines");
  }

  /** The ends of error bars; the values themselves where there are none. */
  private record Errors(List<Object> plus, List<Object> minus) {

    Errors(Props error) {
      this(error.list("array"), error.list(error.has("arrayminus") ? "arrayminus" : "array"));
    }

    double low(double value, int index) {
      return value - at(minus, index);
    }

    double high(double value, int index) {
      return value + at(plus, index);
    }

    private static double at(List<Object> values, int index) {
      return index < values.size() && values.get(index) instanceof Number n ? n.doubleValue() : 0;
    }
  }

  /** Fills to zero, to the trace before, or to itself, behind the lines of this trace. */
  private static void fill(
      PngPanel panel, PngPanel.Layer layer, List<Point> points, Renderer renderer) {
    String fill = layer.trace().text("fill", "none");
    PngAxis yAxis = panel.y(layer.yReference());
    List<Point> outline = new ArrayList<>(points);
    outline.removeIf(point -> !point.isFinite());
    if (fill.equals("none") || outline.isEmpty()) {
      return;
    }
    if (fill.equals("tozeroy")) {
      Point first = outline.get(0);
      outline.add(new Point(outline.get(outline.size() - 1).x(), yAxis.base()));
      outline.add(new Point(first.x(), yAxis.base()));
      yAxis.coverBar(first.y());
    } else if (fill.equals("tonexty")) {
      List<Point> back = new ArrayList<>(before(panel, layer, yAxis));
      back.removeIf(point -> !point.isFinite());
      Collections.reverse(back);
      outline.addAll(back);
    }
    double[] polygon =
        outline.stream().flatMapToDouble(p -> DoubleStream.of(p.x(), p.y())).toArray();
    Color color =
        layer.trace().has("fillcolor")
            ? layer.faded(PngColors.parse(layer.trace().text("fillcolor", "")))
            : PngColors.faded(layer.color(), 0.5);
    renderer.addAnnotation(new XYPolygonAnnotation(polygon, null, null, color), Layer.BACKGROUND);
  }

  /** The points of the scatter trace before this one. */
  private static List<Point> before(PngPanel panel, PngPanel.Layer layer, PngAxis yAxis) {
    Props found = null;
    for (Props trace : layer.siblings()) {
      if (trace.equals(layer.trace())) {
        break;
      }
      found = trace;
    }
    return found == null ? List.of() : points(panel, found, yAxis);
  }

  static Shape symbol(String name, double size) {
    double r = size / 2;
    return switch (name.replace("-open", "")) {
      case "square" -> new Rectangle2D.Double(-r, -r, size, size);
      case "diamond" -> polygon(1.3 * r, 4, -90);
      case "triangle-up" -> polygon(1.2 * r, 3, -90);
      case "triangle-down" -> polygon(1.2 * r, 3, 90);
      case "pentagon" -> polygon(1.15 * r, 5, -90);
      case "hexagon" -> polygon(1.1 * r, 6, 0);
      case "triangle-left" -> polygon(1.2 * r, 3, 180);
      case "triangle-right" -> polygon(1.2 * r, 3, 0);
      case "diamond-tall" -> path(0, -1.5 * r, 0.8 * r, 0, 0, 1.5 * r, -0.8 * r, 0);
      case "diamond-wide" -> path(-1.5 * r, 0, 0, -0.8 * r, 1.5 * r, 0, 0, 0.8 * r);
      case "star" -> star(1.4 * r, 5, 0.4);
      case "hexagram" -> star(1.4 * r, 6, 0.58);
      case "star-diamond" -> star(1.5 * r, 4, 0.4);
      case "star-square" ->
          AffineTransform.getRotateInstance(Math.PI / 4)
              .createTransformedShape(star(1.6 * r, 4, 0.4));
      case "hourglass" -> path(-r, -r, r, -r, -r, r, r, r);
      case "bowtie" -> path(-r, -r, -r, r, r, -r, r, r);
      case "cross" -> cross(r, 0);
      case "x" -> cross(r, Math.PI / 4);
      default -> new Ellipse2D.Double(-r, -r, size, size);
    };
  }

  private static Shape polygon(double radius, int corners, double startDegrees) {
    double[] xy = new double[2 * corners];
    for (int i = 0; i < corners; i++) {
      double angle = Math.toRadians(startDegrees + 360.0 * i / corners);
      xy[2 * i] = radius * Math.cos(angle);
      xy[2 * i + 1] = radius * Math.sin(angle);
    }
    return path(xy);
  }

  /** A star, the corners between its tips at a share of their distance from the centre. */
  private static Shape star(double radius, int tips, double inner) {
    double[] xy = new double[4 * tips];
    for (int i = 0; i < 2 * tips; i++) {
      double from = i % 2 == 0 ? radius : inner * radius;
      xy[2 * i] = from * Math.sin(Math.PI * i / tips);
      xy[2 * i + 1] = -from * Math.cos(Math.PI * i / tips);
    }
    return path(xy);
  }

  /** The closed way through points x, y, x, y, … */
  private static Path2D path(double... xy) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    path.moveTo(xy[0], xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(xy[i], xy[i + 1]);
    }
    path.closePath();
    return path;
  }

  private static Shape cross(double radius, double angle) {
    double w = radius / 3;
    Path2D path = new Path2D.Double();
    path.append(new Rectangle2D.Double(-w, -radius, 2 * w, 2 * radius), false);
    path.append(new Rectangle2D.Double(-radius, -w, 2 * radius, 2 * w), false);
    path.setWindingRule(Path2D.WIND_NON_ZERO);
    return AffineTransform.getRotateInstance(angle).createTransformedShape(path);
  }

  private static Stroke stroke(Props line) {
    float width = (float) line.number("width", 2);
    // plotly.js's lengths.
    float dot = Math.max(width, 3);
    float[] dash =
        switch (line.text("dash", "solid")) {
          case "dot" -> new float[] {dot, dot};
          case "dash" -> new float[] {3 * dot, 3 * dot};
          case "longdash" -> new float[] {5 * dot, 5 * dot};
          case "dashdot" -> new float[] {3 * dot, dot, dot, dot};
          case "longdashdot" -> new float[] {5 * dot, dot, dot, dot};
          default -> null;
        };
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  /** Draws one series, with size and colour of each marker as the trace says. */
  private static final class Renderer extends XYErrorRenderer {
    private final transient Props marker;
    private final transient PngPanel.Layer layer;
    private final boolean steps;
    private final double low;
    private final double high;

    Renderer(PngPanel.Layer layer, boolean steps, String mode) {
      this.layer = layer;
      this.steps = steps;
      marker = layer.trace().child("marker");
      DoubleSummaryStatistics numbers =
          marker.list("color").stream()
              .filter(Number.class::isInstance)
              .mapToDouble(v -> ((Number) v).doubleValue())
              .summaryStatistics();
      low = marker.number("cmin", numbers.getMin());
      high = marker.number("cmax", numbers.getMax());
      Props line = layer.trace().child("line");
      Color lineColor =
          line.has("color") ? layer.faded(PngColors.parse(line.text("color", ""))) : layer.color();
      setSeriesLinesVisible(0, mode.contains("lines"));
      setSeriesShapesVisible(0, mode.contains("markers"));
      setSeriesPaint(0, lineColor);
      setSeriesStroke(0, stroke(line));
      setErrorPaint(layer.color());
      setErrorStroke(new BasicStroke(1.5f));
      setCapLength(6);
      setDrawSeriesLineAsPath(true);
      setUseFillPaint(true);
      setDrawOutlines(true);
      setUseOutlinePaint(true);
      boolean open = marker.text("symbol", "circle").endsWith("-open");
      setSeriesFillPaint(0, open ? Color.WHITE : layer.color());
      setSeriesOutlinePaint(0, layer.color());
      setSeriesOutlineStroke(0, new BasicStroke(open ? 1.5f : 0.1f));
      setSeriesShape(0, symbol(marker.text("symbol", "circle"), marker.number("size", 6)));
      setSeriesVisibleInLegend(0, layer.inLegend());
      setLegendLine(new Line2D.Double(-20, 0, 20, 0));
    }

    @Override
    public Shape getItemShape(int row, int column) {
      List<Object> sizes = marker.list("size");
      int point = point(column);
      return point < sizes.size() && sizes.get(point) instanceof Number size
          ? symbol(marker.text("symbol", "circle"), size.doubleValue())
          : super.getItemShape(row, column);
    }

    @Override
    public boolean getItemShapeVisible(int series, int item) {
      // Every other point of a stair is only its corner.
      return (!steps || item % 2 == 0) && super.getItemShapeVisible(series, item);
    }

    @Override
    public Paint getItemFillPaint(int row, int column) {
      return pointPaint(column, super.getItemFillPaint(row, column));
    }

    @Override
    public Paint getItemOutlinePaint(int row, int column) {
      return pointPaint(column, super.getItemOutlinePaint(row, column));
    }

    /** The point that an item draws: a stair has a corner before each point but the first. */
    private int point(int item) {
      return steps ? (item + 1) / 2 : item;
    }

    private Paint pointPaint(int item, Paint otherwise) {
      List<Object> colors = marker.list("color");
      int column = point(item);
      if (column >= colors.size()) {
        return otherwise;
      }
      if (colors.get(column) instanceof Number value) {
        double position =
            high > low ? (value.doubleValue() / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
        String scale = marker.text("colorscale", "Viridis");
        return layer.faded(PngColors.scaled(scale, position, marker.flag("reversescale", false)));
      }
      return layer.faded(PngColors.parse(String.valueOf(colors.get(column))));
    }
  }
}
