package io.github.last4j.norm;

import io.github.last4j.complex.Decompositions;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import org.ojalgo.matrix.decomposition.QR;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * The H∞ norm by the eigenvalues of a Hamiltonian matrix, a second method for checking the first.
 *
 * <p>The bilinear map z = (1+s)/(1-s) takes the unit circle to the imaginary axis and every term
 * cb/(1-λ̄z⁻¹) to cb/(1+λ̄)·(1 + (1+a)/(s-a)), a = -(1-λ̄)/(1+λ̄), 1+a = 2λ̄/(1+λ̄); a backward
 * term has -s for s and so a pole right of the axis, which the test allows. For γ &gt; ‖D‖, with
 * the D of the mapped system, γ is a singular value of G(jω) if and only if jω is an eigenvalue of
 *
 * <p>H = [A + BR⁻¹D'C, BR⁻¹B'; -C'(I + DR⁻¹D')C, -(A + BR⁻¹D'C)'], R = γ²I - D'D.
 *
 * <p>The level γ rises to the largest gain midway between neighbouring crossings (Boyd and
 * Balakrishnan; Bruinsma and Steinbuch) until none remains. Whether an eigenvalue lies on the axis
 * is decided in floating point with a threshold, so the upper end is <em>not</em> certified; the
 * lower end is a computed gain. Time and memory grow as the cube and the square of 4n: meant for up
 * to about a hundred pairs.
 */
public final class HamiltonianHinf {
  private HamiltonianHinf() {}

  /**
   * The norm.
   *
   * @param ssm a stable layer
   * @param relativeTolerance the relative width of the result, between 1e-12 and 1
   * @return the interval from the largest gain found to a level that no eigenvalue was seen to
   *     reach
   * @throws IllegalArgumentException if a pole is not inside the unit circle, or a number is not
   *     finite, or the tolerance out of range
   */
  public static HinfNorm norm(DiscreteSsm ssm, double relativeTolerance) {
    SystemNorms.requireTolerance(relativeTolerance);
    return HinfNorm.largest(
        Parts.of(ssm).systems().stream().map(system -> norm(system, relativeTolerance)).toList());
  }

  private static HinfNorm norm(PairSystem given, double relativeTolerance) {
    PairSystem balanced = given.balanced();
    PairSystem system = balanced.outputs < balanced.inputs ? balanced.transpose() : balanced;
    GainSearch gains = new GainSearch(system, relativeTolerance);
    double lower = 0;
    double peak = 0;
    double[] starts = Arrays.copyOf(system.angle, system.terms + 2);
    starts[system.terms + 1] = Math.PI;
    for (double theta : starts) {
      double gain = gains.gainAt(theta);
      if (gain > lower) {
        lower = gain;
        peak = theta;
      }
    }
    if (lower == 0 || system.terms == 0) {
      return HinfNorm.of(lower, lower, peak).times(system.exponent);
    }
    Mapped mapped = new Mapped(system);
    while (true) {
      Interruption.check("the H∞ norm");
      double level = lower * (1 + relativeTolerance);
      double[] crossings = mapped.crossings(level);
      boolean raised = false;
      for (int i = 0; i + 1 < crossings.length; i++) {
        double theta = 0.5 * (crossings[i] + crossings[i + 1]);
        double gain = gains.gainAt(theta);
        if (gain > lower) {
          raised |= gain > level;
          lower = gain;
          peak = theta;
        }
      }
      if (!raised) {
        return HinfNorm.of(lower, Math.max(level, lower), peak).times(system.exponent);
      }
    }
  }

  /** The continuous-time system. */
  private static final class Mapped {
    private final int states;
    private final R064Store a;
    private final R064Store b;
    private final R064Store c;
    private final R064Store d;

