package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.notebook.FigurePng;
import io.github.last4j.notebook.PlotlyJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/** A figure as notebooks get it. Its picture must be drawn, too. */
record Drawn(PlotlyJson json) {
  static Drawn of(Figure figure) {
    PlotlyJson json = PlotlyJson.of(figure);
    assertTrue(FigurePng.of(json).length > 1000);
    return new Drawn(json);
  }

  int traces() {
    return json.data().size();
  }

  /** A property of a trace, or of what it has, as "line.dash". */
  Object of(int trace, String property) {
    Object value = json.data().get(trace);
    for (String name : property.split("\\.", -1)) {
      value = ((Map<?, ?>) value).get(name);
    }
    return value;
  }

  List<Double> numbers(int trace, String property) {
    return ((List<?>) of(trace, property))
        .stream().map(value -> ((Number) value).doubleValue()).toList();
  }

  /** The places of the ticks that an axis is given, by their labels. */
  Map<String, Double> ticks(String axis) {
    Map<?, ?> of = (Map<?, ?>) json.layout().get(axis);
    List<?> places = (List<?>) of.get("tickvals");
    List<?> labels = (List<?>) of.get("ticktext");
    Map<String, Double> ticks = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      ticks.put((String) labels.get(i), ((Number) places.get(i)).doubleValue());
    }
    return ticks;
  }

  /** Whether "xaxis" or "yaxis" is logarithmic. */
  boolean isLog(String axis) {
    return "log".equals(((Map<?, ?>) json.layout().get(axis)).get("type"));
  }
}
