package io.github.last4j;

import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.prune.Scope;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Cases whose answers are known by hand. */
class ClosedFormTest {
  private static final double TOLERANCE = 1e-14;
  private static final double LN2 = Math.log(2);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static Cplx z(double re, double im) {
    return new Cplx(re, im);
  }

  private static Cplx real(double re) {
    return new Cplx(re, 0);
  }

  /** One state, one channel. */
  private static ReferenceSsm scalar(Cplx lambda, double step, Cplx b, Cplx c) {
    return new ReferenceSsm(
        new Cplx[] {lambda}, new Cplx[][] {{b}}, new Cplx[][] {{c}}, new double[] {step});
  }

  private DiscreteSsm discrete(ReferenceSsm ssm, Discretization method) {
    return Last.discretize(ReferenceBridge.ssm(manager, ssm), method);
  }

  private void assertDiscrete(
      ReferenceSsm ssm, Discretization method, Cplx lambdaBar, Cplx bBar, double norm) {
    DiscreteSsm actual = discrete(ssm, method);
    Cplx pole =
        z(
            actual.lambdaBar().real().toDoubleArray()[0],
            actual.lambdaBar().imag().toDoubleArray()[0]);
    Cplx input =
        z(actual.bBar().real().toDoubleArray()[0], actual.bBar().imag().toDoubleArray()[0]);
    assertClose(lambdaBar, pole, TOLERANCE, "lambdaBar");
    assertClose(bBar, input, TOLERANCE, "bBar");
    assertClose(norm, Last.hinfNorm(actual).toDoubleArray()[0], TOLERANCE, "hinfNorm");
  }

  /** exp(-ln 2) = 1/2, (1/2 - 1)/(-1) = 1/2, and the norm is |3 · 4/2| / (1/2) = 12. */
  @Test
  void halfLifeOfOneStep() {
    assertDiscrete(
        scalar(real(-1), LN2, real(4), real(3)), Discretization.ZOH, real(0.5), real(2), 12);
  }

  /** A pole that halves and turns by a right angle: bBar = (j/2 - 1)/(-ln 2 + j pi/2). */
  @Test
  void halfLifeAndQuarterTurn() {
    Cplx lambda = z(-LN2, Math.PI / 2);
    Cplx bBar = z(-1, 0.5).over(lambda);
    double norm = Math.sqrt(1.25) / Math.hypot(LN2, Math.PI / 2) / 0.5;
    assertDiscrete(scalar(lambda, 1, real(1), real(1)), Discretization.ZOH, z(0, 0.5), bBar, norm);
  }

  /** A pole that halves and turns by half a turn: lambdaBar = -1/2. */
  @Test
  void halfLifeAndHalfTurn() {
    Cplx lambda = z(-LN2 / 0.1, Math.PI / 0.1);
    double norm = 1.5 / lambda.abs() * 5 / 0.5;
    assertDiscrete(
        scalar(lambda, 0.1, z(0, 1), z(3, 4)),
        Discretization.ZOH,
        real(-0.5),
        real(-1.5).over(lambda).times(z(0, 1)),
        norm);
  }

  /** z = lambda step/2 = -1/3: lambdaBar = (2/3)/(4/3) = 1/2, bBar = (2/3)/(4/3) = 1/2. */
  @Test
  void bilinearOfARealPole() {
    assertDiscrete(
        scalar(real(-1), 2.0 / 3, real(1), real(6)),
        Discretization.BILINEAR,
        real(0.5),
        real(0.5),
        6);
  }

  /** z = -1 + j: lambdaBar = j/(2 - j) = (-1 + 2j)/5, bBar = 1/(2 - j) = (2 + j)/5. */
  @Test
  void bilinearOfAComplexPole() {
    double norm = Math.sqrt(0.2) / (1 - Math.sqrt(0.2));
    assertDiscrete(
        scalar(z(-2, 2), 1, real(1), real(1)),
        Discretization.BILINEAR,
        z(-0.2, 0.4),
        z(0.4, 0.2),
        norm);
  }

