package io.github.last4j.norm;

/**
 * Products with G(θ) and its adjoint, its Frobenius norm, and bounds on an interval of θ, for a
 * system of pairs.
 *
 * <p>A pair's two terms are Re(cb)·α + Im(cb)·β with the complex numbers α = φ⁺ + φ⁻ and β = j(φ⁺ -
 * φ⁻), φ<sup>±</sup> = 1/(1-λ̄<sup>(*)</sup>e<sup>-jθ</sup>), so that every product is one with a
 * real matrix and a scaling. A backward term has α and β conjugated.
 *
 * <p>Bounds. With sₜ = ‖cₜ‖‖bₜ‖ and f any function of the pole (φ or a derivative),
 *
 * <ul>
 *   <li>‖Σ cₜbₜf(λₜ)‖ ≤ Σ sₜ|fₜ|, and
 *   <li>‖Σ cₜbₜf(λₜ)‖² ≤ ‖·‖<sub>F</sub>² = Σ conj(fᵢ)fₖ⟨cᵢbᵢ, cₖbₖ⟩ ≤ μ Σ sₜ²|fₜ|², where μ is the
 *       largest row sum of the correlations |⟨cᵢbᵢ, cₖbₖ⟩|/(sᵢsₖ) (Gershgorin).
 * </ul>
 *
 * The smaller is taken. On an interval every |f| is replaced by its supremum, from the smallest
 * distance |1-λ̄e<sup>-jθ</sup>|. Not safe for use by several threads.
 */
final class GainKernel {
  private static final double EPS = 0x1p-52;

  final PairSystem system;
  final int inputs;
  final int outputs;
  private final int terms;
  private final int states;

  // Real matrices in both orientations, so that every product is a sum of scaled rows: row 2t is
  // the real and row 2t+1 the imaginary part.
  private final double[] byInput;
  private final double[] byState;
  private final double[] outByState;
  private final double[] outByOutput;

  private final double[] size;
  private final double correlation;
  private final double[] gram;
  private final double feedthroughNorm;

  private final double[] alphaRe;
  private final double[] alphaIm;
  private final double[] betaRe;
  private final double[] betaIm;
  private final double[] coefficientsRe;
  private final double[] coefficientsIm;
  private final double[] resolvent = new double[2];
  private final double[] stateRe;
  private final double[] stateIm;
  private double absoluteSum;

  GainKernel(PairSystem system) {
    this.system = system;
    inputs = system.inputs;
    outputs = system.outputs;
    terms = system.terms;
    states = 2 * terms;
    byInput = new double[inputs * states];
    byState = new double[states * inputs];
    outByState = new double[states * outputs];
    outByOutput = new double[outputs * states];
    for (int t = 0; t < terms; t++) {
      for (int k = 0; k < inputs; k++) {
        byInput[k * states + 2 * t] = system.bRe[t][k];
        byInput[k * states + 2 * t + 1] = system.bIm[t][k];
        byState[2 * t * inputs + k] = system.bRe[t][k];
        byState[(2 * t + 1) * inputs + k] = system.bIm[t][k];
      }
      for (int k = 0; k < outputs; k++) {
        outByOutput[k * states + 2 * t] = system.cRe[t][k];
        outByOutput[k * states + 2 * t + 1] = system.cIm[t][k];
        outByState[2 * t * outputs + k] = system.cRe[t][k];
        outByState[(2 * t + 1) * outputs + k] = system.cIm[t][k];
      }
    }
    size = new double[terms];
    gram = new double[states * states];
    correlation = correlate();
    feedthroughNorm = system.feedthroughNorm();
    alphaRe = new double[terms];
    alphaIm = new double[terms];
    betaRe = new double[terms];
    betaIm = new double[terms];
    coefficientsRe = new double[states];
    coefficientsIm = new double[states];
    stateRe = new double[states];
    stateIm = new double[states];
  }

