package io.github.last4j.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The claims' measures on systems that are small enough for a calculation by hand. */
class ClaimsTest {
  @AutoClose private static final NDManager MANAGER = NDManager.newBaseManager();

  // Certified norms are 1e-6 wide, and a claim of two layers has squares of three of them.
  private static final double WIDTH = 1e-5;

  private static Claim<?> claim(String id) {
    return Ledger.claims().stream()
        .filter(claim -> claim.statement().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static double ratio(String id, double... numbers) {
    return ratio(claim(id), numbers);
  }

  private static <T> double ratio(Claim<T> claim, double... numbers) {
    return claim.largest().measure(claim.ratio(), numbers, MANAGER);
  }

  private static double repaired(String id, double... numbers) {
    return repaired(claim(id), numbers);
  }

  private static <T> double repaired(Claim<T> claim, double... numbers) {
    return claim.largest().measure(claim.repair().orElseThrow().ratio(), numbers, MANAGER);
  }

  private static double ratio(String id, Sample sample) {
    return claim(id).onLayers().orElseThrow().applyAsDouble(sample);
  }

  private static double repaired(String id, Sample sample) {
    return repaired(claim(id), sample);
  }

  private static <T> double repaired(Claim<T> claim, Sample sample) {
    return claim
        .largest()
        .onLayers(claim.repair().orElseThrow().ratio())
        .orElseThrow()
        .applyAsDouble(sample);
  }

  private static double constant(String id) {
    return claim(id).repair().flatMap(Claim.Repair::constant).orElseThrow();
  }

  /** Pairs of one channel, each |λ̄|, arg λ̄, Re CB̄, Im CB̄. */
  private static DiscreteSsm layer(double[]... pairs) {
    return DiscreteSsm.singleChannel(MANAGER, pairs);
  }

  /** Pairs without memory: y = 2(c₁ + c₂ + …)u. */
  private static DiscreteSsm gains(double... c) {
    return layer(
        IntStream.range(0, c.length)
            .mapToObj(i -> new double[] {0, 0, c[i], 0})
            .toArray(double[][]::new));
  }

  /** A stack whose first layer loses its first pairs. */
  private static Sample stack(int removed, double[] input, DiscreteSsm... layers) {
    List<StateSet> kept = new ArrayList<>();
    for (DiscreteSsm layer : layers) {
      int lost = kept.isEmpty() ? removed : 0;
      kept.add(StateSet.where(layer.states(), i -> i >= lost));
    }
    double[][] rows = new double[input.length][];
    IntStream.range(0, rows.length).forEach(t -> rows[t] = new double[] {input[t]});
    return Sample.of(List.of(layers), new States(kept), rows);
  }

  private static double[] steps(double... input) {
    return input;
  }

  /** Eq. 1: λ̄ = 0.1, CB̄ = 1, D = -1 has gains 1/1.1 + 1 as printed and 0.1/0.9 as built. */
  @Test
  void indexShift() {
    double printed = 0;
    double built = 0;
    for (int k = 0; k <= 10_000; k++) {
      double theta = Math.PI * k / 10_000;
      // 1/(z - 0.1) and z/(z - 0.1).
      double re = Math.cos(theta) - 0.1;
      double im = Math.sin(theta);
      double square = re * re + im * im;
      printed = Math.max(printed, Math.hypot(re / square - 1, im / square));
      double zRe = (Math.cos(theta) * re + im * im) / square;
      double zIm = (im * re - Math.cos(theta) * im) / square;
      built = Math.max(built, Math.hypot(zRe - 1, zIm));
    }
    // A real pair is two equal states, of which each has half of CB̄.
    double[] x = {0.1, 0, 0.5, 0, -1};
    assertEquals(printed / built, ratio("1a", x), 1e-6);
    assertEquals(1, repaired("1a", x), 1e-9);
  }

  /** One step, far from where the GELU bends: y = 2cu, y² = 4c²u² above 2c²u². */
  @Test
  void oneStepOfEq4() {
    Sample sample = stack(1, steps(6), gains(228));
    assertEquals(2, ratio("4", sample), 1e-12);
    double slope = Nonlinearity.GELU.slope();
    assertEquals(1 / (slope * slope), repaired("4", sample), WIDTH);
    // The same as a step of B.3.
    assertEquals(2, ratio("B.3 d", sample), 1e-12);
  }

  /**
   * Two states λ̄ = 1/2, CB̄ = 1/2, u = (1, 1, 1): each answers (1/2, 3/4, 7/8), both together
   * twice as much. Energies are 1 + 9/4 + 49/16 = 6.3125 against twice a quarter of it, and against
   * 2·3 in Eq. 4, since both norms are one.
   */
  @Test
  void squaresAreNoTriangle() {
    double[] half = {0.5, 0, 0.5, 0};
    assertEquals(2, ratio("B.2 d", stack(1, steps(1, 1, 1), layer(half))), 1e-12);
    assertEquals(1, repaired("B.2 d", stack(1, steps(1, 1, 1), layer(half))), 1e-12);
    assertEquals(4, ratio("B.2 d", stack(2, steps(1, 1, 1), layer(half, half))), 1e-12);
    // A hundred times the input, so that the GELU changes nothing.
    Sample large = stack(1, steps(100, 100, 100), layer(half));
    assertEquals(6.3125 / 6, ratio("4", large), 1e-9);
  }

  /** |r/(z - λ) + r*\/(z - λ*)| at z = exp(jθ), by real arithmetic. */
  private static double pair(
      double re, double im, double theta, double residueRe, double residueIm) {
    // (2Re(r)z - 2Re(r λ*))/((z-λ)(z-λ*)).
    double zRe = Math.cos(theta);
    double zIm = Math.sin(theta);
    double constant = 2 * (residueRe * re + residueIm * im);
    double numerator = Math.hypot(2 * residueRe * zRe - constant, 2 * residueRe * zIm);
    double denominatorRe = zRe * zRe - zIm * zIm - 2 * re * zRe + re * re + im * im;
    double denominatorIm = 2 * zRe * zIm - 2 * re * zIm;
    return numerator / Math.hypot(denominatorRe, denominatorIm);
  }

  private static double largest(double re, double im, double residueRe, double residueIm) {
    double best = 0;
    for (int k = 0; k <= 200_000; k++) {
      best = Math.max(best, pair(re, im, Math.PI * k / 200_000, residueRe, residueIm));
    }
    return best;
  }

  /** Eq. 5 of a pair: nearly real poles have nearly twice the norm of one state. */
  @Test
  void aPairIsMoreThanAState() {
    double expected = largest(0.9 * Math.cos(0.01), 0.9 * Math.sin(0.01), 1, 0) / (1 / 0.1);
    assertEquals(1.983, expected, 1e-3);
    Sample sample = stack(1, steps(), layer(new double[] {0.9, 0.01, 1, 0}));
    assertEquals(expected, ratio("5a", sample), WIDTH);
    assertEquals(expected / 2, repaired("5a", sample), WIDTH);
  }

  /**
   * Eq. 9: with CB̄ = j at a real pole the pair's states cancel, and the norm is nothing. With CB̄
   * = 1 they add up to twice the norm, four times its square against two.
   */
  @Test
  void statesMayCancel() {
    assertEquals(0, largest(0.5, 0, 0, 1), 1e-12);
    Sample cancelling = stack(1, steps(), layer(new double[] {0.5, 0, 0, 1}));
    assertEquals(Double.POSITIVE_INFINITY, ratio("9a", cancelling));
    assertEquals(4, largest(0.5, 0, 1, 0), 1e-6);
    Sample adding = stack(1, steps(), layer(new double[] {0.5, 0, 1, 0}));
    assertEquals(2, ratio("9a", adding), WIDTH);
    assertEquals(1, repaired("9a", adding), WIDTH);
  }

  /** One direction's output matrix equal to the other's, a real pole: both peaks add up. */
  @Test
  void bidirectionalGainsAdd() {
    double both = 1 / (1 - 0.5) + 1 / (1 - 0.5);
    double averaged = Math.sqrt((1 + 1) / 2.0) / (1 - 0.5);
    DiscreteSsm forward = layer(new double[] {0.5, 0, 1, 0});
    Sample sample = stack(1, steps(), forward.withBackwardC(forward.c()));
    assertEquals(both * both / (averaged * averaged), ratio("6a", sample), 1e-9);
    assertEquals(1, repaired("6a", sample), 1e-9);
  }

  /** λ = -1/2, Δ = 0.001: B̄ is about Δ and not 1. */
  @Test
  void fixedB() {
    double size = -Math.expm1(-0.0005) / 0.5;
    assertEquals(1e-3, size, 1e-6);
    // The closed form loses digits of exp(λΔ) - 1.
    assertEquals(1, ratio("6b", -0.5, 0, 0.001) * size * size, 1e-9);
    assertEquals(1, repaired("6b", -0.5, 0, 0.001), 1e-9);
  }

  /**
   * Real pole 1/2. CB̄ = 1 has the norm 2 as one state and 4 as a pair; CB̄ of size 1.1 at 45° has
   * 2.2, and 2·2·1.1/√2 as a pair. So the first goes, and the second would have been cheaper.
   */
  @Test
  void theChoiceIsNotTheBest() {
    double part = 1.1 / Math.sqrt(2);
    double[] first = {0.5, 0, 1, 0};
    double[] second = {0.5, 0, part, part};
    Sample sample = stack(0, steps(), layer(first, second));
    assertEquals(1, ratio("3", sample));
    assertEquals(2 / (1.1 * 1.1), ratio("3a", sample), WIDTH);
    assertEquals(1, repaired("3a", sample), WIDTH);
  }

  /**
   * Layers of gains (1, 2.2) and (1, 1.1, 1.11, 1.12), down to one state each. Squares over sums of
   * squares: 1/5.84 = 0.17 in the first, 1/4.7 = 0.21, 0.32, 0.49 in the second. Norms over sums of
   * norms, which are also Eq. 8's ratios of norms of pairs, but for a square: 1/3.2 = 0.31, and
   * 0.23, 0.33, 0.5: the first two places differ.
   */
  @Test
  void orders() {
    Sample sample = stack(0, steps(), gains(1, 2.2), gains(1, 1.1, 1.11, 1.12));
    assertEquals(1, ratio("7", sample));
    assertEquals(3, ratio("7a", sample));
    assertEquals(3, ratio("9", sample));
  }

  /** Two equal gains, one after the other: 200² twice, and 400² at once. */
  @Test
  void lossesAddInAmplitude() {
    Sample sample = stack(2, steps(100), gains(1, 1));
    assertEquals(2, ratio("7b", sample), 1e-12);
    assertEquals(1, repaired("7b", sample), 1e-12);
  }

  /**
   * Gains of one everywhere, u = 100: the first layer answers 400, with one of its two pairs 200,
   * the second one 800 and 400. The loss is 400². The removed pair and the second layer have the
   * norm 2, a single state 1, the first layer 4.
   */
  @Test
  void eq8InAStack() {
    Sample sample = stack(1, steps(100), gains(1, 1), gains(1));
    double loss = 400 * 400;
    assertEquals(loss, sample.loss(), 1e-6);
    assertEquals(loss / Math.pow(2 * 2 * 100, 2), ratio("8", sample), WIDTH);
    assertEquals(loss / Math.pow(1 * 2 * 100, 2), ratio("8a", sample), WIDTH);
    // Both states of the pair in Eq. 8: 2·1²/4²·(4·2·100)².
    assertEquals(loss / (2.0 / 16 * 800 * 800), ratio("8b", sample), WIDTH);
    assertEquals(loss / Math.pow(2 * (400 - 200), 2), ratio("B.3 b", sample), WIDTH);
    assertEquals(loss / Math.pow(2 * 200, 2), ratio("B.3 c", sample), WIDTH);
    assertEquals(400 * 400 / Math.pow(4 * 100, 2), ratio("B.3 g", sample), WIDTH);
    assertEquals(1, ratio("B.3 a", sample), 1e-12);
    assertEquals(1, ratio("B.3 h", sample), WIDTH);
  }

  /** App. A.1: the mean of (a₁, a₂) over the region of the Schur-Cohn conditions is (0, 1/3). */
  @Test
  void centreOfTheStableRegion() {
    double first = 0;
    double second = 0;
    int inside = 0;
    for (double a1 = -1.9975; a1 < 2; a1 += 0.005) {
      for (double a2 = -0.9975; a2 < 1; a2 += 0.005) {
        if (a2 * a2 < 1 && (1 + a2) * (1 + a2) - a1 * a1 > 0) {
          first += a1;
          second += a2;
          inside++;
        }
      }
    }
    // Cells of 0.005 along the edges.
    assertEquals(0, first / inside, 0.005);
    assertEquals(1 / 3.0, second / inside, 0.005);
    assertEquals(1 + Math.hypot(first, second) / inside, ratio("A.1 c"), 0.005);
    assertEquals(1, repaired("A.1 c"), 1e-9);
  }

  /** Roots 1 and -1; 0.5 and -0.8; and a pair of size √0.9 where |a₁| + |a₂| is above one. */
  @Test
  void rootsWithinMontelsRegion() {
    assertEquals(1, ratio("A.1 b", 0, -1));
    assertTrue(Double.isNaN(repaired("A.1 b", 0, -1)));
    assertEquals(0.8, ratio("A.1 b", 0.3, -0.4), 1e-12);
    assertEquals(0.8, repaired("A.1 b", 0.3, -0.4), 1e-12);
    assertTrue(Double.isNaN(ratio("A.1 b", 0.2, 0.9)));
    // The Schur-Cohn conditions hold for it, and not for roots 1.25 and 0.5.
    assertEquals(1, ratio("A.1 a", 0.2, 0.9));
    assertEquals(1, ratio("A.1 a", -1.75, 0.625));
  }

  /**
   * Φ(√2) + √2 φ(√2) with Φ by Simpson's rule; around √2 a chord is less steep by its curvature.
   */
  @Test
  void slopeOfTheGelu() {
    double root = Math.sqrt(2);
    double density = Math.exp(-1) / Math.sqrt(2 * Math.PI);
    double slope = normal(root) + root * density;
    assertEquals(slope, Nonlinearity.GELU.slope(), 1e-7);
    assertEquals(slope * slope, constant("B.2 a"), 1e-6);
    assertEquals(Math.pow(slope, 4), constant("8"), 1e-6);
    // σ''' = -2√2 φ there.
    double h = 0.03;
    double chord = slope - 2 * root * density * h * h / 6;
    assertEquals(chord * chord, ratio("B.2 a", root - h, root + h), 1e-6);
    assertEquals(Math.pow(normal(1.5), 2), ratio("B.3 f", 1.5), 1e-9);
  }

  /** The normal distribution function from 0 on. */
  private static double normal(double x) {
    int panels = 1000;
    double sum = 0;
    for (int k = 0; k <= panels; k++) {
      double t = x * k / panels;
      sum += Math.exp(-t * t / 2) * (k == 0 || k == panels ? 1 : k % 2 == 1 ? 4 : 2);
    }
    return 0.5 + sum * x / (3 * panels) / Math.sqrt(2 * Math.PI);
  }
}
