package io.github.last4j.plot;

import io.github.last4j.complex.ComplexArray;
import io.github.last4j.plot.Palette.Style;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final int LARGE = 9;
  private static final int SMALL = 5;

  private PolePlots() {}

  /**
   * Poles of a continuous-time layer in the upper half of the complex plane: stored poles stand for
   * conjugate pairs. The imaginary axis is logarithmic, because HiPPO's frequencies range over some
   * decades; real poles have no place on it and are left out.
   *
   * @param title what the figure shows
   * @param lambda the stored poles, shape (n)
   * @param kept those of the n states that stay
   * @throws IllegalArgumentException if they are of another number of states
   */
  public static Figure continuous(String title, ComplexArray lambda, StateSet kept) {
    return Figures.of(
        title,
        Figures.linear("Re λ"),
        Figures.log("|Im λ|"),
        plane(lambda, kept, Double.MIN_VALUE));
  }

  /**
   * Poles of a discrete-time layer and of another in its place, whose poles are new, in the upper
   * half of the complex plane, with the half of the unit circle around them.
   *
   * @param title what the figure shows
   * @param before the stored poles, shape (n)
   * @param after those in their place, shape (m)
   */
  public static Figure replaced(String title, ComplexArray before, ComplexArray after) {
    return disc(
        title, List.of(all("before", before, Palette.REMOVED), all("after", after, Palette.KEPT)));
  }

  private static Trace all(String name, ComplexArray poles, Style style) {
    double[] y = Arrays.stream(ComplexArray.doubles(poles.imag())).map(Math::abs).toArray();
    return Figures.points(name, ComplexArray.doubles(poles.real()), y, style);
  }

  /**
   * Poles of a discrete-time layer in the upper half of the complex plane, with the half of the
   * unit circle around them.
   *
   * @param title what the figure shows
   * @param lambdaBar the stored poles, shape (n)
   * @param kept those of the n states that stay
   * @throws IllegalArgumentException if they are of another number of states
   */
  public static Figure discrete(String title, ComplexArray lambdaBar, StateSet kept) {
    return disc(title, plane(lambdaBar, kept, 0));
  }

  /** Points in the upper half of the unit circle. */
  private static Figure disc(String title, List<Trace> points) {
    double[] angles =
        IntStream.range(0, CIRCLE_POINTS)
            .mapToDouble(i -> Math.PI * i / (CIRCLE_POINTS - 1))
            .toArray();
    double[] x = IntStream.range(0, angles.length).mapToDouble(i -> Math.cos(angles[i])).toArray();
    double[] y = IntStream.range(0, angles.length).mapToDouble(i -> Math.sin(angles[i])).toArray();
    List<Trace> traces = new ArrayList<>();
    traces.add(Figures.guide("unit circle", x, y));
    traces.addAll(points);
    Axis real = Axis.builder().title("Re λ̄").range(-1.1, 1.1).build();
    Axis imaginary = Axis.builder().title("|Im λ̄|").range(-0.05, 1.1).build();
    return new Figure(
        Figures.layout(title, real, imaginary).height(HALF_PLANE_HEIGHT).build(),
        traces.toArray(Trace[]::new));
  }

  /**
   * Poles of discrete-time layers by their time constants in steps, on a logarithmic axis, and
   * their frequencies in radians a step, with an upright line at the length of the sequences. A
   * layer has one marker, which is small for what is removed.
   *
   * @param title what the figure shows
   * @param layers stable layers
   * @param kept the states that stay
   * @param length in steps
   * @throws IllegalArgumentException if they are of other layers
   */
  public static Figure timeConstants(
      String title, List<DiscreteSsm> layers, States kept, int length) {
    kept.requireStates("kept", layers.stream().map(DiscreteSsm::states).toList());
    List<Trace> traces = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      DiscreteSsm system = layers.get(layer);
      String name = "layer " + (layer + 1) + ", ";
      double[] x = system.timeConstants();
      double[] y = frequencies(system.lambdaBar());
      StateSet stays = kept.layer(layer);
      Style style = Palette.layer(layer + 1);
      traces.add(points(name + "kept", x, y, stays, style, LARGE));
      traces.add(points(name + "removed", x, y, stays.complement(), style, SMALL));
    }
    double[] here = {length, length};
    traces.add(Figures.guide("L = " + length, here, new double[] {0, Math.PI}));
    Axis frequency = Figures.angles("|arg λ̄| (radians a step)", 0, Math.PI);
    return Figures.of(title, Figures.log("time constant (steps)"), frequency, traces);
  }

  private static double[] frequencies(ComplexArray lambdaBar) {
    double[] re = ComplexArray.doubles(lambdaBar.real());
    double[] im = ComplexArray.doubles(lambdaBar.imag());
    return IntStream.range(0, re.length)
        .mapToDouble(i -> Math.abs(Math.atan2(im[i], re[i])))
        .toArray();
  }

  private static List<Trace> plane(ComplexArray poles, StateSet kept, double lowest) {
    double[] x = ComplexArray.doubles(poles.real());
    double[] y = Arrays.stream(ComplexArray.doubles(poles.imag())).map(Math::abs).toArray();
    kept.requireStates("kept", x.length);
    StateSet shown = StateSet.where(x.length, i -> y[i] >= lowest);
    return List.of(
        points("kept", x, y, kept.and(shown), Palette.KEPT, Figures.MARKER),
        points("removed", x, y, kept.complement().and(shown), Palette.REMOVED, Figures.MARKER));
  }

  private static Trace points(
      String name, double[] x, double[] y, StateSet shown, Style style, int size) {
    return Figures.points(
        name,
        shown.indices().mapToDouble(i -> x[i]).toArray(),
        shown.indices().mapToDouble(i -> y[i]).toArray(),
        style,
        size);
  }
}
