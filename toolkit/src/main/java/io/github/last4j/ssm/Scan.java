package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;

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
   */
  public static ComplexArray recurrence(
      ComplexArray lambdaBar, ComplexArray v, Direction direction) {
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

  /**
   * The same states by chunks: within a chunk the recurrence is a triangular Toeplitz matrix, and
   * over the chunk ends it is a recurrence again. Its cost is linear in L and n.
   *
   * @param lambdaBar the discrete poles, shape (n)
   * @param v the inputs of the states, shape (batch, L, n)
   * @return the states, shape (batch, L, n)
   */
  public static ComplexArray chunked(ComplexArray lambdaBar, ComplexArray v, Direction direction) {
    long batch = v.shape().get(0);
    long length = v.shape().get(1);
    long n = v.shape().get(2);
    TimeLayout layout = TimeLayout.of((int) length);
    NDArray re = layout.arrange(v.real()).reshape(length * batch, n).transpose();
    NDArray im = layout.arrange(v.imag()).reshape(length * batch, n).transpose();
    NDArray rows = re.stack(im, 1).reshape(2 * n, length * batch);
    NDArray x = rows(lambdaBar, rows, layout, batch, direction).reshape(n, 2, length, batch);
    return ComplexArray.of(
        layout.restore(x.get(":, 0").transpose(1, 2, 0)),
        layout.restore(x.get(":, 1").transpose(1, 2, 0)));
  }

  /**
   * The chunked scan on the memory order that models keep.
   *
   * @param lambdaBar the discrete poles, shape (n)
   * @param rows the inputs of the states, shape (2n, L·batch): for every state a row of real parts
   *     and one of imaginary parts, the columns in the layout's order
   * @param layout the order of the steps
   * @param batch the number of sequences
   * @return the states, like {@code rows}
   */
  public static NDArray rows(
      ComplexArray lambdaBar, NDArray rows, TimeLayout layout, long batch, Direction direction) {
    NDArray turn = turn(lambdaBar.real(), lambdaBar.imag());
    long n = lambdaBar.shape().get(0);
    NDArray packed = layout.pack(rows, batch);
    long steps = layout.paddedLength();
    NDArray states =
        new Levels(layout, batch, direction).inclusive(turn, packed.reshape(n, 2, steps * batch));
    return layout.unpack(states.reshape(2 * n, steps * batch), batch);
  }

  /** Complex numbers (n) as matrices (n, 2, 2) that multiply columns (real, imaginary). */
  private static NDArray turn(NDArray re, NDArray im) {
    return re.stack(im.neg(), -1).stack(im.stack(re, -1), 1);
  }

  /** The recursion over the levels of a layout; every array has the states as its first axis. */
  private record Levels(TimeLayout layout, long batch, Direction direction) {

    /** States x_k = Σ_{j≤k} λ̄^{k-j} v_j of inputs (n, 2, L·batch). */
    NDArray inclusive(NDArray turn, NDArray v) {
      int chunk = layout.radices().get(0);
      NDArray powers = powers(turn, chunk + 1);
      NDArray inside = toeplitz(powers, chunk, 0);
      long n = v.getShape().get(0);
      if (layout.radices().size() > 1) {
        NDArray before = beforeChunks(powers, v, 0);
        // What a chunk starts from enters through its first input: v_first + λ̄·x_before.
        long width = v.getShape().get(2) / chunk;
        NDArray split = v.reshape(n, 2, chunk, width);
        boolean forward = direction == Direction.FORWARD;
        String first = forward ? ":, :, :1" : ":, :, -1:";
        String others = forward ? ":, :, 1:" : ":, :, :-1";
        NDArray entered = split.get(first).add(turn.matMul(before).expandDims(2));
        NDArray remaining = split.get(others);
        v = forward ? entered.concat(remaining, 2) : remaining.concat(entered, 2);
      }
      return inside.matMul(v.reshape(n, 2L * chunk, -1)).reshape(n, 2, -1);
    }

    /**
     * States before every step, Σ_{j<k} λ̄^{k-1-j} v_j, of inputs (n, 2, length of level·batch).
     */
    private NDArray exclusive(NDArray turn, NDArray v, int level) {
      int chunk = layout.radices().get(level);
      NDArray powers = powers(turn, chunk + 1);
      long n = v.getShape().get(0);
      NDArray states = toeplitz(powers, chunk, 1).matMul(v.reshape(n, 2L * chunk, -1));
      if (level + 1 < layout.radices().size()) {
        NDArray before = beforeChunks(powers, v, level);
        states = states.add(decay(powers, chunk).matMul(before));
      }
      return states.reshape(n, 2, -1);
    }

    /** The state before each chunk of a level: the recurrence over the chunk ends. */
    private NDArray beforeChunks(NDArray powers, NDArray v, int level) {
      int chunk = layout.radices().get(level);
      long n = v.getShape().get(0);
      NDArray ends = chunkEnd(powers, chunk).matMul(v.reshape(n, 2L * chunk, -1));
      NDArray last = powers.get(":, :, {}", chunk);
      NDArray turn = turn(last.get(":, 0"), last.get(":, 1"));
      return exclusive(turn, ends, level + 1);
    }

    /** Powers λ̄⁰ … λ̄^{count-1} as (n, 2, count), by doubling. */
    private static NDArray powers(NDArray turn, int count) {
      NDArray one = turn.get(":, :, 0").zerosLike();
      one.set(new NDIndex(":, 0"), 1);
      NDArray powers = one.expandDims(2);
      NDArray factor = turn;
      for (int have = 1; have < count; have *= 2) {
        powers = powers.concat(factor.matMul(powers), 2);
        factor = factor.matMul(factor);
      }
      return powers.get(":, :, :{}", count);
    }

    /**
     * The matrix (n, 2T, 2T) of a recurrence inside a chunk: entry (t, s) is λ̄^{t-s-offset}, zero
     * where the exponent is negative, with t and s exchanged if time runs backwards.
     */
    private NDArray toeplitz(NDArray powers, int chunk, int offset) {
      int[][] exponents = new int[chunk][chunk];
      for (int t = 0; t < chunk; t++) {
        for (int s = 0; s < chunk; s++) {
          exponents[t][s] = (direction == Direction.FORWARD ? t - s : s - t) - offset;
        }
      }
      return block(powers, exponents);
    }

    /** The matrix (n, 2, 2T) from a chunk's inputs to its state at the end. */
    private NDArray chunkEnd(NDArray powers, int chunk) {
      int[][] exponents = new int[1][chunk];
      for (int s = 0; s < chunk; s++) {
        exponents[0][s] = direction == Direction.FORWARD ? chunk - 1 - s : s;
      }
      return block(powers, exponents);
    }

    /** The matrix (n, 2T, 2) from the state before a chunk to the states before its steps. */
    private NDArray decay(NDArray powers, int chunk) {
      int[][] exponents = new int[chunk][1];
      for (int t = 0; t < chunk; t++) {
        exponents[t][0] = direction == Direction.FORWARD ? t : chunk - 1 - t;
      }
      return block(powers, exponents);
    }

    /** Real matrices (n, 2·rows, 2·columns) of powers, real parts before imaginary ones. */
    private static NDArray block(NDArray powers, int[][] exponents) {
      long n = powers.getShape().get(0);
      int count = (int) powers.getShape().get(2);
      int rows = exponents.length;
      int columns = exponents[0].length;
      // Into the table [real parts, imaginary parts, negated imaginary parts, 0] of every state.
      long[] index = new long[4 * rows * columns];
      for (int t = 0; t < rows; t++) {
        for (int s = 0; s < columns; s++) {
          int e = exponents[t][s];
          int zero = 3 * count;
          int top = t * 2 * columns + s;
          int bottom = (rows + t) * 2 * columns + s;
          index[top] = e < 0 ? zero : e;
          index[top + columns] = e < 0 ? zero : 2 * count + e;
          index[bottom] = e < 0 ? zero : count + e;
          index[bottom + columns] = e < 0 ? zero : e;
        }
      }
      NDManager manager = powers.getManager();
      NDArray flat = powers.reshape(n, 2L * count);
      NDArray table =
          flat.concat(flat.get(":, {}:", count).neg(), 1)
              .concat(manager.zeros(new Shape(n, 1), powers.getDataType()), 1);
      NDArray picks =
          manager.create(index, new Shape(1, index.length)).broadcast(new Shape(n, index.length));
      return table.gather(picks, 1).reshape(n, 2L * rows, 2L * columns);
    }
  }
}
