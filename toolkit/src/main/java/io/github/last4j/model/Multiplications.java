package io.github.last4j.model;

import java.util.List;

/**
 * How many real multiplications the definition of a model takes: a measure of work, and so of
 * energy, that no machine and no neighbour on it has a part in. Recurrences count step by step,
 * whatever a scan does instead; activations and normalisation do not count.
 */
public final class Multiplications {
  private Multiplications() {}

  /**
   * Of a forward pass over one sequence.
   *
   * @param config the architecture
   * @param pairs the stored states of each layer
   * @param length the steps of the sequence
   */
  public static long forward(ModelConfig config, List<Integer> pairs, int length) {
    long h = config.channels();
    int directions = config.bidirectional() ? 2 : 1;
    long step = config.tokens() ? 0 : config.inputs() * h;
    for (long states : pairs) {
      // A complex product is four, one with a real number or of which the real part is enough two.
      long recurrence = 4 * states * directions;
      long input = config.family() == Family.S5 ? 2 * states * h : 2 * states;
      long output = (config.family() == Family.S5 ? 2 * states * h : 2 * states) * directions;
      long dense =
          (config.activation().hasValue() ? h * h : 0)
              + (config.activation().hasGate() ? h * h : 0);
      step += recurrence + input + output + h + dense;
    }
    return step * length + h * config.classes();
  }
}
