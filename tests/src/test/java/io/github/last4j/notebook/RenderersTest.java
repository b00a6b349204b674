package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.AbstractTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;

class RenderersTest {
  private static final Renderer RENDERER = new Renderer();
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  @BeforeAll
  static void register() {
    Last4jExtension.register(RENDERER);
  }

  @Test
  void smallArraysAreShownWhole() {
    assertEquals(
        "NDArray (2, 2) float32 cpu\n[[  1, 2.5],\n [ -3,   4]]",
        text(manager.create(new float[] {1, 2.5f, -3, 4}, new Shape(2, 2))));
  }

  @Test
  void whatShowsItselfIsShown() {
    Shown shown =
        new Shown() {
          @Override
          public String text() {
            return "1 < 2";
          }

          @Override
          public String html() {
            return "<b>" + Html.escape(text()) + "</b>";
          }
        };
    assertEquals("1 < 2", text(shown));
    assertEquals("<b>1 &lt; 2</b>", data(shown, "text/html"));
  }

  @Test
  void numbersAreOfNoCountry() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      NDArray array = manager.create(new float[] {1234.5f});
      assertEquals("NDArray (1) float32 cpu\n[1234.5]", text(array));
      String table =
          text(
              Table.create(
                  "t", IntColumn.create("i", new int[] {1234}), DoubleColumn.create("d", 1234.5)));
      assertTrue(table.matches("(?s).*1234 +1234\\.5\\s*"), table);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void largeArraysShowTheirEdges() {
    String text = text(manager.arange(0, 3000, 1, DataType.INT64).reshape(3, 1000));
    assertTrue(text.startsWith("NDArray (3, 1000) int64 cpu"), text);
    assertTrue(text.contains("0,    1,    2, …,  997,  998,  999"), text);
    assertTrue(text.contains("2000, 2001, 2002, …, 2997, 2998, 2999"), text);
    assertEquals(4, text.lines().count());
  }

