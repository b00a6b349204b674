package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The layer whose output is the difference of two layers' outputs, Σ - Σ̂. */
public final class LayerDifference {
  private static final int FIRST_BYTES = 128;

  private LayerDifference() {}

  /** What both layers must have alike. */
  private record Kind(int inputs, int outputs, boolean bidirectional, DataType type) {
    static Kind of(DiscreteSsm layer) {
      return new Kind(
          layer.inputs(), layer.outputs(), layer.bidirectional(), layer.lambdaBar().dataType());
    }
  }

  /**
   * The states of both, those of the second with -C. States with the same poles and inputs, digit
   * for digit, become one, with the difference of their C, and those in which nothing differs are
   * left out: if the second is what remains of the first, the difference is what was removed.
   *
   * @param first a layer Σ, float64
   * @param second a layer Σ̂ with the same inputs, outputs, directions and dtype
   * @return with the difference of the feedthroughs, if there is one; empty if nothing differs. The
   *     manager of the first layer's poles holds it
   * @throws IllegalArgumentException if the second has other inputs, outputs, directions or dtype
   */
  public static Optional<DiscreteSsm> of(DiscreteSsm first, DiscreteSsm second) {
    if (!Kind.of(first).equals(Kind.of(second))) {
      throw new IllegalArgumentException(
          "second: expected " + Kind.of(first) + " as the first, got " + Kind.of(second));
    }
    return first.channels().isPresent() == second.channels().isPresent()
        ? between(first, second)
        : Scoped.compute(
            first.lambdaBar().real().getManager(),
            () -> between(matrices(first), matrices(second)),
            difference -> difference.map(DiscreteSsm::arrays).orElseGet(NDList::new));
  }

  private static DiscreteSsm matrices(DiscreteSsm layer) {
    return layer.with(layer.ports().matrices(), layer.feedthrough());
  }

  /** Of two layers of channels, or two of matrices. */
  private static Optional<DiscreteSsm> between(DiscreteSsm first, DiscreteSsm second) {
    Map<ByteBuffer, Integer> common = new HashMap<>();
    ByteBuffer[] there = contents(second, true);
    for (ByteBuffer state : there) {
      common.merge(state, 1, Integer::sum);
    }
    // Each state of the second cancels one of the first.
    ByteBuffer[] here = contents(first, true);
    StateSet onlyFirst = StateSet.where(here.length, i -> !taken(common, here[i]));
    StateSet onlySecond = StateSet.where(there.length, i -> taken(common, there[i]));
    boolean direct = !sameFeedthrough(first, second);
    if (onlyFirst.isEmpty() && onlySecond.isEmpty() && !direct) {
      return Optional.empty();
    }
    NDManager owner = first.lambdaBar().real().getManager();
    return Optional.of(
        Scoped.compute(
            owner,
            () -> {
              DiscreteSsm states = states(first, onlyFirst, second, onlySecond);
              return direct ? states.withFeedthrough(direct(first).sub(direct(second))) : states;
            },
            DiscreteSsm::arrays));
  }

  private static boolean sameFeedthrough(DiscreteSsm first, DiscreteSsm second) {
    if (first.feedthrough().isEmpty() && second.feedthrough().isEmpty()) {
      return true;
    }
    try (NDArray one = direct(first);
        NDArray other = direct(second)) {
      return one.contentEquals(other);
    }
  }

  /** D, zeros if there is none: a copy. */
  private static NDArray direct(DiscreteSsm layer) {
    return layer
        .feedthrough()
        .map(NDArray::duplicate)
        .orElseGet(
            () ->
                layer
                    .margin()
                    .getManager()
                    .zeros(new Shape(layer.outputs()), layer.margin().getDataType()));
  }

  private static boolean taken(Map<ByteBuffer, Integer> counts, ByteBuffer state) {
    int left = counts.getOrDefault(state, 0);
    if (left > 0) {
      counts.put(state, left - 1);
    }
    return left > 0;
  }

  private static DiscreteSsm states(
      DiscreteSsm first, StateSet ofFirst, DiscreteSsm second, StateSet ofSecond) {
    if (ofFirst.isEmpty() && ofSecond.isEmpty()) {
      // A layer has a state: one that nothing is read of.
      DiscreteSsm one = first.withoutFeedthrough().keep(StateSet.of(first.states(), 0));
      return one.withOutputsTimes(0);
    }
    if (ofSecond.isEmpty()) {
      return first.withoutFeedthrough().keep(ofFirst);
    }
    DiscreteSsm b = second.withoutFeedthrough().keep(ofSecond).withOutputsTimes(-1);
    return ofFirst.isEmpty() ? b : sum(first.withoutFeedthrough().keep(ofFirst), b);
  }

