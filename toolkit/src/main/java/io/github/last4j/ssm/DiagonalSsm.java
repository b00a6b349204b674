package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import java.util.Optional;

/**
 * One continuous-time diagonal layer x' = Λx + Bu, y = 2·Re(Cx) + D∘u (Sec. 2.2).
 *
 * <p>A state stands for a conjugate pair of poles of which one is stored; the 2·Re accounts for the
 * other. All arrays share one dtype.
 *
 * @param lambda the poles Λ, shape (n)
 * @param b the input matrix B, shape (n, inputs)
 * @param c the output matrix C, shape (outputs, n)
 * @param step the time step Δ of each state, shape (n), positive
 * @param backwardC the output matrix of the time-reversed scan of a bidirectional layer, like c
 * @param feedthrough the diagonal of D, shape (outputs), in a layer with as many inputs as outputs
 */
public record DiagonalSsm(
    ComplexArray lambda,
    ComplexArray b,
    ComplexArray c,
    NDArray step,
    Optional<ComplexArray> backwardC,
    Optional<NDArray> feedthrough) {

  /**
   * Checks shapes, dtypes and values.
   *
   * @throws IllegalArgumentException naming the argument, what was expected and what came
   */
  public DiagonalSsm {
    Shapes.requireThere("lambda", lambda);
    Shapes.requireThere("b", b);
    Shapes.requireThere("c", c);
    Shapes.requireThere("step", step);
    Shapes.require("lambda", lambda.shape(), -1);
    long n = lambda.shape().get(0);
    if (n == 0) {
      throw new IllegalArgumentException("lambda: expected at least one state, got none");
    }
    DataType type = lambda.dataType();
    if (b.shape().size() == 0 || c.shape().size() == 0) {
      throw new IllegalArgumentException(
          "b, c: expected at least one input and one output, got shapes "
              + b.shape()
              + " and "
              + c.shape());
    }
    Shapes.require("b", b.shape(), n, -1);
    Shapes.require("c", c.shape(), -1, n);
    Shapes.require("step", step.getShape(), n);
    backwardC.ifPresent(back -> Shapes.require("backwardC", back.shape(), c.shape().get(0), n));
    feedthrough.ifPresent(
        d -> {
          Shapes.require("feedthrough", d.getShape(), c.shape().get(0));
          Shapes.require("b (with a feedthrough)", b.shape(), n, c.shape().get(0));
        });
    Shapes.requireType("b", b.dataType(), type);
    Shapes.requireType("c", c.dataType(), type);
    Shapes.requireType("step", step.getDataType(), type);
    backwardC.ifPresent(back -> Shapes.requireType("backwardC", back.dataType(), type));
    feedthrough.ifPresent(d -> Shapes.requireType("feedthrough", d.getDataType(), type));
  }

  /**
   * A one-directional layer without feedthrough.
   *
   * @param lambda the poles, shape (n)
   * @param b the input matrix, shape (n, inputs)
   * @param c the output matrix, shape (outputs, n)
   * @param step the time steps, shape (n), positive
   * @throws IllegalArgumentException if a shape or dtype does not fit, naming it
   */
  public static DiagonalSsm of(ComplexArray lambda, ComplexArray b, ComplexArray c, NDArray step) {
    return new DiagonalSsm(lambda, b, c, step, Optional.empty(), Optional.empty());
  }

  /** This layer made bidirectional by the output matrix of a time-reversed scan. */
  public DiagonalSsm withBackwardC(ComplexArray backward) {
    Shapes.requireThere("backwardC", backward);
    return new DiagonalSsm(lambda, b, c, step, Optional.of(backward), feedthrough);
  }

  /** This layer with the diagonal feedthrough D. */
  public DiagonalSsm withFeedthrough(NDArray d) {
    Shapes.requireThere("feedthrough", d);
    return new DiagonalSsm(lambda, b, c, step, backwardC, Optional.of(d));
  }

  /** The number n of stored states. */
  public int states() {
    return (int) lambda.shape().get(0);
  }

  /** Every array of the layer. */
  public NDList arrays() {
    NDList list = new NDList(lambda.real(), lambda.imag());
    list.addAll(new NDList(b.real(), b.imag(), c.real(), c.imag(), step));
    backwardC.ifPresent(back -> list.addAll(new NDList(back.real(), back.imag())));
    feedthrough.ifPresent(list::add);
    return list;
  }

  /** A copy of this layer in another dtype, without gradient. */
  public DiagonalSsm toType(DataType type) {
    return new DiagonalSsm(
        lambda.toType(type),
        b.toType(type),
        c.toType(type),
        ComplexArray.copy(step, type),
        backwardC.map(back -> back.toType(type)),
        feedthrough.map(d -> ComplexArray.copy(d, type)));
  }

  /**
   * Checks that every number can be discretised.
   *
   * @throws IllegalArgumentException if a value is NaN or infinite, or a step is not positive
   */
  public void requireValid() {
    Shapes.requireFinite("lambda", lambda);
    Shapes.requireFinite("b", b);
    Shapes.requireFinite("c", c);
    Shapes.requireFinite("step", step);
    backwardC.ifPresent(back -> Shapes.requireFinite("backwardC", back));
    feedthrough.ifPresent(d -> Shapes.requireFinite("feedthrough", d));
    double least;
    try (NDArray min = step.min()) {
      least = min.toArray()[0].doubleValue();
    }
    if (!(least > 0)) {
      throw new IllegalArgumentException("step: expected positive steps, got " + least);
    }
  }

  /** Shape checks that name what they checked. */
  static final class Shapes {
    private Shapes() {}

    static void requireThere(String name, Object array) {
      if (array == null) {
        throw new IllegalArgumentException(name + ": expected an array, got null");
      }
    }

    /** Requires the dimensions given, where -1 stands for any. */
    static void require(String name, Shape actual, long... expected) {
      boolean fits = actual.dimension() == expected.length;
      for (int i = 0; fits && i < expected.length; i++) {
        fits = expected[i] == -1 || expected[i] == actual.get(i);
      }
      if (!fits) {
        throw new IllegalArgumentException(
            name + ": expected shape " + new Shape(expected) + " (-1: any), got " + actual);
      }
    }

    static void requireType(String name, DataType actual, DataType expected) {
      if (actual != expected) {
        throw new IllegalArgumentException(
            name + ": expected dtype " + expected + " as the layer has, got " + actual);
      }
    }

    static void requireFinite(String name, ComplexArray array) {
      requireFinite(name + " (real part)", array.real());
      requireFinite(name + " (imaginary part)", array.imag());
    }

    static void requireFinite(String name, NDArray array) {
      if (!ComplexArray.isFinite(array)) {
        throw new IllegalArgumentException(
            name + ": expected finite numbers, got a NaN or an infinity");
      }
    }
  }
}
