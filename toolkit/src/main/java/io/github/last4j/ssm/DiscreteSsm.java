package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiagonalSsm.Shapes;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One discrete-time diagonal layer x<sub>k</sub> = λ̄∘x<sub>k-1</sub> + B̄u<sub>k</sub>,
 * y<sub>k</sub> = 2·Re(Cx<sub>k</sub>) + D∘u<sub>k</sub> (Eq. 1 with the current input included,
 * which changes no gain).
 *
 * <p>The stability margin 1-|λ̄| is kept beside λ̄: near the unit circle it can't be had from λ̄
 * without losing digits, and every norm divides by it.
 *
 * @param lambdaBar the discrete poles λ̄, shape (n)
 * @param margin 1-|λ̄|, shape (n); positive where the state is stable
 * @param bBar the discrete input matrix B̄, shape (n, inputs)
 * @param c the output matrix C, shape (outputs, n)
 * @param backwardC the output matrix of the time-reversed scan, like c
 * @param feedthrough the diagonal of D, shape (outputs)
 */
public record DiscreteSsm(
    ComplexArray lambdaBar,
    NDArray margin,
    ComplexArray bBar,
    ComplexArray c,
    Optional<ComplexArray> backwardC,
    Optional<NDArray> feedthrough) {

  /**
   * Checks shapes, dtypes and that the margins are those of the poles.
   *
   * @throws IllegalArgumentException naming the argument, what was expected and what came
   */
  public DiscreteSsm {
    Shapes.requireThere("lambdaBar", lambdaBar);
    Shapes.requireThere("margin", margin);
    Shapes.requireThere("bBar", bBar);
    Shapes.requireThere("c", c);
    Shapes.require("lambdaBar", lambdaBar.shape(), -1);
    long n = lambdaBar.shape().get(0);
    if (n == 0) {
      throw new IllegalArgumentException("lambdaBar: expected at least one state, got none");
    }
    Shapes.require("margin", margin.getShape(), n);
    Shapes.require("bBar", bBar.shape(), n, -1);
    Shapes.require("c", c.shape(), -1, n);
    backwardC.ifPresent(back -> Shapes.require("backwardC", back.shape(), c.shape().get(0), n));
    feedthrough.ifPresent(d -> Shapes.require("feedthrough", d.getShape(), c.shape().get(0)));
    DataType type = lambdaBar.dataType();
    Shapes.requireType("margin", margin.getDataType(), type);
    Shapes.requireType("bBar", bBar.dataType(), type);
    Shapes.requireType("c", c.dataType(), type);
    backwardC.ifPresent(back -> Shapes.requireType("backwardC", back.dataType(), type));
    feedthrough.ifPresent(d -> Shapes.requireType("feedthrough", d.getDataType(), type));
    requireMargins(lambdaBar, margin);
  }

  /** Margins know more digits than poles, and so agree with them but for rounding. */
  private static void requireMargins(ComplexArray lambdaBar, NDArray margin) {
    double[] re = ComplexArray.doubles(lambdaBar.real());
    double[] im = ComplexArray.doubles(lambdaBar.imag());
    double[] margins = ComplexArray.doubles(margin);
    double rounding = lambdaBar.dataType() == DataType.FLOAT64 ? 1e-9 : 1e-5;
    for (int i = 0; i < margins.length; i++) {
      double radius = Math.hypot(re[i], im[i]);
      if (Math.abs(1 - radius - margins[i]) > rounding * Math.max(1, radius)) {
        throw new IllegalArgumentException(
            "margin: expected 1 - |λ̄| = "
                + (1 - radius)
                + " at state "
                + i
                + ", got "
                + margins[i]);
      }
    }
  }

  /**
   * A one-directional discrete layer given by its matrices; the margin is then as accurate as the
   * rounding of λ̄ allows.
   *
   * @param lambdaBar the discrete poles, shape (n)
   * @param bBar the discrete input matrix, shape (n, inputs)
   * @param c the output matrix, shape (outputs, n)
   * @throws IllegalArgumentException if a shape does not fit, naming it
   */
  public static DiscreteSsm of(ComplexArray lambdaBar, ComplexArray bBar, ComplexArray c) {
    NDArray margin =
        Scoped.array(
            lambdaBar.real().getManager(),
            () -> {
              NDArray re = lambdaBar.real().abs();
              NDArray im = lambdaBar.imag().abs();
              NDArray large = re.maximum(im);
              // 1 - |λ̄|² as (1-a)(1+a) - b² with a the larger part keeps the digits that λ̄ has.
              NDArray gap = large.neg().add(1).mul(large.add(1)).sub(re.minimum(im).square());
              return gap.div(lambdaBar.abs().add(1));
            });
    return new DiscreteSsm(lambdaBar, margin, bBar, c, Optional.empty(), Optional.empty());
  }

  /**
   * A layer with one input and one output, given in polar coordinates; B̄ is one for every state.
   *
   * @param manager holds the layer
   * @param states |λ̄|, arg λ̄, Re CB̄ and Im CB̄ of each
   * @return float64
   * @throws IllegalArgumentException if a state has not four numbers, or there is none
   */
  public static DiscreteSsm singleChannel(NDManager manager, double[]... states) {
    int n = states.length;
    for (double[] state : states) {
      if (state.length != 4) {
        throw new IllegalArgumentException(
            "states: expected |λ̄|, arg λ̄, Re CB̄, Im CB̄ of each, got "
                + state.length
                + " numbers");
      }
    }
    return Scoped.compute(
        manager,
        () -> {
          NDArray ones = manager.ones(new Shape(n, 1), DataType.FLOAT64);
          return of(
              ComplexArray.of(
                  create(manager, states, x -> x[0] * Math.cos(x[1]), n),
                  create(manager, states, x -> x[0] * Math.sin(x[1]), n)),
              ComplexArray.of(ones, ones.zerosLike()),
              ComplexArray.of(
                  create(manager, states, x -> x[2], 1, n),
                  create(manager, states, x -> x[3], 1, n)));
        },
        DiscreteSsm::arrays);
  }

  /**
   * In its shape at once: a reshaped array would share memory that the JVM frees with the first.
   */
  private static NDArray create(
      NDManager manager, double[][] states, ToDoubleFunction<double[]> entry, long... shape) {
    return manager.create(Arrays.stream(states).mapToDouble(entry).toArray(), new Shape(shape));
  }

  /** The number n of stored states. */
  public int states() {
    return (int) lambdaBar.shape().get(0);
  }

  /**
   * The time constants -1/ln|λ̄| in steps: after so many, an undriven state has fallen to 1/e.
   *
   * @return n numbers in state order; infinite on the unit circle, negative outside
   */
  public double[] timeConstants() {
    return Arrays.stream(ComplexArray.doubles(margin))
        .map(gap -> gap == 0 ? Double.POSITIVE_INFINITY : -1 / Math.log1p(-gap))
        .toArray();
  }

  /**
   * The layer that some of its states make, with the same feedthrough.
   *
   * @param states those that are taken, at least one
   * @return copies, held by the manager of {@code lambdaBar}
   * @throws IllegalArgumentException if the set is of another layer or empty
   */
  public DiscreteSsm keep(StateSet states) {
    long[] indices = states.requireStates("states", states()).indices().asLongStream().toArray();
    if (indices.length == 0) {
      throw new IllegalArgumentException("states: expected at least one, got none");
    }
    NDManager owner = lambdaBar.real().getManager();
    return Scoped.compute(
        owner,
        () -> {
          NDArray picked = owner.create(indices);
          NDIndex rows = new NDIndex("{}", picked);
          NDIndex columns = new NDIndex(":, {}", picked);
          return new DiscreteSsm(
              lambdaBar.get(rows),
              margin.get(rows),
              bBar.get(rows),
              c.get(columns),
              backwardC.map(back -> back.get(columns)),
              feedthrough.map(NDArray::duplicate));
        },
        DiscreteSsm::arrays);
  }

  /**
   * One channel of a layer: what it makes of one of its inputs at the output of the same number,
   * with the states that input drives and output reads. A layer of S4D consists of such channels.
   *
   * @param channel the number of the input and the output, from 0
   * @return copies, with one input and one output, held by the manager of {@code lambdaBar}
   * @throws IllegalArgumentException if there is no such channel, or it has no states
   */
  public DiscreteSsm channel(int channel) {
    long channels = Math.min(bBar.shape().get(1), c.shape().get(0));
    if (channel < 0 || channel >= channels) {
      throw new IllegalArgumentException(
          "channel: expected 0 to " + (channels - 1) + ", got " + channel);
    }
    NDIndex column = new NDIndex(":, {}:{}", channel, channel + 1);
    NDIndex row = new NDIndex("{}:{}", channel, channel + 1);
    NDManager owner = lambdaBar.real().getManager();
    return Scoped.compute(
        owner,
        () -> {
          double[] in = ComplexArray.doubles(bBar.get(column).abs());
          double[] out = ComplexArray.doubles(c.get(row).abs());
          double[] back = backwardC.map(x -> ComplexArray.doubles(x.get(row).abs())).orElse(out);
          StateSet own =
              StateSet.where(in.length, i -> in[i] != 0 && (out[i] != 0 || back[i] != 0));
          if (own.isEmpty()) {
            throw new IllegalArgumentException(
                "channel: expected one with states, got " + channel + " that has none");
          }
          DiscreteSsm layer = keep(own);
          return new DiscreteSsm(
              layer.lambdaBar,
              layer.margin,
              layer.bBar.get(column).toType(lambdaBar.dataType()),
              layer.c.get(row).toType(lambdaBar.dataType()),
              layer.backwardC.map(x -> x.get(row).toType(lambdaBar.dataType())),
              layer.feedthrough.map(d -> d.get(row).duplicate()));
        },
        DiscreteSsm::arrays);
  }

  /** This layer with another input matrix, (n, inputs); the other arrays are shared. */
  public DiscreteSsm withBBar(ComplexArray input) {
    return new DiscreteSsm(lambdaBar, margin, input, c, backwardC, feedthrough);
  }

  /** This layer with another forward output matrix, (outputs, n); the other arrays are shared. */
  public DiscreteSsm withC(ComplexArray output) {
    return new DiscreteSsm(lambdaBar, margin, bBar, output, backwardC, feedthrough);
  }

  /** This layer made bidirectional by the output matrix of a time-reversed scan, (outputs, n). */
  public DiscreteSsm withBackwardC(ComplexArray backward) {
    Shapes.requireThere("backwardC", backward);
    return new DiscreteSsm(lambdaBar, margin, bBar, c, Optional.of(backward), feedthrough);
  }

  /** This layer with the diagonal feedthrough D, (outputs); the other arrays are shared. */
  public DiscreteSsm withFeedthrough(NDArray d) {
    Shapes.requireThere("feedthrough", d);
    return new DiscreteSsm(lambdaBar, margin, bBar, c, backwardC, Optional.of(d));
  }

  /** The states alone, without D; what is there is shared. */
  public DiscreteSsm withoutFeedthrough() {
    return new DiscreteSsm(lambdaBar, margin, bBar, c, backwardC, Optional.empty());
  }

  /**
   * The states as one scan of the layer reads them, as a causal layer without D; arrays are shared.
   *
   * @throws IllegalArgumentException if there is no backward scan, and it is asked for
   */
  public DiscreteSsm direction(Scan.Direction direction) {
    ComplexArray output =
        direction == Scan.Direction.FORWARD
            ? c
            : backwardC.orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "direction: expected FORWARD in a layer of one direction, got BACKWARD"));
    return new DiscreteSsm(lambdaBar, margin, bBar, output, Optional.empty(), Optional.empty());
  }

  /**
   * The trajectories x<sub>k</sub> of the states that real inputs drive from rest.
   *
   * @param u shape (batch, L, inputs), of the layer's dtype
   * @param direction forward, or backward for the states that {@code backwardC} reads
   * @return shape (batch, L, n), held by the manager of u
   * @throws IllegalArgumentException if the shape or dtype of u does not fit, or a number is not
   *     finite
   */
  public ComplexArray trajectories(NDArray u, Scan.Direction direction) {
    requireInput(u);
    return driven(u, direction);
  }

  private ComplexArray driven(NDArray u, Scan.Direction direction) {
    return Scoped.compute(
        u.getManager(),
        () -> {
          ComplexArray weights = bBar.transpose();
          ComplexArray v = ComplexArray.of(u.matMul(weights.real()), u.matMul(weights.imag()));
          return Scan.chunked(lambdaBar, v, direction);
        },
        x -> new NDList(x.real(), x.imag()));
  }

  /**
   * Checks an input.
   *
   * @param u shape (batch, L, inputs), of the layer's dtype, as many as outputs with a feedthrough
   * @throws IllegalArgumentException if the shape or dtype does not fit, or a number is not finite
   */
  public void requireInput(NDArray u) {
    Shapes.requireThere("u", u);
    Shapes.require("u", u.getShape(), -1, -1, bBar.shape().get(1));
    feedthrough.ifPresent(
        d -> Shapes.require("u (with a feedthrough)", u.getShape(), -1, -1, d.size()));
    Shapes.requireType("u", u.getDataType(), lambdaBar.dataType());
    Shapes.requireFinite("u", u);
  }

  /**
   * The output y of the layer for real inputs that are zero before and after the steps given.
   *
   * @param u shape (batch, L, inputs), of the layer's dtype
   * @return shape (batch, L, outputs), held by the manager of u: the first L steps of the output
   * @throws IllegalArgumentException if the shape or dtype of u does not fit, or a number is not
   *     finite
   */
  public NDArray output(NDArray u) {
    requireInput(u);
    return Scoped.array(
        u.getManager(),
        () -> {
          NDArray y = read(c, driven(u, Scan.Direction.FORWARD));
          if (backwardC.isPresent()) {
            y = y.add(read(backwardC.get(), driven(u, Scan.Direction.BACKWARD)));
          }
          return feedthrough.isPresent() ? y.add(u.mul(feedthrough.get())) : y;
        });
  }

  /** 2·Re(Cx). */
  private static NDArray read(ComplexArray c, ComplexArray x) {
    ComplexArray weights = c.transpose();
    NDArray half = x.real().matMul(weights.real()).sub(x.imag().matMul(weights.imag()));
    return half.add(half);
  }

  /** Every array of the layer. */
  public NDList arrays() {
    NDList list = new NDList(lambdaBar.real(), lambdaBar.imag(), margin);
    list.addAll(new NDList(bBar.real(), bBar.imag(), c.real(), c.imag()));
    backwardC.ifPresent(back -> list.addAll(new NDList(back.real(), back.imag())));
    feedthrough.ifPresent(list::add);
    return list;
  }
}