  /** Fills sizes and the Gram matrix of the real matrices Re(cb), Im(cb); returns μ. */
  private double correlate() {
    double[] inputGram = symmetricGram(byInput, inputs);
    double[] outputGram = symmetricGram(outByOutput, outputs);
    for (int t = 0; t < terms; t++) {
      int re = 2 * t * states + 2 * t;
      int im = (2 * t + 1) * states + 2 * t + 1;
      size[t] =
          Math.sqrt(inputGram[re] + inputGram[im])
              * Math.sqrt(outputGram[re] + outputGram[im])
              * (1 + 4 * (inputs + outputs + 4) * EPS);
    }
    double largest = 1;
    for (int i = 0; i < terms; i++) {
      double sum = 0;
      for (int k = 0; k < terms; k++) {
        int rr = 2 * i * states + 2 * k;
        int ir = rr + states;
        // x̄y and xy summed over the channels, for the rows of B̄ and the columns of C.
        double bothRe = inputGram[rr] + inputGram[ir + 1];
        double bothIm = inputGram[rr + 1] - inputGram[ir];
        double plainRe = inputGram[rr] - inputGram[ir + 1];
        double plainIm = inputGram[rr + 1] + inputGram[ir];
        double outBothRe = outputGram[rr] + outputGram[ir + 1];
        double outBothIm = outputGram[rr + 1] - outputGram[ir];
        double outPlainRe = outputGram[rr] - outputGram[ir + 1];
        double outPlainIm = outputGram[rr + 1] + outputGram[ir];
        double hermitianRe = bothRe * outBothRe - bothIm * outBothIm;
        double hermitianIm = bothRe * outBothIm + bothIm * outBothRe;
        double bilinearRe = plainRe * outPlainRe - plainIm * outPlainIm;
        double bilinearIm = plainRe * outPlainIm + plainIm * outPlainRe;
        gram[rr] = 0.5 * (hermitianRe + bilinearRe);
        gram[ir + 1] = 0.5 * (hermitianRe - bilinearRe);
        gram[rr + 1] = 0.5 * (hermitianIm + bilinearIm);
        gram[ir] = 0.5 * (bilinearIm - hermitianIm);
        double product = size[i] * size[k];
        if (product > 0) {
          sum +=
              (Math.sqrt(hermitianRe * hermitianRe + hermitianIm * hermitianIm)
                      + Math.sqrt(bilinearRe * bilinearRe + bilinearIm * bilinearIm))
                  / product;
        }
      }
      largest = Math.max(largest, sum);
    }
    return largest * (1 + 1e-9);
  }

  /** Σ over the rows of rowᵀrow. */
  private double[] symmetricGram(double[] rows, int count) {
    double[] sum = new double[states * states];
    int k = 0;
    for (; k + 3 < count; k += 4) {
      int o0 = k * states;
      int o1 = o0 + states;
      int o2 = o1 + states;
      int o3 = o2 + states;
      for (int i = 0; i < states; i++) {
        addFour(
            rows,
            o0,
            o1,
            o2,
            o3,
            rows[o0 + i],
            rows[o1 + i],
            rows[o2 + i],
            rows[o3 + i],
            sum,
            i * states,
            states);
      }
    }
    for (; k < count; k++) {
      int o = k * states;
      for (int i = 0; i < states; i++) {
        double x = rows[o + i];
        for (int j = 0; j < states; j++) {
          sum[i * states + j] += x * rows[o + j];
        }
      }
    }
    return sum;
  }

  private static void addFour(
      double[] rows,
      int o0,
      int o1,
      int o2,
      int o3,
      double x0,
      double x1,
      double x2,
      double x3,
      double[] sum,
      int at,
      int length) {
    for (int j = 0; j < length; j++) {
      sum[at + j] += x0 * rows[o0 + j] + x1 * rows[o1 + j] + x2 * rows[o2 + j] + x3 * rows[o3 + j];
    }
  }

