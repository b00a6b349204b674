package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.progress.Interruption;
import java.util.Optional;

/** What the states of a layer make of inputs (batch, L, inputs) that fit, from rest, without D. */
final class Response {
  // Of complex trajectories at once: some ten megabytes, and a few times that on the way.
  private static final long MOST_NUMBERS = 1 << 19;

  private Response() {}

  /** The states at every step, shape (batch, L, n). */
  static ComplexArray trajectories(DiscreteSsm layer, NDArray u, Scan.Direction direction) {
    return Scoped.compute(
        u.getManager(),
        () -> {
          ComplexArray weights = layer.ports().b().transpose();
          Optional<NDArray> own =
              layer
                  .channels()
                  .map(channels -> new NDIndex(":, :, {}", channels.index(u.getManager())))
                  .map(u::get);
          ComplexArray v =
              own.isPresent()
                  ? weights.mul(own.get())
                  : ComplexArray.of(u.matMul(weights.real()), u.matMul(weights.imag()));
          return Scan.chunked(layer.lambdaBar(), v, direction);
        },
        x -> new NDList(x.real(), x.imag()));
  }

  /** The output, shape (batch, L, outputs); to be called in a scope. */
  static NDArray of(DiscreteSsm layer, NDArray u) {
    return layer.channels().isPresent()
        ? byChannels(layer, layer.channels().get(), u)
        : together(layer, u);
  }

  private static NDArray together(DiscreteSsm layer, NDArray u) {
    Ports ports = layer.ports();
    NDArray y = read(ports.c(), trajectories(layer, u, Scan.Direction.FORWARD));
    return ports
        .backwardC()
        .map(back -> y.add(read(back, trajectories(layer, u, Scan.Direction.BACKWARD))))
        .orElse(y);
  }

  /** 2·Re(Cx). */
  private static NDArray read(ComplexArray c, ComplexArray x) {
    ComplexArray weights = c.transpose();
    NDArray half = x.real().matMul(weights.real()).sub(x.imag().matMul(weights.imag()));
    return half.add(half);
  }

  /** Of some channels after others, since the trajectories of all may be too much for memory. */
  private static NDArray byChannels(DiscreteSsm layer, Channels channels, NDArray u) {
    long most = MOST_NUMBERS / (u.getShape().get(0) * u.getShape().get(1));
    int[] counts = channels.counts();
    NDList outputs = new NDList();
    int from = 0;
    while (from < counts.length) {
      int to = from;
      long states = 0;
      do {
        states += counts[to++];
      } while (to < counts.length && states + counts[to] <= most);
      outputs.add(of(layer, channels, u, from, to));
      from = to;
    }
    return NDArrays.concat(outputs, -1);
  }

  private static NDArray of(DiscreteSsm layer, Channels channels, NDArray u, int from, int to) {
    Interruption.check("the output of a layer");
    return Scoped.array(
        u.getManager(),
        () -> {
          NDArray own = u.get(new NDIndex(":, :, {}:{}", from, to));
          StateSet states = channels.between(from, to);
          if (states.isEmpty()) {
            return own.zerosLike();
          }
          DiscreteSsm part = layer.withoutFeedthrough().keep(states);
          Channels some = part.channels().orElseThrow().renumbered(from, to);
          return together(
              part.with(part.ports().withChannels("bBar", some).matrices(), Optional.empty()), own);
        });
  }
}
