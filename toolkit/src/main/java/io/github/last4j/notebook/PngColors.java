package io.github.last4j.notebook;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Colours as plotly.js names and cycles them. */
final class PngColors {
  /** What plotly.js gives to traces in turn. */
  private static final List<Color> CYCLE =
      colors("1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf");

  private static final Map<String, Color> NAMES =
      Map.ofEntries(
          Map.entry("black", Color.BLACK),
          Map.entry("white", Color.WHITE),
          Map.entry("gray", new Color(0x808080)),
          Map.entry("grey", new Color(0x808080)),
          Map.entry("lightgray", new Color(0xd3d3d3)),
          Map.entry("lightgrey", new Color(0xd3d3d3)),
          Map.entry("darkgray", new Color(0xa9a9a9)),
          Map.entry("silver", new Color(0xc0c0c0)),
          Map.entry("red", Color.RED),
          Map.entry("darkred", new Color(0x8b0000)),
          Map.entry("crimson", new Color(0xdc143c)),
          Map.entry("orange", new Color(0xffa500)),
          Map.entry("darkorange", new Color(0xff8c00)),
          Map.entry("gold", new Color(0xffd700)),
          Map.entry("yellow", Color.YELLOW),
          Map.entry("green", new Color(0x008000)),
          Map.entry("darkgreen", new Color(0x006400)),
          Map.entry("lime", Color.GREEN),
          Map.entry("teal", new Color(0x008080)),
          Map.entry("cyan", Color.CYAN),
          Map.entry("blue", Color.BLUE),
          Map.entry("navy", new Color(0x000080)),
          Map.entry("steelblue", new Color(0x4682b4)),
          Map.entry("lightblue", new Color(0xadd8e6)),
          Map.entry("purple", new Color(0x800080)),
          Map.entry("magenta", Color.MAGENTA),
          Map.entry("pink", new Color(0xffc0cb)),
          Map.entry("brown", new Color(0xa52a2a)),
          Map.entry("transparent", new Color(0, true)));

  /** Colour scales by name, as equidistant colours from low to high. */
  private static final Map<String, List<Color>> SCALES =
      Map.of(
          "viridis",
          colors("440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725"),
          "cividis",
          colors("00204d 0d346b 3a4b6b 575c6d 727274 8f8b77 afa574 d1c066 f2da4e ffea46"),
          "greys",
          colors("000000 ffffff"),
          "blues",
          colors("050aac 283cbe 466ef5 5a9bf5 a0c8eb dcdcdc"),
          "reds",
          colors("dcdcdc f5c39d f5a069 e0663f b20a1c"),
          "rdbu",
          colors("050aac 466be6 8a9cdb bebebe dcaa84 e07a52 b20a1c"),
          "hot",
          colors("000000 e60000 ffd200 ffffff"),
          "jet",
          colors("000083 003caa 05ffff ffff00 fa0000 800000"));

  private static final Pattern CALL = Pattern.compile("rgba?\\(([^)]*)\\)");

  private PngColors() {}

  private static List<Color> colors(String hex) {
    return List.of(hex.split(" ")).stream().map(h -> new Color(Integer.parseInt(h, 16))).toList();
  }

  static Color cycled(int index) {
    return CYCLE.get(index % CYCLE.size());
  }

  /** A CSS colour; what is not understood becomes mid-grey, so that it can still be seen. */
  static Color parse(String css) {
    String text = css.strip().toLowerCase(Locale.ROOT);
    try {
      if (text.startsWith("#")) {
        String hex = text.substring(1);
        return Color.decode(hex.length() == 3 ? "#" + hex.replaceAll("(.)", "$1$1") : text);
      }
      Matcher call = CALL.matcher(text);
      if (call.matches()) {
        String[] parts = call.group(1).split(",", -1);
        return new Color(
            Integer.parseInt(parts[0].strip()),
            Integer.parseInt(parts[1].strip()),
            Integer.parseInt(parts[2].strip()),
            parts.length > 3 ? (int) Math.round(255 * Double.parseDouble(parts[3].strip())) : 255);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException malformed) {
      return Color.GRAY;
    }
    return NAMES.getOrDefault(text, Color.GRAY);
  }

  static Color faded(Color color, double opacity) {
    int alpha = (int) Math.round(color.getAlpha() * Math.min(1, Math.max(0, opacity)));
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
  }

  /** The colour at {@code position} in [0, 1] of a scale; an unknown scale is Viridis. */
  static Color scaled(String scale, double position, boolean reversed) {
    List<Color> stops = SCALES.getOrDefault(scale.toLowerCase(Locale.ROOT), SCALES.get("viridis"));
    double clamped = Math.min(1, Math.max(0, reversed ? 1 - position : position));
    double place = clamped * (stops.size() - 1);
    int low = Math.min((int) place, stops.size() - 2);
    Color a = stops.get(low);
    Color b = stops.get(low + 1);
    double t = place - low;
    return new Color(
        mix(a.getRed(), b.getRed(), t),
        mix(a.getGreen(), b.getGreen(), t),
        mix(a.getBlue(), b.getBlue(), t));
  }

  private static int mix(int a, int b, double t) {
    return (int) Math.round(a + t * (b - a));
  }
}
