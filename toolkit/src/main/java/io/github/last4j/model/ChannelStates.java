package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The n states of all h channels of an S4D layer, stored one channel after another.
 *
 * @param counts how many each channel has
 */
record ChannelStates(List<Integer> counts) {
  static ChannelStates of(ModelConfig config, int layer) {
    int h = config.channels();
    return new ChannelStates(
        config.channelPairs().isEmpty()
            ? Collections.nCopies(h, config.pairs().get(layer) / h)
            : config.channelPairs().get(layer));
  }

  /** Checks how many states channels have, where layers have pairs. */
  static void requireStates(int channels, List<Integer> pairs, List<List<Integer>> channelPairs) {
    if (channelPairs.isEmpty()) {
      pairs.forEach(
          n ->
              require(
                  n % channels == 0,
                  "pairs: expected a multiple of the %s channels in S4D, got %s",
                  channels,
                  n));
      return;
    }
    require(
        channelPairs.size() == pairs.size(),
        "channelPairs: expected %s layers, got %s",
        pairs.size(),
        channelPairs.size());
    for (int layer = 0; layer < pairs.size(); layer++) {
      List<Integer> counts = channelPairs.get(layer);
      require(
          counts != null
              && counts.size() == channels
              && counts.stream().allMatch(n -> n != null && n >= 0)
              && counts.stream().mapToLong(n -> n).sum() == pairs.get(layer),
          "channelPairs[%s]: expected %s numbers of at least zero with sum %s, got %s",
          layer,
          channels,
          pairs.get(layer),
          counts);
    }
  }

  /** The channel of every state. */
  Channels ofStates() {
    int[] byState =
        IntStream.range(0, counts.size())
            .flatMap(channel -> IntStream.range(0, counts.get(channel)).map(i -> channel))
            .toArray();
    return Channels.of(counts.size(), byState);
  }

  /** How many stay in each channel. */
  List<Integer> counts(StateSet stay) {
    return Arrays.stream(ofStates().keep(stay).counts()).boxed().toList();
  }

  /** States (n, …) as (h, m, …), m the most states of a channel, the others filled with zeros. */
  NDArray padded(NDArray states) {
    int h = counts.size();
    int most = Collections.max(counts);
    Shape rest = states.getShape().slice(1);
    Shape target = new Shape(h, most).addAll(rest);
    long n = states.getShape().get(0);
    if (n == (long) h * most) {
      return states.reshape(target);
    }
    long[] index = new long[h * most];
    Arrays.fill(index, n);
    int next = 0;
    for (int channel = 0; channel < h; channel++) {
      for (int i = 0; i < counts.get(channel); i++) {
        index[channel * most + i] = next++;
      }
    }
    NDManager manager = states.getManager();
    NDArray zero = manager.zeros(new Shape(1).addAll(rest), states.getDataType());
    return states.concat(zero, 0).get(new NDIndex("{}", manager.create(index))).reshape(target);
  }
}
