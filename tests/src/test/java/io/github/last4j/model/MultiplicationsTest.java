package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MultiplicationsTest {
  @Test
  void countsByHand() {
    // Encoder 2·4; layer: 3 states with 4 + 2·4 + 2·4 each, D 4, one dense 16; decoder 4·5.
    ModelConfig s5 = ModelConfig.s5(2, 5).with(c -> c.channels(4).pairs(List.of(3)));
    assertEquals(Activation.HALF_GLU1, s5.activation());
    assertEquals(7 * (8 + 60 + 4 + 16) + 20, Multiplications.forward(s5, s5.pairs(), 7));
    // A second direction has a recurrence and an output of its own.
    ModelConfig both = s5.with(c -> c.bidirectional(true).activation(Activation.FULL_GLU));
    assertEquals(
        7 * (8 + 3 * (8 + 8 + 16) + 4 + 32) + 20, Multiplications.forward(both, both.pairs(), 7));
    // In S4D a state has one input and one output.
    ModelConfig s4d = both.with(c -> c.family(Family.S4D).bidirectional(false).pairs(List.of(12)));
    assertEquals(
        7 * (8 + 12 * (4 + 2 + 2) + 4 + 32) + 20, Multiplications.forward(s4d, s4d.pairs(), 7));
  }

  @Test
  void fewerStatesAreLess() {
    ModelConfig config = ModelConfig.s5(1, 10);
    long before = Multiplications.forward(config, config.pairs(), 100);
    for (int states : List.of(64, 16, 4, 1)) {
      List<Integer> fewer = config.pairs().stream().map(n -> Math.min(n, states)).toList();
      long now = Multiplications.forward(config, fewer, 100);
      assertTrue(now <= before);
      before = now;
    }
  }
}
