package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The diagonalisation gives back HiPPO-LegS plus its rank-one correction. */
class HippoTest {
  /** From the definition of LegS, A + pp' with p = √(i+½), and not from the toolkit's formula. */
  private static double normalPart(int i, int j) {
    double legs = i > j ? -Math.sqrt((2 * i + 1.0) * (2 * j + 1.0)) : i == j ? -(i + 1.0) : 0;
    return legs + Math.sqrt(i + 0.5) * Math.sqrt(j + 0.5);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 6, 16, 30, 64, 128})
  void reconstructsTheNormalPart(int size) {
    Hippo hippo = Hippo.legs(size);
    int half = size / 2;
    assertEquals(half, hippo.poles().size());
    double[][] re = new double[size][half];
    double[][] im = new double[size][half];
    for (int k = 0; k < size; k++) {
      for (int s = 0; s < half; s++) {
        re[k][s] = hippo.vectors().get(k, s).getReal();
        im[k][s] = hippo.vectors().get(k, s).getImaginary();
      }
    }
    // The entries are of order size, and a backward stable method errs by a few units of rounding.
    double tolerance = 1e-13 * size;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int s = 0; s < half; s++) {
          double productRe = re[i][s] * re[j][s] + im[i][s] * im[j][s];
          double productIm = im[i][s] * re[j][s] - re[i][s] * im[j][s];
          // With its conjugate: twice the real part.
          sum +=
              2
                  * (hippo.poles().get(s).getReal() * productRe
                      - hippo.poles().get(s).getImaginary() * productIm);
        }
        assertEquals(normalPart(i, j), sum, 2 * tolerance, "entry " + i + ", " + j);
      }
    }
    for (int s = 0; s < half; s++) {
      for (int t = 0; t < half; t++) {
        double hermitianRe = 0;
        double hermitianIm = 0;
        double plainRe = 0;
        double plainIm = 0;
        for (int k = 0; k < size; k++) {
          hermitianRe += re[k][s] * re[k][t] + im[k][s] * im[k][t];
          hermitianIm += re[k][s] * im[k][t] - im[k][s] * re[k][t];
          plainRe += re[k][s] * re[k][t] - im[k][s] * im[k][t];
          plainIm += re[k][s] * im[k][t] + im[k][s] * re[k][t];
        }
        String what = "columns " + s + ", " + t;
        assertEquals(s == t ? 1 : 0, hermitianRe, tolerance, what);
        assertEquals(0, hermitianIm, tolerance, what);
        // Orthogonal to the conjugates too: V with its conjugate is the whole unitary matrix.
        assertEquals(0, Math.hypot(plainRe, plainIm), tolerance, what);
      }
      assertTrue(hippo.poles().get(s).getImaginary() < 0);
      assertEquals(-0.5, hippo.poles().get(s).getReal());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 0, 1, 3})
  void refusesOtherSizes(int size) {
    assertThrows(IllegalArgumentException.class, () -> Hippo.legs(size));
  }
}
