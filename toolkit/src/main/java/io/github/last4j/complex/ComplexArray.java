package io.github.last4j.complex;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A complex tensor as two real ones of the same shape, dtype and device.
 *
 * <p>DJL's own complex dtypes carry no gradient and lose their name in double precision, so complex
 * arithmetic is done on the parts. Every operation is elementwise with broadcasting unless it says
 * otherwise, keeps the dtype, and is differentiable.
 *
 * @param real the real part, float32 or float64
 * @param imag the imaginary part, like {@code real}
 */
public record ComplexArray(NDArray real, NDArray imag) {

  /**
   * Checks the two parts.
   *
   * @throws IllegalArgumentException if the parts differ in shape or dtype, or are not floating
   */
  public ComplexArray {
    if (real == null || imag == null) {
      throw new IllegalArgumentException(
          "real and imag: expected two arrays, got " + (real == null ? "no real" : "no imag"));
    }
    DataType type = real.getDataType();
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException("real: expected float32 or float64, got " + type);
    }
    if (imag.getDataType() != type) {
      throw new IllegalArgumentException(
          "imag: expected " + type + " as real has, got " + imag.getDataType());
    }
    if (!real.getShape().equals(imag.getShape())) {
      throw new IllegalArgumentException(
          "imag: expected shape " + real.getShape() + " as real has, got " + imag.getShape());
    }
  }

  /** The complex array with the given parts. */
  public static ComplexArray of(NDArray real, NDArray imag) {
    return new ComplexArray(real, imag);
  }

  /**
   * Reads a trailing axis of length two as (real, imaginary), as Flax checkpoints store it.
   *
   * @throws IllegalArgumentException if the last axis has another length
   */
  public static ComplexArray ofPairs(NDArray pairs) {
    Shape shape = pairs == null ? new Shape() : pairs.getShape();
    if (shape.dimension() == 0 || shape.get(shape.dimension() - 1) != 2) {
      throw new IllegalArgumentException(
          "pairs: expected a last axis of real and imaginary part, got "
              + (pairs == null ? null : "shape " + shape));
    }
    return new ComplexArray(pairs.get("..., 0"), pairs.get("..., 1"));
  }

  /** The parts stacked on a new last axis of length two. */
  public NDArray toPairs() {
    return real.stack(imag, -1);
  }

  /** The common shape of the parts. */
  public Shape shape() {
    return real.getShape();
  }

  /** The common dtype of the parts. */
  public DataType dataType() {
    return real.getDataType();
  }

  /** A copy of this array in another dtype, without gradient. */
  public ComplexArray toType(DataType type) {
    return of(copy(real, type), copy(imag, type));
  }

  /**
   * A copy of a real tensor in another dtype, without gradient. (DJL's own conversion to the same
   * dtype shares memory even where it is asked for a copy, and may outlive that memory.)
   *
   * @throws IllegalArgumentException if it holds strings
   */
  public static NDArray copy(NDArray array, DataType type) {
    requireNumbers(array);
    return array.getDataType() == type ? array.duplicate() : array.toType(type, false);
  }

  /** Strings are in no memory of the engine, which ends the process when asked for numbers. */
  private static void requireNumbers(NDArray array) {
    if (array.getDataType() == DataType.STRING) {
      throw new IllegalArgumentException("array: expected numbers, got strings");
    }
  }

  /**
   * The elements of a real tensor of any dtype in double precision.
   *
   * @throws IllegalArgumentException if it holds strings
   */
  public static double[] doubles(NDArray array) {
    requireNumbers(array);
    // DJL makes further arrays on the way of one that is not contiguous.
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return array.toType(DataType.FLOAT64, false).toDoubleArray();
    }
  }

  /** The elements at an index. */
  public ComplexArray get(NDIndex index) {
    return of(real.get(index), imag.get(index));
  }

  /** The same elements in another shape. */
  public ComplexArray reshape(long... shape) {
    return of(real.reshape(shape), imag.reshape(shape));
  }

  /** The matrix transpose, without conjugation. */
  public ComplexArray transpose() {
    return of(real.transpose(), imag.transpose());
  }

  /** The sum. */
  public ComplexArray add(ComplexArray other) {
    return of(real.add(other.real), imag.add(other.imag));
  }

  /** The difference. */
  public ComplexArray sub(ComplexArray other) {
    return of(real.sub(other.real), imag.sub(other.imag));
  }

  /** The product with a real tensor. */
  public ComplexArray mul(NDArray factor) {
    return of(real.mul(factor), imag.mul(factor));
  }

  /** The product with a real number. */
  public ComplexArray mul(double factor) {
    return of(mul(real, factor), mul(imag, factor));
  }

  /** The product of a real tensor with a number, by {@link #number}. */
  public static NDArray mul(NDArray array, double factor) {
    try (NDArray number = number(array, factor)) {
      return array.mul(number);
    }
  }

  /**
   * A number as a factor in what may be differentiated. (DJL's own product with a number remembers
   * it for the backward pass in memory of the JVM that nothing refers to: a garbage collection
   * between the passes frees it, and the gradient is anything.)
   *
   * @return shape (), float64, with memory of its own, held by the manager of {@code like}
   */
  public static NDArray number(NDArray like, double value) {
    try (NDArray borrowed = like.getManager().create(value)) {
      return borrowed.duplicate();
    }
  }

  /** The product. */
  public ComplexArray mul(ComplexArray other) {
    return of(
        real.mul(other.real).sub(imag.mul(other.imag)),
        real.mul(other.imag).add(imag.mul(other.real)));
  }

  /** The quotient; the divisor is scaled first, so that only its own range limits the result. */
  public ComplexArray div(ComplexArray divisor) {
    NDArray scale = divisor.real.abs().maximum(divisor.imag.abs());
    NDArray re = divisor.real.div(scale);
    NDArray im = divisor.imag.div(scale);
    NDArray denominator = re.square().add(im.square()).mul(scale);
    return of(
        real.mul(re).add(imag.mul(im)).div(denominator),
        imag.mul(re).sub(real.mul(im)).div(denominator));
  }

  /**
   * The powers z⁰ … z<sup>count-1</sup> of every element, on a new last axis.
   *
   * @param count how many, at least one
   * @throws IllegalArgumentException if it is less
   */
  public ComplexArray powers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count: expected at least 1, got " + count);
    }
    NDArray one = real.onesLike().expandDims(-1);
    ComplexArray powers = of(one, one.zerosLike());
    ComplexArray factor = of(real.expandDims(-1), imag.expandDims(-1));
    // As many again at a time, so that there are few operations and few roundings.
    for (int have = 1; have < count; have *= 2) {
      ComplexArray more = powers.mul(factor);
      powers = of(powers.real.concat(more.real, -1), powers.imag.concat(more.imag, -1));
      factor = factor.mul(factor);
    }
    return powers.get(new NDIndex("..., :{}", count));
  }

  /**
   * The elements and then their conjugates, along an axis: of what is stored for conjugate pairs,
   * what both members of each have.
   */
  public ComplexArray withConjugates(int axis) {
    return of(real.concat(real, axis), imag.concat(imag.neg(), axis));
  }

  /** The largest |a - b| of two arrays of one shape, in units of the largest |b|. */
  public double distance(ComplexArray b) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double most = b.abs().max().toType(DataType.FLOAT64, false).getDouble();
      return sub(b).abs().max().toType(DataType.FLOAT64, false).getDouble() / most;
    }
  }

  /** The matrix product over the last axis of this and the last but one of the other. */
  public ComplexArray matMul(ComplexArray other) {
    return of(
        real.matMul(other.real).sub(imag.matMul(other.imag)),
        real.matMul(other.imag).add(imag.matMul(other.real)));
  }

  /** The exponential. */
  public ComplexArray exp() {
    NDArray radius = real.exp();
    return of(radius.mul(imag.cos()), radius.mul(imag.sin()));
  }

  /**
   * exp(z) - 1 without cancellation where the real part is not positive: e<sup>a</sup>cos b - 1 is
   * expm1(a)cos b - 2sin²(b/2), two terms of one sign wherever the result is small.
   */
  public ComplexArray expm1() {
    NDArray sinHalf = mul(imag, 0.5).sin();
    return of(
        expm1(real).mul(imag.cos()).sub(mul(sinHalf.square(), 2)), real.exp().mul(imag.sin()));
  }

  /** exp(x) - 1 of a real tensor, accurate near zero: tanh(x/2)·(exp(x) + 1). */
  public static NDArray expm1(NDArray x) {
    return mul(x, 0.5).tanh().mul(x.exp().add(1));
  }

  /** The absolute value; elements are scaled first, so that squares neither overflow nor vanish. */
  public NDArray abs() {
    NDArray scale = nonZero(real.abs().maximum(imag.abs()));
    return real.div(scale).square().add(imag.div(scale).square()).sqrt().mul(scale);
  }

  /**
   * One where the array is zero, and the array elsewhere: a divisor for vectors that may vanish.
   */
  private static NDArray nonZero(NDArray array) {
    return array.add(array.eq(0).toType(array.getDataType(), false));
  }

  /** Whether no element is NaN or infinite. */
  public boolean isFinite() {
    return isFinite(real) && isFinite(imag);
  }

  /** Whether no element of a real tensor is NaN or infinite. */
  public static boolean isFinite(NDArray array) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      // A finite sum has finite terms. Others may have too; x - x is zero for a finite number only.
      return Double.isFinite(array.sum().toArray()[0].doubleValue())
          || array.sub(array).eq(0).all().getBoolean();
    }
  }
}
