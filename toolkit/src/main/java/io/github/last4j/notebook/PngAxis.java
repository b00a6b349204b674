package io.github.last4j.notebook;

import io.github.last4j.notebook.PngTicks.Mark;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * One axis of a drawn figure: where its values lie, first collected from the traces, then as
 * JFreeChart's axis. Categories lie at 0, 1, 2, ... in the order in which they come.
 */
final class PngAxis {
  static final Color GRID = new Color(0xeeeeee);
  static final Color INK = new Color(0x444444);

  private final Props json;
  private final Map<String, Integer> categories = new LinkedHashMap<>();
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;
  private boolean tight = true;
  private boolean barred;

  PngAxis(Props json) {
    this.json = json;
  }

  Props json() {
    return json;
  }

  boolean isLog() {
    return json.text("type", "").equals("log");
  }

  /** Whether zero has a place here, as it has not on a log axis or among categories. */
  boolean isNumeric() {
    return !isLog() && categories.isEmpty();
  }

  /** Values of a trace as places on this axis; NaN where there is none, as at 0 on a log axis. */
  double[] places(List<Object> values) {
    boolean category =
        json.text("type", "").equals("category")
            || !categories.isEmpty()
            || values.stream().anyMatch(String.class::isInstance);
    return values.stream().mapToDouble(v -> category ? category(v) : place(v)).toArray();
  }

  private double place(Object value) {
    double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
    return isLog() && number <= 0 ? Double.NaN : number;
  }

  private double category(Object value) {
    return categories.computeIfAbsent(Objects.toString(value, ""), name -> categories.size());
  }

