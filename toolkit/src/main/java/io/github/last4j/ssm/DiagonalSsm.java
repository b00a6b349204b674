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
 * <p>A layer of channels holds one number of B and of C for each state, as {@link DiscreteSsm}
 * does. Immutable.
 */
public final class DiagonalSsm {
  private final ComplexArray lambda;
  private final NDArray step;
  private final Ports ports;
  private final Optional<NDArray> feedthrough;

  /**
   * A layer given by its matrices.
   *
   * @param lambda the poles Λ, shape (n)
   * @param b the input matrix B, shape (n, inputs)
   * @param c the output matrix C, shape (outputs, n)
   * @param step the time step Δ of each state, shape (n), positive
   * @param backwardC the output matrix of the time-reversed scan of a bidirectional layer, like c
   * @param feedthrough the diagonal of D, shape (outputs), in a layer with as many inputs as
   *     outputs
   * @throws IllegalArgumentException if shapes or dtypes do not fit, naming the argument, what was
   *     expected and what came
   */
  public DiagonalSsm(
      ComplexArray lambda,
      ComplexArray b,
      ComplexArray c,
      NDArray step,
      Optional<ComplexArray> backwardC,
      Optional<NDArray> feedthrough) {
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
    this.lambda = lambda;
    this.step = step;
    this.ports = new Ports(b, c, backwardC, Optional.empty());
    this.feedthrough = feedthrough;
  }

  /** Of parts that fit. */
  DiagonalSsm(ComplexArray lambda, NDArray step, Ports ports, Optional<NDArray> feedthrough) {
    this.lambda = lambda;
    this.step = step;
    this.ports = ports;
    this.feedthrough = feedthrough;
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
    return new DiagonalSsm(lambda, b(), c(), step, Optional.of(backward), feedthrough);
  }

  /** This layer with the diagonal feedthrough D. */
  public DiagonalSsm withFeedthrough(NDArray d) {
    Shapes.requireThere("feedthrough", d);
    Shapes.require("feedthrough", d.getShape(), ports.outputs());
    Shapes.requireType("feedthrough", d.getDataType(), lambda.dataType());
    if (ports.channels().isEmpty()) {
      Shapes.require("b (with a feedthrough)", ports.b().shape(), states(), ports.outputs());
    }
    return new DiagonalSsm(lambda, step, ports, Optional.of(d));
  }

  /**
   * This layer of one input and one output as one of many channels, as {@link
   * DiscreteSsm#withChannels} has it.
   *
   * @param channels of its n states
   * @return without feedthrough; what is there is shared
   * @throws IllegalArgumentException if this layer has more inputs or outputs or other states
   */
  public DiagonalSsm withChannels(Channels channels) {
    return new DiagonalSsm(lambda, step, ports.withChannels("b", channels), Optional.empty());
  }

  /** The poles Λ, shape (n). */
  public ComplexArray lambda() {
    return lambda;
  }

  /**
   * The input matrix B, shape (n, inputs). In a layer of channels every call makes a new one, held
   * by the manager of {@code lambda}.
   */
  public ComplexArray b() {
    return ports.inputMatrix();
  }

  /** The output matrix C, shape (outputs, n), made as {@link #b} is. */
  public ComplexArray c() {
    return ports.outputMatrix();
  }

  /** The time step Δ of each state, shape (n), positive. */
  public NDArray step() {
    return step;
  }

  /** The output matrix of the time-reversed scan, like {@link #c}, in a bidirectional layer. */
  public Optional<ComplexArray> backwardC() {
    return ports.backwardMatrix();
  }

  /** The diagonal of D, shape (outputs), if there is one. */
  public Optional<NDArray> feedthrough() {
    return feedthrough;
  }

  /** The channel of every state, in a layer that was made as one of channels. */
  public Optional<Channels> channels() {
    return ports.channels();
  }

  Ports ports() {
    return ports;
  }

  /** The number n of stored states. */
  public int states() {
    return (int) lambda.shape().get(0);
  }

  /** Every array that the layer holds. */
  public NDList arrays() {
    NDList list = new NDList(lambda.real(), lambda.imag(), step);
    list.addAll(ports.arrays());
    feedthrough.ifPresent(list::add);
    return list;
  }

  /** A copy of this layer in another dtype, without gradient. */
  public DiagonalSsm toType(DataType type) {
    return new DiagonalSsm(
        lambda.toType(type),
        ComplexArray.copy(step, type),
        ports.withB(ports.b().toType(type)).mapOutputs(c -> c.toType(type)),
        feedthrough.map(d -> ComplexArray.copy(d, type)));
  }

  /**
   * Checks that every number can be discretised.
   *
   * @throws IllegalArgumentException if a value is NaN or infinite, or a step is not positive
   */
  public void requireValid() {
    Shapes.requireFinite("lambda", lambda);
    Shapes.requireFinite("b", ports.b());
    Shapes.requireFinite("c", ports.c());
    Shapes.requireFinite("step", step);
    ports.backwardC().ifPresent(back -> Shapes.requireFinite("backwardC", back));
    feedthrough.ifPresent(d -> Shapes.requireFinite("feedthrough", d));
    double least;
    try (NDArray min = step.min()) {
      least = min.toArray()[0].doubleValue();
    }
    if (!(least > 0)) {
      throw new IllegalArgumentException("step: expected positive steps, got " + least);
    }
  }

  /** Such as "64 states from 96 inputs to 96 outputs, bidirectional, with feedthrough". */
  @Override
  public String toString() {
    return ports.describe() + (feedthrough.isPresent() ? ", with feedthrough" : "");
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