  /** For a real pole ZOH keeps the gain at rest: the norm is |c b / lambda| at every step. */
  @Test
  void realPoleHasItsContinuousGain() {
    for (double step : new double[] {1e-6, 1e-4, 1e-2, 1}) {
      for (double decay : new double[] {1e-3, 1, 30}) {
        ReferenceSsm ssm = scalar(real(-decay), step, real(5), real(7));
        for (Discretization method : Discretization.values()) {
          double norm = Last.hinfNorm(discrete(ssm, method)).toDoubleArray()[0];
          // By the bilinear map a pole beyond 2/step turns negative and peaks elsewhere.
          if (method == Discretization.ZOH || decay * step < 2) {
            assertClose(35 / decay, norm, 1e-13, method + ", step " + step + ", decay " + decay);
          }
        }
      }
    }
  }

  /** ‖(3, 4)‖ ‖(5, 12)/2‖ / (1/2) = 5 · 13; both directions: the root of the mean square. */
  @Test
  void severalChannelsAndTwoDirections() {
    ReferenceSsm ssm =
        new ReferenceSsm(
            new Cplx[] {real(-1)},
            new Cplx[][] {{real(5), z(0, 12)}},
            new Cplx[][] {{real(3)}, {z(0, -4)}},
            new double[] {LN2});
    assertClose(
        65, Last.hinfNorm(discrete(ssm, Discretization.ZOH)).toDoubleArray()[0], TOLERANCE, "one");
    ReferenceSsm both =
        new ReferenceSsm(
            ssm.lambda, ssm.b, ssm.c, new Cplx[][] {{real(7)}, {real(24)}}, null, ssm.step);
    assertClose(
        13 * Math.sqrt((25 + 625) / 2.0),
        Last.hinfNorm(discrete(both, Discretization.ZOH)).toDoubleArray()[0],
        TOLERANCE,
        "both");
  }

  /** Norms 1, 3, 2 have squares 1, 9, 4: scores 1/14, 1, 4/13. */
  @Test
  void scoresOfThreeStates() {
    ReferenceSsm ssm =
        new ReferenceSsm(
            new Cplx[] {real(-1), real(-1), real(-1)},
            new Cplx[][] {{real(1)}, {real(1)}, {real(1)}},
            new Cplx[][] {{real(1), z(0, 3), real(-2)}},
            new double[] {LN2, LN2, LN2});
    double[] scores =
        Last.lastScores(List.of(discrete(ssm, Discretization.ZOH))).get(0).toDoubleArray();
    assertClose(new double[] {1.0 / 14, 1, 4.0 / 13}, scores, TOLERANCE, "scores");
  }

  /** Five states of two layers; the second layer's best is the lowest of all and stays. */
  @Test
  void masksOfFiveStates() {
    NDList scores =
        ReferenceBridge.scores(manager, new double[] {0.5, 1, 0.5}, new double[] {0.1, 0.2});
    assertMasks(scores, 0, Scope.GLOBAL, "111 11");
    assertMasks(scores, 0.2, Scope.GLOBAL, "111 01");
    assertMasks(scores, 0.4, Scope.GLOBAL, "110 01");
    assertMasks(scores, 0.6, Scope.GLOBAL, "010 01");
    assertMasks(scores, 0.59, Scope.GLOBAL, "010 01");
    assertMasks(scores, 1, Scope.GLOBAL, "010 01");
    assertMasks(scores, 0.3, Scope.UNIFORM, "110 01");
    assertMasks(scores, 1 / 3.0, Scope.UNIFORM, "110 01");
    assertMasks(scores, 0.5, Scope.UNIFORM, "010 01");
    assertMasks(scores, 1, Scope.UNIFORM, "010 01");
  }

  private static void assertMasks(NDList scores, double ratio, Scope scope, String expected) {
    String[] layers = expected.split(" ", -1);
    boolean[][] masks = ReferenceBridge.booleans(Last.pruneMasks(scores, ratio, scope));
    for (int l = 0; l < layers.length; l++) {
      boolean[] mask = new boolean[layers[l].length()];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = layers[l].charAt(i) == '1';
      }
      assertArrayEquals(mask, masks[l], scope + ", ratio " + ratio + ", layer " + l);
    }
  }
}
