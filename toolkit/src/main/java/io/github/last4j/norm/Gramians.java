package io.github.last4j.norm;

import io.github.last4j.ssm.DiscreteSsm;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * The Gramians of a layer, in closed form because its state matrix is diagonal.
 *
 * <p>With the real state x = √2(Re x₁, Im x₁, Re x₂, …) of 2n numbers the causal part of a layer is
 * x<sub>k</sub> = Ax<sub>k-1</sub> + Bu<sub>k</sub>, y<sub>k</sub> = CAx<sub>k-1</sub> + (CB +
 * D)u<sub>k</sub>. The Gramians solve P = APA' + BB' and Q = A'QA + (CA)'(CA). In the complex state
 * their elements are
 * b<sub>i</sub>b<sub>k</sub><sup>*</sup>/(1-λ̄<sub>i</sub>λ̄<sub>k</sub><sup>*</sup>) and so on;
 * the denominators come from the margins 1-|λ̄| and the angles, and do not cancel near the circle.
 *
 * @param a the state matrix A, 2n×2n
 * @param b the input matrix B, 2n×inputs
 * @param c the output matrix CA, outputs×2n
 * @param controllability P, 2n×2n
 * @param observability Q, 2n×2n
 */
public record Gramians(
    MatrixStore<Double> a,
    MatrixStore<Double> b,
    MatrixStore<Double> c,
    MatrixStore<Double> controllability,
    MatrixStore<Double> observability) {

  /**
   * The Gramians of the causal (forward) part.
   *
   * @param ssm a stable layer
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static Gramians of(DiscreteSsm ssm) {
    PairSystem system = PairSystem.stable(ssm);
    return of(system, 0, ssm.states());
  }

  /**
   * The Gramians of the anticausal (backward) part of a bidirectional layer, with time reversed.
   *
   * @param ssm a stable bidirectional layer
   * @throws IllegalArgumentException if the layer has one direction, a pole is not inside the unit
   *     circle, or a number is not finite
   */
  public static Gramians backward(DiscreteSsm ssm) {
    if (ssm.backwardC().isEmpty()) {
      throw new IllegalArgumentException("ssm: expected a bidirectional layer, got no backwardC");
    }
    return of(PairSystem.stable(ssm), ssm.states(), ssm.states());
  }

  /** Of the terms first, …, first + n - 1. */
  static Gramians of(PairSystem system, int first, int n) {
    double root = Math.sqrt(2);
    double[][] a = new double[2 * n][2 * n];
    double[][] b = new double[2 * n][system.inputs];
    double[][] c = new double[system.outputs][2 * n];
    double[][] shiftedRe = new double[n][system.outputs];
    double[][] shiftedIm = new double[n][system.outputs];
    for (int i = 0; i < n; i++) {
      int t = first + i;
      double radius = 1 - system.margin[t];
      double re = radius * Math.cos(system.angle[t]);
      double im = radius * Math.sin(system.angle[t]);
      a[2 * i][2 * i] = re;
      a[2 * i][2 * i + 1] = -im;
      a[2 * i + 1][2 * i] = im;
      a[2 * i + 1][2 * i + 1] = re;
      for (int k = 0; k < system.inputs; k++) {
        b[2 * i][k] = root * system.bRe[t][k];
        b[2 * i + 1][k] = root * system.bIm[t][k];
      }
      for (int k = 0; k < system.outputs; k++) {
        shiftedRe[i][k] = system.cRe[t][k] * re - system.cIm[t][k] * im;
        shiftedIm[i][k] = system.cRe[t][k] * im + system.cIm[t][k] * re;
        c[k][2 * i] = root * shiftedRe[i][k];
        c[k][2 * i + 1] = -root * shiftedIm[i][k];
      }
    }
    double[][] p = new double[2 * n][2 * n];
    double[][] q = new double[2 * n][2 * n];
    double[] factor = new double[2];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k <= i; k++) {
        int ti = first + i;
        int tk = first + k;
        double mi = system.margin[ti];
        double mk = system.margin[tk];
        double margin = mi + mk - mi * mk;
        double difference = system.angle[ti] - system.angle[tk];
        double sum = PairSystem.sum(system.angle[ti], system.angle[tk]);
        // bᵢbₖ^* / (1-λᵢλₖ^*) and bᵢbₖᵀ/(1-λᵢλₖ): 1-ρe^{jδ} is the resolvent's denominator at -δ.
        fill(
            p,
            i,
            k,
            system.bRe[ti],
            system.bIm[ti],
            system.bRe[tk],
            system.bIm[tk],
            1,
            margin,
            difference,
            sum,
            factor);
        // In the observability Gramian conjugates take the roles: x ↦ cᵢᵀ with λᵢ* for λᵢ.
        fill(
            q,
            i,
            k,
            shiftedRe[i],
            shiftedIm[i],
            shiftedRe[k],
            shiftedIm[k],
            -1,
            margin,
            difference,
            sum,
            factor);
      }
    }
    return new Gramians(store(a), store(b), store(c), store(p), store(q));
  }

  private static MatrixStore<Double> store(double[][] rows) {
    R064Store out = R064Store.FACTORY.make(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < rows[i].length; k++) {
        out.set(i, k, rows[i][k]);
      }
    }
    return out;
  }

  /**
   * Puts the four real elements of a pair of pairs. With vᵢ = bᵢ (sign 1) or conj(cᵢ) (sign -1) and
   * p₁ = vᵢvₖ^* / (1-λᵢλₖ^*), p₂ = vᵢvₖᵀ/(1-λᵢλₖ), λ conjugated for sign -1.
   */
  private static void fill(
      double[][] out,
      int i,
      int k,
      double[] iRe,
      double[] iIm,
      double[] kRe,
      double[] kIm,
      int sign,
      double margin,
      double difference,
      double sum,
      double[] factor) {
    double rr = 0;
    double ri = 0;
    double ir = 0;
    double ii = 0;
    for (int j = 0; j < iRe.length; j++) {
      rr += iRe[j] * kRe[j];
      ri += iRe[j] * kIm[j];
      ir += iIm[j] * kRe[j];
      ii += iIm[j] * kIm[j];
    }
    ri *= sign;
    ir *= sign;
    PairSystem.resolvent(margin, -sign * difference, factor);
    double p1Re = (rr + ii) * factor[0] - (ir - ri) * factor[1];
    double p1Im = (rr + ii) * factor[1] + (ir - ri) * factor[0];
    PairSystem.resolvent(margin, -sign * sum, factor);
    double p2Re = (rr - ii) * factor[0] - (ir + ri) * factor[1];
    double p2Im = (rr - ii) * factor[1] + (ir + ri) * factor[0];
    out[2 * i][2 * k] = p1Re + p2Re;
    out[2 * i][2 * k + 1] = p2Im - p1Im;
    out[2 * i + 1][2 * k] = p2Im + p1Im;
    out[2 * i + 1][2 * k + 1] = p1Re - p2Re;
    out[2 * k][2 * i] = out[2 * i][2 * k];
    out[2 * k + 1][2 * i] = out[2 * i][2 * k + 1];
    out[2 * k][2 * i + 1] = out[2 * i + 1][2 * k];
    out[2 * k + 1][2 * i + 1] = out[2 * i + 1][2 * k + 1];
  }
}
