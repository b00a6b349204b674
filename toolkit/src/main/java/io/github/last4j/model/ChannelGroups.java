package io.github.last4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The channels of an S4D layer by how many states they have, so that the states of a group are an
 * array (channels, states) of which at most a quarter is filled up with zeros. Channels without
 * states are in no group.
 *
 * @param groups those with most states first
 */
public record ChannelGroups(List<Group> groups) {
  private static final double FULL = 0.75;

  /** Makes the list unmodifiable. */
  public ChannelGroups {
    groups = List.copyOf(groups);
  }

  /**
   * Channels with about equally many states.
   *
   * @param channels their indices in the layer
   * @param first the index of the first state of each, in the order in which the layer stores them
   * @param counts how many states each has, the first of them the most
   */
  public record Group(List<Integer> channels, List<Integer> first, List<Integer> counts) {
    /** Makes the lists unmodifiable. */
    public Group {
      channels = List.copyOf(channels);
      first = List.copyOf(first);
      counts = List.copyOf(counts);
    }

    /** The most states that one of them has. */
    public int most() {
      return counts.get(0);
    }

    /**
     * Which state is where in an array (channels, {@link #most}).
     *
     * @param none what stands where there is no state
     */
    public int[] places(int none) {
      int[] places = new int[channels.size() * most()];
      Arrays.fill(places, none);
      for (int i = 0; i < channels.size(); i++) {
        for (int state = 0; state < counts.get(i); state++) {
          places[i * most() + state] = first.get(i) + state;
        }
      }
      return places;
    }
  }

  /**
   * The groups of a layer.
   *
   * @param config of a model of the family S4D
   * @param layer counted from 0
   */
  public static ChannelGroups of(ModelConfig config, int layer) {
    return of(ChannelStates.of(config, layer).counts());
  }

  /** The groups of channels with so many states. */
  static ChannelGroups of(List<Integer> counts) {
    int[] first = new int[counts.size()];
    for (int channel = 1; channel < first.length; channel++) {
      first[channel] = first[channel - 1] + counts.get(channel - 1);
    }
    List<Integer> sorted =
        IntStream.range(0, counts.size())
            .filter(channel -> counts.get(channel) > 0)
            .boxed()
            // Stable, so that channels with equally many stay in order.
            .sorted(Comparator.comparing((Integer channel) -> -counts.get(channel)))
            .toList();
    List<Group> groups = new ArrayList<>();
    for (int start = 0; start < sorted.size(); ) {
      double least = FULL * counts.get(sorted.get(start));
      int end = start;
      while (end < sorted.size() && counts.get(sorted.get(end)) >= least) {
        end++;
      }
      List<Integer> channels = sorted.subList(start, end);
      groups.add(
          new Group(
              channels,
              channels.stream().map(channel -> first[channel]).toList(),
              channels.stream().map(counts::get).toList()));
      start = end;
    }
    return new ChannelGroups(groups);
  }

  /** The channels of all groups, in the order of the groups. */
  public List<Integer> channels() {
    return groups.stream().flatMap(group -> group.channels.stream()).toList();
  }

  /** Whether there is but one group, of all channels of a layer in order. */
  public boolean whole(int channels) {
    return groups.size() == 1
        && groups.get(0).channels.equals(IntStream.range(0, channels).boxed().toList());
  }
}
