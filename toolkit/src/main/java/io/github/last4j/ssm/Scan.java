package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm.Shapes;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The linear recurrence x<sub>k</sub> = λ̄∘x<sub>k-1</sub> + v<sub>k</sub> from x<sub>-1</sub> = 0,
 * for all states and sequences at once, in either direction of time.
 */
public final class Scan {
  private Scan() {}

  /** The direction in which a recurrence runs through time. */
  public enum Direction {
    /** From the first step to the last. */
    FORWARD,
    /** From the last step to the first. */
    BACKWARD
  }

  /**
   * The recurrence as it is written, step after step: slow, and what the chunked scan is tested
   * against.
   *
   * @param lambdaBar the discrete poles, shape (n)
   * @param v the inputs of the states, shape (batch, L, n)
   * @return the states, shape (batch, L, n)
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  public static ComplexArray recurrence(
      ComplexArray lambdaBar, ComplexArray v, Direction direction) {
    requireInputs(lambdaBar, v);
    int length = (int) v.shape().get(1);
    NDArray[] re = new NDArray[length];
    NDArray[] im = new NDArray[length];
    ComplexArray x = null;
    for (int i = 0; i < length; i++) {
      int k = direction == Direction.FORWARD ? i : length - 1 - i;
      ComplexArray input = ComplexArray.of(v.real().get(":, {}", k), v.imag().get(":, {}", k));
      x = x == null ? input : x.mul(lambdaBar).add(input);
      re[k] = x.real();
      im[k] = x.imag();
    }
    return ComplexArray.of(NDArrays.stack(new NDList(re), 1), NDArrays.stack(new NDList(im), 1));
  }

  private static void requireInputs(ComplexArray lambdaBar, ComplexArray v) {
    Shapes.require("lambdaBar", lambdaBar.shape(), -1);
    Shapes.require("v", v.shape(), -1, -1, lambdaBar.shape().get(0));
    Shapes.requireType("v", v.dataType(), lambdaBar.dataType());
    if (v.shape().size() == 0) {
      throw new IllegalArgumentException(
          "v: expected sequences of at least one step, got shape " + v.shape());
    }
  }

  /**
   * The same states by chunks: within a chunk the recurrence is a triangular Toeplitz matrix, and
   * over the chunk ends it is a recurrence again. Its cost is linear in L and n.
   *
   * @param lambdaBar the discrete poles, shape (n)
   * @param v the inputs of the states, shape (batch, L, n)
   * @return the states, shape (batch, L, n)
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  public static ComplexArray chunked(ComplexArray lambdaBar, ComplexArray v, Direction direction) {
    requireInputs(lambdaBar, v);
    long batch = v.shape().get(0);
    long length = v.shape().get(1);
    long n = v.shape().get(2);
    TimeLayout layout = TimeLayout.of((int) length);
    NDArray re = layout.arrange(v.real()).reshape(length * batch, n).transpose();
    NDArray im = layout.arrange(v.imag()).reshape(length * batch, n).transpose();
    NDArray rows = re.stack(im, 1).reshape(2 * n, length * batch);
    Matrices matrices = Matrices.of(lambdaBar, layout, List.of(direction));
    NDArray x = rows(matrices, layout, rows, batch).reshape(n, 2, length, batch);
    return ComplexArray.of(
        layout.restore(x.get(":, 0").transpose(1, 2, 0)),
        layout.restore(x.get(":, 1").transpose(1, 2, 0)));
  }

  /**
   * The chunked scan on the memory order that models keep, in one direction or both at once.
   *
   * @param matrices those of the poles, the layout and the directions
   * @param layout the order of the steps
   * @param rows the inputs of the states, shape (2n, L·batch): for every state a row of real parts
   *     and one of imaginary parts, the columns in the layout's order
   * @param batch the number of sequences
   * @return the states, shape (n·directions·2, L·batch)
   */
  public static NDArray rows(Matrices matrices, TimeLayout layout, NDArray rows, long batch) {
    NDArray packed = layout.pack(rows, batch);
    try (NDArray v = packed.reshape(rows.getShape().get(0) / 2, 2, -1);
        NDArray states = matrices.apply(v, 0)) {
      return layout.unpack(states.reshape(-1, layout.paddedLength() * batch), batch);
    }
  }

  /**
   * All of a chunked scan that depends on the poles, and not on the inputs.
   *
   * <p>A level cuts its sequence into chunks of T steps. One matrix maps the inputs of a chunk to
   * the state at its end. These are the inputs of the next level, which gives the states before the
   * chunks. Another matrix maps both, the inputs of a chunk and the state before it, to its states.
   * At the first level all directions read the same inputs, so that they share matrices; from the
   * second on a direction of a state is like a state of its own.
   *
   * @param ends for each level but the last, shape (n, directions·2, 2T) at the first and
   *     (n·directions, 2, 2T) at others
   * @param inside for each level, shape (n, directions·2T, 2T + directions·2) at the first and
   *     (n·directions, 2T, 2T + 2) at others; only 2T columns at the last, whose one chunk begins
   *     at rest
   */
  public record Matrices(NDList ends, NDList inside) {

