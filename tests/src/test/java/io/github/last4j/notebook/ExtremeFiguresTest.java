package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.BoxTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Whatever is drawn, there is a picture of it, soon and with few ticks. */
class ExtremeFiguresTest {
  // A picture takes 20 ms; a machine may be busy.
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final List<double[]> EXTREMES =
      List.of(
          new double[] {},
          new double[] {0},
          new double[] {-0.0, 0},
          new double[] {Double.NaN},
          new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY},
          new double[] {1e308, 1},
          new double[] {1e17, 1e17 + 16},
          new double[] {1e-320, 1},
          new double[] {Double.MIN_VALUE, Double.MAX_VALUE},
          new double[] {0, Double.MIN_VALUE},
          new double[] {Double.MIN_VALUE},
          new double[] {Double.MAX_VALUE},
          new double[] {-Double.MAX_VALUE},
          new double[] {-4e307, 4e307},
          new double[] {1, 1 + Math.ulp(1.0)},
          new double[] {-1e300, -1e-300, 1e-300, 1e300});

  @TestFactory
  Stream<DynamicTest> everyPictureIsMade() {
    return EXTREMES.stream()
        .flatMap(
            values ->
                Stream.of(Axis.Type.DEFAULT, Axis.Type.LOG)
                    .map(
                        type ->
                            dynamicTest(
                                type + " " + Arrays.toString(values),
                                () ->
                                    traces(values)
                                        .forEach((name, trace) -> draw(name, type, trace)))));
  }

  /** Numbers of all sizes and signs, with neighbours; seeds are fixed. */
  @TestFactory
  Stream<DynamicTest> alsoOfRandomNumbers() {
    return IntStream.range(0, 20)
        .mapToObj(
            seed ->
                dynamicTest(
                    "seed " + seed,
                    () -> {
                      SplittableRandom random = new SplittableRandom(seed);
                      double first = Double.longBitsToDouble(random.nextLong());
                      double[] values = {first, Math.nextUp(first), first / 3};
                      for (Axis.Type type : List.of(Axis.Type.DEFAULT, Axis.Type.LOG)) {
                        draw("scatter", type, traces(values).get("scatter"));
                      }
                    }));
  }

  /** What is asked for counts where it can be drawn, and does not exhaust time or memory. */
  @TestFactory
  Stream<DynamicTest> alsoWithSettingsThatAskForTooMuch() {
    List<Object> values = List.of(0, 1, 2, 1e300);
    List<Object> many = new ArrayList<>();
    IntStream.range(0, 5_000).forEach(i -> many.add("n" + i));
    Map<String, Object> dots =
        Map.of("x", values, "y", values, "mode", "lines", "line", Map.of("dash", "dot"));
    return Stream.of(
        wanted("ticks", Map.of("dtick", 1e-12), dots),
        wanted("a dotted line that leaves", Map.of("range", List.of(0, 1)), dots),
        wanted("a range of one place", Map.of("range", List.of(1, 1)), dots),
        wanted("exponents", Map.of("type", "log", "range", List.of(-400, 400)), dots),
        wanted("infinite ends", Map.of("type", "log", "range", List.of(400, 500)), dots),
        wanted("bins", Map.of(), Map.of("type", "histogram", "x", values, "nbinsx", 2e9)),
        wanted(
            "categories",
            Map.of("type", "category"),
            Map.of("x", many, "y", many, "mode", "markers", "type", "scatter")));
  }

  private static DynamicTest wanted(
      String name, Map<String, Object> axis, Map<String, Object> trace) {
    Map<String, Object> layout = Map.of("xaxis", axis, "yaxis", axis);
    PlotlyJson json = new PlotlyJson(List.of(trace), layout, Map.of());
    return dynamicTest(name, () -> assertTimeoutPreemptively(SOON, () -> read(json)));
  }

  /** A linear axis has no place for numbers whose distance is no number: that is said. */
  @Test
  void numbersTooFarApartAreNamed() {
    double most = Double.MAX_VALUE;
    Trace trace = ScatterTrace.builder(new double[] {0, 1}, new double[] {-most, most}).build();
    PlotlyJson json = PlotlyJson.of(new Figure(trace));
    Exception refused = assertThrows(IllegalArgumentException.class, () -> FigurePng.of(json));
    assertTrue(refused.getMessage().contains("-1.797"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 10",
    "-3, 17, 6",
    "1e17, 100000000000000256, 10",
    "-1e308, 7e307, 5",
    "0, 1e-300, 9",
    "1, 1.0000000000000036, 12"
  })
  void ticksAreFewAndTellApart(double low, double high, double room) {
    List<PngTicks.Mark> marks = PngTicks.round(low, high, room, 0);
    assertTrue(marks.size() >= 2 && marks.size() <= room + 1, marks.toString());
    assertEquals(marks.size(), marks.stream().map(PngTicks.Mark::label).distinct().count());
    for (PngTicks.Mark mark : marks) {
      double at = Double.parseDouble(mark.label());
      // A label has six digits, or all.
      assertEquals(mark.value(), at, 1e-5 * Math.abs(at), marks.toString());
    }
  }

  private static Map<String, Trace> traces(double[] y) {
    double[] x = IntStream.range(0, y.length).asDoubleStream().toArray();
    Object[] names = IntStream.range(0, y.length).mapToObj(i -> "n" + i).toArray();
    Map<String, Trace> traces = new LinkedHashMap<>();
    traces.put("scatter", ScatterTrace.builder(x, y).build());
    traces.put(
        "line",
        ScatterTrace.builder(y, y)
            .mode(ScatterTrace.Mode.LINE)
            .line(Line.builder().dash(Line.Dash.DOT).build())
            .fill(ScatterTrace.Fill.TO_ZERO_Y)
            .build());
    traces.put("bar", BarTrace.builder(names, y).build());
    traces.put("histogram", HistogramTrace.builder(y).build());
    traces.put("box", BoxTrace.builder(names, y).build());
    traces.put(
        "heatmap", HeatmapTrace.builder(names, new Object[] {"a"}, new double[][] {y}).build());
    return traces;
  }

  private static void draw(String name, Axis.Type type, Trace trace) {
    Axis axis = Axis.builder().type(type).build();
    Layout layout = Layout.builder().width(400).height(300).yAxis(axis).build();
    BufferedImage image =
        assertTimeoutPreemptively(SOON, () -> read(PlotlyJson.of(new Figure(layout, trace))), name);
    assertEquals(800, image.getWidth(), name);
  }

  private static BufferedImage read(PlotlyJson json) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(FigurePng.of(json)));
  }
}
