package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The layer whose output is the difference of two layers' outputs, Σ - Σ̂. */
public final class LayerDifference {
  private static final int FIRST_BYTES = 128;

  private LayerDifference() {}

  /** What both layers must have. */
  private record Ports(long inputs, long outputs, boolean bidirectional, DataType type) {
    static Ports of(DiscreteSsm layer) {
      return new Ports(
          layer.bBar().shape().get(1),
          layer.c().shape().get(0),
          layer.backwardC().isPresent(),
          layer.lambdaBar().dataType());
    }
  }

  /**
   * The states of both, those of the second with -C. States that are the same in both, digit for
   * digit, cancel and are left out: if the second is what remains of the first, the difference is
   * what was removed.
   *
   * @param first a layer Σ, float64
   * @param second a layer Σ̂ with the same inputs, outputs, directions and dtype
   * @return without feedthrough, which is taken to be the same in both; empty if no state differs.
   *     The manager of the first layer's poles holds it
   * @throws IllegalArgumentException if the second has other inputs, outputs, directions or dtype
   */
  public static Optional<DiscreteSsm> of(DiscreteSsm first, DiscreteSsm second) {
    if (!Ports.of(first).equals(Ports.of(second))) {
      throw new IllegalArgumentException(
          "second: expected " + Ports.of(first) + " as the first, got " + Ports.of(second));
    }
    Map<ByteBuffer, Integer> common = new HashMap<>();
    ByteBuffer[] there = contents(second);
    for (ByteBuffer state : there) {
      common.merge(state, 1, Integer::sum);
    }
    // Each state of the second cancels one of the first.
    ByteBuffer[] here = contents(first);
    StateSet onlyFirst = StateSet.where(here.length, i -> !taken(common, here[i]));
    StateSet onlySecond = StateSet.where(there.length, i -> taken(common, there[i]));
    if (onlyFirst.isEmpty() && onlySecond.isEmpty()) {
      return Optional.empty();
    }
    NDManager owner = first.lambdaBar().real().getManager();
    return Optional.of(
        Scoped.compute(
            owner, () -> difference(first, onlyFirst, second, onlySecond), DiscreteSsm::arrays));
  }

  private static boolean taken(Map<ByteBuffer, Integer> counts, ByteBuffer state) {
    int left = counts.getOrDefault(state, 0);
    if (left > 0) {
      counts.put(state, left - 1);
    }
    return left > 0;
  }

  private static DiscreteSsm difference(
      DiscreteSsm first, StateSet ofFirst, DiscreteSsm second, StateSet ofSecond) {
    if (ofSecond.isEmpty()) {
      return first.withoutFeedthrough().keep(ofFirst);
    }
    DiscreteSsm b = second.withoutFeedthrough().keep(ofSecond);
    b = b.withC(b.c().mul(-1));
    if (b.backwardC().isPresent()) {
      b = b.withBackwardC(b.backwardC().get().mul(-1));
    }
    if (ofFirst.isEmpty()) {
      return b;
    }
    DiscreteSsm a = first.withoutFeedthrough().keep(ofFirst);
    NDArray margin = a.margin().concat(b.margin(), 0);
    DiscreteSsm both =
        new DiscreteSsm(
            concat(a.lambdaBar(), b.lambdaBar(), 0),
            margin,
            concat(a.bBar(), b.bBar(), 0),
            concat(a.c(), b.c(), 1),
            Optional.empty(),
            Optional.empty());
    return a.backwardC().isPresent()
        ? both.withBackwardC(concat(a.backwardC().get(), b.backwardC().orElseThrow(), 1))
        : both;
  }

  private static ComplexArray concat(ComplexArray a, ComplexArray b, int axis) {
    return ComplexArray.of(a.real().concat(b.real(), axis), a.imag().concat(b.imag(), axis));
  }

  /** All numbers of each state that are not zero, with their places. */
  private static ByteBuffer[] contents(DiscreteSsm layer) {
    int n = layer.states();
    NDList columns = new NDList(layer.c().real(), layer.c().imag());
    layer.backwardC().ifPresent(back -> columns.addAll(new NDList(back.real(), back.imag())));
    NDList rows = new NDList(layer.lambdaBar().real(), layer.lambdaBar().imag(), layer.margin());
    rows.addAll(new NDList(layer.bBar().real(), layer.bBar().imag()));
    ByteBuffer[] contents = new ByteBuffer[n];
    Arrays.setAll(contents, i -> ByteBuffer.allocate(FIRST_BYTES));
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
