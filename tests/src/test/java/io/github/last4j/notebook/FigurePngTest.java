package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Grid;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.Symbol;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.BoxTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

class FigurePngTest {
  /** plotly.js's first two colours. */
  private static final Color FIRST = new Color(0x1f77b4);

  private static final Color SECOND = new Color(0xff7f0e);
  private static final double[] X = {1, 2, 3, 4};
  private static final double[] Y = {1, 4, 2, 3};
  private static final Object[] NAMES = {"a", "b", "c", "d"};

  @Test
  void isTwiceTheSizeOnWhite() throws IOException {
    BufferedImage image =
        draw(Layout.builder().width(300).height(200).build(), ScatterTrace.builder(X, Y).build());
    assertEquals(600, image.getWidth());
    assertEquals(400, image.getHeight());
    assertEquals(Color.WHITE.getRGB(), image.getRGB(2, 2));
  }

  @Test
  void linesHaveTheirColours() throws IOException {
    BufferedImage image =
        draw(
            Layout.builder("t", "x", "y").build(),
            ScatterTrace.builder(X, Y).mode(ScatterTrace.Mode.LINE).name("one").build(),
            ScatterTrace.builder(Y, X).mode(ScatterTrace.Mode.LINE).name("two").build());
    assertTrue(ink(image, FIRST) > 1000);
    assertTrue(ink(image, SECOND) > 1000);
  }

  /** The shares of dots and gaps: 1:1, 3:3, 5:5, and 3:1:1:1 and 5:1:1:1 with a dot between. */
  @ParameterizedTest
  @CsvSource({
    "SOLID, 1",
    "DOT, 0.5",
    "DASH, 0.5",
    "LONG_DASH, 0.5",
    "DASH_DOT, 0.6667",
    "LONG_DASH_DOT, 0.75"
  })
  void dashesLeaveGaps(Line.Dash dash, double share) throws IOException {
    long drawn = ink(lined(dash), FIRST);
    assertEquals(share, (double) drawn / ink(lined(Line.Dash.SOLID), FIRST), 0.03);
  }

  private static BufferedImage lined(Line.Dash dash) throws IOException {
    return draw(
        Layout.builder().build(),
        ScatterTrace.builder(X, new double[] {1, 1, 1, 1})
            .mode(ScatterTrace.Mode.LINE)
            .line(Line.builder().width(4).dash(dash).build())
            .build());
  }

  @Test
  void everyMarkerHasItsShape() throws IOException {
    List<Symbol> markers =
        List.of(
            Symbol.CIRCLE,
            Symbol.SQUARE,
            Symbol.DIAMOND,
            Symbol.TRIANGLE_UP,
            Symbol.TRIANGLE_DOWN,
            Symbol.TRIANGLE_LEFT,
            Symbol.TRIANGLE_RIGHT,
            Symbol.PENTAGON,
            Symbol.HEXAGON,
            Symbol.CROSS,
            Symbol.X,
            Symbol.STAR,
            Symbol.HOURGLASS,
            Symbol.BOWTIE,
            Symbol.DIAMOND_TALL,
            Symbol.DIAMOND_WIDE,
            Symbol.HEXAGRAM,
            Symbol.STAR_DIAMOND,
            Symbol.STAR_SQUARE);
    Set<Integer> pictures = new HashSet<>();
    for (Symbol marker : markers) {
      BufferedImage image =
          draw(
              Layout.builder().width(300).height(200).build(),
              ScatterTrace.builder(X, Y)
                  .mode(ScatterTrace.Mode.MARKERS)
                  .marker(Marker.builder().size(20).symbol(marker).build())
                  .build());
      assertTrue(ink(image, FIRST) > 1000, marker.toString());
      int[] pixels =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      assertTrue(pictures.add(Arrays.hashCode(pixels)), marker.toString());
    }
  }

