package io.github.last4j.plot;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import tech.tablesaw.plotly.components.Line.Dash;
import tech.tablesaw.plotly.components.Symbol;

/**
 * How lines and points are drawn. Colour, dash and marker go by the name, so that a method or a
 * layer looks the same in every figure, wherever it stands in it.
 */
final class Palette {
  // Okabe and Ito's colours, which are far apart for every kind of colour vision. Their yellow is
  // faint on white; indigo has its place, and is none of the paper's methods'.
  static final String INDIGO = "#332288";
  static final String ORANGE = "#e69f00";
  static final String BLUE = "#0072b2";
  static final String GREEN = "#009e73";
  static final String PURPLE = "#cc79a7";
  static final String VERMILLION = "#d55e00";
  static final String SKY = "#56b4e9";
  static final String BLACK = "#000000";
  static final String GREY = "#555555";

  static final Style KEPT = new Style(BLUE, Dash.SOLID, Symbol.CIRCLE);
  static final Style REMOVED = new Style(VERMILLION, Dash.SOLID, Symbol.X);

  private static final List<String> COLOURS =
      List.of(INDIGO, ORANGE, BLUE, GREEN, PURPLE, VERMILLION, SKY, BLACK);
  private static final List<Dash> DASHES =
      List.of(Dash.SOLID, Dash.DASH, Dash.DOT, Dash.DASH_DOT, Dash.LONG_DASH, Dash.LONG_DASH_DOT);
  private static final List<Symbol> MARKERS =
      List.of(
          Symbol.CIRCLE,
          Symbol.SQUARE,
          Symbol.DIAMOND,
          Symbol.TRIANGLE_UP,
          Symbol.TRIANGLE_DOWN,
          Symbol.PENTAGON,
          Symbol.HEXAGON,
          Symbol.CROSS,
          Symbol.TRIANGLE_LEFT,
          Symbol.TRIANGLE_RIGHT,
          Symbol.X);

  /** Markers of methods within some steps, and of nothing else. */
  private static final List<Symbol> WITHIN = List.of(Symbol.STAR, Symbol.HOURGLASS, Symbol.BOWTIE);

  private static final List<String> GREYS = List.of("#444444", "#777777", "#aaaaaa");