  /** Makes room for a value; {@code loose} asks for a margin beyond the outermost. */
  void cover(double value, boolean loose) {
    if (Double.isFinite(value) && !(isLog() && value <= 0)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    tight &= !loose;
  }

  /** Where a bar starts: 0, or on a log axis far below everything. */
  double base() {
    return isLog() ? Double.MIN_VALUE : 0;
  }

  /** JFreeChart's axis, with this one's range, title and ticks. */
  ValueAxis build() {
    ValueAxis axis =
        isLog() ? new DecadeAxis(marks()) : new LinearAxis(marks(), json.number("dtick", 0));
    List<Object> given = json.list("range");
    boolean ranged =
        given.size() == 2 && given.get(0) instanceof Number && given.get(1) instanceof Number;
    double from = ranged ? end(given.get(0)) : low;
    double to = ranged ? end(given.get(1)) : high;
    PngRange range = ranged ? given(Math.min(from, to), Math.max(from, to)) : covered();
    axis.setRange(range.low(), range.high());
    boolean reversed = json.text("autorange", "").equals("reversed");
    axis.setInverted(reversed || (ranged && from > to));
    axis.setLabel(PngText.plain(PlotlyJson.titleOf(json.map())));
    axis.setLabelFont(PngText.font(Font.PLAIN, json.child("title").child("font"), 14));
    axis.setLabelPaint(INK);
    axis.setTickLabelFont(PngText.font(Font.PLAIN, json.child("tickfont"), 12));
    axis.setTickLabelPaint(INK);
    axis.setAxisLineVisible(json.flag("showline", false));
    axis.setAxisLinePaint(INK);
    axis.setAxisLineStroke(new BasicStroke(1));
    axis.setTickMarksVisible(false);
    axis.setTickLabelsVisible(json.flag("showticklabels", true));
    axis.setVisible(json.flag("visible", true));
    return axis;
  }

  /** On a log axis plotly.js gives the range as exponents. */
  private double end(Object given) {
    double number = ((Number) given).doubleValue();
    return isLog() ? Math.pow(10, number) : number;
  }

  private PngRange given(double from, double to) {
    return isLog() ? PngRange.logarithmic(from, to, 1) : PngRange.linear(from, to, 0);
  }

  /** A range that holds what there was to make room for. */
  private PngRange covered() {
    if (low > high) {
      return isLog() ? new PngRange(1, 10) : new PngRange(0, 1);
    }
    if (isLog()) {
      double margin = tight ? 1 : Math.max(1.05, Math.pow(high / low, 0.05));
      return PngRange.logarithmic(low, high, margin);
    }
    double half = low == high ? Math.max(0.5, Math.abs(low) * 0.1) : 0;
    PngRange range = PngRange.linear(low, high, half + (tight ? 0 : 0.05 * (high - low)));
    // Bars stand on zero: no gap between them and the axis.
    return new PngRange(
        barred && low == 0 && high > 0 ? 0 : range.low(),
        barred && high == 0 && low < 0 ? 0 : range.high());
  }

  /** Makes room for a bar from {@link #base()} to a value. */
  void coverBar(double value) {
    barred = true;
    cover(isLog() ? value / 3 : 0, true);
    cover(value, true);
  }

  private List<Mark> marks() {
    List<Mark> marks = new ArrayList<>();
    List<Object> values = json.list("tickvals");
    List<Object> labels = json.list("ticktext");
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof Number value) {
        Object label = i < labels.size() ? labels.get(i) : value;
        marks.add(new Mark(value.doubleValue(), PngText.plain(Objects.toString(label))));
      }
    }
    if (marks.isEmpty()) {
      categories.forEach((name, place) -> marks.add(new Mark(place, PngText.plain(name))));
    }
    return marks;
  }

  /** Ticks at given places; long labels below the plot stand upright. */
  private static List<ValueTick> ticks(
      ValueAxis axis, List<Mark> marks, Graphics2D g, Rectangle2D area, RectangleEdge edge) {
    boolean below = RectangleEdge.isTopOrBottom(edge);
    List<Mark> shown = marks.stream().filter(m -> axis.getRange().contains(m.value())).toList();
    double wanted =
        shown.stream()
            .mapToDouble(m -> g.getFontMetrics(axis.getTickLabelFont()).stringWidth(m.label()) + 8)
            .sum();
    boolean upright = below && wanted > area.getWidth();
    axis.setVerticalTickLabels(upright);
    TextAnchor anchor =
        !below || upright
            ? (edge.equals(RectangleEdge.RIGHT) ? TextAnchor.CENTER_LEFT : TextAnchor.CENTER_RIGHT)
            : TextAnchor.TOP_CENTER;
    double angle = upright ? -Math.PI / 2 : 0;
    List<ValueTick> ticks = new ArrayList<>();
    for (Mark mark : shown) {
      ticks.add(new NumberTick(mark.value(), mark.label(), anchor, anchor, angle));
    }
    return ticks;
  }

  /** A linear axis with few round ticks, or those given. */
  private static final class LinearAxis extends NumberAxis {
    private final transient List<Mark> marks;
    private final double step;

    LinearAxis(List<Mark> marks, double step) {
      this.marks = marks;
      this.step = step;
    }

    @Override
    public List<?> refreshTicks(
        Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
      return ticks(this, marks.isEmpty() ? round(area, edge) : marks, g, area, edge);
    }

    private List<Mark> round(Rectangle2D area, RectangleEdge edge) {
      double room =
          RectangleEdge.isTopOrBottom(edge) ? area.getWidth() / 80 : area.getHeight() / 45;
      return PngTicks.round(getLowerBound(), getUpperBound(), room, step);
    }
  }

  /** A logarithmic axis with ticks at powers of ten, and between them where there are few. */
  private static final class DecadeAxis extends LogAxis {
    private final transient List<Mark> marks;

    DecadeAxis(List<Mark> marks) {
      this.marks = marks;
      // The smallest value that may be shown; JFreeChart's own would cut off what we plot.
      setSmallestValue(Double.MIN_VALUE);
      setMinorTickMarksVisible(false);
      setTickUnit(new NumberTickUnit(1), false, false);
    }

    @Override
    public List<?> refreshTicks(
        Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
      return ticks(this, marks.isEmpty() ? decades(area, edge) : marks, g, area, edge);
    }

    private List<Mark> decades(Rectangle2D area, RectangleEdge edge) {
      double room =
          RectangleEdge.isTopOrBottom(edge) ? area.getWidth() / 55 : area.getHeight() / 30;
      return PngTicks.decades(getLowerBound(), getUpperBound(), room);
    }
  }
}
