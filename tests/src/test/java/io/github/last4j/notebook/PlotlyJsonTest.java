package io.github.last4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Font;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.TickSettings;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;

class PlotlyJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's \"quoted\"",
        "x′ and Δ, λ̄, ‖G‖∞",
        "C:\\new\\u0041",
        "ends in a backslash\\",
        "</script><script>alert('&amp;')",
        "façade naïve",
        "two\nlines, {braces}: [brackets]"
      })
  void textSurvives(String text) {
    Figure figure =
        new Figure(
            Layout.builder(text, text, text).build(),
            ScatterTrace.builder(new double[] {1}, new double[] {2})
                .name(text)
                .text(new String[] {text})
                .build(),
            BarTrace.builder(new Object[] {text}, new double[] {2}).build());
    PlotlyJson json = PlotlyJson.of(figure);
    assertEquals(Map.of("text", text), json.layout().get("title"));
    assertEquals(text, axis(json, "xaxis", "title", "text"));
    assertEquals(text, axis(json, "yaxis", "title", "text"));
    assertEquals(text, json.data().get(0).get("name"));
    assertEquals(List.of(text), json.data().get(0).get("text"));
    assertEquals(List.of(text), json.data().get(1).get("x"));
    assertTrue(json.summary().contains(text), json.summary());
  }

  @Test
  void numbersAreNumbers() {
    double[] x = {1, 0.25, -3e-30, Double.NaN, Double.POSITIVE_INFINITY};
    Map<String, Object> trace = only(ScatterTrace.builder(x, x).opacity(0.5).build());
    assertEquals(Arrays.asList(1L, 0.25, -3e-30, null, null), trace.get("x"));
    assertEquals(0.5, trace.get("opacity"));
  }

  @Test
  void wordsStayWords() {
    Map<String, Object> trace =
        only(BarTrace.builder(new Object[] {"1", "two"}, new double[] {1, 2}).build());
    assertEquals(List.of("1", "two"), trace.get("x"));
  }

  @Test
  void numbersStayCategoriesOnACategoryAxis() {
    Figure figure =
        new Figure(
            Layout.builder().xAxis(Axis.builder().type(Axis.Type.CATEGORY).build()).build(),
            BarTrace.builder(new Object[] {"64", "128"}, new double[] {1, 2}).build());
    assertEquals(List.of("64", "128"), PlotlyJson.of(figure).data().get(0).get("x"));
  }

  @Test
  void titlesKeepTheirFonts() {
    Axis axis = Axis.builder().title("Δ").titleFont(Font.builder().size(20).build()).build();
    PlotlyJson json = PlotlyJson.of(new Figure(Layout.builder("t").xAxis(axis).build()));
    assertFalse(((Map<?, ?>) json.layout().get("xaxis")).containsKey("titlefont"));
    assertEquals(20L, ((Map<?, ?>) axis(json, "xaxis", "title", "font")).get("size"));
  }

  @Test
  void settingsArePlotlys() {
    Axis axis =
        Axis.builder()
            .type(Axis.Type.LOG)
            .range(-5, 0.5)
            .tickSettings(
                TickSettings.builder()
                    .arrayTicks(new double[] {0.1, 1}, new String[] {"0.1", "one"})
                    .build())
            .build();
    Map<?, ?> x =
        (Map<?, ?>)
            PlotlyJson.of(new Figure(Layout.builder("t").xAxis(axis).build()))
                .layout()
                .get("xaxis");
    assertEquals(List.of(-5L, 0.5), x.get("range"));
    assertEquals(false, x.get("autorange"));
    assertEquals("array", x.get("tickmode"));
    assertEquals("power", x.get("exponentformat"));
    assertEquals(List.of("0.1", "one"), x.get("ticktext"));
  }

  /** And not as 1μ, which plotly.js would choose, unless somebody wants it. */
  @Test
  void logAxesCountInPowersOfTen() {
    Axis x = Axis.builder().type(Axis.Type.LOG).build();
    TickSettings letters =
        TickSettings.builder()
            .tickMode(TickSettings.TickMode.AUTO)
            .exponentFormat(TickSettings.ExponentFormat.SI)
            .build();
    Axis y = Axis.builder().type(Axis.Type.LOG).tickSettings(letters).build();
    PlotlyJson json = PlotlyJson.of(new Figure(Layout.builder().xAxis(x).yAxis(y).build()));
    assertEquals("power", ((Map<?, ?>) json.layout().get("xaxis")).get("exponentformat"));
    assertEquals("SI", ((Map<?, ?>) json.layout().get("yaxis")).get("exponentformat"));
  }

  @Test
  void wordsSayWhatIsSeen() {
    double[] x = {0, 1, 2};
    Figure figure =
        new Figure(
            Layout.builder("title", "x", "y").build(),
            ScatterTrace.builder(x, new double[] {1, 12.345, 2e-7})
                .mode(ScatterTrace.Mode.LINE)
                .name("line")
                .build(),
            ScatterTrace.builder(x, x).mode(ScatterTrace.Mode.MARKERS).name("points").build(),
            ScatterTrace.builder(x, x).name("hidden").showLegend(false).build());
    assertEquals(
        "title. y over x. line: 1.00, 12.3, 2.00e-07; points.",
        PlotlyJson.of(figure).alternative());
  }

  @Test
  void tracesOfOneNameGoTogether() {
    double[] x = {0, 1};
    ScatterTrace one = ScatterTrace.builder(x, x).name("one").build();
    PlotlyJson pair =
        PlotlyJson.of(new Figure(one, one, ScatterTrace.builder(x, x).name("two").build()));
    assertEquals("one", pair.data().get(1).get("legendgroup"));
    assertFalse(pair.data().get(2).containsKey("legendgroup"));
    assertFalse(PlotlyJson.of(new Figure(one)).layout().containsKey("legend"));
  }

  /** A page would otherwise choose other sizes for the figure than for its picture. */
  @Test
  void everyFigureHasASize() {
    assertEquals(Map.of("width", 700L, "height", 450L), PlotlyJson.of(new Figure()).layout());
    Layout own = Layout.builder().width(300).height(200).build();
    assertEquals(300L, PlotlyJson.of(new Figure(own)).layout().get("width"));
  }

  @Test
  void whatNobodySetIsLeftOut() {
    Map<String, Object> trace = only(HistogramTrace.builder(new double[] {1, 2}).build());
    assertFalse(trace.containsKey("name"), trace.toString());
    assertFalse(trace.containsKey("histnorm"), trace.toString());
    assertFalse(trace.containsKey("nbinsy"), trace.toString());
    assertEquals(false, trace.get("showlegend"));
  }

  @Test
  void heatmapsHoldNoNaN() {
    double[][] z = {{1, Double.NaN}, {2.5, 3}};
    Map<String, Object> trace =
        only(HeatmapTrace.builder(new Object[] {"a", "b"}, new Object[] {1, 2}, z).build());
    assertEquals(List.of(Arrays.asList(1L, null), List.of(2.5, 3L)), trace.get("z"));
    assertEquals(List.of(1L, 2L), trace.get("y"));
  }

  @Test
  void unfinishedObjectsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> JsLiteral.object("var a = {b: [1, 2"));
    assertThrows(IllegalArgumentException.class, () -> JsLiteral.object("var a = {b: 'c"));
    assertThrows(IllegalArgumentException.class, () -> JsLiteral.object("nothing"));
  }

  private static Map<String, Object> only(tech.tablesaw.plotly.traces.Trace trace) {
    return PlotlyJson.of(new Figure(trace)).data().get(0);
  }

  private static Object axis(PlotlyJson json, String axis, String property, String key) {
    return ((Map<?, ?>) ((Map<?, ?>) json.layout().get(axis)).get(property)).get(key);
  }
}
