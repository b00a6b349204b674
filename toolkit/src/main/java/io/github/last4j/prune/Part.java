package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.R064Store;

/**
 * The states of a layer that share inputs and outputs: in S5 all of them, in S4D those of a
 * channel.
 *
 * <p>What they do is written in real coordinates f: for each of d directions the real parts of the
 * n states and then the imaginary parts, N = 2nd in all, of which the output is a linear function y
 * = Wf.
 *
 * @param states which of the layer's states they are
 * @param channel the one input and output that they have, if it is one
 * @param system they alone, float64, without feedthrough
 */
record Part(StateSet states, OptionalInt channel, DiscreteSsm system) {

  /** The parts of a float64 layer; channels without states have none. */
  static List<Part> of(DiscreteSsm layer) {
    DiscreteSsm states = layer.withoutFeedthrough();
    if (layer.channels().isEmpty()) {
      return List.of(new Part(StateSet.all(layer.states()), OptionalInt.empty(), states));
    }
    Channels channels = layer.channels().get();
    return channels
        .byState()
        .distinct()
        .mapToObj(k -> new Part(channels.between(k, k + 1), OptionalInt.of(k), states.channel(k)))
        .toList();
  }

  /** The number n of stored states. */
  int count() {
    return system.states();
  }

  /** The number d of directions. */
  int directions() {
    return system.bidirectional() ? 2 : 1;
  }

  /** The number N of coordinates. */
  int size() {
    return 2 * count() * directions();
  }

  /** The coordinates of a state: real and imaginary part in each direction. */
  int[] coordinates(int state) {
    return IntStream.range(0, 2 * directions()).map(k -> k * count() + state).toArray();
  }

  /** The part's share of signals (batch, L, h), float64. */
  NDArray share(NDArray signals) {
    NDArray share =
        channel.isPresent()
            ? signals.get(":, :, {}:{}", channel.getAsInt(), channel.getAsInt() + 1)
            : signals;
    return share.toType(DataType.FLOAT64, false);
  }

  /** The coordinates f at every step that inputs (batch, L, h) drive; shape (batch, L, N). */
  NDArray signals(NDArray inputs) {
    return Scoped.array(
        inputs.getManager(),
        () -> {
          NDArray u = share(inputs);
          NDList columns = new NDList();
          for (Scan.Direction direction :
              List.of(Scan.Direction.values()).subList(0, directions())) {
            ComplexArray x = system.trajectories(u, direction);
            columns.addAll(new NDList(x.real(), x.imag()));
          }
          return NDArrays.concat(columns, -1);
        });
  }

  /**
   * The gradients with respect to the coordinates, through all later steps, of a number whose
   * gradients with respect to the layer's response are (batch, L, h); shape (batch, L, N). This
   * adjoint recursion runs against the direction of its states, with conjugated poles.
   */
  NDArray gradients(NDArray response) {
    return Scoped.array(
        response.getManager(),
        () -> {
          NDArray g = share(response);
          NDList columns = new NDList(adjoint(g, system.c(), Scan.Direction.BACKWARD));
          system.backwardC().ifPresent(c -> columns.addAll(adjoint(g, c, Scan.Direction.FORWARD)));
          return NDArrays.concat(columns, -1);
        });
  }

  private NDList adjoint(NDArray g, ComplexArray c, Scan.Direction direction) {
    ComplexArray poles = system.lambdaBar();
    ComplexArray v = ComplexArray.of(g.matMul(c.real()).mul(2), g.matMul(c.imag()).mul(-2));
    ComplexArray x = Scan.chunked(ComplexArray.of(poles.real(), poles.imag().neg()), v, direction);
    return new NDList(x.real(), x.imag());
  }

  /** W, (outputs, N): an output is 2·Re(Cx). */
  R064Store weights() {
    return Matrices.of(
        Scoped.array(
            system.lambdaBar().real().getManager(),
            () -> {
              NDList columns = new NDList(system.c().real().mul(2), system.c().imag().mul(-2));
              system
                  .backwardC()
                  .ifPresent(c -> columns.addAll(new NDList(c.real().mul(2), c.imag().mul(-2))));
              return NDArrays.concat(columns, 1);
            }));
  }

  /** What a step of input puts into the coordinates at once, (N, inputs). */
  R064Store inputs() {
    double[] re = ComplexArray.doubles(system.bBar().real());
    double[] im = ComplexArray.doubles(system.bBar().imag());
    int columns = re.length / count();
    R064Store rows = Matrices.zeros(size(), columns);
    for (int k = 0; k < size(); k++) {
      double[] values = k / count() % 2 == 0 ? re : im;
      for (int j = 0; j < columns; j++) {
        rows.set(k, j, values[k % count() * columns + j]);
      }
    }
    return rows;
  }
}
