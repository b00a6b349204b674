package io.github.last4j.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.SequenceData;
import io.github.last4j.plot.Palette.Style;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.sweep.BeyondLast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.plotly.components.Symbol;

class PaletteTest {
  private static final List<String> METHODS =
      Stream.concat(
              Criterion.TABLE_6.stream().map(Criterion::title),
              Stream.of(
                  "LAST (released code)", "Unstructured random", "Unstructured random (λ = 0)"))
          .toList();

  private static final List<String> BEYOND =
      beyond(SequenceData.of("one", "0", 1, 1, 1, new float[1], new int[1]));

  private static final List<String> WAYS =
      List.of(
          "H∞ order",
          "pair order",
          "greedy",
          "greedy return",
          "best",
          "Hankel floor",
          "balanced truncation",
          "its guarantee");

  private static List<String> beyond(SequenceData data) {
    return Stream.of(
            Stream.of("Surgeon"),
            BeyondLast.all(784, data).stream().map(Layerwise::title),
            BeyondLast.distilled(data).stream().map(Layerwise::title))
        .flatMap(Function.identity())
        .toList();
  }

  /**
   * What two colours differ by at least, by CIEDE2000, of which one is just seen between two large
   * patches side by side. Lines are thin, and lie apart.
   */
  private static final double APART = 10;

  /** What their lightness L* differs by at least in grey, where nothing else tells them apart. */
  private static final double LIGHTER = 10;

  /** Of lines on white, by the Web Content Accessibility Guidelines (1.4.11). */
  private static final double CONTRAST = 3;

  /** What linear red, green and blue become without one kind of cones (Machado et al., 2009). */
  private static final List<double[][]> VISIONS =
      List.of(
          new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
          new double[][] {
            {0.152286, 1.052583, -0.204868},
            {0.114503, 0.786281, 0.099216},
            {-0.003882, -0.048116, 1.051998}
          },
          new double[][] {
            {0.367322, 0.860646, -0.227968},
            {0.280085, 0.672501, 0.047413},
            {-0.011820, 0.042940, 0.968881}
          },
          new double[][] {
            {1.255528, -0.076749, -0.178779},
            {-0.078411, 0.930809, 0.147602},
            {0.004733, 0.691367, 0.303900}
          });

  private static final double[][] RGB_TO_XYZ = {
    {0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}
  };