    /**
     * The matrices of a scan; differentiable.
     *
     * @param lambdaBar the discrete poles, shape (n)
     * @param layout the order of the steps
     * @param directions the scans of the same inputs that are wanted, in the order of their states
     */
    public static Matrices of(
        ComplexArray lambdaBar, TimeLayout layout, List<Direction> directions) {
      Matrices matrices = new Matrices(new NDList(), new NDList());
      int levels = layout.radices().size();
      ComplexArray pole = lambdaBar;
      for (int level = 0; level < levels; level++) {
        int chunk = layout.radices().get(level);
        boolean first = level == 0;
        boolean last = level == levels - 1;
        ComplexArray powers = pole.powers(chunk + 1);
        // The first level asks for the states after its steps, the others for those before.
        Picks states = new Picks(chunk, first ? 0 : -1, chunk, !last, first, directions);
        matrices.inside.add(matrices(powers, states));
        if (!last) {
          Picks end = new Picks(chunk, chunk - 1, 1, false, first, directions);
          matrices.ends.add(matrices(powers, end));
        }
        pole = powers.get(new NDIndex(":, {}", chunk));
      }
      return matrices;
    }

    /** All arrays. */
    public NDList arrays() {
      NDList all = new NDList(ends);
      all.addAll(inside);
      return all;
    }

    /** The states (groups, rows, L·batch / T) of a level's inputs (groups, 2, L·batch). */
    private NDArray apply(NDArray v, int level) {
      NDArray matrix = inside.get(level);
      boolean last = level == ends.size();
      long groups = v.getShape().get(0);
      try (NDArray chunks =
          v.reshape(groups, (last ? matrix : ends.get(level)).getShape().get(2), -1)) {
        if (last) {
          return matrix.matMul(chunks);
        }
        try (NDArray all = chunks.concat(before(chunks, level), 1)) {
          return matrix.matMul(all);
        }
      }
    }

    /** The states before the chunks of a level, shape (groups, rows of ends, L·batch / T). */
    private NDArray before(NDArray chunks, int level) {
      long next = inside.get(level + 1).getShape().get(0);
      NDArray atEnds = ends.get(level).matMul(chunks);
      return apply(atEnds.reshape(next, 2, -1), level + 1).reshape(atEnds.getShape());
    }

    /** Matrices (groups, …) whose entries are parts of powers (n, T + 1), or zero. */
    private static NDArray matrices(ComplexArray powers, Picks picks) {
      long n = powers.shape().get(0);
      NDManager manager = powers.real().getManager();
      NDArray zero = manager.zeros(new Shape(n, 1), powers.dataType());
      NDArray parts =
          NDArrays.concat(new NDList(powers.real(), powers.imag(), powers.imag().neg(), zero), 1);
      long[] index = picks.indices();
      NDArray everywhere =
          manager.create(index, new Shape(1, index.length)).broadcast(new Shape(n, index.length));
      long groups = picks.shared ? n : n * picks.directions.size();
      return parts.gather(everywhere, 1).reshape(groups, -1, picks.columns());
    }
  }

  /**
   * Which power stands where in the matrices of one state: at a row for the state at step t and a
   * column for an input at step s it is λ̄^{t-s}, as a real 2×2 matrix, or zero if t is less. What
   * a chunk begins with is like an input at step -1. A backward scan counts the steps from the end.
   *
   * @param chunk the number T of inputs
   * @param first the step of the first state that is wanted
   * @param count how many states are wanted
   * @param before whether there are columns for the state before the chunk
   * @param shared whether the directions share inputs, and so a matrix
   */
  private record Picks(
      int chunk, int first, int count, boolean before, boolean shared, List<Direction> directions) {

    int columns() {
      return 2 * chunk + (before ? 2 * (shared ? directions.size() : 1) : 0);
    }

    /**
     * Indices into the real parts of T + 1 powers, their imaginary parts, these negated, and a
     * zero: the rows by direction, part and step, the columns by part and step and then, for the
     * states before, by direction and part.
     */
    long[] indices() {
      LongStream.Builder all = LongStream.builder();
      for (Direction direction : directions) {
        boolean forward = direction == Direction.FORWARD;
        for (int row = 0; row < 2; row++) {
          for (int i = 0; i < count; i++) {
            int t = first + (forward ? i : count - 1 - i);
            for (int column = 0; column < 2; column++) {
              for (int s = 0; s < chunk; s++) {
                all.add(index(row, column, t - (forward ? s : chunk - 1 - s)));
              }
            }
            if (before) {
              for (Direction other : shared ? directions : List.of(direction)) {
                for (int column = 0; column < 2; column++) {
                  all.add(index(row, column, other == direction ? t + 1 : -1));
                }
              }
            }
          }
        }
      }
      return all.build().toArray();
    }

    private int index(int row, int column, int exponent) {
      int powers = chunk + 1;
      if (exponent < 0) {
        return 3 * powers;
      }
      return exponent + powers * (row == column ? 0 : row == 1 ? 1 : 2);
    }
  }
}
