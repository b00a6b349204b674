package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;

/** Signals and their energies on the unit circle z = e<sup>jθ</sup> (App. B.1). */
public final class UnitCircle {
  private UnitCircle() {}

  /**
   * The angles 2πk/N of the upper half, 0 and π among them. Real signals need no others.
   *
   * @param manager holds the angles
   * @param count the even number N of angles on the whole circle
   * @return shape (N/2 + 1), float64
   * @throws IllegalArgumentException if N is odd or not positive
   */
  public static NDArray upperHalf(NDManager manager, int count) {
    if (count < 1 || count % 2 != 0) {
      throw new IllegalArgumentException("count: expected a positive even number, got " + count);
    }
    return Scoped.array(
        manager,
        () -> manager.arange(0, count / 2 + 1, 1, DataType.FLOAT64).mul(2 * Math.PI / count));
  }

  /**
   * z = e<sup>jθ</sup>.
   *
   * @param theta angles, shape (K)
   * @return shape (K, 1), a row an angle, held by the manager of theta
   */
  public static ComplexArray points(NDArray theta) {
    return Scoped.compute(
        theta.getManager(),
        () -> ComplexArray.of(theta.cos(), theta.sin()).reshape(-1, 1),
        z -> new NDList(z.real(), z.imag()));
  }

  /**
   * The Z-transform U(z) = Σₖ uₖz⁻ᵏ of a signal that starts at k = 0.
   *
   * @param u shape (L, channels), float64
   * @param theta angles, shape (K), float64
   * @return shape (K, channels), held by the manager of theta
   */
  public static ComplexArray transform(NDArray u, NDArray theta) {
    NDManager owner = theta.getManager();
    return Scoped.compute(
        owner,
        () -> {
          int length = (int) u.getShape().get(0);
          NDArray steps = owner.arange(0, length, 1, DataType.FLOAT64);
          NDArray turns = steps.mul(theta.reshape(-1, 1));
          return ComplexArray.of(turns.cos().matMul(u), turns.sin().neg().matMul(u));
        },
        transform -> new NDList(transform.real(), transform.imag()));
  }

  /**
   * The energy 1/2π ∫‖U(e<sup>jθ</sup>)‖²dθ over the whole circle (Eq. 12), as the mean over N
   * angles: exact for a signal of at most N steps.
   *
   * @param transform of a real signal, a row for each angle of {@link #upperHalf}, (N/2 + 1,
   *     channels); those of the lower half are its conjugates
   */
  public static double energy(ComplexArray transform) {
    double[] squares;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      squares = ComplexArray.doubles(transform.abs().square().sum(new int[] {1}));
    }
    int last = squares.length - 1;
    double sum = squares[0] + squares[last];
    for (int k = 1; k < last; k++) {
      sum += 2 * squares[k];
    }
    return sum / (2.0 * last);
  }
}
