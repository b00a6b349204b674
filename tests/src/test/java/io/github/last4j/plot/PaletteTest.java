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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static List<String> beyond(SequenceData data) {
    return Stream.of(
            Stream.of("Surgeon"),
            BeyondLast.all(784, data).stream().map(Layerwise::title),
            BeyondLast.distilled(data).stream().map(Layerwise::title))
        .flatMap(Function.identity())
        .toList();
  }

  /**
   * In units of CIELAB, of which one is just seen between two large patches side by side; lines are
   * thin, and lie apart.
   */
  private static final double APART = 15;

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

  @Test
  void layersAreToldApart() {
    assertToldApart(IntStream.rangeClosed(1, 8).mapToObj(Palette::layer).toList());
    assertEquals(Palette.layer(12), Palette.of(List.of("layer 12")).get("layer 12"));
  }

  @Test
  void waysToChooseAreToldApart() {
    assertToldApart(
        Stream.of("H∞ order", "pair order", "greedy", "greedy return", "best")
            .map(Palette::known)
            .toList());
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
  void guidesAreGreyUnlessTheyAreKnown() {
    Map<String, Style> guides = Palette.guides(List.of("a", "balanced truncation"));
    assertEquals(Palette.guide(0), guides.get("a"));
    assertEquals(
        Palette.of(List.of("balanced truncation")).get("balanced truncation"),
        guides.get("balanced truncation"));
  }

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
        // In grey, where no marker is drawn.
        if (a.dash() == b.dash()) {
          assertTrue(Math.abs(lightness(a) - lightness(b)) > APART, pair);
        }
      }
    }
  }

  private static double lightness(Style style) {
    return lab(style, VISIONS.get(0))[0];
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(IntStream.range(0, 3).mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i])).sum());
  }

  /** CIELAB under D65. */
  private static double[] lab(Style style, double[][] vision) {
    double[] linear =
        IntStream.of(1, 3, 5)
            .mapToDouble(i -> Integer.parseInt(style.colour().substring(i, i + 2), 16) / 255.0)
            .map(v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
            .toArray();
    double[] seen = product(vision, linear);
    double[][] xyz = {
      {0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505},
      {0.2126, 0.7152, 0.0722},
      {0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089}
    };
    DoubleUnaryOperator root = t -> t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116.0;
    double[] f = IntStream.range(0, 3).mapToDouble(i -> product(xyz, seen)[i]).map(root).toArray();
    return new double[] {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
  }

  private static double[] product(double[][] matrix, double[] vector) {
    return IntStream.range(0, 3)
        .mapToDouble(
            i -> matrix[i][0] * vector[0] + matrix[i][1] * vector[1] + matrix[i][2] * vector[2])
        .map(v -> Math.min(1, Math.max(0, v)))
        .toArray();
  }
}