  static Stream<List<String>> sweeps() {
    return Stream.of(METHODS, BEYOND);
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void methodsLookTheSameInEveryFigure(List<String> methods) {
    List<String> reversed = new ArrayList<>(methods);
    reversed.add("mine");
    Collections.reverse(reversed);
    for (String method : methods) {
      Style style = Palette.known(method);
      assertNotNull(style, method);
      assertEquals(style, Palette.of(List.of(method)).get(method));
      assertEquals(style, Palette.of(methods).get(method));
      assertEquals(style, Palette.of(reversed).get(method));
    }
    assertEquals(methods, List.copyOf(Palette.of(methods).keySet()));
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void methodsAreToldApart(List<String> methods) {
    assertToldApart(methods.stream().map(Palette::known).toList());
  }

  /** In grey without dashes or markers, too, if barely. */
  @Test
  void methodsOfThePaperDifferInLightness() {
    double[] lightness =
        Criterion.TABLE_6.stream()
            .mapToDouble(method -> lightness(Palette.known(method.title())))
            .sorted()
            .toArray();
    for (int i = 1; i < lightness.length; i++) {
      assertTrue(lightness[i] - lightness[i - 1] > 4, Arrays.toString(lightness));
    }
  }

  @Test
  void everyLineIsSeenOnWhite() {
    Stream<Style> layers = IntStream.rangeClosed(1, 8).mapToObj(Palette::layer);
    Stream<Style> known =
        Stream.of(METHODS, BEYOND, WAYS).flatMap(List::stream).map(Palette::known);
    Stream<Style> others = Stream.of(Palette.GUIDE, Palette.KEPT, Palette.REMOVED);
    Stream.of(layers, known, others)
        .flatMap(Function.identity())
        .forEach(
            style -> {
              double luminance = product(RGB_TO_XYZ, linear(style))[1];
              assertTrue(1.05 / (luminance + 0.05) > CONTRAST, style.toString());
            });
  }

  /** From table 1 of Sharma, Wu and Dalal (2005). */
  @ParameterizedTest
  @CsvSource({
    "50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425",
    "50, 0, 0, 50, -1, 2, 2.3669",
    "50, 2.5, 0, 50, 0, -2.5, 4.3065",
    "50, 2.5, 0, 73, 25, -18, 27.1492"
  })
  void coloursDifferAsPublished(
      double l1, double a1, double b1, double l2, double a2, double b2, double difference) {
    double[] one = {l1, a1, b1};
    double[] two = {l2, a2, b2};
    assertEquals(difference, distance(one, two), 5e-5);
    assertEquals(difference, distance(two, one), 5e-5);
  }

  @Test
  void layersAreToldApart() {
    assertToldApart(IntStream.rangeClosed(1, 8).mapToObj(Palette::layer).toList());
    assertEquals(Palette.layer(12), Palette.of(List.of("layer 12")).get("layer 12"));
  }

  @Test
  void waysToChooseAreToldApart() {
    assertToldApart(WAYS.stream().map(Palette::known).toList());
  }

  @Test
  void othersGetWhatNoMethodOfTheFigureHas() {
    List<String> few = List.of("mine", "LAST", "yours", "Random");
    Map<String, Style> styles = Palette.of(few);
    assertToldApart(List.copyOf(styles.values()));
    List<String> all = new ArrayList<>(METHODS);
    IntStream.range(0, 6).forEach(i -> all.add("own " + i));
    assertEquals(all.size(), new HashSet<>(Palette.of(all).values()).size());
    // One criterion of one's own is the usual case.
    List<String> one = new ArrayList<>(METHODS);
    one.add(0, "mine");
    assertEquals(styles.get("mine"), Palette.of(one).get("mine"));
    assertToldApart(List.copyOf(Palette.of(one).values()));
  }

  @Test
  void theSameWithinSomeStepsHasTheSameColour() {
    for (String method : List.of("LAST", "LAMP", "LAST (released code)", "mine")) {
      List<String> names = List.of(method + " within 784", method, method + " within 20");
      List<Style> styles = List.copyOf(Palette.of(names).values());
      assertEquals(1, styles.stream().map(Style::colour).distinct().count());
      assertEquals(3, styles.stream().map(Style::dash).distinct().count());
      assertEquals(3, styles.stream().map(Style::marker).distinct().count());
    }
    assertEquals(
        Palette.known("LAST").colour(),
        Palette.of(List.of("LAST within 784")).get("LAST within 784").colour());
    Set<Symbol> own = new HashSet<>();
    METHODS.forEach(method -> own.add(Palette.known(method).marker()));
    Style within = Palette.of(List.of("LAST within 784")).get("LAST within 784");
    assertFalse(own.contains(within.marker()));
  }

  @Test
  void aMethodWithinSomeStepsLooksTheSameWhateverTheirNumber() {
    for (String method : List.of("LAST", "Uniform H∞", "Global H∞")) {
      Style within = Palette.known(method + " within L");
      assertEquals(
          within, Palette.of(List.of("LAMP", method + " within 196")).get(method + " within 196"));
    }
  }

  /**
   * Two lines of one figure have different markers, and beside these, where points are many and not
   * marked, another dash or a colour that is apart; the colour for normal vision and without one
   * kind of cones, the lightness in grey. Where colours are not the same they are always apart.
   */
  private static void assertToldApart(List<Style> styles) {
    for (Style a : styles) {
      for (Style b : styles.subList(0, styles.indexOf(a))) {
        String pair = a + " beside " + b;
        assertNotEquals(a.marker(), b.marker(), pair);
        if (a.colour().equals(b.colour())) {
          assertNotEquals(a.dash(), b.dash(), pair);
          continue;
        }
        for (double[][] vision : VISIONS) {
          assertTrue(distance(lab(a, vision), lab(b, vision)) > APART, pair);
        }
        if (a.dash() == b.dash()) {
          assertTrue(Math.abs(lightness(a) - lightness(b)) > LIGHTER, pair);
        }
      }
    }
  }

  private static double lightness(Style style) {
    return lab(style, VISIONS.get(0))[0];
  }

  /** CIEDE2000 with all weights 1, in the notation of Sharma, Wu and Dalal (2005). */
  private static double distance(double[] one, double[] two) {
    double meanC = (Math.hypot(one[1], one[2]) + Math.hypot(two[1], two[2])) / 2;
    double g = 0.5 * (1 - Math.sqrt(Math.pow(meanC, 7) / (Math.pow(meanC, 7) + Math.pow(25, 7))));
    double a1 = (1 + g) * one[1];
    double a2 = (1 + g) * two[1];
    double c1 = Math.hypot(a1, one[2]);
    double c2 = Math.hypot(a2, two[2]);
    double h1 = (Math.toDegrees(Math.atan2(one[2], a1)) + 360) % 360;
    double h2 = (Math.toDegrees(Math.atan2(two[2], a2)) + 360) % 360;
    double turn = c1 * c2 == 0 ? 0 : Math.IEEEremainder(h2 - h1, 360);
    double lBar = (one[0] + two[0]) / 2;
    double cBar = (c1 + c2) / 2;
    double hBar = c1 * c2 == 0 ? h1 + h2 : h1 + turn / 2;
    double t =
        1
            - 0.17 * cosine(hBar - 30)
            + 0.24 * cosine(2 * hBar)
            + 0.32 * cosine(3 * hBar + 6)
            - 0.20 * cosine(4 * hBar - 63);
    double away = (lBar - 50) * (lBar - 50);
    double l = (two[0] - one[0]) / (1 + 0.015 * away / Math.sqrt(20 + away));
    double c = (c2 - c1) / (1 + 0.045 * cBar);
    double h = 2 * Math.sqrt(c1 * c2) * Math.sin(Math.toRadians(turn / 2)) / (1 + 0.015 * cBar * t);
    double blue = Math.exp(-Math.pow(((hBar + 360) % 360 - 275) / 25, 2));
    double r =
        -Math.sin(Math.toRadians(60 * blue))
            * 2
            * Math.sqrt(Math.pow(cBar, 7) / (Math.pow(cBar, 7) + Math.pow(25, 7)));
    return Math.sqrt(l * l + c * c + h * h + r * c * h);
  }

  private static double cosine(double degrees) {
    return Math.cos(Math.toRadians(degrees));
  }

  /** CIELAB under D65. */
  private static double[] lab(Style style, double[][] vision) {
    double[] xyz = product(RGB_TO_XYZ, clipped(product(vision, linear(style))));
    double[] white = product(RGB_TO_XYZ, new double[] {1, 1, 1});
    double[] f =
        IntStream.range(0, 3)
            .mapToDouble(i -> xyz[i] / white[i])
            .map(t -> t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116)
            .toArray();
    return new double[] {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
  }

  /** Linear sRGB. */
  private static double[] linear(Style style) {
    return IntStream.of(1, 3, 5)
        .mapToDouble(i -> Integer.parseInt(style.colour().substring(i, i + 2), 16) / 255.0)
        .map(v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
        .toArray();
  }

  private static double[] clipped(double[] rgb) {
    return Arrays.stream(rgb).map(v -> Math.min(1, Math.max(0, v))).toArray();
  }

  private static double[] product(double[][] matrix, double[] vector) {
    return Arrays.stream(matrix)
        .mapToDouble(row -> row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
        .toArray();
  }
}
