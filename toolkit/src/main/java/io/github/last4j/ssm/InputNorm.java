package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;

/**
 * The two readings of "‖B̄ᵢ‖² = 1", which Sec. 3.1 takes for granted in S4D. There B is fixed to
 * one, but its discrete form B̄ = (λ̄ - 1)/λ is not, so that scores differ by orders of magnitude.
 */
public enum InputNorm {
  /** B̄ as it is: scores are of the system that the model computes. */
  EXACT {
    @Override
    public DiscreteSsm apply(DiscreteSsm ssm) {
      return ssm;
    }
  },

  /** B̄ with rows of norm one: scores as the paper words them. */
  UNIT {
    @Override
    public DiscreteSsm apply(DiscreteSsm ssm) {
      ComplexArray bBar =
          Scoped.compute(
              ssm.bBar().real().getManager(),
              () -> unitRows(ssm.bBar()),
              b -> new NDList(b.real(), b.imag()));
      return new DiscreteSsm(
          ssm.lambdaBar(), ssm.margin(), bBar, ssm.c(), ssm.backwardC(), ssm.feedthrough());
    }
  };

  /**
   * The layer that scores are to be made of; any criterion takes it.
   *
   * @param ssm a discrete layer
   * @return the layer itself, or one that shares its arrays but for B̄, which the same manager
   *     holds; a row of B̄ that is zero stays zero
   */
  public abstract DiscreteSsm apply(DiscreteSsm ssm);

  private static ComplexArray unitRows(ComplexArray b) {
    NDArray size = b.abs();
    NDArray largest = nonZero(size.max(new int[] {1}, true));
    // Scaled first, so that squares neither overflow nor vanish.
    NDArray norm = size.div(largest).square().sum(new int[] {1}, true).sqrt();
    return divided(divided(b, largest), nonZero(norm));
  }

  private static ComplexArray divided(ComplexArray array, NDArray divisor) {
    return ComplexArray.of(array.real().div(divisor), array.imag().div(divisor));
  }

  private static NDArray nonZero(NDArray array) {
    return array.add(array.eq(0).toType(array.getDataType(), false));
  }
}
