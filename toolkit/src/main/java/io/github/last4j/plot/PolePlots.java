package io.github.last4j.plot;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.plot.Palette.Style;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** Figures of poles, those that pruning keeps and those that it removes (Fig. 4). */
public final class PolePlots {
  private static final int CIRCLE_POINTS = 181;
  // With which the circle is round beside a legend, or nearly.
  private static final int HALF_PLANE_HEIGHT = 400;

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
    return Figures.of(
        title,
        Figures.linear("Re λ"),
        Figures.log("|Im λ|"),
        plane(lambda, mask, Double.MIN_VALUE));
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
    traces.add(Figures.guide("unit circle", x, y));
    traces.addAll(plane(lambdaBar, mask, 0));
    Axis real = Axis.builder().title("Re λ̄").range(-1.1, 1.1).build();
    Axis imaginary = Axis.builder().title("|Im λ̄|").range(-0.05, 1.1).build();
    return new Figure(
        Figures.layout(title, real, imaginary).height(HALF_PLANE_HEIGHT).build(),
        traces.toArray(Trace[]::new));
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
      Style style = Palette.layer(layer + 1);
      Style gone = new Style(style.colour(), style.dash(), Palette.REMOVED.marker());
      traces.add(points(name + "kept", x, y, kept, true, style));
      traces.add(points(name + "removed", x, y, kept, false, gone));
    }
    double[] here = {length, length};
    traces.add(Figures.guide("L = " + length, here, new double[] {0, Math.PI}));
    return Figures.of(
        title, Figures.log("time constant (steps)"), Figures.linear("|arg λ̄|"), traces);
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
        points("kept", x, y, stays, true, Palette.KEPT),
        points("removed", x, y, stays, false, Palette.REMOVED));
  }

  private static boolean[] kept(NDArray mask, int states) {
    if (mask.size() != states) {
      throw new IllegalArgumentException(
          "mask: expected shape (" + states + "), got " + mask.getShape());
    }
    return mask.toBooleanArray();
  }

  private static Trace points(
      String name, double[] x, double[] y, boolean[] kept, boolean which, Style style) {
    int[] shown = IntStream.range(0, x.length).filter(i -> kept[i] == which).toArray();
    return Figures.points(
        name,
        IntStream.of(shown).mapToDouble(i -> x[i]).toArray(),
        IntStream.of(shown).mapToDouble(i -> y[i]).toArray(),
        style);
  }
}
