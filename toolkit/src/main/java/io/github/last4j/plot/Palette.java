package io.github.last4j.plot;

import java.util.ArrayList;
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
  // Each has a contrast of three at least on white, and all are apart, as PaletteTest measures, for
  // every kind of colour vision. Those of the paper's methods differ in lightness, too: in grey.
  static final String BLACK = "#000000";
  static final String PURPLE = "#6a1040";
  static final String INDIGO = "#3311cc";
  static final String BLUE = "#1f4f7a";
  static final String DARK = "#333333";
  static final String GREY = "#5c5c5c";
  static final String LIGHT = "#8a8a8a";
  static final String VERMILION = "#c04000";
  static final String GREEN = "#148a50";
  static final String SKY = "#2a8ae0";
  static final String OCHRE = "#b38f00";

  /** Of what only guides the eye. */
  static final Style GUIDE = new Style(DARK, Dash.DASH, null);

  static final Style KEPT = new Style(BLUE, Dash.SOLID, Symbol.CIRCLE);
  static final Style REMOVED = new Style(VERMILION, Dash.SOLID, Symbol.X);

  private static final List<String> COLOURS =
      List.of(INDIGO, OCHRE, GREEN, PURPLE, BLUE, VERMILION, SKY, BLACK);
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

  /**
   * Methods of sweeps, those of the paper and those beyond it; ways to choose in a layer, and
   * limits. Methods of one family share a colour. In one figure markers differ, and where dashes do
   * not, one line is the darker in grey: among the paper's methods, among those beyond them with
   * the three of H∞ norms, and among the ways to choose.
   */
  private static final Map<String, Style> KNOWN =
      Map.ofEntries(
          Map.entry("Random", new Style(BLACK, Dash.DASH, Symbol.X)),
          Map.entry("Uniform magnitude", new Style(OCHRE, Dash.DASH_DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry("Global magnitude", new Style(PURPLE, Dash.DASH_DOT, Symbol.TRIANGLE_UP)),
          Map.entry("LAMP", new Style(GREEN, Dash.DOT, Symbol.PENTAGON)),
          Map.entry("Uniform H∞", new Style(SKY, Dash.DASH, Symbol.SQUARE)),
          Map.entry("Global H∞", new Style(BLUE, Dash.LONG_DASH, Symbol.HEXAGON)),
          Map.entry("LAST", new Style(VERMILION, Dash.SOLID, Symbol.DIAMOND)),
          Map.entry("LAST (released code)", new Style(VERMILION, Dash.LONG_DASH_DOT, Symbol.CROSS)),
          Map.entry("Unstructured random", new Style(GREY, Dash.DASH_DOT, Symbol.TRIANGLE_LEFT)),
          Map.entry(
              "Unstructured random (λ = 0)", new Style(GREY, Dash.DOT, Symbol.TRIANGLE_RIGHT)),
          Map.entry("Uniform H∞ within L", new Style(SKY, Dash.DOT, Symbol.HOURGLASS)),
          Map.entry("Global H∞ within L", new Style(BLUE, Dash.LONG_DASH_DOT, Symbol.BOWTIE)),
          Map.entry("LAST within L", new Style(VERMILION, Dash.DASH, Symbol.STAR)),
          Map.entry(
              "LAST within L + H2 refit",
              new Style(VERMILION, Dash.LONG_DASH_DOT, Symbol.STAR_DIAMOND)),
          Map.entry("AIRE", new Style(GREEN, Dash.LONG_DASH, Symbol.DIAMOND_TALL)),
          Map.entry("Balanced truncation", new Style(GREY, Dash.DASH_DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry("Balanced truncation within L", new Style(GREY, Dash.DOT, Symbol.DIAMOND_WIDE)),
          Map.entry("Response", new Style(OCHRE, Dash.SOLID, Symbol.CROSS)),
          Map.entry("Response + refit", new Style(OCHRE, Dash.DASH_DOT, Symbol.X)),
          Map.entry("Taylor", new Style(PURPLE, Dash.DASH_DOT, Symbol.HEXAGRAM)),
          Map.entry("Surgeon", new Style(BLACK, Dash.LONG_DASH, Symbol.TRIANGLE_LEFT)),
          Map.entry("Surgeon + refit", new Style(BLACK, Dash.SOLID, Symbol.TRIANGLE_UP)),
          Map.entry(
              "Surgeon + refit, allocated", new Style(BLACK, Dash.DASH_DOT, Symbol.TRIANGLE_RIGHT)),
          Map.entry("Covariance-balanced", new Style(INDIGO, Dash.SOLID, Symbol.CIRCLE)),
          Map.entry("Covariance-balanced + refit", new Style(INDIGO, Dash.DASH, Symbol.PENTAGON)),
          Map.entry(
              "Covariance-balanced + distillation",
              new Style(INDIGO, Dash.DOT, Symbol.STAR_SQUARE)),
          Map.entry("H∞ order", new Style(BLUE, Dash.LONG_DASH, Symbol.HEXAGON)),
          Map.entry("pair order", new Style(SKY, Dash.DASH, Symbol.SQUARE)),
          Map.entry("greedy", new Style(VERMILION, Dash.SOLID, Symbol.DIAMOND)),
          Map.entry("greedy return", new Style(OCHRE, Dash.DASH_DOT, Symbol.TRIANGLE_DOWN)),
          Map.entry("best", new Style(GREEN, Dash.DOT, Symbol.PENTAGON)),
          Map.entry("Hankel floor", new Style(DARK, Dash.DASH, Symbol.TRIANGLE_UP)),
          Map.entry("balanced truncation", new Style(GREY, Dash.DOT, Symbol.CROSS)),
          Map.entry("its guarantee", new Style(LIGHT, Dash.LONG_DASH_DOT, Symbol.X)));

  private static final Pattern STEPS = Pattern.compile(" within \\d+.*$");

  /** What is drawn of a line and its points; the marker is null where points are not marked. */
  record Style(String colour, Dash dash, Symbol marker) {}

  private Palette() {}

  /** The style of layer 1, 2, …, which its name "layer 1" has, too. */
  static Style layer(int layer) {
    return spare(layer - 1, COLOURS, MARKERS);
  }

  /**
   * A style for each name of a figure. Methods, and layers as "layer 1", have their own; so has the
   * first of a method within some steps, that of the method within L. Another length has the
   * method's colour with another dash and marker. All others, like a user's own criterion, get in
   * their order what no known name of the figure has.
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
    for (String name : names) {
      String base = base(name);
      Style within = KNOWN.get(base + " within L");
      Style style = bases.get(base);
      if (!base.equals(name)) {
        style =
            within == null || styles.containsValue(within)
                ? variant(style, styles.values())
                : within;
      }
      styles.put(name, style);
    }
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

  /** The colour with a marker and a dash that no other of the colour has yet. */
  private static Style variant(Style base, Collection<Style> others) {
    List<Style> same = new ArrayList<>(List.of(base));
    others.stream().filter(style -> style.colour().equals(base.colour())).forEach(same::add);
    return new Style(
        base.colour(),
        free(DASHES, same, Style::dash).get(0),
        free(WITHIN, others, Style::marker).get(0));
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