  /**
   * Methods of sweeps, those of the paper and those beyond it; ways to choose in a layer, and
   * limits. Among the paper's methods markers differ, and where dashes do not, one colour is the
   * darker in grey; and so among the others with the three of H∞ norms.
   */
  private static final Map<String, Style> KNOWN =
      Map.ofEntries(
          Map.entry("Random", new Style(BLACK, Dash.DASH, Symbol.X)),
          Map.entry("Uniform magnitude", new Style(ORANGE, Dash.DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry("Global magnitude", new Style(PURPLE, Dash.DASH_DOT, Symbol.TRIANGLE_UP)),
          Map.entry("LAMP", new Style(GREEN, Dash.LONG_DASH_DOT, Symbol.PENTAGON)),
          Map.entry("Uniform H∞", new Style(SKY, Dash.DASH, Symbol.SQUARE)),
          Map.entry("Global H∞", new Style(BLUE, Dash.LONG_DASH, Symbol.HEXAGON)),
          Map.entry("LAST", new Style(VERMILLION, Dash.SOLID, Symbol.DIAMOND)),
          Map.entry("LAST (released code)", new Style(VERMILLION, Dash.DOT, Symbol.CROSS)),
          Map.entry("Unstructured random", new Style(GREY, Dash.DASH_DOT, Symbol.TRIANGLE_LEFT)),
          Map.entry(
              "Unstructured random (λ = 0)", new Style(GREY, Dash.DOT, Symbol.TRIANGLE_RIGHT)),
          Map.entry("Uniform H∞ within L", new Style(SKY, Dash.DOT, Symbol.HOURGLASS)),
          Map.entry("Global H∞ within L", new Style(BLUE, Dash.DASH_DOT, Symbol.BOWTIE)),
          Map.entry("LAST within L", new Style(VERMILLION, Dash.DASH, Symbol.STAR)),
          Map.entry(
              "LAST within L + H2 refit", new Style(VERMILLION, Dash.DOT, Symbol.STAR_DIAMOND)),
          Map.entry("AIRE", new Style(GREEN, Dash.LONG_DASH_DOT, Symbol.DIAMOND_TALL)),
          Map.entry("Balanced truncation", new Style(GREY, Dash.DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry(
              "Balanced truncation within L",
              new Style(GREY, Dash.LONG_DASH_DOT, Symbol.DIAMOND_WIDE)),
          Map.entry("Response", new Style(ORANGE, Dash.SOLID, Symbol.CROSS)),
          Map.entry("Response + refit", new Style(ORANGE, Dash.DASH_DOT, Symbol.X)),
          Map.entry("Taylor", new Style(PURPLE, Dash.LONG_DASH, Symbol.HEXAGRAM)),
          Map.entry("Surgeon", new Style(BLACK, Dash.LONG_DASH, Symbol.TRIANGLE_LEFT)),
          Map.entry("Surgeon + refit", new Style(BLACK, Dash.SOLID, Symbol.TRIANGLE_UP)),
          Map.entry(
              "Surgeon + refit, allocated", new Style(BLACK, Dash.DASH_DOT, Symbol.TRIANGLE_RIGHT)),
          Map.entry("Covariance-balanced", new Style(INDIGO, Dash.SOLID, Symbol.CIRCLE)),
          Map.entry("Covariance-balanced + refit", new Style(INDIGO, Dash.DASH, Symbol.PENTAGON)),
          Map.entry(
              "Covariance-balanced + distillation",
              new Style(INDIGO, Dash.LONG_DASH, Symbol.STAR_SQUARE)),
          Map.entry("H∞ order", new Style(BLUE, Dash.LONG_DASH, Symbol.HEXAGON)),
          Map.entry("pair order", new Style(SKY, Dash.DASH, Symbol.SQUARE)),
          Map.entry("greedy", new Style(VERMILLION, Dash.SOLID, Symbol.DIAMOND)),
          Map.entry("greedy return", new Style(ORANGE, Dash.DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry("best", new Style(GREEN, Dash.LONG_DASH_DOT, Symbol.PENTAGON)),
          Map.entry("Hankel floor", guide(0)),
          Map.entry("balanced truncation", guide(1)),
          Map.entry("its guarantee", guide(2)));

  private static final Pattern STEPS = Pattern.compile(" within \\d+.*$");

  /** What is drawn of a line and its points; the marker is null where points are not marked. */
  record Style(String colour, Dash dash, Symbol marker) {}

  private Palette() {}

  /** The style of layer 1, 2, …, which its name "layer 1" has, too. */
  static Style layer(int layer) {
    return spare(layer - 1, COLOURS, MARKERS);
  }

  /** A neutral style for the n-th line, from 0, that only guides the eye. */
  static Style guide(int n) {
    return new Style(at(GREYS, n), DASHES.get(1 + n % GREYS.size()), null);
  }

  /**
   * A style for each name of a figure. Methods, and layers as "layer 1", have their own. One within
   * some steps has its method's colour with another dash and marker. All others, like a user's own
   * criterion, get in their order what no known name of the figure has.
   *
   * @return in the order of the names
   */
  static Map<String, Style> of(Collection<String> names) {
    Map<String, Style> bases = new LinkedHashMap<>();
    names.forEach(name -> bases.put(base(name), known(base(name))));
    List<String> colours = free(COLOURS, bases.values(), Style::colour);
    List<Symbol> markers = free(MARKERS, bases.values(), Style::marker);
    int spares = 0;
    for (Map.Entry<String, Style> base : bases.entrySet()) {
      if (base.getValue() == null) {
        base.setValue(spare(spares++, colours, markers));
      }
    }
    Map<String, Style> styles = new LinkedHashMap<>();
    int variants = 0;
    for (String name : names) {
      Style style = bases.get(base(name));
      styles.put(name, base(name).equals(name) ? style : variant(style, variants++));
    }
    return styles;
  }

  /** A style for each name of a limit, neutral unless it has its own. */
  static Map<String, Style> guides(Collection<String> names) {
    Map<String, Style> styles = new LinkedHashMap<>();
    names.forEach(name -> styles.put(name, KNOWN.getOrDefault(name, guide(styles.size()))));
    return styles;
  }

  /** The style that a name has in every figure, null if it has none. */
  static Style known(String name) {
    return name.matches("layer [1-9]\\d?")
        ? layer(Integer.parseInt(name.substring("layer ".length())))
        : KNOWN.get(name);
  }

  private static String base(String name) {
    return KNOWN.containsKey(name) ? name : STEPS.matcher(name).replaceFirst("");
  }

  private static Style variant(Style base, int n) {
    return new Style(base.colour(), at(DASHES, DASHES.indexOf(base.dash()) + 1 + n), at(WITHIN, n));
  }

  private static Style spare(int n, List<String> colours, List<Symbol> markers) {
    return new Style(at(colours, n), at(DASHES, n), at(markers, n));
  }

  private static <T> List<T> free(
      List<T> all, Collection<Style> styles, Function<Style, T> property) {
    List<T> taken = styles.stream().filter(Objects::nonNull).map(property).toList();
    List<T> free = all.stream().filter(each -> !taken.contains(each)).toList();
    return free.isEmpty() ? all : free;
  }

  private static <T> T at(List<T> list, int index) {
    return list.get(index % list.size());
  }
}
