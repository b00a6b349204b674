package io.github.last4j.plot;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.Symbol;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of poles, those that pruning keeps and those that it removes (Fig. 4). */
public final class PolePlots {
  private static final String KEPT = "#1f77b4";
  private static final String REMOVED = "#d62728";
  private static final String GREY = "#444444";
  private static final List<String> COLOURS = List.of(KEPT, "#ff7f0e", "#2ca02c", "#9467bd");
  private static final int CIRCLE_POINTS = 181;
  // With which the circle is round beside a legend, or nearly.
  private static final int HALF_PLANE_HEIGHT = 375;

  private PolePlots() {}

  /**
   * Poles of a continuous-time layer in the upper half of the complex plane: stored poles stand for
   * conjugate pairs. The imaginary axis is logarithmic, because HiPPO's frequencies range over some
   * decades; real poles have no place on it and are left out.
   *
   * @param title what the figure shows
   * @param lambda the stored poles, shape (n)
   * @param mask boolean, shape (n), true where a state is kept
   * @throws IllegalArgumentException if the mask has another length
   */
  public static Figure continuous(String title, ComplexArray lambda, NDArray mask) {
    return new Figure(
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title("Re λ").build())
            .yAxis(Axis.builder().title("|Im λ|").type(Axis.Type.LOG).build())
            .build(),
        plane(lambda, mask, Double.MIN_VALUE).toArray(new Trace[0]));
  }

  /**
   * Poles of a discrete-time layer in the upper half of the complex plane, with the half of the
   * unit circle around them.
   *
   * @param title what the figure shows
   * @param lambdaBar the stored poles, shape (n)
   * @param mask boolean, shape (n), true where a state is kept
   * @throws IllegalArgumentException if the mask has another length
   */
  public static Figure discrete(String title, ComplexArray lambdaBar, NDArray mask) {
    double[] angles =
        IntStream.range(0, CIRCLE_POINTS)
            .mapToDouble(i -> Math.PI * i / (CIRCLE_POINTS - 1))
            .toArray();
    double[] x = IntStream.range(0, angles.length).mapToDouble(i -> Math.cos(angles[i])).toArray();
    double[] y = IntStream.range(0, angles.length).mapToDouble(i -> Math.sin(angles[i])).toArray();
    List<Trace> traces = new ArrayList<>();
    traces.add(dashed("unit circle", x, y));
    traces.addAll(plane(lambdaBar, mask, 0));
    return new Figure(
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title("Re λ̄").range(-1.1, 1.1).build())
            .yAxis(Axis.builder().title("|Im λ̄|").range(-0.05, 1.1).build())
            .height(HALF_PLANE_HEIGHT)
            .build(),
        traces.toArray(new Trace[0]));
  }

  /**
   * Poles of discrete-time layers by their time constants in steps, on a logarithmic axis, and
   * their frequencies in radians a step, with an upright line at the length of the sequences.
   *
   * @param title what the figure shows
   * @param layers stable layers
   * @param masks one boolean array (n_l) a layer, true where a state is kept
   * @param length in steps
   * @throws IllegalArgumentException if a mask is missing or has another length than its layer
   */
  public static Figure timeConstants(
      String title, List<DiscreteSsm> layers, NDList masks, int length) {
    if (masks.size() != layers.size()) {
      throw new IllegalArgumentException(
          "masks: expected " + layers.size() + " layers, got " + masks.size());
    }
    List<Trace> traces = new ArrayList<>();
    for (int layer = 0; layer < masks.size(); layer++) {
      DiscreteSsm system = layers.get(layer);
      String name = "layer " + (layer + 1) + ", ";
      double[] x = system.timeConstants();
      double[] y = frequencies(system.lambdaBar());
      boolean[] kept = kept(masks.get(layer), x.length);
      String colour = COLOURS.get(layer % COLOURS.size());
      traces.add(points(name + "kept", x, y, kept, true, colour, Symbol.CIRCLE));
      traces.add(points(name + "removed", x, y, kept, false, colour, Symbol.X));
    }
    traces.add(dashed("L = " + length, new double[] {length, length}, new double[] {0, Math.PI}));
    return new Figure(
        StabilityPlots.layout(title)
            .xAxis(Axis.builder().title("time constant (steps)").type(Axis.Type.LOG).build())
            .yAxis(Axis.builder().title("|arg λ̄|").build())
            .build(),
        traces.toArray(new Trace[0]));
  }

  private static double[] frequencies(ComplexArray lambdaBar) {
    double[] re = ComplexArray.doubles(lambdaBar.real());
    double[] im = ComplexArray.doubles(lambdaBar.imag());
    return IntStream.range(0, re.length)
        .mapToDouble(i -> Math.abs(Math.atan2(im[i], re[i])))
        .toArray();
  }

  private static List<Trace> plane(ComplexArray poles, NDArray mask, double lowest) {
    double[] re = ComplexArray.doubles(poles.real());
    double[] im = ComplexArray.doubles(poles.imag());
    boolean[] kept = kept(mask, re.length);
    int[] shown = IntStream.range(0, re.length).filter(i -> Math.abs(im[i]) >= lowest).toArray();
    double[] x = IntStream.of(shown).mapToDouble(i -> re[i]).toArray();
    double[] y = IntStream.of(shown).mapToDouble(i -> Math.abs(im[i])).toArray();
    boolean[] stays = new boolean[shown.length];
    for (int k = 0; k < shown.length; k++) {
      stays[k] = kept[shown[k]];
    }
    return List.of(
        points("kept", x, y, stays, true, KEPT, Symbol.CIRCLE),
        points("removed", x, y, stays, false, REMOVED, Symbol.X));
  }

  private static boolean[] kept(NDArray mask, int states) {
    if (mask.size() != states) {
      throw new IllegalArgumentException(
          "mask: expected shape (" + states + "), got " + mask.getShape());
    }
    return mask.toBooleanArray();
  }

  private static ScatterTrace points(
      String name,
      double[] x,
      double[] y,
      boolean[] kept,
      boolean which,
      String colour,
      Symbol symbol) {
    int[] shown = IntStream.range(0, x.length).filter(i -> kept[i] == which).toArray();
    return ScatterTrace.builder(
            IntStream.of(shown).mapToDouble(i -> x[i]).toArray(),
            IntStream.of(shown).mapToDouble(i -> y[i]).toArray())
        .mode(ScatterTrace.Mode.MARKERS)
        .marker(Marker.builder().size(6).color(colour).symbol(symbol).build())
        .name(name)
        .build();
  }

  private static ScatterTrace dashed(String name, double[] x, double[] y) {
    return ScatterTrace.builder(x, y)
        .mode(ScatterTrace.Mode.LINE)
        .line(Line.builder().color(GREY).width(1).dash(Line.Dash.DASH).build())
        .name(name)
        .build();
  }
}
