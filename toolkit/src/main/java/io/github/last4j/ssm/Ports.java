package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiagonalSsm.Shapes;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What joins the n states of a layer to its inputs and outputs: the matrices B (n, inputs) and C
 * (outputs, n), or, where every state has one channel, its own numbers alone, b (n, 1) and c (1,
 * n). An S4D layer of 512 channels has 16,384 states, and matrices of half a gigabyte.
 *
 * @param b the input matrix, or a number for each state
 * @param c the output matrix, or a number for each state
 * @param backwardC like c, of the time-reversed scan
 * @param channels whose the states are, if every one has a channel
 */
record Ports(
    ComplexArray b, ComplexArray c, Optional<ComplexArray> backwardC, Optional<Channels> channels) {

  int inputs() {
    return channels.map(Channels::count).orElse((int) b.shape().get(1));
  }

  int outputs() {
    return channels.map(Channels::count).orElse((int) c.shape().get(0));
  }

  /** B as a matrix: the one that is there, or a new one. */
  ComplexArray inputMatrix() {
    return spread(b, false);
  }

  /** C as a matrix: the one that is there, or a new one. */
  ComplexArray outputMatrix() {
    return spread(c, true);
  }

  /** The backward C as a matrix: the one that is there, or a new one. */
  Optional<ComplexArray> backwardMatrix() {
    return backwardC.map(back -> spread(back, true));
  }

  private ComplexArray spread(ComplexArray numbers, boolean outputs) {
    if (channels.isEmpty()) {
      return numbers;
    }
    NDManager manager = numbers.real().getManager();
    return Scoped.compute(
        manager,
        () -> {
          NDArray ports = channels.get().ports(manager, numbers.dataType());
          return numbers.mul(outputs ? ports.transpose() : ports);
        },
        Ports::parts);
  }

  /** The states between matrices, where they were between channels. */
  Ports matrices() {
    return new Ports(inputMatrix(), outputMatrix(), backwardMatrix(), Optional.empty());
  }

  /** The numbers without whose they are: the states between one input and one output. */
  Ports withoutChannels() {
    return new Ports(b, c, backwardC, Optional.empty());
  }

  /**
   * What is between one input and one output becomes numbers of channels.
   *
   * @param name of B, for the message
   * @throws IllegalArgumentException if there are more inputs or outputs or other states
   */
  Ports withChannels(String name, Channels whose) {
    Shapes.requireThere("channels", whose);
    Shapes.require(name, b.shape(), whose.states(), 1);
    Shapes.require("c", c.shape(), 1, whose.states());
    return new Ports(b, c, backwardC, Optional.of(whose));
  }

  Ports withB(ComplexArray other) {
    return new Ports(other, c, backwardC, channels);
  }

  /** Other outputs of the same shapes. */
  Ports mapOutputs(UnaryOperator<ComplexArray> change) {
    return new Ports(b, change.apply(c), backwardC.map(change), channels);
  }

  /** The outputs of one direction alone. */
  Ports only(ComplexArray output) {
    return new Ports(b, output, Optional.empty(), channels);
  }

  /** Inputs for outputs, of the forward direction. */
  Ports transpose() {
    return new Ports(c.transpose(), b.transpose(), Optional.empty(), channels);
  }

  /** Of some states: copies. */
  Ports keep(StateSet states, NDArray picked) {
    NDIndex columns = new NDIndex(":, {}", picked);
    return new Ports(
        b.get(new NDIndex("{}", picked)),
        c.get(columns),
        backwardC.map(back -> back.get(columns)),
        channels.map(own -> own.keep(states)));
  }

  /** One input and one output of matrices, or of one channel's numbers: copies. */
  Ports channel(int channel) {
    int input = inputs() == 1 ? 0 : channel;
    int output = outputs() == 1 ? 0 : channel;
    NDIndex row = new NDIndex("{}:{}", output, output + 1);
    return new Ports(
        copy(b.get(new NDIndex(":, {}:{}", input, input + 1))),
        copy(c.get(row)),
        backwardC.map(back -> copy(back.get(row))),
        Optional.empty());
  }

  private static ComplexArray copy(ComplexArray array) {
    return array.toType(array.dataType());
  }

  /** Such as "64 states from 96 inputs to 96 outputs, bidirectional". */
  String describe() {
    String states = b.shape().get(0) + " states";
    return channels
            .map(Channels::toString)
            .orElse(states + " from " + inputs() + " inputs to " + outputs() + " outputs")
        + (backwardC.isPresent() ? ", bidirectional" : "");
  }

  /** Every array that is there. */
  NDList arrays() {
    NDList list = new NDList(b.real(), b.imag(), c.real(), c.imag());
    backwardC.ifPresent(back -> list.addAll(parts(back)));
    return list;
  }

  private static NDList parts(ComplexArray array) {
    return new NDList(array.real(), array.imag());
  }

  /**
   * The numbers of matrices in which every state has one channel at most.
   *
   * @param matrices as many inputs as outputs
   * @return copies; a state without input and output is in the channel of the one before it
   * @throws IllegalArgumentException if a state has more than one channel
   */
  static Ports decoupled(Ports matrices) {
    int channels = matrices.inputs();
    int[] byState = new int[(int) matrices.b.shape().get(0)];
    Arrays.fill(byState, -1);
    claim(byState, matrices.b, 0);
    claim(byState, matrices.c, 1);
    matrices.backwardC.ifPresent(back -> claim(byState, back, 1));
    for (int i = 0; i < byState.length; i++) {
      byState[i] = byState[i] >= 0 ? byState[i] : i == 0 ? 0 : byState[i - 1];
    }
    Channels own = Channels.of(channels, byState);
    NDArray index = own.index(matrices.b.real().getManager()).reshape(-1, 1);
    UnaryOperator<ComplexArray> column =
        rows -> ComplexArray.of(rows.real().gather(index, 1), rows.imag().gather(index, 1));
    UnaryOperator<ComplexArray> row = columns -> column.apply(columns.transpose()).reshape(1, -1);
    return new Ports(
        column.apply(matrices.b),
        row.apply(matrices.c),
        matrices.backwardC.map(row),
        Optional.of(own));
  }

  /** Notes for every state the channel in which it has a number that is not zero. */
  private static void claim(int[] byState, ComplexArray matrix, int stateAxis) {
    double[] re = ComplexArray.doubles(matrix.real());
    double[] im = ComplexArray.doubles(matrix.imag());
    int n = byState.length;
    int width = re.length / n;
    for (int k = 0; k < re.length; k++) {
      int state = stateAxis == 0 ? k / width : k % n;
      int channel = stateAxis == 0 ? k % width : k / n;
      if ((re[k] != 0 || im[k] != 0) && byState[state] != channel) {
        if (byState[state] >= 0) {
          throw new IllegalArgumentException(
              "states: expected one channel each, got "
                  + byState[state]
                  + " and "
                  + channel
                  + " of state "
                  + state);
        }
        byState[state] = channel;
      }
    }
  }
}
