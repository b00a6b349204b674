package io.github.last4j.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;

/** One coordinate system of a figure: an x axis, one or more y axes, and the traces in it. */
final class PngPanel {
  private static final BasicStroke HAIRLINE = new BasicStroke(1);

  private final Props layout;
  private final XYPlot plot = new XYPlot();
  private final PngAxis x;
  private final Map<String, PngAxis> y = new LinkedHashMap<>();
  private int datasets;

  PngPanel(Props layout, String xReference) {
    this.layout = layout;
    this.x = new PngAxis(layout.child("xaxis" + xReference.substring(1)));
  }

  Props layout() {
    return layout;
  }

  PngAxis x() {
    return x;
  }

  /** The y axis that a trace names, "y" or "y2" and so on. */
  PngAxis y(String reference) {
    return y.computeIfAbsent(reference, r -> new PngAxis(layout.child("yaxis" + r.substring(1))));
  }

  /** Draws a dataset over those added before, on the given y axis. */
  void add(XYDataset dataset, XYItemRenderer renderer, String yReference) {
    plot.setDataset(datasets, dataset);
    plot.setRenderer(datasets, renderer);
    plot.mapDatasetToRangeAxis(datasets, new ArrayList<>(y.keySet()).indexOf(yReference));
    datasets++;
  }

  /** The plot with all that was added, and axes that hold it. */
  XYPlot build() {
    plot.setDomainAxis(x.build());
    int index = 0;
    for (PngAxis axis : y.values()) {
      ValueAxis built = axis.build();
      plot.setRangeAxis(index, built);
      boolean right = axis.json().text("side", "left").equals("right");
      plot.setRangeAxisLocation(
          index, right ? AxisLocation.BOTTOM_OR_RIGHT : AxisLocation.BOTTOM_OR_LEFT);
      index++;
    }
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setBackgroundPaint(PngColors.parse(layout.text("plot_bgcolor", "white")));
    plot.setOutlineVisible(false);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setDomainGridlinesVisible(x.json().flag("showgrid", true));
    plot.setDomainGridlinePaint(PngAxis.GRID);
    plot.setDomainGridlineStroke(HAIRLINE);
    plot.setDomainZeroBaselineVisible(x.isNumeric() && x.json().flag("zeroline", true));
    plot.setDomainZeroBaselinePaint(PngAxis.INK);
    plot.setDomainZeroBaselineStroke(HAIRLINE);
    PngAxis first = y.values().iterator().next();
    plot.setRangeGridlinesVisible(first.json().flag("showgrid", true));
    plot.setRangeGridlinePaint(PngAxis.GRID);
    plot.setRangeGridlineStroke(HAIRLINE);
    plot.setRangeZeroBaselineVisible(first.isNumeric() && first.json().flag("zeroline", true));
    plot.setRangeZeroBaselinePaint(PngAxis.INK);
    plot.setRangeZeroBaselineStroke(HAIRLINE);
    return plot;
  }

  /** A trace with what its drawing needs to know of the whole figure. */
  record Layer(Props trace, int number, List<Props> all) {

    String type() {
      return trace.text("type", "scatter");
    }

    String yReference() {
      return trace.text("yaxis", "y");
    }

    /** Traces of this one's type. */
    List<Props> siblings() {
      return all.stream().filter(t -> t.text("type", "scatter").equals(type())).toList();
    }

    /** The colour of a trace's marks unless they have their own. */
    Color color() {
      Object own = trace.child("marker").map().get("color");
      String line = trace.child("line").text("color", "");
      Color color =
          own instanceof String css
              ? PngColors.parse(css)
              : line.isEmpty() ? PngColors.cycled(number) : PngColors.parse(line);
      return faded(color);
    }

    Color faded(Color color) {
      return PngColors.faded(color, trace.number("opacity", 1));
    }

    String legend() {
      return PngText.plain(trace.text("name", " "));
    }

    boolean inLegend() {
      return trace.flag("showlegend", true);
    }
  }
}
