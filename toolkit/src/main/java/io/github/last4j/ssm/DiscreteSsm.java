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
 * <p>Where every state has a channel of its own ({@link #channels}), as in S4D, a layer holds one
 * number of B̄ and of C for each state, and makes the matrices when they are asked for. Immutable.
 */
public final class DiscreteSsm {
  private final ComplexArray lambdaBar;
  private final NDArray margin;
  private final Ports ports;
  private final Optional<NDArray> feedthrough;

  /**
   * A layer given by its matrices.
   *
   * @param lambdaBar the discrete poles λ̄, shape (n)
   * @param margin 1-|λ̄|, shape (n); positive where the state is stable
   * @param bBar the discrete input matrix B̄, shape (n, inputs)
   * @param c the output matrix C, shape (outputs, n)
   * @param backwardC the output matrix of the time-reversed scan, like c
   * @param feedthrough the diagonal of D, shape (outputs)
   * @throws IllegalArgumentException if shapes or dtypes do not fit or the margins are not those of
   *     the poles, naming the argument, what was expected and what came
   */
  public DiscreteSsm(
      ComplexArray lambdaBar,
      NDArray margin,
      ComplexArray bBar,
      ComplexArray c,
      Optional<ComplexArray> backwardC,
      Optional<NDArray> feedthrough) {
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
    this.lambdaBar = lambdaBar;
    this.margin = margin;
    this.ports = new Ports(bBar, c, backwardC, Optional.empty());
    this.feedthrough = feedthrough;
  }

  /** Of parts that fit. */
  DiscreteSsm(ComplexArray lambdaBar, NDArray margin, Ports ports, Optional<NDArray> feedthrough) {
    this.lambdaBar = lambdaBar;
    this.margin = margin;
    this.ports = ports;
    this.feedthrough = feedthrough;
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

  /** The discrete poles λ̄, shape (n). */
  public ComplexArray lambdaBar() {
    return lambdaBar;
  }

  /** 1-|λ̄|, shape (n); positive where the state is stable. */
  public NDArray margin() {
    return margin;
  }

  /**
   * The discrete input matrix B̄, shape (n, inputs). In a layer of channels every call makes a new
   * one, held by the manager of {@code lambdaBar}.
   */
  public ComplexArray bBar() {
    return ports.inputMatrix();
  }

  /** The output matrix C, shape (outputs, n), made as {@link #bBar} is. */
  public ComplexArray c() {
    return ports.outputMatrix();
  }

  /** The output matrix of the time-reversed scan, like {@link #c}, in a bidirectional layer. */
  public Optional<ComplexArray> backwardC() {
    return ports.backwardMatrix();
  }

  /** The diagonal of D, shape (outputs), if there is one. */
  public Optional<NDArray> feedthrough() {
    return feedthrough;
  }

  /** The number n of stored states. */
  public int states() {
    return (int) lambdaBar.shape().get(0);
  }

  /** The number of inputs. */
  public int inputs() {
    return ports.inputs();
  }

  /** The number of outputs. */
  public int outputs() {
    return ports.outputs();
  }

  /** Whether there is a time-reversed scan. */
  public boolean bidirectional() {
    return ports.backwardC().isPresent();
  }

  /** The channel of every state, in a layer that was made as one of channels. */
  public Optional<Channels> channels() {
    return ports.channels();
  }

  /**
   * This layer of one input and one output as one of many channels: each of its states becomes a
   * state of one of them.
   *
   * @param channels of its n states
   * @return without feedthrough; what is there is shared
   * @throws IllegalArgumentException if this layer has more inputs or outputs or other states
   */
  public DiscreteSsm withChannels(Channels channels) {
    return with(ports.withChannels("bBar", channels), Optional.empty());
  }

  /**
   * The states of all channels between one input and one output, (n, 1) and (1, n), without
   * feedthrough: the numbers that a layer of channels holds. Another layer is as it is, but for the
   * feedthrough. What is there is shared.
   */
  public DiscreteSsm withoutChannels() {
    return with(ports.withoutChannels(), Optional.empty());
  }

  /**
   * This layer as one of channels, where its matrices say that it is: copies. One that was made of
   * channels is this one.
   *
   * @return held by the manager of {@code lambdaBar}
   * @throws IllegalArgumentException if a state has two channels, or there are not as many inputs
   *     as outputs
   */
  public DiscreteSsm decoupled() {
    if (channels().isPresent()) {
      return this;
    }
    Shapes.require("c", ports.c().shape(), inputs(), states());
    return Scoped.compute(
        lambdaBar.real().getManager(),
        () ->
            new DiscreteSsm(
                lambdaBar.mul(1),
                margin.duplicate(),
                Ports.decoupled(ports),
                feedthrough.map(NDArray::duplicate)),
        DiscreteSsm::arrays);
  }

  Ports ports() {
    return ports;
  }

  /** The same poles between other ports. */
  DiscreteSsm with(Ports other, Optional<NDArray> direct) {
    return new DiscreteSsm(lambdaBar, margin, other, direct);
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
          return new DiscreteSsm(
              lambdaBar.get(rows),
              margin.get(rows),
              ports.keep(states, picked),
              feedthrough.map(NDArray::duplicate));
        },
        DiscreteSsm::arrays);
  }

  /**
   * One channel of a layer: what it makes of one of its inputs at the output of the same number,
   * with the states that this input drives. A layer of S4D consists of such channels.
   *
   * @param channel the number of the input and the output, from 0
   * @return copies, with one input and one output, held by the manager of {@code lambdaBar}
   * @throws IllegalArgumentException if there is no such channel, or it has no states
   */
  public DiscreteSsm channel(int channel) {
    int channels = Math.min(inputs(), outputs());
    if (channel < 0 || channel >= channels) {
      throw new IllegalArgumentException(
          "channel: expected 0 to " + (channels - 1) + ", got " + channel);
    }
    return Scoped.compute(
        lambdaBar.real().getManager(),
        () -> {
          StateSet own =
              channels().map(all -> all.between(channel, channel + 1)).orElseGet(() -> by(channel));
          if (own.isEmpty()) {
            throw new IllegalArgumentException(
                "channel: expected one with states, got " + channel + " that has none");
          }
          DiscreteSsm layer = keep(own);
          NDIndex one = new NDIndex("{}:{}", channel, channel + 1);
          return new DiscreteSsm(
              layer.lambdaBar,
              layer.margin,
              layer.ports.withoutChannels().channel(channel),
              layer.feedthrough.map(d -> d.get(one).duplicate()));
        },
        DiscreteSsm::arrays);
  }

  /** The states that one input drives. */
  private StateSet by(int input) {
    NDIndex column = new NDIndex(":, {}:{}", input, input + 1);
    double[] numbers = ComplexArray.doubles(ports.b().get(column).abs());
    return StateSet.where(numbers.length, i -> numbers[i] != 0);
  }

  /** This layer with another input matrix, (n, inputs); the other arrays are shared. */
  public DiscreteSsm withBBar(ComplexArray input) {
    return new DiscreteSsm(lambdaBar, margin, input, c(), backwardC(), feedthrough);
  }

  /** This layer with another forward output matrix, (outputs, n); the other arrays are shared. */
  public DiscreteSsm withC(ComplexArray output) {
    return new DiscreteSsm(lambdaBar, margin, bBar(), output, backwardC(), feedthrough);
  }

  /** This layer made bidirectional by the output matrix of a time-reversed scan, (outputs, n). */
  public DiscreteSsm withBackwardC(ComplexArray backward) {
    Shapes.requireThere("backwardC", backward);
    return new DiscreteSsm(lambdaBar, margin, bBar(), c(), Optional.of(backward), feedthrough);
  }

  /** This layer with the diagonal feedthrough D, (outputs); the other arrays are shared. */
  public DiscreteSsm withFeedthrough(NDArray d) {
    Shapes.requireThere("feedthrough", d);
    Shapes.require("feedthrough", d.getShape(), outputs());
    Shapes.requireType("feedthrough", d.getDataType(), lambdaBar.dataType());
    return with(ports, Optional.of(d));
  }

  /** The states alone, without D; what is there is shared. */
  public DiscreteSsm withoutFeedthrough() {
    return with(ports, Optional.empty());
  }

  /**
   * This layer with every input multiplied by a number before it: B̄ and D are.
   *
   * @param factors shape (inputs), of the layer's dtype
   * @throws IllegalArgumentException if the shape or dtype does not fit
   */
  public DiscreteSsm withInputsTimes(NDArray factors) {
    Shapes.requireThere("factors", factors);
    Shapes.require("factors", factors.getShape(), inputs());
    Shapes.requireType("factors", factors.getDataType(), lambdaBar.dataType());
    NDManager manager = lambdaBar.real().getManager();
    NDArray own =
        channels()
            .map(all -> factors.get(new NDIndex("{}", all.index(manager))).reshape(-1, 1))
            .orElse(factors);
    return with(ports.withB(ports.b().mul(own)), feedthrough.map(d -> d.mul(factors)));
  }

  /**
   * This layer with what drives each state multiplied by a number: the rows of B̄ are.
   *
   * @param factors shape (n), of the layer's dtype
   * @throws IllegalArgumentException if the shape or dtype does not fit
   */
  public DiscreteSsm withStatesTimes(NDArray factors) {
    Shapes.requireThere("factors", factors);
    Shapes.require("factors", factors.getShape(), states());
    Shapes.requireType("factors", factors.getDataType(), lambdaBar.dataType());
    return with(ports.withB(ports.b().mul(factors.reshape(-1, 1))), feedthrough);
  }

  /** The states with what is read of them multiplied by a number: C is. Without D. */
  public DiscreteSsm withOutputsTimes(double factor) {
    return with(ports.mapOutputs(c -> c.mul(factor)), Optional.empty());
  }

  /**
   * The states as one scan of the layer reads them, as a causal layer without D; arrays are shared.
   *
   * @throws IllegalArgumentException if there is no backward scan, and it is asked for
   */
  public DiscreteSsm direction(Scan.Direction direction) {
    ComplexArray output =
        direction == Scan.Direction.FORWARD
            ? ports.c()
            : ports
                .backwardC()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "direction: expected FORWARD in a layer of one direction, got"
                                + " BACKWARD"));
    return with(ports.only(output), Optional.empty());
  }

  /**
   * The causal part transposed, with C' for B̄ and B̄' for C: its outputs are this layer's inputs.
   * With the feedthrough, if there is one; arrays are shared.
   */
  public DiscreteSsm transpose() {
    return with(ports.transpose(), feedthrough);
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
    return Response.trajectories(this, u, direction);
  }

  /**
   * Checks an input.
   *
   * @param u shape (batch, L, inputs), of the layer's dtype, as many as outputs with a feedthrough
   * @throws IllegalArgumentException if the shape or dtype does not fit, or a number is not finite
   */
  public void requireInput(NDArray u) {
    Shapes.requireThere("u", u);
    Shapes.require("u", u.getShape(), -1, -1, inputs());
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
          NDArray y = Response.of(this, u);
          return feedthrough.isPresent() ? y.add(u.mul(feedthrough.get())) : y;
        });
  }

  /** Every array that the layer holds. */
  public NDList arrays() {
    NDList list = new NDList(lambdaBar.real(), lambdaBar.imag(), margin);
    list.addAll(ports.arrays());
    feedthrough.ifPresent(list::add);
    return list;
  }

  /** Such as "64 states from 96 inputs to 96 outputs, bidirectional, with feedthrough". */
  @Override
  public String toString() {
    return ports.describe() + (feedthrough.isPresent() ? ", with feedthrough" : "");
  }
}
