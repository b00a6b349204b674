package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a configuration may say of states. */
class ModelConfigTest {
  private static void refused(String argument, Consumer<ModelConfigBuilder> change) {
    ModelConfig s4d = ModelConfig.s4d(1, 10).with(c -> c.channels(3).pairs(layers(2, 6)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> s4d.with(change)).getMessage();
    assertTrue(message.startsWith(argument + ": expected "), message);
  }

  @Test
  void statesOfChannels() {
    List<List<Integer>> six = List.of(List.of(3, 1, 2));
    refused("pairs", c -> c.pairs(layers(2, 7)));
    refused("blocks", c -> c.blocks(2));
    refused("channelPairs[0]", c -> c.channelPairs(List.of(List.of(1, 2))).pairs(List.of(3)));
    refused("channelPairs[0]", c -> c.channelPairs(List.of(List.of(3, -1, 2))).pairs(List.of(4)));
    refused("channelPairs[0]", c -> c.channelPairs(six).pairs(List.of(7)));
    refused("channelPairs", c -> c.channelPairs(six).pairs(layers(2, 6)));
    refused("channelPairs", c -> c.channelPairs(six).pairs(List.of(6)).family(Family.S5));
  }

  private static ModelConfig keep(ModelConfig config, StateSet states) {
    return config.family().keep(config, new States(List.of(states)));
  }

  @Test
  void survivorsByChannel() {
    ModelConfig config = ModelConfig.s4d(1, 10).with(c -> c.channels(4).pairs(List.of(8)));
    ModelConfig smaller = keep(config, StateSet.of(8, 1, 4, 5, 7));
    assertEquals(List.of(List.of(1, 0, 2, 1)), smaller.channelPairs());
    assertEquals(List.of(4), smaller.pairs());
    ModelConfig smallest = keep(smaller, StateSet.of(4, 2));
    assertEquals(List.of(List.of(0, 0, 1, 0)), smallest.channelPairs());
    assertEquals(config, smallest.with(c -> c.channelPairs(List.of()).pairs(List.of(8))));
  }
}
