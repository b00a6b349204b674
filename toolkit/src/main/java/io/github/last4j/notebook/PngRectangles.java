package io.github.last4j.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/**
 * Rectangles between data coordinates, each with a colour: what bars, bins and cells are made of.
 */
final class PngRectangles {
  private final XYIntervalSeries series;
  private final List<Color> colors = new ArrayList<>();

  PngRectangles(String name) {
    series = new XYIntervalSeries(name, false, true);
  }

  /** A rectangle from (x0, y0) to (x1, y1), skipped where an edge is not finite. */
  void add(double x0, double y0, double x1, double y1, Color color) {
    if (!DoubleStream.of(x0, y0, x1, y1).allMatch(Double::isFinite)) {
      return;
    }
    series.add(
        x0 / 2 + x1 / 2,
        Math.min(x0, x1),
        Math.max(x0, x1),
        y0 / 2 + y1 / 2,
        Math.min(y0, y1),
        Math.max(y0, y1));
    colors.add(color);
  }

  /** Adds the rectangles to a panel; {@code seamless} closes the hairlines between neighbours. */
  void draw(PngPanel panel, PngPanel.Layer layer, boolean seamless) {
    XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
    dataset.addSeries(series);
    Renderer renderer = new Renderer(List.copyOf(colors));
    renderer.setSeriesPaint(0, layer.color());
    renderer.setSeriesVisibleInLegend(0, layer.inLegend() && !seamless);
    renderer.setDrawBarOutline(seamless);
    panel.add(dataset, renderer, layer.yReference());
  }

  /** Draws each item in its own colour. */
  private static final class Renderer extends XYBarRenderer {
    private final transient List<Color> colors;

    Renderer(List<Color> colors) {
      this.colors = colors;
      setUseYInterval(true);
      setShadowVisible(false);
      setBarPainter(new StandardXYBarPainter());
      setSeriesOutlineStroke(0, new BasicStroke(0.5f));
    }

    @Override
    public Paint getItemPaint(int row, int column) {
      return colors.get(column);
    }

    @Override
    public Paint getItemOutlinePaint(int row, int column) {
      return colors.get(column);
    }
  }
}