  /** Turns to a frequency. */
  void at(double theta) {
    double sum = 0;
    for (int t = 0; t < terms; t++) {
      double mu = system.margin[t];
      PairSystem.resolvent(mu, theta - system.angle[t], resolvent);
      double pr = resolvent[0];
      double pi = resolvent[1];
      PairSystem.resolvent(mu, PairSystem.sum(theta, system.angle[t]), resolvent);
      double qr = resolvent[0];
      double qi = resolvent[1];
      double sign = system.backward[t] ? -1 : 1;
      alphaRe[t] = pr + qr;
      alphaIm[t] = sign * (pi + qi);
      betaRe[t] = qi - pi;
      betaIm[t] = sign * (pr - qr);
      sum += size[t] * (Math.sqrt(pr * pr + pi * pi) + Math.sqrt(qr * qr + qi * qi));
    }
    for (int t = 0; t < terms; t++) {
      coefficientsRe[2 * t] = alphaRe[t];
      coefficientsIm[2 * t] = alphaIm[t];
      coefficientsRe[2 * t + 1] = betaRe[t];
      coefficientsIm[2 * t + 1] = betaIm[t];
    }
    absoluteSum = sum + feedthroughNorm;
  }

  /** Turns to the derivative dG/dθ at a frequency: φ' = -j(φ² - φ), and no feedthrough. */
  void derivativeAt(double theta) {
    for (int t = 0; t < terms; t++) {
      double mu = system.margin[t];
      // φ - φ² = -λ̄e^{-jθ}/(1-λ̄e^{-jθ})², so φ' = -jλ̄e^{-jθ}φ².
      PairSystem.resolvent(mu, theta - system.angle[t], resolvent);
      derivative(1 - mu, theta - system.angle[t]);
      double pr = resolvent[0];
      double pi = resolvent[1];
      PairSystem.resolvent(mu, PairSystem.sum(theta, system.angle[t]), resolvent);
      derivative(1 - mu, PairSystem.sum(theta, system.angle[t]));
      double qr = resolvent[0];
      double qi = resolvent[1];
      double sign = system.backward[t] ? -1 : 1;
      alphaRe[t] = pr + qr;
      alphaIm[t] = sign * (pi + qi);
      betaRe[t] = qi - pi;
      betaIm[t] = sign * (pr - qr);
    }
  }

  private void derivative(double radius, double delta) {
    double fr = resolvent[0];
    double fi = resolvent[1];
    double sr = fr * fr - fi * fi;
    double si = 2 * fr * fi;
    // -j r e^{-jδ} = -r sin δ - j r cos δ.
    double ar = -radius * Math.sin(delta);
    double ai = -radius * Math.cos(delta);
    resolvent[0] = ar * sr - ai * si;
    resolvent[1] = ar * si + ai * sr;
  }

  /** Σ ‖cₜ‖‖bₜ‖|φₜ| + ‖D‖ at this frequency, which the gain cannot exceed. */
  double absoluteSum() {
    return absoluteSum;
  }

  /** What rounding may add to a computed ‖G(θ)x‖ with a unit vector x, at this frequency. */
  double rounding() {
    return (2.0 * (inputs + outputs + states) + 64) * EPS * absoluteSum;
  }

  /** An upper bound of ‖G(θ) - D‖<sub>F</sub>² at this frequency. */
  double frobeniusSquared() {
    double sum = 0;
    for (int i = 0; i < states; i++) {
      int row = i * states;
      double re = 0;
      double im = 0;
      double re1 = 0;
      double im1 = 0;
      // The Gram matrix is symmetric: the lower triangle, twice.
      int k = 0;
      for (; k + 1 < i; k += 2) {
        re += gram[row + k] * coefficientsRe[k];
        im += gram[row + k] * coefficientsIm[k];
        re1 += gram[row + k + 1] * coefficientsRe[k + 1];
        im1 += gram[row + k + 1] * coefficientsIm[k + 1];
      }
      if (k < i) {
        re += gram[row + k] * coefficientsRe[k];
        im += gram[row + k] * coefficientsIm[k];
      }
      re = 2 * (re + re1) + gram[row + i] * coefficientsRe[i];
      im = 2 * (im + im1) + gram[row + i] * coefficientsIm[i];
      sum += re * coefficientsRe[i] + im * coefficientsIm[i];
    }
    double plain = absoluteSum - feedthroughNorm;
    return sum + (2.0 * (inputs + outputs + states) + 64) * EPS * plain * plain;
  }