  /** The states of both layers, one for two with the same pole and inputs. */
  private static DiscreteSsm sum(DiscreteSsm a, DiscreteSsm b) {
    ByteBuffer[] here = contents(a, false);
    ByteBuffer[] there = contents(b, false);
    Map<ByteBuffer, Deque<Integer>> places = new HashMap<>();
    for (int i = 0; i < here.length; i++) {
      places.computeIfAbsent(here[i], key -> new ArrayDeque<>()).add(i);
    }
    // Where a state of the first has none of the second, a column of zeros stands for it.
    long[] partner = new long[here.length];
    Arrays.fill(partner, there.length);
    boolean[] alone = new boolean[there.length];
    for (int k = 0; k < there.length; k++) {
      Deque<Integer> free = places.getOrDefault(there[k], new ArrayDeque<>());
      alone[k] = free.isEmpty();
      if (!alone[k]) {
        partner[free.remove()] = k;
      }
    }
    NDIndex columns = new NDIndex(":, {}", a.margin().getManager().create(partner));
    Ports one = a.ports();
    Ports other = b.ports();
    Ports merged =
        new Ports(
            one.b(),
            one.c().add(picked(other.c(), columns)),
            one.backwardC().map(back -> back.add(picked(other.backwardC().orElseThrow(), columns))),
            one.channels());
    StateSet rest = StateSet.where(there.length, k -> alone[k]);
    DiscreteSsm sum = a.with(merged, Optional.empty());
    return rest.isEmpty() ? sum : beside(sum, b.keep(rest));
  }

  private static ComplexArray picked(ComplexArray c, NDIndex columns) {
    return ComplexArray.of(picked(c.real(), columns), picked(c.imag(), columns));
  }

  private static NDArray picked(NDArray c, NDIndex columns) {
    NDArray zeros = c.getManager().zeros(new Shape(c.getShape().get(0), 1), c.getDataType());
    return c.concat(zeros, 1).get(columns);
  }

  private static DiscreteSsm beside(DiscreteSsm a, DiscreteSsm b) {
    Ports one = a.ports();
    Ports other = b.ports();
    return new DiscreteSsm(
        concat(a.lambdaBar(), b.lambdaBar(), 0),
        a.margin().concat(b.margin(), 0),
        new Ports(
            concat(one.b(), other.b(), 0),
            concat(one.c(), other.c(), 1),
            one.backwardC().map(back -> concat(back, other.backwardC().orElseThrow(), 1)),
            one.channels().map(channels -> channels.then(other.channels().orElseThrow()))),
        Optional.empty());
  }

  private static ComplexArray concat(ComplexArray a, ComplexArray b, int axis) {
    return ComplexArray.of(a.real().concat(b.real(), axis), a.imag().concat(b.imag(), axis));
  }

  /** All numbers of each state that are not zero, with their places; without C only what it is. */
  private static ByteBuffer[] contents(DiscreteSsm layer, boolean withC) {
    int n = layer.states();
    Ports ports = layer.ports();
    NDList columns = new NDList();
    if (withC) {
      columns.addAll(new NDList(ports.c().real(), ports.c().imag()));
      ports.backwardC().ifPresent(back -> columns.addAll(new NDList(back.real(), back.imag())));
    }
    NDList rows = new NDList(layer.lambdaBar().real(), layer.lambdaBar().imag(), layer.margin());
    rows.addAll(new NDList(ports.b().real(), ports.b().imag()));
    ByteBuffer[] contents = new ByteBuffer[n];
    Arrays.setAll(contents, i -> ByteBuffer.allocate(FIRST_BYTES));
    ports
        .channels()
        .ifPresent(channels -> Arrays.setAll(contents, i -> contents[i].putInt(channels.of(i))));
    int place = 0;
    for (NDArray array : rows) {
      double[] values = ComplexArray.doubles(array);
      int width = values.length / n;
      for (int k = 0; k < values.length; k++) {
        put(contents, k / width, place + k % width, values[k]);
      }
      place += width;
    }
    for (NDArray array : columns) {
      double[] values = ComplexArray.doubles(array);
      for (int k = 0; k < values.length; k++) {
        put(contents, k % n, place + k / n, values[k]);
      }
      place += values.length / n;
    }
    Arrays.stream(contents).forEach(ByteBuffer::flip);
    return contents;
  }

  private static void put(ByteBuffer[] contents, int state, int place, double value) {
    if (value != 0) {
      if (contents[state].remaining() < Integer.BYTES + Double.BYTES) {
        contents[state] =
            ByteBuffer.allocate(2 * contents[state].capacity()).put(contents[state].flip());
      }
      contents[state].putInt(place).putDouble(value);
    }
  }
}
