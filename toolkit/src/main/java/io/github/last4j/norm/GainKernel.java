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
  private double[] outputGram;
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
  private final double[] otherRe;
  private final double[] otherIm;
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
    otherRe = new double[states];
    otherIm = new double[states];
  }

  /** The same system, for another thread. */
  GainKernel(GainKernel other) {
    system = other.system;
    inputs = other.inputs;
    outputs = other.outputs;
    terms = other.terms;
    states = other.states;
    byInput = other.byInput;
    byState = other.byState;
    outByState = other.outByState;
    outByOutput = other.outByOutput;
    size = other.size;
    gram = other.gram;
    outputGram = other.outputGram;
    correlation = other.correlation;
    feedthroughNorm = other.feedthroughNorm;
    alphaRe = new double[terms];
    alphaIm = new double[terms];
    betaRe = new double[terms];
    betaIm = new double[terms];
    coefficientsRe = new double[states];
    coefficientsIm = new double[states];
    stateRe = new double[states];
    stateIm = new double[states];
    otherRe = new double[states];
    otherIm = new double[states];
  }

  /** Fills sizes and the Gram matrix of the real matrices Re(cb), Im(cb); returns μ. */
  private double correlate() {
    double[] inputGram = product(byInput, byInput, inputs);
    outputGram = product(outByOutput, outByOutput, outputs);
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
        double both = combineGrams(inputGram, outputGram, 2 * i * states + 2 * k, gram);
        double product = size[i] * size[k];
        if (product > 0) {
          sum += both / product;
        }
      }
      largest = Math.max(largest, sum);
    }
    return largest * (1 + 1e-9);
  }

  /** Σ over the rows of leftᵀright. */
  private double[] product(double[] left, double[] right, int count) {
    double[] sum = new double[states * states];
    int k = 0;
    for (; k + 3 < count; k += 4) {
      int o0 = k * states;
      int o1 = o0 + states;
      int o2 = o1 + states;
      int o3 = o2 + states;
      for (int i = 0; i < states; i++) {
        addFour(
            right,
            o0,
            o1,
            o2,
            o3,
            left[o0 + i],
            left[o1 + i],
            left[o2 + i],
            left[o3 + i],
            sum,
            i * states,
            states);
      }
    }
    for (; k < count; k++) {
      int o = k * states;
      for (int i = 0; i < states; i++) {
        double x = left[o + i];
        for (int j = 0; j < states; j++) {
          sum[i * states + j] += x * right[o + j];
        }
      }
    }
    return sum;
  }

  /**
   * Puts the four products of Re(cᵢbᵢ), Im(cᵢbᵢ) with Re(cₖbₖ), Im(cₖbₖ) at a place, from those of
   * the rows of B̄ and of the columns of C; returns |⟨cᵢbᵢ, cₖbₖ⟩| + |⟨conj(cᵢbᵢ), cₖbₖ⟩|.
   */
  private double combineGrams(double[] in, double[] out, int rr, double[] result) {
    int ir = rr + states;
    // x̄y and xy summed over the channels.
    double bothRe = in[rr] + in[ir + 1];
    double bothIm = in[rr + 1] - in[ir];
    double plainRe = in[rr] - in[ir + 1];
    double plainIm = in[rr + 1] + in[ir];
    double outBothRe = out[rr] + out[ir + 1];
    double outBothIm = out[rr + 1] - out[ir];
    double outPlainRe = out[rr] - out[ir + 1];
    double outPlainIm = out[rr + 1] + out[ir];
    double hermitianRe = bothRe * outBothRe - bothIm * outBothIm;
    double hermitianIm = bothRe * outBothIm + bothIm * outBothRe;
    double bilinearRe = plainRe * outPlainRe - plainIm * outPlainIm;
    double bilinearIm = plainRe * outPlainIm + plainIm * outPlainRe;
    result[rr] = 0.5 * (hermitianRe + bilinearRe);
    result[ir + 1] = 0.5 * (hermitianRe - bilinearRe);
    result[rr + 1] = 0.5 * (hermitianIm + bilinearIm);
    result[ir] = 0.5 * (bilinearIm - hermitianIm);
    return Math.sqrt(hermitianRe * hermitianRe + hermitianIm * hermitianIm)
        + Math.sqrt(bilinearRe * bilinearRe + bilinearIm * bilinearIm);
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
    return quadratic(gram, gram, 1);
  }

  /**
   * An upper bound of factor·((Re v)'P(Re v) + (Im v)'Q(Im v)) at this frequency, where v are the
   * coefficients α, β of the real matrices Re(cb), Im(cb), and P and Q are symmetric with elements
   * no larger than twice the products of the terms' sizes.
   */
  double quadratic(double[] p, double[] q, double factor) {
    double sum = 0;
    for (int i = 0; i < states; i++) {
      int row = i * states;
      double re = 0;
      double im = 0;
      double re1 = 0;
      double im1 = 0;
      // Symmetric: the lower triangle, twice.
      int k = 0;
      for (; k + 1 < i; k += 2) {
        re += p[row + k] * coefficientsRe[k];
        im += q[row + k] * coefficientsIm[k];
        re1 += p[row + k + 1] * coefficientsRe[k + 1];
        im1 += q[row + k + 1] * coefficientsIm[k + 1];
      }
      if (k < i) {
        re += p[row + k] * coefficientsRe[k];
        im += q[row + k] * coefficientsIm[k];
      }
      re = 2 * (re + re1) + p[row + i] * coefficientsRe[i];
      im = 2 * (im + im1) + q[row + i] * coefficientsIm[i];
      sum += re * coefficientsRe[i] + im * coefficientsIm[i];
    }
    double plain = absoluteSum - feedthroughNorm;
    return factor
        * (Math.max(0, sum) + (4.0 * (inputs + outputs + states) + 128) * EPS * plain * plain);
  }

  int terms() {
    return terms;
  }

  /**
   * The Gram matrices M ± Y of a system with as many inputs as outputs, for the real matrices N =
   * Re(cb), Im(cb): M is ⟨e<sup>½</sup>Ne<sup>½</sup>, e<sup>½</sup>Ne<sup>½</sup>⟩ and Y is
   * tr(fNfN), with diagonal weights e &gt; 0 and f.
   */
  void weightedGrams(double[] e, double[] f, double[] sum, double[] difference) {
    double[] rootInput = new double[byInput.length];
    double[] rootOutput = new double[byInput.length];
    double[] scaled = new double[byInput.length];
    for (int k = 0; k < inputs; k++) {
      double root = Math.sqrt(e[k]);
      for (int i = 0; i < states; i++) {
        rootInput[k * states + i] = root * byInput[k * states + i];
        rootOutput[k * states + i] = root * outByOutput[k * states + i];
        scaled[k * states + i] = f[k] * outByOutput[k * states + i];
      }
    }
    double[] in = product(rootInput, rootInput, inputs);
    double[] out = product(rootOutput, rootOutput, inputs);
    // x[i][k] = bᵢ f cₖ for all real rows and columns.
    double[] x = product(byInput, scaled, inputs);
    for (int i = 0; i < terms; i++) {
      for (int k = 0; k < terms; k++) {
        int rr = 2 * i * states + 2 * k;
        combineGrams(in, out, rr, sum);
        // bᵢfcₖ·bₖfcᵢ, and with term i conjugated.
        int at = 2 * k * states + 2 * i;
        double r1 = x[rr] - x[rr + states + 1];
        double i1 = x[rr + 1] + x[rr + states];
        double r2 = x[at] - x[at + states + 1];
        double i2 = x[at + 1] + x[at + states];
        double plainRe = r1 * r2 - i1 * i2;
        double plainIm = r1 * i2 + i1 * r2;
        double s1 = x[rr] + x[rr + states + 1];
        double j1 = x[rr + 1] - x[rr + states];
        double s2 = x[at] + x[at + states + 1];
        double j2 = x[at + states] - x[at + 1];
        double crossRe = s1 * s2 - j1 * j2;
        double crossIm = s1 * j2 + j1 * s2;
        put(sum, difference, rr, 0.5 * (crossRe + plainRe));
        put(sum, difference, rr + states + 1, 0.5 * (crossRe - plainRe));
        put(sum, difference, rr + 1, 0.5 * (crossIm + plainIm));
        put(sum, difference, rr + states, 0.5 * (plainIm - crossIm));
      }
    }
  }

  /** M is in {@code sum}: M + y and M - y. */
  private static void put(double[] sum, double[] difference, int at, double y) {
    difference[at] = sum[at] - y;
    sum[at] += y;
  }

  /** How many numbers {@link #project} and {@link #projectOutput} make. */
  int states() {
    return states;
  }

  /** The part of y = G(θ)x that does not depend on θ: the states' inputs. */
  void project(double[] xRe, double[] xIm, double[] toRe, double[] toIm) {
    combine(byInput, inputs, states, xRe, xIm, toRe, toIm);
  }

  /** The part of x = G(θ)*y that does not depend on θ. */
  void projectOutput(double[] yRe, double[] yIm, double[] toRe, double[] toIm) {
    combine(outByOutput, outputs, states, yRe, yIm, toRe, toIm);
  }

  /** y = (G(θ) - D)x from the projection of x, starting somewhere in the arrays. */
  void expand(double[] fromRe, double[] fromIm, int first, double[] yRe, double[] yIm) {
    scaleStates(1, fromRe, fromIm, first);
    combine(outByState, states, outputs, stateRe, stateIm, yRe, yIm);
  }

  /** x = (G(θ) - D)*y from the projection of y. */
  void expandAdjoint(double[] fromRe, double[] fromIm, int first, double[] xRe, double[] xIm) {
    scaleStates(-1, fromRe, fromIm, first);
    combine(byState, states, inputs, stateRe, stateIm, xRe, xIm);
  }

  /**
   * y = G(θ)*G(θ)x of a system without feedthrough from the projection of x, through the Gram
   * matrix of C: fewer operations than by G where there are more outputs than pairs, and an error
   * relative to the square of {@link #absoluteSum} instead of its product with the gain.
   */
  void expandNormal(double[] fromRe, double[] fromIm, double[] yRe, double[] yIm) {
    scaleStates(1, fromRe, fromIm, 0);
    combine(outputGram, states, states, stateRe, stateIm, otherRe, otherIm);
    expandAdjoint(otherRe, otherIm, 0, yRe, yIm);
  }

  /** y = G(θ)x. */
  void apply(double[] xRe, double[] xIm, double[] yRe, double[] yIm, boolean withFeedthrough) {
    project(xRe, xIm, otherRe, otherIm);
    expand(otherRe, otherIm, 0, yRe, yIm);
    if (withFeedthrough) {
      addFeedthrough(xRe, xIm, yRe, yIm);
    }
  }

  /** x = G(θ)*y. */
  void adjoint(double[] yRe, double[] yIm, double[] xRe, double[] xIm) {
    projectOutput(yRe, yIm, otherRe, otherIm);
    expandAdjoint(otherRe, otherIm, 0, xRe, xIm);
    addFeedthrough(yRe, yIm, xRe, xIm);
  }

  /** y += Dx. */
  void addFeedthrough(double[] xRe, double[] xIm, double[] yRe, double[] yIm) {
    if (system.feedthrough != null) {
      for (int k = 0; k < inputs; k++) {
        yRe[k] += system.feedthrough[k] * xRe[k];
        yIm[k] += system.feedthrough[k] * xIm[k];
      }
    }
  }

  /** Applies the terms' two-by-two blocks of α and β, or for sign -1 their adjoints. */
  private void scaleStates(double sign, double[] fromRe, double[] fromIm, int first) {
    for (int t = 0; t < terms; t++) {
      int i = 2 * t;
      // Re(cb)α + Im(cb)β = cr(α br + β bi) + ci(β br - α bi).
      double ur = fromRe[first + i];
      double ui = fromIm[first + i];
      double vr = fromRe[first + i + 1];
      double vi = fromIm[first + i + 1];
      double ar = alphaRe[t];
      double ai = sign * alphaIm[t];
      double br = betaRe[t];
      double bi = sign * betaIm[t];
      stateRe[i] = ar * ur - ai * ui + br * vr - bi * vi;
      stateIm[i] = ar * ui + ai * ur + br * vi + bi * vr;
      stateRe[i + 1] = br * ur - bi * ui - ar * vr + ai * vi;
      stateIm[i + 1] = br * ui + bi * ur - ar * vi - ai * vr;
    }
  }

  /** What rounding may change in the matrix that {@link #expandNormal} applies. */
  double normalRounding() {
    return (3.0 * (inputs + outputs + states) + 128) * EPS * absoluteSum * absoluteSum;
  }

  /** out = Σ xⱼ·rowⱼ, eight rows at a time. */
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
    for (; k + 7 < count; k += 8) {
      eightRows(rows, k, length, xr, xi, outR, outI);
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

  private static void eightRows(
      double[] rows, int k, int length, double[] xr, double[] xi, double[] outR, double[] outI) {
    int o0 = k * length;
    int o1 = o0 + length;
    int o2 = o1 + length;
    int o3 = o2 + length;
    int o4 = o3 + length;
    int o5 = o4 + length;
    int o6 = o5 + length;
    int o7 = o6 + length;
    double r0 = xr[k];
    double r1 = xr[k + 1];
    double r2 = xr[k + 2];
    double r3 = xr[k + 3];
    double r4 = xr[k + 4];
    double r5 = xr[k + 5];
    double r6 = xr[k + 6];
    double r7 = xr[k + 7];
    double i0 = xi[k];
    double i1 = xi[k + 1];
    double i2 = xi[k + 2];
    double i3 = xi[k + 3];
    double i4 = xi[k + 4];
    double i5 = xi[k + 5];
    double i6 = xi[k + 6];
    double i7 = xi[k + 7];
    for (int i = 0; i < length; i++) {
      double a = rows[o0 + i];
      double b = rows[o1 + i];
      double c = rows[o2 + i];
      double d = rows[o3 + i];
      double e = rows[o4 + i];
      double f = rows[o5 + i];
      double g = rows[o6 + i];
      double h = rows[o7 + i];
      outR[i] += ((a * r0 + b * r1) + (c * r2 + d * r3)) + ((e * r4 + f * r5) + (g * r6 + h * r7));
      outI[i] += ((a * i0 + b * i1) + (c * i2 + d * i3)) + ((e * i4 + f * i5) + (g * i6 + h * i7));
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