  @Test
  void barsAreAsLongAsTheirNumbers() throws IOException {
    Layout layout = Layout.builder().build();
    double one =
        ink(
            draw(layout, BarTrace.builder(new Object[] {"a", "b"}, new double[] {2, 2}).build()),
            FIRST);
    double half =
        ink(
            draw(layout, BarTrace.builder(new Object[] {"a", "b"}, new double[] {1, 2}).build()),
            FIRST);
    assertEquals(0.75, half / one, 0.02);
  }

  @Test
  void everyTypeOfTraceIsDrawn() throws IOException {
    List<Trace> traces =
        List.of(
            HistogramTrace.builder(Y).build(),
            BoxTrace.builder(NAMES, Y).build(),
            BarTrace.builder(NAMES, Y).orientation(BarTrace.Orientation.HORIZONTAL).build());
    for (Trace trace : traces) {
      assertTrue(ink(draw(Layout.builder().build(), trace), FIRST) > 200, trace.toString());
    }
  }

  @Test
  void heatmapsRunFromDarkToBright() throws IOException {
    double[][] z = {{0, 1}, {0, 1}};
    BufferedImage image =
        draw(
            Layout.builder().build(),
            HeatmapTrace.builder(new Object[] {"a", "b"}, new Object[] {"c", "d"}, z).build());
    assertTrue(ink(image, new Color(0x440154)) > 10_000);
    assertTrue(ink(image, new Color(0xfde725)) > 10_000);
  }

  @Test
  void zerosAreLeftOutOnALogAxis() throws IOException {
    Axis log = Axis.builder().type(Axis.Type.LOG).build();
    BufferedImage image =
        draw(
            Layout.builder().yAxis(log).build(),
            ScatterTrace.builder(X, new double[] {0, 1e-12, 1, 1e12}).build());
    assertTrue(ink(image, FIRST) > 50);
  }

  @Test
  void panelsLieBesideEachOther() throws IOException {
    Grid grid = Grid.builder().rows(1).columns(2).pattern(Grid.Pattern.INDEPENDENT).build();
    BufferedImage image =
        draw(
            Layout.builder().grid(grid).build(),
            ScatterTrace.builder(X, Y).build(),
            ScatterTrace.builder(X, Y).xAxis("x2").yAxis("y2").build());
    int half = image.getWidth() / 2;
    assertEquals(0, ink(image.getSubimage(half, 0, half, image.getHeight()), FIRST));
    assertEquals(0, ink(image.getSubimage(0, 0, half, image.getHeight()), SECOND));
  }

  @Test
  void nothingToShowIsStillAPicture() throws IOException {
    double[] none = {Double.NaN};
    draw(Layout.builder("empty").build(), ScatterTrace.builder(none, none).build());
    draw(Layout.builder("empty").build(), HistogramTrace.builder(none).build());
  }

  @Test
  void unknownTracesAreNamed() {
    PlotlyJson pie = new PlotlyJson(List.of(Map.of("type", "pie")), Map.of(), Map.of());
    Exception refused = assertThrows(IllegalArgumentException.class, () -> FigurePng.of(pie));
    assertTrue(refused.getMessage().contains("pie"));
  }

  private static BufferedImage draw(Layout layout, Trace... traces) throws IOException {
    byte[] png = FigurePng.of(PlotlyJson.of(new Figure(layout, traces)));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  /** Pixels of about a colour, which antialiasing and translucency change a little. */
  private static long ink(BufferedImage image, Color wanted) {
    return IntStream.range(0, image.getWidth() * image.getHeight())
        .mapToObj(i -> new Color(image.getRGB(i % image.getWidth(), i / image.getWidth())))
        .filter(
            c ->
                Math.abs(c.getRed() - wanted.getRed()) < 12
                    && Math.abs(c.getGreen() - wanted.getGreen()) < 12
                    && Math.abs(c.getBlue() - wanted.getBlue()) < 12)
        .count();
  }
}
