package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a configuration may say of states. */
class ModelConfigTest {
  private static void refused(String argument, UnaryOperator<ModelConfig.Builder> change) {
    ModelConfig.Builder s4d =
        ModelConfig.sequentialMnist().toBuilder().family(Family.S4D).channels(3).layers(2, 6);
    s4d.build();
    ModelConfig.Builder changed = change.apply(s4d);
    String message = assertThrows(IllegalArgumentException.class, changed::build).getMessage();
    assertTrue(message.startsWith(argument + ": expected "), message);
  }

  @Test
  void statesOfChannels() {
    refused("pairs", builder -> builder.layers(2, 7));
    refused("blocks", builder -> builder.blocks(2));
    refused("channelPairs[0]", builder -> builder.channelPairs(List.of(List.of(1, 2))));
    refused("channelPairs[0]", builder -> builder.channelPairs(List.of(List.of(3, -1, 2))));
    refused("channelPairs[0]", b -> b.channelPairs(List.of(List.of(3, 1, 2))).layers(1, 7));
    refused("channelPairs", b -> b.channelPairs(List.of(List.of(3, 1, 2))).layers(2, 6));
    refused("channelPairs", b -> b.channelPairs(List.of(List.of(3, 1, 2))).family(Family.S5));
  }

  @Test
  void survivorsByChannel() {
    ModelConfig config =
        ModelConfig.sequentialMnist().toBuilder()
            .family(Family.S4D)
            .channels(4)
            .layers(1, 8)
            .build();
    assertEquals(List.of(2, 2, 2, 2), config.pairsByChannel(0));
    ModelConfig smaller = config.keep(new States(List.of(StateSet.of(8, 1, 4, 5, 7))));
    assertEquals(List.of(List.of(1, 0, 2, 1)), smaller.channelPairs());
    assertEquals(List.of(4), smaller.pairs());
    ModelConfig smallest = smaller.keep(new States(List.of(StateSet.of(4, 2))));
    assertEquals(List.of(List.of(0, 0, 1, 0)), smallest.channelPairs());
    assertEquals(config, smallest.toBuilder().channelPairs(List.of()).pairs(List.of(8)).build());
  }
}