  /** As many values as a line has room for stand on it, and the next are below them. */
  @Test
  void longRowsGoOnBelow() {
    NDArray row = manager.arange(100, 140, 1, DataType.INT64);
    List<String> lines = text(row.reshape(1, 1, 40)).lines().skip(1).toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("[[[100, 101, "), lines.get(0));
    assertTrue(lines.get(1).startsWith("   116, 117, "), lines.get(1));
    assertTrue(lines.get(2).endsWith("138, 139]]]"), lines.get(2));
    assertTrue(lines.stream().allMatch(line -> line.length() <= 84), lines.toString());
    assertTrue(data(row, "text/html").toString().contains("white-space:pre;"));
  }

  @Test
  void complexArraysOfBothWidths() {
    NDArray pairs = manager.create(new float[] {1, 2, 3, -4}, new Shape(2, 2));
    assertEquals("NDArray (2) complex64 cpu\n[1+2i, 3-4i]", text(pairs.complex()));
    NDArray wide = pairs.toType(DataType.FLOAT64, true).complex();
    assertEquals("NDArray (2) complex128 cpu\n[1+2i, 3-4i]", text(wide));
    assertEquals("NDArray () complex64 cpu\n3-4i", text(pairs.complex().get(1)));
  }

  @Test
  void otherArrays() {
    assertEquals("NDArray () float32 cpu\n3.5", text(manager.create(3.5f)));
    assertEquals("NDArray (0, 3) float32 cpu\n[]", text(manager.create(new Shape(0, 3))));
    assertEquals(
        "NDArray (2) boolean cpu\n[ true, false]",
        text(manager.create(new boolean[] {true, false})));
    assertEquals(
        "NDArray (2) float16 cpu\n[1, 1]", text(manager.ones(new Shape(2), DataType.FLOAT16)));
    assertEquals("NDArray (1) float64 cpu\n[NaN]", text(manager.create(new double[] {Double.NaN})));
  }

  @Test
  void aClosedArrayIsShownAsClosed() {
    NDArray array = manager.ones(new Shape(2));
    array.close();
    assertEquals("NDArray, closed", text(array));
  }

  /** The engine has no array of strings, and ends the process when asked about one. */
  @Test
  void stringsAreShownWithoutTheEngine() {
    assertEquals("NDArray () string\nabc", text(manager.create("abc")));
    assertEquals("NDArray (2) string\na\n<b>", text(manager.create(new String[] {"a", "<b>"})));
    String many = text(manager.create(Collections.nCopies(1000, "a").toArray(String[]::new)));
    assertTrue(many.endsWith("a\n…") && many.lines().count() < 300, many);
    NDArray closed = manager.create("abc");
    closed.close();
    assertEquals("NDArray, closed", text(closed));
  }

  @Test
  void whatCannotBeShownSaysWhy() {
    double[] x = {0, 1};
    Figure wide =
        new Figure(ScatterTrace.builder(x, new double[] {-Double.MAX_VALUE, 1e308}).build());
    assertInstanceOf(Map.class, data(wide, PlotlyJson.MIME_TYPE));
    assertTrue(text(wide).contains("2 points\nno picture: axis: expected"), text(wide));
    Figure endless = new Figure(Layout.builder().build(), new Unreadable());
    assertTrue(text(endless).startsWith("Figure, not shown: expected"), text(endless));
  }

  /** A trace of somebody else's whose JavaScript does not end. */
  private static final class Unreadable extends AbstractTrace {
    Unreadable() {
      super(ScatterTrace.builder(new double[] {1}, new double[] {2}));
    }

    @Override
    public String asJavascript(int i) {
      return "var trace = {";
    }
  }

  @Test
  void showingLeavesNothingBehind() {
    NDArray array = manager.ones(new Shape(100, 100));
    int before = manager.getManagedArrays().size();
    text(array);
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void tablesAreEscapedAndSetRight() {
    Table table =
        Table.create(
            "a <b>",
            StringColumn.create("name", "x′ & \"y\"", "<script>"),
            DoubleColumn.create("Δ", 0.1 + 0.2, 1e-9));
    String html = data(table, "text/html").toString();
    assertTrue(html.contains("a &lt;b&gt;") && html.contains("&lt;script&gt;"), html);
    assertTrue(html.contains("<td style=\"text-align:right\">0.3</td>"), html);
    assertEquals("a <b>\nname          Δ\nx′ & \"y\"    0.3\n<script>  1e-09", text(table));
  }

  @Test
  void longTablesShowBothEnds() {
    Table table = Table.create(IntColumn.create("i", IntStream.range(0, 1000).toArray()));
    String text = text(table);
    assertTrue(text.contains("19\n  …\n995"), text);
    assertTrue(text.endsWith("1000 rows × 1 columns"), text);
  }

  @Test
  void figuresAreOneBundle() {
    Figure figure =
        new Figure(
            Layout.builder("λ̄").build(),
            ScatterTrace.builder(new double[] {1}, new double[] {2}).build());
    Map<?, ?> plotly = assertInstanceOf(Map.class, data(figure, PlotlyJson.MIME_TYPE));
    assertEquals(java.util.Set.of("data", "layout", "config"), plotly.keySet());
    byte[] png = Base64.getDecoder().decode(data(figure, "image/png").toString());
    assertEquals('P', png[1]);
    assertEquals("Figure: λ̄\n  scatter, 1 points", text(figure));
    assertEquals(
        Map.of("width", 800L, "height", 600L, "alt", "λ̄."),
        FigurePng.metadata(PlotlyJson.of(figure)));
  }

  private static String text(Object value) {
    return data(value, "text/plain").toString();
  }

  private static Object data(Object value, String type) {
    DisplayData rendered = RENDERER.render(value);
    return rendered.getData(MIMEType.parse(type));
  }
}
