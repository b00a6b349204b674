package io.github.last4j.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.VerticalAlignment;

/**
 * A figure as a picture, for wherever nothing runs JavaScript: saved notebooks on the web, reports.
 *
 * <p>It follows plotly.js in colours, fonts' sizes and places, not pixel for pixel. It draws
 * scatter (lines, markers, error bars, bands), bar, histogram, heatmap and box traces, on linear,
 * log and category axes, in one coordinate system or several.
 */
public final class FigurePng {
  /** Pixels of the picture for one CSS pixel of the figure. */
  private static final int SCALE = 2;

  /** Colours that a colour bar is made of. */
  private static final int SHADES = 100;

  /** A place in a figure, in shares of its area, from the top left. */
  private record Place(double left, double top, double right, double bottom) {}

  private final PlotlyJson figure;
  private final Props layout;

  private FigurePng(PlotlyJson figure) {
    this.figure = figure;
    this.layout = new Props(figure.layout());
  }

  /**
   * Draws a figure, in twice the size that it has in CSS pixels.
   *
   * @return a PNG file
   * @throws IllegalArgumentException if the figure has a trace of a type not listed above
   */
  public static byte[] of(PlotlyJson figure) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(new FigurePng(figure).draw(), "png", file);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return file.toByteArray();
  }

  /** {@link #of} in base64, as Jupyter's messages carry it. */
  static String base64(PlotlyJson figure) {
    return Base64.getEncoder().encodeToString(of(figure));
  }

  /** What a page should know of the picture: its size in CSS pixels, and what it shows. */
  static Map<String, Object> metadata(PlotlyJson figure) {
    return Map.of(
        "width",
        figure.layout().get("width"),
        "height",
        figure.layout().get("height"),
        "alt",
        figure.alternative());
  }

  private BufferedImage draw() {
    int width = (int) layout.number("width", PlotlyJson.WIDTH);
    int height = (int) layout.number("height", PlotlyJson.HEIGHT);
    BufferedImage image =
        new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.scale(SCALE, SCALE);
    g.setColor(PngColors.parse(layout.text("paper_bgcolor", "white")));
    g.fillRect(0, 0, width, height);
    double top = title(g, width);
    Map<String, List<PngPanel.Layer>> groups = groups();
    int index = 0;
    for (List<PngPanel.Layer> layers : groups.values()) {
      Place place = place(layers.get(0).trace(), index++, groups.size());
      chart(layers)
          .draw(
              g,
              new Rectangle2D.Double(
                  place.left() * width,
                  top + place.top() * (height - top),
                  (place.right() - place.left()) * width,
                  (place.bottom() - place.top()) * (height - top)));
    }
    g.dispose();
    return image;
  }

  /** Writes the title, and says where the room below it begins. */
  private double title(Graphics2D g, int width) {
    String title = PngText.plain(PlotlyJson.titleOf(layout.map()));
    if (title.isEmpty()) {
      return 8;
    }
    Font font = PngText.font(Font.PLAIN, layout.child("title").child("font"), 17);
    double wanted = g.getFontMetrics(font).stringWidth(title);
    g.setFont(wanted > width ? font.deriveFont((float) (font.getSize() * width / wanted)) : font);
    g.setColor(PngAxis.INK);
    double used = Math.min(wanted, width);
    g.drawString(title, (float) ((width - used) / 2), 14 + g.getFontMetrics().getAscent());
    return 22 + g.getFontMetrics().getHeight();
  }

  /** The traces of each coordinate system; a y axis laid over another belongs to its system. */
  private Map<String, List<PngPanel.Layer>> groups() {
    List<Props> all = figure.data().stream().map(Props::new).toList();
    Map<String, List<Props>> traces = new LinkedHashMap<>();
    for (Props trace : all) {
      traces.computeIfAbsent(system(trace), key -> new ArrayList<>()).add(trace);
    }
    Map<String, List<PngPanel.Layer>> groups = new LinkedHashMap<>();
    traces.forEach(
        (key, members) ->
            groups.put(
                key,
                members.stream()
                    .map(t -> new PngPanel.Layer(t, all.indexOf(t), members))
                    .toList()));
    return groups;
  }

  private String system(Props trace) {
    String y = trace.text("yaxis", "y");
    return trace.text("xaxis", "x") + layout.child("yaxis" + y.substring(1)).text("overlaying", y);
  }

  private Place place(Props trace, int index, int count) {
    Props x = layout.child("xaxis" + trace.text("xaxis", "x").substring(1));
    Props y = layout.child("yaxis" + trace.text("yaxis", "y").substring(1));
    Props grid = layout.child("grid");
    int columns = (int) grid.number("columns", count);
    int rows = (int) grid.number("rows", Math.ceil((double) count / columns));
    int column = index % columns;
    int row = index / columns;
    double[] across = domain(x, (double) column / columns, (column + 1.0) / columns);
    // plotly.js measures from below.
    double[] up = domain(y, 1 - (row + 1.0) / rows, 1 - (double) row / rows);
    return new Place(across[0], 1 - up[1], across[1], 1 - up[0]);
  }

  private static double[] domain(Props axis, double from, double to) {
    List<Object> domain = axis.list("domain");
    return domain.size() == 2
            && domain.get(0) instanceof Number a
            && domain.get(1) instanceof Number b
        ? new double[] {a.doubleValue(), b.doubleValue()}
        : new double[] {from, to};
  }

  private JFreeChart chart(List<PngPanel.Layer> layers) {
    PngPanel panel = new PngPanel(layout, layers.get(0).trace().text("xaxis", "x"));
    for (PngPanel.Layer layer : layers) {
      switch (layer.type()) {
        case "scatter", "scattergl" -> PngScatter.draw(panel, layer);
        case "bar" -> PngBars.bars(panel, layer);
        case "histogram" -> PngBars.histogram(panel, layer);
        case "heatmap" -> PngHeatmap.draw(panel, layer);
        case "box" -> PngBoxes.draw(panel, layer);
        default ->
            throw new IllegalArgumentException("no picture of a trace of type " + layer.type());
      }
    }
    JFreeChart chart = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, panel.build(), false);
    chart.setBackgroundPaint(new Color(0, true));
    chart.setPadding(new RectangleInsets(4, 8, 8, 12));
    legend(chart, layers);
    colorBar(chart, layers);
    return chart;
  }

  private void legend(JFreeChart chart, List<PngPanel.Layer> layers) {
    long entries = layers.stream().filter(PngPanel.Layer::inLegend).count();
    if (entries == 0 || !layout.flag("showlegend", entries > 1)) {
      return;
    }
    LegendTitle legend = new LegendTitle(chart.getPlot());
    int longest =
        layers.stream()
            .filter(PngPanel.Layer::inLegend)
            .mapToInt(layer -> layer.legend().length())
            .max()
            .orElse(0);
    legend.setPosition(longest > 32 ? RectangleEdge.BOTTOM : RectangleEdge.RIGHT);
    legend.setVerticalAlignment(VerticalAlignment.TOP);
    legend.setItemFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    legend.setItemPaint(PngAxis.INK);
    legend.setItemLabelPadding(new RectangleInsets(2, 6, 2, 6));
    legend.setFrame(BlockBorder.NONE);
    legend.setBackgroundPaint(null);
    chart.addLegend(legend);
  }

  private static void colorBar(JFreeChart chart, List<PngPanel.Layer> layers) {
    PngPanel.Layer heatmap =
        layers.stream()
            .filter(l -> l.type().equals("heatmap") && l.trace().flag("showscale", true))
            .findFirst()
            .orElse(null);
    if (heatmap == null) {
      return;
    }
    PngHeatmap.Scale scale = PngHeatmap.Scale.of(heatmap.trace());
    double missing = scale.high() > scale.low() ? 0 : 0.5;
    PngRange range = PngRange.linear(scale.low(), Math.max(scale.low(), scale.high()), missing);
    LookupPaintScale paints =
        new LookupPaintScale(range.low(), range.high(), scale.color(range.high()));
    for (int i = 0; i < SHADES; i++) {
      double value = range.low() + range.length() * ((double) i / SHADES);
      paints.add(value, scale.color(value));
    }
    NumberAxis axis = new NumberAxis(title(heatmap.trace().child("colorbar")));
    axis.setTickLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    axis.setTickLabelPaint(PngAxis.INK);
    axis.setAxisLineVisible(false);
    axis.setTickUnit(new NumberTickUnit(PngTicks.roundUp(range.length() / 8)));
    PaintScaleLegend bar = new PaintScaleLegend(paints, axis);
    bar.setPosition(RectangleEdge.RIGHT);
    bar.setAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
    bar.setStripWidth(20);
    bar.setStripOutlineVisible(false);
    bar.setSubdivisionCount(SHADES);
    bar.setMargin(4, 12, 4, 4);
    bar.setBackgroundPaint(null);
    chart.addSubtitle(bar);
  }

  private static String title(Props colorBar) {
    String title = PngText.plain(PlotlyJson.titleOf(colorBar.map()));
    return Objects.equals(title, "") ? null : title;
  }
}
