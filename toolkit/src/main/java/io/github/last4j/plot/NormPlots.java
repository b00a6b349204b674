package io.github.last4j.plot;

import io.github.last4j.norm.HinfNorm;
import io.github.last4j.plot.Palette.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Symbol;
import tech.tablesaw.plotly.traces.Trace;

/** Figures about the gains and norms of layers (Sec. 2.3, App. B.1). */
public final class NormPlots {
  private NormPlots() {}

  /**
   * Gains over frequency, with the peaks that were certified.
   *
   * @param title what the figure shows
   * @param theta angles in radians a step, positive, for the logarithmic axis
   * @param gains one gain for each angle by the name of the line
   * @param peaks norms by name; one named like a line has its colour
   * @throws IllegalArgumentException if a line has another length than theta
   */
  public static Figure gains(
      String title, double[] theta, Map<String, double[]> gains, Map<String, HinfNorm> peaks) {
    List<Trace> traces = new ArrayList<>(Figures.lines("gains", theta, gains));
    Map<String, Style> styles = Palette.of(gains.keySet());
    peaks.forEach(
        (name, peak) -> {
          Style line = styles.getOrDefault(name, Palette.GUIDE);
          traces.add(
              Figures.points(
                  "‖G‖∞" + (styles.containsKey(name) ? ", " + name : ""),
                  new double[] {peak.peakFrequency()},
                  new double[] {peak.lower()},
                  new Style(line.colour(), line.dash(), Symbol.DIAMOND)));
        });
    return Figures.of(
        title, Figures.logAngles("θ (radians a step)", theta), Figures.log("gain"), traces);
  }

  /**
   * Spectra of signals.
   *
   * @param title what the figure shows
   * @param theta angles in radians a step, positive, for the logarithmic axis
   * @param power by the name of the line one positive number for each angle
   * @throws IllegalArgumentException if a line has another length than theta
   */
  public static Figure spectra(String title, double[] theta, Map<String, double[]> power) {
    return Figures.of(
        title,
        Figures.logAngles("θ (radians a step)", theta),
        Figures.log("share of the energy"),
        Figures.lines("power", theta, power));
  }

  /**
   * The norms of conjugate pairs in units of their single states' norms (Eq. 5), against how far
   * the pole is from the real axis, with a line at 1, and the two limits between which they lie for
   * small margins.
   *
   * @param title what the figure shows
   * @param distance by the name of the layer, each state's distance in units of its margin
   * @param ratio by the name of the layer, each state's ratio
   */
  public static Figure pairRatios(
      String title, Map<String, double[]> distance, Map<String, double[]> ratio) {
    List<Trace> traces = new ArrayList<>();
    Palette.of(ratio.keySet())
        .forEach(
            (name, style) ->
                traces.add(Figures.points(name, distance.get(name), ratio.get(name), style)));
    double[] a = IntStream.rangeClosed(-20, 40).mapToDouble(i -> Math.pow(10, i / 10.0)).toArray();
    double[] upper = Arrays.stream(a).map(x -> 1 + 1 / Math.hypot(1, x)).toArray();
    double[] lower = Arrays.stream(a).map(x -> 1 - 1 / Math.hypot(1, 2 * x)).toArray();
    traces.add(Figures.one(a[0], a[a.length - 1]));
    traces.add(Figures.guide("most", a, upper));
    traces.add(Figures.guide("least", a, lower));
    return Figures.of(
        title,
        Figures.log("distance of the pole from the real axis, in margins"),
        Figures.linear("norm of the pair / Eq. 5"),
        traces);
  }

  /**
   * Shares of the norm that inputs of finite length reach, with a line at 1.
   *
   * @param title what the figure shows
   * @param length numbers of steps, one at least
   * @param share one share for each length by the name of the line
   * @throws IllegalArgumentException if a line has another length than the lengths
   */
  public static Figure shares(String title, double[] length, Map<String, double[]> share) {
    List<Trace> traces = new ArrayList<>(Figures.lines("share", length, share));
    traces.add(Figures.one(length[0], length[length.length - 1]));
    return Figures.of(
        title, Figures.log("length of the input (steps)"), Figures.linear("gain / ‖G‖∞"), traces);
  }

  /**
   * Hankel singular values in their order on a logarithmic axis; those that are zero are left out.
   *
   * @param title what the figure shows
   * @param values descending numbers by the name of the line
   */
  public static Figure hankel(String title, Map<String, double[]> values) {
    return Figures.of(
        title, Figures.linear("rank i"), Figures.log("σᵢ / ‖G‖∞"), Figures.positive(1, values));
  }
}