  /** y = G(θ)x. */
  void apply(double[] xRe, double[] xIm, double[] yRe, double[] yIm, boolean withFeedthrough) {
    combine(byInput, inputs, states, xRe, xIm, stateRe, stateIm);
    for (int t = 0; t < terms; t++) {
      int i = 2 * t;
      double ur = stateRe[i];
      double ui = stateIm[i];
      double vr = stateRe[i + 1];
      double vi = stateIm[i + 1];
      double ar = alphaRe[t];
      double ai = alphaIm[t];
      double br = betaRe[t];
      double bi = betaIm[t];
      // Re(cb)α + Im(cb)β = cr(α br + β bi) + ci(β br - α bi).
      stateRe[i] = ar * ur - ai * ui + br * vr - bi * vi;
      stateIm[i] = ar * ui + ai * ur + br * vi + bi * vr;
      stateRe[i + 1] = br * ur - bi * ui - ar * vr + ai * vi;
      stateIm[i + 1] = br * ui + bi * ur - ar * vi - ai * vr;
    }
    combine(outByState, states, outputs, stateRe, stateIm, yRe, yIm);
    if (withFeedthrough && system.feedthrough != null) {
      for (int k = 0; k < outputs; k++) {
        yRe[k] += system.feedthrough[k] * xRe[k];
        yIm[k] += system.feedthrough[k] * xIm[k];
      }
    }
  }

  /** x = G(θ)*y. */
  void adjoint(double[] yRe, double[] yIm, double[] xRe, double[] xIm) {
    combine(outByOutput, outputs, states, yRe, yIm, stateRe, stateIm);
    for (int t = 0; t < terms; t++) {
      int i = 2 * t;
      double ur = stateRe[i];
      double ui = stateIm[i];
      double vr = stateRe[i + 1];
      double vi = stateIm[i + 1];
      double ar = alphaRe[t];
      double ai = -alphaIm[t];
      double br = betaRe[t];
      double bi = -betaIm[t];
      stateRe[i] = ar * ur - ai * ui + br * vr - bi * vi;
      stateIm[i] = ar * ui + ai * ur + br * vi + bi * vr;
      stateRe[i + 1] = br * ur - bi * ui - ar * vr + ai * vi;
      stateIm[i + 1] = br * ui + bi * ur - ar * vi - ai * vr;
    }
    combine(byState, states, inputs, stateRe, stateIm, xRe, xIm);
    if (system.feedthrough != null) {
      for (int k = 0; k < inputs; k++) {
        xRe[k] += system.feedthrough[k] * yRe[k];
        xIm[k] += system.feedthrough[k] * yIm[k];
      }
    }
  }

  /** out = Σ xⱼ·rowⱼ, four rows at a time. */
  private static void combine(
      double[] rows,
      int count,
      int length,
      double[] xr,
      double[] xi,
      double[] outR,
      double[] outI) {
    java.util.Arrays.fill(outR, 0, length, 0);
    java.util.Arrays.fill(outI, 0, length, 0);
    int k = 0;
    for (; k + 3 < count; k += 4) {
      int o = k * length;
      fourRows(
          rows, o, length, xr[k], xr[k + 1], xr[k + 2], xr[k + 3], xi[k], xi[k + 1], xi[k + 2],
          xi[k + 3], outR, outI);
    }
    for (; k < count; k++) {
      int o = k * length;
      double a = xr[k];
      double b = xi[k];
      for (int i = 0; i < length; i++) {
        outR[i] += a * rows[o + i];
        outI[i] += b * rows[o + i];
      }
    }
  }

