package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiscreteSsm;

/** Norms of the subsystems that single states are (Sec. 3.1). */
public final class StateNorms {
  private StateNorms() {}

  /**
   * The H∞ norm of every state's subsystem, ‖Cᵢ‖‖B̄ᵢ‖ / (1-|λ̄ᵢ|) (Eq. 5, exact for the one complex
   * subsystem; the conjugate pair's norm is at most twice as large). In a bidirectional layer ‖Cᵢ‖²
   * is the mean of the two directions', as in Sec. 3.1, which makes it a criterion and not a bound.
   *
   * @param ssm a stable layer with n states
   * @return shape (n), float64, in state order, held by the manager of {@code ssm.lambdaBar()}
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite
   */
  public static NDArray hinf(DiscreteSsm ssm) {
    return Scoped.array(
        ssm.lambdaBar().real().getManager(),
        () -> {
          NDArray margin = ComplexArray.copy(ssm.margin(), DataType.FLOAT64);
          requireStable(margin.toDoubleArray());
          NDArray norms = outputNorm(ssm).mul(inputNorm(ssm)).div(margin);
          if (!ComplexArray.isFinite(norms)) {
            throw new IllegalArgumentException(
                "ssm: expected finite matrices and norms in the range of double precision,"
                    + " got a NaN or an infinity");
          }
          return norms;
        });
  }

  private static NDArray inputNorm(DiscreteSsm ssm) {
    return ssm.bBar().toType(DataType.FLOAT64).norm(1);
  }

  private static NDArray outputNorm(DiscreteSsm ssm) {
    NDArray forward = ssm.c().toType(DataType.FLOAT64).norm(0);
    return ssm.backwardC()
        .map(c -> c.toType(DataType.FLOAT64).norm(0))
        // The root of the mean square of two numbers, by the scaled absolute value.
        .map(backward -> ComplexArray.of(forward, backward).abs().mul(Math.sqrt(0.5)))
        .orElse(forward);
  }

  private static void requireStable(double[] margin) {
    for (int i = 0; i < margin.length; i++) {
      if (!(margin[i] > 0)) {
        throw new IllegalArgumentException(
            "ssm: expected every pole inside the unit circle, but state "
                + i
                + " has 1-|λ̄| = "
                + margin[i]
                + "; an unstable system has no H∞ norm");
      }
    }
  }
}
