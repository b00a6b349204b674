package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Groups of channels hold every state once, and little else. */
class ChannelGroupsTest {

  @Test
  void everyStateIsThereOnce() {
    Random random = new Random(2);
    for (int trial = 0; trial < 200; trial++) {
      List<Integer> counts = new ArrayList<>();
      for (int channel = 0; channel < 1 + random.nextInt(20); channel++) {
        counts.add(random.nextInt(3) == 0 ? 0 : random.nextInt(33));
      }
      int states = counts.stream().mapToInt(Integer::intValue).sum();
      ChannelGroups groups = ChannelGroups.of(counts);
      TreeSet<Integer> found = new TreeSet<>();
      int filled = 0;
      for (ChannelGroups.Group group : groups.groups()) {
        int[] places = group.places(-1);
        filled += places.length;
        assertEquals(group.channels().size() * group.most(), places.length);
        for (int place : places) {
          assertTrue(place == -1 || found.add(place), "a state twice in " + counts);
        }
      }
      assertEquals(states, found.size());
      assertTrue(found.isEmpty() || (found.first() == 0 && found.last() == states - 1));
      assertTrue(0.75 * filled <= states, filled + " numbers for " + counts);
      List<Integer> channels = groups.channels();
      assertEquals(channels.size(), new TreeSet<>(channels).size());
      channels.forEach(channel -> assertTrue(counts.get(channel) > 0));
    }
  }

  @Test
  void equalChannelsAreOneGroupInOrder() {
    assertTrue(ChannelGroups.of(Collections.nCopies(5, 3)).whole(5));
    assertFalse(ChannelGroups.of(Arrays.asList(3, 0, 3)).whole(3));
    assertFalse(ChannelGroups.of(Arrays.asList(3, 4)).whole(2));
    assertFalse(ChannelGroups.of(Arrays.asList(30, 4)).whole(2));
  }
}