  private static void fourRows(
      double[] rows,
      int o,
      int length,
      double r0,
      double r1,
      double r2,
      double r3,
      double i0,
      double i1,
      double i2,
      double i3,
      double[] outR,
      double[] outI) {
    int o1 = o + length;
    int o2 = o1 + length;
    int o3 = o2 + length;
    for (int i = 0; i < length; i++) {
      double a = rows[o + i];
      double b = rows[o1 + i];
      double c = rows[o2 + i];
      double d = rows[o3 + i];
      outR[i] += a * r0 + b * r1 + c * r2 + d * r3;
      outI[i] += a * i0 + b * i1 + c * i2 + d * i3;
    }
  }

  /** Bounds of ‖G‖ (without D) and of ‖G''‖ on an interval of θ within [0, π]. */
  record Bounds(double gain, double curvature) {}

  /** Bounds on [low, high]; |φ''| ≤ |λ̄|(1+|λ̄|)|φ|³. */
  Bounds bounds(double low, double high) {
    double sum = 0;
    double squares = 0;
    double curveSum = 0;
    double curveSquares = 0;
    for (int t = 0; t < terms; t++) {
      double mu = system.margin[t];
      double radius = 1 - mu;
      double turn = system.angle[t];
      double near = Math.max(0, Math.max(low - turn, turn - high));
      double far = Math.max(0, Math.min(low + turn, (2 * Math.PI - turn) - high));
      double p = reciprocal(mu, near);
      double q = reciprocal(mu, far);
      double s = size[t];
      double k = s * radius * (1 + radius);
      double p3 = k * p * p * p;
      double q3 = k * q * q * q;
      sum += s * (p + q);
      squares += s * s * (p * p + q * q);
      curveSum += p3 + q3;
      curveSquares += p3 * p3 + q3 * q3;
    }
    double slack = 1 + 1e-10;
    return new Bounds(
        Math.min(sum, Math.sqrt(correlation * squares)) * slack,
        Math.min(curveSum, Math.sqrt(correlation * curveSquares)) * slack);
  }

  private static double reciprocal(double margin, double delta) {
    double half = Math.sin(0.5 * delta);
    return 1 / Math.sqrt(margin * margin + 4 * (1 - margin) * half * half);
  }

  /** G(θ), (outputs × inputs) in rows, into the two arrays given. */
  void matrix(double[] gRe, double[] gIm) {
    double[] wr = new double[inputs];
    double[] wi = new double[inputs];
    double[] vr = new double[inputs];
    double[] vi = new double[inputs];
    java.util.Arrays.fill(gRe, 0);
    java.util.Arrays.fill(gIm, 0);
    for (int t = 0; t < terms; t++) {
      double[] br = system.bRe[t];
      double[] bi = system.bIm[t];
      for (int k = 0; k < inputs; k++) {
        wr[k] = alphaRe[t] * br[k] + betaRe[t] * bi[k];
        wi[k] = alphaIm[t] * br[k] + betaIm[t] * bi[k];
        vr[k] = betaRe[t] * br[k] - alphaRe[t] * bi[k];
        vi[k] = betaIm[t] * br[k] - alphaIm[t] * bi[k];
      }
      for (int o = 0; o < outputs; o++) {
        double cr = system.cRe[t][o];
        double ci = system.cIm[t][o];
        int at = o * inputs;
        for (int k = 0; k < inputs; k++) {
          gRe[at + k] += cr * wr[k] + ci * vr[k];
          gIm[at + k] += cr * wi[k] + ci * vi[k];
        }
      }
    }
    if (system.feedthrough != null) {
      for (int o = 0; o < outputs; o++) {
        gRe[o * inputs + o] += system.feedthrough[o];
      }
    }
  }
}
