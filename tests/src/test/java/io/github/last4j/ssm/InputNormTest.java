package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.complex.ComplexArray;
import org.junit.jupiter.api.Test;

/** Rows of norm one, in the direction that they had. */
class InputNormTest {
  @Test
  void rowsOfNormOne() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray re = manager.create(new double[][] {{3, 0}, {0, 0}, {-1e-200, 1e-200}, {1e200, 0}});
      NDArray im = manager.create(new double[][] {{0, -4}, {0, 0}, {1e-200, 1e-200}, {0, 0}});
      ComplexArray c = ComplexArray.of(re.transpose(), im.transpose());
      NDArray decay = manager.create(new double[] {-1, -0.5, -0.1, -2});
      ComplexArray poles = ComplexArray.of(decay, decay.mul(3)).exp();
      DiscreteSsm ssm = DiscreteSsm.of(poles, ComplexArray.of(re, im), c);
      int before = manager.getManagedArrays().size();
      DiscreteSsm unit = InputNorm.UNIT.apply(ssm);
      assertEquals(before + 2, manager.getManagedArrays().size());
      double[][] expectedRe = {{0.6, 0}, {0, 0}, {-0.5, 0.5}, {1, 0}};
      double[][] expectedIm = {{0, -0.8}, {0, 0}, {0.5, 0.5}, {0, 0}};
      double[] actualRe = unit.bBar().real().toDoubleArray();
      double[] actualIm = unit.bBar().imag().toDoubleArray();
      for (int i = 0; i < 8; i++) {
        assertEquals(expectedRe[i / 2][i % 2], actualRe[i], 1e-15);
        assertEquals(expectedIm[i / 2][i % 2], actualIm[i], 1e-15);
      }
      assertSame(ssm.c(), unit.c());
      assertSame(ssm, InputNorm.EXACT.apply(ssm));
      // Eq. 6 without its ‖B̄‖².
      double norm = Last.hinfNorm(unit).toDoubleArray()[0];
      assertEquals(5 / -Math.expm1(-1), norm, 1e-12);
    }
  }
}
