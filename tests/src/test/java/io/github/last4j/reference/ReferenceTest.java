package io.github.last4j.reference;

import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.last4j.reference.RandomS5.OutputMatrices;
import io.github.last4j.reference.ReferenceS5.Activation;
import io.github.last4j.reference.ReferenceSsm.Method;
import java.math.BigDecimal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference against numbers from outside, so that it can be believed. */
class ReferenceTest {
  private static final double TOLERANCE = 1e-15;

  /** Golden values of mpmath with 50 digits. */
  @ParameterizedTest
  @CsvSource({
    "-0.5, 100, 0.001, ZOH, 0.9945067875501807502, 0.099783512415602218263,"
        + " 0.00099808483265769670271, 0.000049941700334904014467, 0.00049987502083072943746",
    "-0.5, 100, 0.001, BILINEAR, 0.994516326363638686, 0.099700891095408084354,"
        + " 0.00099725816318181936376, 0.000049850445547704043215, 0.00049862877080257646594",
    "-1e-3, 3.5, 1e-6, ZOH, 0.99999999899387500051, 3.49999999649285401e-6,"
        + " 9.9999999949795828825e-7, 1.7499999988315467171e-12, 9.9999999949999997573e-10",
    "-1e-3, 3.5, 1e-6, BILINEAR, 0.99999999899387500051, 3.4999999964892810943e-6,"
        + " 9.99999999496937455e-7, 1.7499999982446404679e-12, 9.9999999949693747582e-10",
    "-3, -250, 0.25, ZOH, 0.44659434915503305135, 0.15389492340952075286,"
        + " -0.00058893141627358120219, -0.002220689780375150769, 0.52763344725898529286",
    "-3, -250, 0.25, BILINEAR, -0.99718944124175596046, -0.06387633541463726226,"
        + " 0.00035131984478050494243, -0.0079845419268296577825, 0.00076681002378193337173",
    "-2, 0, 1, ZOH, 0.13533528323661269189, 0, 0.43233235838169365405, 0, 0.86466471676338730811",
    "-2, 0, 1, BILINEAR, 0, 0, 0.5, 0, 1",
  })
  void discretization(
      double lambdaRe,
      double lambdaIm,
      double step,
      Method method,
      double re,
      double im,
      double gainRe,
      double gainIm,
      double margin) {
    Cplx[][] one = {{new Cplx(1, 0)}};
    ReferenceSsm ssm =
        new ReferenceSsm(new Cplx[] {new Cplx(lambdaRe, lambdaIm)}, one, one, new double[] {step});
    Cplx pole = ssm.lambdaBar(0, method);
    assertClose(re, pole.re(), TOLERANCE, "real part of lambdaBar");
    assertClose(im, pole.im(), TOLERANCE, "imaginary part of lambdaBar");
    Cplx gain = ssm.bBar(0, method)[0];
    assertClose(gainRe, gain.re(), TOLERANCE, "real part of bBar");
    assertClose(gainIm, gain.im(), TOLERANCE, "imaginary part of bBar");
    assertClose(margin, ssm.margin(0, method), TOLERANCE, "margin");
    double norm = Math.hypot(gainRe, gainIm) / margin;
    assertClose(norm, ssm.hinfNorms(method)[0], 4 * TOLERANCE, "norm");
  }

  /** The response to an impulse is the kernel 2 Re(C lambdaBar^k bBar), the same in reverse. */
  @Test
  void recurrenceIsAConvolution() {
    ReferenceSsm plain = new RandomSsms(1).layer(6, 3, true);
    double[] d = {1, -2, 0.5};
    ReferenceSsm layer =
        new ReferenceSsm(plain.lambda, plain.b, plain.c, plain.backwardC, d, plain.step);
    int length = 21;
    int at = 9;
    double[][] impulse = new double[length][3];
    impulse[at][1] = 1;
    double[][] y = layer.apply(impulse, Method.ZOH);
    for (int k = 0; k < length; k++) {
      for (int r = 0; r < 3; r++) {
        double expected = k == at && r == 1 ? d[1] : 0;
        for (int i = 0; i < layer.states(); i++) {
          Cplx x = layer.bBar(i, Method.ZOH)[1];
          for (int power = 0; power < Math.abs(k - at); power++) {
            x = x.times(layer.lambdaBar(i, Method.ZOH));
          }
          expected += k >= at ? 2 * layer.c[r][i].times(x).re() : 0;
          expected += k <= at ? 2 * layer.backwardC[r][i].times(x).re() : 0;
        }
        assertEquals(expected, y[k][r], 1e-13);
      }
    }
  }

  @Test
  void scoresByHand() {
    BigDecimal[] squares =
        Stream.of("4", "0", "16", "4", "1e-700").map(BigDecimal::new).toArray(BigDecimal[]::new);
    assertArrayEquals(
        new double[] {0.2, 0, 1, 1 / 6.0, 0}, ReferencePruning.lastScores(squares), TOLERANCE);
  }

  @Test
  void masksByHand() {
    double[][] scores = {{0.5, 1, 0.5}, {0.1, 0.2}};
    assertArrayEquals(
        new boolean[][] {{true, true, false}, {false, true}},
        ReferencePruning.globalMasks(scores, 0.4));
    assertArrayEquals(
        new boolean[][] {{false, true, false}, {false, true}},
        ReferencePruning.uniformMasks(scores, 0.5));
    assertEquals(1, ReferencePruning.kept(10, 0.9));
    assertEquals(7, ReferencePruning.kept(10, 0.3));
    assertEquals(0, ReferencePruning.kept(10, 1));
    assertEquals(10, ReferencePruning.kept(10, 0));
  }

  /** Golden values of a NumPy implementation that convolves with the kernels. */
  @Test
  void classifier() {
    int[] sizes = {3, 5, 4, 3, 6};
    RandomS5 one = new RandomS5(28, sizes, OutputMatrices.C1_C2, false);
    assertClose(
        new double[] {
          -14.1822735728153,
          -0.0039825885012009,
          -7.87581751961014,
          -5.62851181021348,
          -17.2317789387263,
          -15.4022174138458
        },
        one.reference(Activation.GELU, Method.ZOH).logProbabilities(one.sequence(23, 3), 19),
        1e-11,
        "classifier");
    RandomS5 pair = new RandomS5(45, sizes, OutputMatrices.C_OF_WIDTH_2P, true);
    double[][] first = pair.sequence(23, 3);
    double[][] second = pair.sequence(23, 3);
    assertClose(
        new double[] {
          -1.55678341222165,
          -2.04550543913497,
          -2.23232105037628,
          -1.8751202189172,
          -1.53528608868028,
          -1.69356776995333
        },
        pair.reference(Activation.GELU, Method.ZOH)
            .retrievalLogProbabilities(first, 23, second, 17),
        1e-11,
        "pair of documents");
  }
}
