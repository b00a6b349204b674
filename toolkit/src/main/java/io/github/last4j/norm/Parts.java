package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A layer as the independent systems that it consists of: no two share a state, an input or an
 * output, so that G is block diagonal but for the order of its rows and columns. Its singular
 * values at every frequency, its Hankel singular values and its poles are those of all parts. An
 * S4D layer has one for every channel, an S5 layer is one.
 *
 * @param states n of the whole layer
 * @param bidirectional whether it has two directions
 * @param list the parts; a channel without states and feedthrough is in none
 */
record Parts(int states, int inputs, int outputs, boolean bidirectional, List<Part> list) {
  /** One of them. */
  static final class Part {
    /** Its numbers. */
    final PairSystem system;

    /** Which states of the layer it has, ascending; maybe none beside a feedthrough. */
    final int[] states;

    /** Which inputs, ascending. */
    final int[] inputs;

    /** Which outputs, ascending; the same as inputs if there is a feedthrough. */
    final int[] outputs;

    private Part(PairSystem system, int[] states, int[] inputs, int[] outputs) {
      this.system = system;
      this.states = states;
      this.inputs = inputs;
      this.outputs = outputs;
    }

    private Part with(PairSystem other) {
      return new Part(other, states, inputs, outputs);
    }

    /** Its channels of inputs (…, inputs) of the layer. */
    NDArray pick(NDArray u, Parts parts) {
      long[] own = IntStream.of(inputs).asLongStream().toArray();
      return own.length == parts.inputs
          ? u
          : u.get(new NDIndex("..., {}", u.getManager().create(own)));
    }

    /** The states that are in a set of the layer's, unless there is nothing left. */
    Optional<PairSystem> only(StateSet taken, boolean withFeedthrough) {
      StateSet own = StateSet.where(states.length, i -> taken.has(states[i]));
      return own.isEmpty() && !(withFeedthrough && system.feedthrough != null)
          ? Optional.empty()
          : Optional.of(system.part(own, withFeedthrough));
    }
  }

  /**
   * Those of a stable layer.
   *
   * @throws IllegalArgumentException if a pole is not inside the unit circle, naming the state, or
   *     a number is not finite or does not fit
   */
  static Parts of(DiscreteSsm ssm) {
    return of(LayerNumbers.stable(ssm));
  }

  static Parts of(LayerNumbers numbers) {
    Sets sets = new Sets(numbers.inputs + numbers.outputs);
    int[] home = new int[numbers.states];
    for (int i = 0; i < home.length; i++) {
      home[i] = sets.join(numbers, i);
    }
    if (numbers.feedthrough != null) {
      IntStream.range(0, numbers.inputs).forEach(k -> sets.join(k, numbers.inputs + k));
    }
    int size = numbers.inputs + numbers.outputs;
    List<List<Integer>> states = lists(size);
    List<List<Integer>> inputs = lists(size);
    List<List<Integer>> outputs = lists(size);
    IntStream.range(0, home.length).forEach(i -> states.get(sets.of(home[i])).add(i));
    IntStream.range(0, numbers.inputs).forEach(k -> inputs.get(sets.of(k)).add(k));
    IntStream.range(0, numbers.outputs)
        .forEach(o -> outputs.get(sets.of(numbers.inputs + o)).add(o));
    List<Part> list = new ArrayList<>();
    for (int set = 0; set < size; set++) {
      if (!states.get(set).isEmpty() || (numbers.feedthrough != null && sets.of(set) == set)) {
        int[] own = array(states.get(set));
        int[] from = array(inputs.get(set));
        int[] to = array(outputs.get(set));
        list.add(new Part(new PairSystem(numbers, own, from, to), own, from, to));
      }
    }
    return new Parts(
        numbers.states, numbers.inputs, numbers.outputs, numbers.c.size() > 1, List.copyOf(list));
  }

  private static List<List<Integer>> lists(int count) {
    List<List<Integer>> lists = new ArrayList<>();
    IntStream.range(0, count).forEach(k -> lists.add(new ArrayList<>()));
    return lists;
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The parts with numbers near one, all in the same unit, see {@link PairSystem#balanced(int)}.
   */
  Parts balanced() {
    int unit = list.stream().mapToInt(part -> part.system.unit()).max().orElse(0);
    return new Parts(
        states,
        inputs,
        outputs,
        bidirectional,
        list.stream().map(part -> part.with(part.system.balanced(unit))).toList());
  }

  /**
   * What each of many parts gives, in their order: threads of the common pool share the work.
   *
   * @param task for the message of an interrupt
   */
  static <P, R> List<R> each(String task, List<P> parts, Function<P, R> body) {
    return Interruption.parallel(
        task, check -> parts.parallelStream().peek(part -> check.run()).map(body).toList());
  }

  List<PairSystem> systems() {
    return list.stream().map(part -> part.system).toList();
  }

  /** The exponent of the unit of {@link #balanced} parts. */
  int exponent() {
    return list.get(0).system.exponent;
  }

  /** Disjoint sets of inputs and outputs, each known by its smallest member. */
  private static final class Sets {
    private final int[] parent;

    Sets(int size) {
      parent = IntStream.range(0, size).toArray();
    }

    int of(int member) {
      int root = member;
      while (parent[root] != root) {
        parent[root] = parent[parent[root]];
        root = parent[root];
      }
      return root;
    }

    void join(int a, int b) {
      int one = of(a);
      int other = of(b);
      parent[Math.max(one, other)] = Math.min(one, other);
    }

    /** Joins all channels of a state; one that it lacks is taken to be that of its other side. */
    int join(LayerNumbers numbers, int state) {
      int[] in = numbers.b.at[state];
      int[] out = numbers.c.stream().flatMapToInt(c -> Arrays.stream(c.at[state])).toArray();
      int own = in.length > 0 ? in[0] : out.length > 0 ? out[0] : 0;
      int input = in.length > 0 ? own : Math.min(own, numbers.inputs - 1);
      int output = out.length > 0 ? out[0] : Math.min(own, numbers.outputs - 1);
      join(input, numbers.inputs + output);
      Arrays.stream(in).forEach(k -> join(input, k));
      Arrays.stream(out).forEach(o -> join(input, numbers.inputs + o));
      return input;
    }
  }
}