    Mapped(PairSystem system) {
      int m = system.inputs;
      int p = system.outputs;
      states = 2 * system.terms;
      a = R064Store.FACTORY.make(states, states);
      b = R064Store.FACTORY.make(states, m);
      c = R064Store.FACTORY.make(p, states);
      d = R064Store.FACTORY.make(p, m);
      double[] w = new double[2];
      for (int t = 0; t < system.terms; t++) {
        double mu = system.margin[t];
        double turn = system.angle[t];
        // 1/(1+λ̄) is the resolvent at θ = π.
        PairSystem.resolvent(mu, Math.PI - turn, w);
        double wr = w[0];
        double wi = w[1];
        double li = (1 - mu) * Math.sin(turn);
        double half = Math.sin(0.5 * turn);
        double nr = mu + (1 - mu) * 2 * half * half;
        double sign = system.backward[t] ? -1 : 1;
        // a = -(1-λ̄)w with 1-λ̄ = nr - j·li.
        double ar = -sign * (nr * wr + li * wi);
        double ai = -sign * (nr * wi - li * wr);
        // √(2λ̄)/(1+λ̄), once for b and once for c.
        double size = Math.sqrt(2 * (1 - mu));
        double gr = size * (Math.cos(0.5 * turn) * wr - Math.sin(0.5 * turn) * wi);
        double gi = size * (Math.cos(0.5 * turn) * wi + Math.sin(0.5 * turn) * wr);
        int i = 2 * t;
        a.set(i, i, ar);
        a.set(i, i + 1, -ai);
        a.set(i + 1, i, ai);
        a.set(i + 1, i + 1, ar);
        double root = Math.sqrt(2);
        for (int k = 0; k < m; k++) {
          double br = system.bRe[t][k];
          double bi = system.bIm[t][k];
          b.set(i, k, root * (br * gr - bi * gi));
          b.set(i + 1, k, root * (br * gi + bi * gr));
        }
        for (int o = 0; o < p; o++) {
          double cr = system.cRe[t][o];
          double ci = system.cIm[t][o];
          c.set(o, i, sign * root * (cr * gr - ci * gi));
          c.set(o, i + 1, -sign * root * (cr * gi + ci * gr));
          double vr = 2 * (cr * wr - ci * wi);
          double vi = 2 * (cr * wi + ci * wr);
          for (int k = 0; k < m; k++) {
            d.add(o, k, vr * system.bRe[t][k] - vi * system.bIm[t][k]);
          }
        }
      }
      if (system.feedthrough != null) {
        for (int k = 0; k < m; k++) {
          d.add(k, k, system.feedthrough[k]);
        }
      }
    }

    /** The angles θ in [0, π] at which some singular value is γ, 0 and π among them. */
    double[] crossings(double gamma) {
      int m = (int) b.countColumns();
      R064Store r = R064Store.FACTORY.make(m, m);
      MatrixStore<Double> scaledD = d.multiply(1 / gamma);
      r.fillByMultiplying(scaledD.transpose(), scaledD);
      r.modifyAll(org.ojalgo.function.constant.PrimitiveMath.NEGATE);
      for (int k = 0; k < m; k++) {
        r.add(k, k, 1.0);
      }
      MatrixStore<Double> inverse = Decompositions.of(QR.R064.make(r), "R", r).getInverse();
      // Both take half of γ: the blocks off the diagonal are then of one size.
      MatrixStore<Double> bs = b.multiply(1 / Math.sqrt(gamma));
      MatrixStore<Double> cs = c.multiply(1 / Math.sqrt(gamma));
      MatrixStore<Double> dc = scaledD.transpose().multiply(cs);
      MatrixStore<Double> rdc = inverse.multiply(dc);
      MatrixStore<Double> shifted = a.add(bs.multiply(rdc));
      MatrixStore<Double> upper = bs.multiply(inverse.multiply(bs.transpose()));
      MatrixStore<Double> below = cs.transpose().multiply(cs).add(dc.transpose().multiply(rdc));
      R064Store h = R064Store.FACTORY.make(2 * states, 2 * states);
      for (int i = 0; i < states; i++) {
        for (int k = 0; k < states; k++) {
          h.set(i, k, shifted.doubleValue(i, k));
          h.set(i, states + k, upper.doubleValue(i, k));
          h.set(states + i, k, -below.doubleValue(i, k));
          h.set(states + i, states + k, -shifted.doubleValue(k, i));
        }
      }
      double[][] values = Decompositions.eigenvalues("Hamiltonian", h);
      double[] re = values[0];
      double[] im = values[1];
      double norm = h.norm();
      double[] angles = new double[re.length + 2];
      int count = 1;
      for (int i = 0; i < re.length; i++) {
        double size = Math.hypot(re[i], im[i]);
        // Two nearly equal crossings leave the axis by the root of the rounding error.
        if (im[i] >= 0 && Math.abs(re[i]) <= 1e-6 * size + 1e-13 * norm) {
          angles[count++] = 2 * Math.atan(im[i]);
        }
      }
      angles[count++] = Math.PI;
      double[] sorted = Arrays.copyOf(angles, count);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
