package io.github.last4j.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /** A label at a place of the axis. */
  private record Mark(double value, String label) {}

  private final Props json;
  private final List<String> categories = new ArrayList<>();
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
    String name = Objects.toString(value, "");
    if (!categories.contains(name)) {
      categories.add(name);
    }
    return categories.indexOf(name);
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
    return isLog() ? Double.MIN_NORMAL : 0;
  }

  /** JFreeChart's axis, with this one's range, title and ticks. */
  ValueAxis build() {
    ValueAxis axis =
        isLog() ? new DecadeAxis(marks()) : new LinearAxis(marks(), json.number("dtick", 0));
    double[] range = range();
    axis.setRange(Math.min(range[0], range[1]), Math.max(range[0], range[1]));
    boolean reversed = json.text("autorange", "").equals("reversed") || range[0] > range[1];
    axis.setInverted(reversed);
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

  private double[] range() {
    List<Object> given = json.list("range");
    if (given.size() == 2
        && given.get(0) instanceof Number from
        && given.get(1) instanceof Number to) {
      // On a log axis plotly.js gives the range as exponents.
      return isLog()
          ? new double[] {Math.pow(10, from.doubleValue()), Math.pow(10, to.doubleValue())}
          : new double[] {from.doubleValue(), to.doubleValue()};
    }
    if (low > high) {
      return isLog() ? new double[] {1, 10} : new double[] {0, 1};
    }
    if (isLog()) {
      double margin = tight ? 1 : Math.max(1.05, Math.pow(high / low, 0.05));
      return low == high
          ? new double[] {low / 3, high * 3}
          : new double[] {low / margin, high * margin};
    }
    double margin = tight ? 0 : 0.05 * (high - low);
    double half = low == high ? Math.max(0.5, Math.abs(low) * 0.1) : 0;
    // Bars stand on zero: no gap between them and the axis.
    double from = barred && low == 0 ? 0 : low - margin;
    double to = barred && high == 0 ? 0 : high + margin;
    return new double[] {from - half, to + half};
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
    for (int i = 0; marks.size() == i && i < categories.size(); i++) {
      marks.add(new Mark(i, PngText.plain(categories.get(i))));
    }
    return marks;
  }

  /** A digit times a power of ten, written out as 0.02 or as 2·10⁻⁶. */
  private static String logLabel(int exponent, int digit, boolean writtenOut) {
    if (writtenOut) {
      double value = digit * Math.pow(10, exponent);
      return String.format(Locale.ROOT, "%." + Math.max(0, -exponent) + "f", value);
    }
    StringBuilder power = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char c : Integer.toString(Math.abs(exponent)).toCharArray()) {
      power.append(SUPERSCRIPTS.charAt(c - '0'));
    }
    return (digit == 1 ? "" : digit + "·") + "10" + power;
  }

  /** Ticks at given places; long labels below the plot stand upright. */
  private static List<ValueTick> ticks(
      ValueAxis axis, List<Mark> marks, Graphics2D g, Rectangle2D area, RectangleEdge edge) {
    boolean below = RectangleEdge.isTopOrBottom(edge);
    double wanted =
        marks.stream()
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
    for (Mark mark : marks) {
      if (axis.getRange().contains(mark.value())) {
        ticks.add(new NumberTick(mark.value(), mark.label(), anchor, anchor, angle));
      }
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
      double size = step > 0 ? step : roundUp(getRange().getLength() / Math.max(1, room));
      List<Mark> round = new ArrayList<>();
      for (double i = Math.ceil(getLowerBound() / size - 1e-9);
          i * size <= getUpperBound() + 1e-9 * size;
          i++) {
        // Rounding error would show as 0.30000000000000004, and miss the zero.
        double value = Math.abs(i) < 0.5 ? 0 : i * size;
        round.add(new Mark(value, TableView.number(value)));
      }
      return round;
    }
  }

  /** The smallest of 1, 2 and 5 times powers of ten that is no less than {@code least}. */
  static double roundUp(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** A logarithmic axis with ticks at powers of ten, and between them where there are few. */
  private static final class DecadeAxis extends LogAxis {
    private final transient List<Mark> marks;

    DecadeAxis(List<Mark> marks) {
      this.marks = marks;
      // The smallest value that may be shown; JFreeChart's own would cut off what we plot.
      setSmallestValue(Double.MIN_NORMAL);
      setMinorTickMarksVisible(false);
      setTickUnit(new NumberTickUnit(1), false, false);
    }

    @Override
    public List<?> refreshTicks(
        Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
      return ticks(this, marks.isEmpty() ? decades(area, edge) : marks, g, area, edge);
    }

    private List<Mark> decades(Rectangle2D area, RectangleEdge edge) {
      int from = (int) Math.floor(Math.log10(getLowerBound()));
      int to = (int) Math.ceil(Math.log10(getUpperBound()));
      double room =
          RectangleEdge.isTopOrBottom(edge) ? area.getWidth() / 55 : area.getHeight() / 30;
      int step = Math.max(1, (int) Math.ceil((to - from) / Math.max(1, room)));
      int[] digits = to - from <= 2 ? new int[] {1, 2, 5} : new int[] {1};
      boolean near = from >= -3 && to <= 3;
      List<Mark> decades = new ArrayList<>();
      for (int exponent = from; exponent <= to; exponent += step) {
        for (int digit : digits) {
          decades.add(new Mark(digit * Math.pow(10, exponent), logLabel(exponent, digit, near)));
        }
      }
      return decades;
    }
  }
}
