package io.github.last4j.notebook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/**
 * A Tablesaw figure as the JSON that current plotly.js draws.
 *
 * <p>Tablesaw writes JavaScript for an older plotly.js. This reads it and mends what has changed or
 * was never right: titles become objects, numbers in quotes become numbers, names lose their HTML
 * escapes, values that JSON cannot hold (NaN, infinities) become null, and empty settings go.
 *
 * @param data the traces, in drawing order
 * @param layout titles, axes, sizes in CSS pixels
 * @param config the settings of the interactive view
 */
public record PlotlyJson(
    List<Map<String, Object>> data, Map<String, Object> layout, Map<String, Object> config) {

  /** The MIME type under which JupyterLab draws {@link #bundle()}. */
  public static final String MIME_TYPE = "application/vnd.plotly.v1+json";

  /** The size in CSS pixels of a figure that does not say its own. */
  static final long WIDTH = 700;

  static final long HEIGHT = 450;

  /** Properties whose text stays text even where it reads as a number. */
  private static final Set<String> TEXTUAL =
      Set.of("name", "text", "title", "ticktext", "tickprefix", "ticksuffix", "tickformat", "type");

  /** Properties that Tablesaw writes in a form that plotly.js would reject or misread. */
  private static final Set<String> BROKEN = Set.of("ticksettings", "autobinx", "autobiny");

  /** Property names that Tablesaw gets wrong, and the right ones. */
  private static final Map<String, String> MISSPELT =
      Map.of("showExponent", "showexponent", "showspike", "showspikes");

  /** The data of a trace along an axis. */
  private static final Set<String> COORDINATES = Set.of("x", "y");

  /** Copies nothing: the maps are this record's from {@link #of} on. */
  public PlotlyJson {
    data = List.copyOf(data);
    layout = Collections.unmodifiableMap(layout);
    config = Collections.unmodifiableMap(config);
  }

  /**
   * Reads a figure.
   *
   * @throws IllegalArgumentException if the figure's JavaScript cannot be read
   */
  public static PlotlyJson of(Figure figure) {
    Map<String, Object> layout =
        figure.getLayout() == null
            ? new LinkedHashMap<>()
            : mended(JsLiteral.object(figure.getLayout().asJavascript()), Set.of());
    Map<String, Object> config =
        figure.getConfig() == null
            ? new LinkedHashMap<>()
            : mended(JsLiteral.object(figure.getConfig().asJavascript()), Set.of());
    List<Map<String, Object>> data = new ArrayList<>();
    for (Trace trace : figure.getTraces()) {
      data.add(trace(JsLiteral.object(trace.asJavascript(data.size())), layout));
    }
    layout.putIfAbsent("width", WIDTH);
    layout.putIfAbsent("height", HEIGHT);
    group(data, layout);
    return new PlotlyJson(data, layout, config);
  }

  /** Traces of one name appear and go together, when somebody clicks on it in the legend. */
  private static void group(List<Map<String, Object>> data, Map<String, Object> layout) {
    Map<Object, List<Map<String, Object>>> named =
        data.stream()
            .filter(trace -> trace.containsKey("name"))
            .collect(Collectors.groupingBy(trace -> trace.get("name")));
    named.values().removeIf(group -> group.size() == 1);
    named.forEach((name, group) -> group.forEach(trace -> trace.put("legendgroup", name)));
    if (!named.isEmpty()) {
      layout.putIfAbsent("legend", Map.of("tracegroupgap", 0));
    }
  }

  /** The three parts under the names that plotly.js expects; each value is plain JSON data. */
  public Map<String, Object> bundle() {
    return Map.of("data", data, "layout", layout, "config", config);
  }

  /**
   * What the figure shows, in a line or a few: its title, then each trace with its number of
   * points.
   */
  public String summary() {
    StringBuilder text = new StringBuilder("Figure");
    String title = titleOf(layout);
    if (!title.isEmpty()) {
      text.append(": ").append(title);
    }
    for (Map<String, Object> trace : data) {
      text.append("\n  ").append(trace.getOrDefault("type", "scatter"));
      if (trace.containsKey("name")) {
        text.append(" \"").append(trace.get("name")).append('"');
      }
      text.append(", ").append(size(trace));
    }
    return text.toString();
  }

  /**
   * What the figure shows, in words, for who cannot see it: its title, its axes, and the names in
   * its legend, with the first, the middle and the last value of each line.
   */
  public String alternative() {
    Props all = new Props(layout);
    String axes = titleOf(all.child("yaxis").map()) + " over " + titleOf(all.child("xaxis").map());
    String named =
        data.stream()
            .filter(trace -> trace.containsKey("name"))
            .filter(trace -> !Boolean.FALSE.equals(trace.get("showlegend")))
            .map(trace -> trace.get("name") + course(new Props(trace)))
            .collect(Collectors.joining("; "));
    return Stream.of(titleOf(layout), axes.equals(" over ") ? "" : axes, named)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(". ", "", "."));
  }

  private static String course(Props trace) {
    double[] y =
        trace.list("y").stream()
            .filter(Number.class::isInstance)
            .mapToDouble(value -> ((Number) value).doubleValue())
            .toArray();
    return y.length > 2 && trace.text("mode", "").contains("lines")
        ? String.format(Locale.ROOT, ": %.3g, %.3g, %.3g", y[0], y[y.length / 2], y[y.length - 1])
        : "";
  }

  /** The text of an object's title, empty if it has none. */
  static String titleOf(Map<String, Object> owner) {
    return owner.get("title") instanceof Map<?, ?> title ? Objects.toString(title.get("text")) : "";
  }

  private static String size(Map<String, Object> trace) {
    if (trace.get("z") instanceof List<?> rows && !rows.isEmpty()) {
      return rows.size() + " × " + (rows.get(0) instanceof List<?> row ? row.size() : 1) + " cells";
    }
    int points =
        Stream.of("x", "y", "values")
            .mapToInt(key -> trace.get(key) instanceof List<?> list ? list.size() : 0)
            .max()
            .orElse(0);
    return points + " points";
  }

  private static Map<String, Object> trace(Map<String, Object> raw, Map<String, Object> layout) {
    Set<String> categories =
        Set.copyOf(COORDINATES.stream().filter(c -> isCategory(raw, c, layout)).toList());
    Map<String, Object> trace = mended(raw, categories);
    if (!trace.containsKey("name")) {
      // Without a name plotly.js would list it as "trace 0".
      trace.putIfAbsent("showlegend", false);
    }
    if (trace.get("type").equals("heatmap")) {
      // Tablesaw cannot choose one, and plotly.js's own choice hides order; this one shows it.
      trace.putIfAbsent("colorscale", "Viridis");
    }
    return trace;
  }

  private static boolean isCategory(
      Map<String, Object> trace, String letter, Map<String, Object> layout) {
    String reference = Objects.toString(trace.get(letter + "axis"), letter);
    return layout.get(letter + "axis" + reference.substring(1)) instanceof Map<?, ?> axis
        && "category".equals(axis.get("type"));
  }

  /** A copy of an object with every property mended, except those in {@code keep}. */
  private static Map<String, Object> mended(Map<String, Object> raw, Set<String> keep) {
    Map<String, Object> result = new LinkedHashMap<>();
    raw.forEach(
        (key, value) -> {
          Object better = keep.contains(key) ? value : mended(key, value);
          if (better != null && !BROKEN.contains(key)) {
            result.put(MISSPELT.getOrDefault(key, key), better);
          }
        });
    mendTitle(result);
    dropNothings(result);
    if ("log".equals(result.get("type"))) {
      // plotly.js's own choice writes 10⁻⁶ as 1μ.
      result.putIfAbsent("exponentformat", "power");
    }
    if (result.containsKey("tickvals")) {
      result.put("tickmode", "array");
    }
    return result;
  }

  private static Object mended(String key, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put((String) k, v));
      return mended(copy, Set.of());
    }
    if (value instanceof List<?> list) {
      return TEXTUAL.contains(key) ? list : numbers(list);
    }
    if (value instanceof Double number) {
      return json(number);
    }
    if (value instanceof String text) {
      return text.isEmpty() ? null : TEXTUAL.contains(key) ? text : scalar(text);
    }
    return value;
  }

  private static Object scalar(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> {
        Number number = parsed(text);
        yield number == null ? text : json(number.doubleValue());
      }
    };
  }

  /** A list with its numbers as numbers, if it holds nothing else, and otherwise as it is. */
  private static List<Object> numbers(List<?> list) {
    List<Object> result = new ArrayList<>(list.size());
    for (Object item : list) {
      if (item instanceof List<?> inner) {
        result.add(numbers(inner));
      } else if (item instanceof Double number) {
        result.add(json(number));
      } else if (item instanceof String text && parsed(text) instanceof Double number) {
        result.add(json(number));
      } else if (item == null || "null".equals(item)) {
        result.add(null);
      } else {
        return new ArrayList<>(list);
      }
    }
    return result;
  }

  private static Number parsed(String text) {
    // Java would also read "1d" and "0x1p3" as numbers.
    if (!text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|NaN|[-+]?Infinity")) {
      return null;
    }
    return Double.valueOf(text);
  }

  /** A number as JSON can hold it: whole ones without a fraction, none for NaN and infinity. */
  private static Number json(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (long) value;
    }
    return value;
  }

  private static void mendTitle(Map<String, Object> owner) {
    Object font = owner.remove("titlefont");
    if (owner.get("title") instanceof String text) {
      Map<String, Object> title = new LinkedHashMap<>();
      title.put("text", text);
      if (font != null) {
        title.put("font", font);
      }
      owner.put("title", title);
    }
  }

  /** Tablesaw writes some settings that nobody made, as zeros or empty objects. */
  private static void dropNothings(Map<String, Object> owner) {
    owner.values().removeIf(v -> v instanceof Map<?, ?> map && map.isEmpty());
    if (Objects.equals(owner.get("cmin"), owner.get("cmax"))) {
      owner.remove("cmin");
      owner.remove("cmax");
    }
    for (String bins : List.of("nbinsx", "nbinsy")) {
      owner.remove(bins, 0L);
    }
  }
}
