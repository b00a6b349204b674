package io.github.last4j.model;

import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.List;

/** The kind of state space system that the layers of a model have, each a class of its own. */
public enum Family {
  /** Many inputs and outputs, which share one set of states (MIMO). */
  S5 {
    @Override
    SsmBlock<?> block(ModelConfig config, int layer) {
      return new S5Ssm(config, layer);
    }

    @Override
    void requireStates(
        int channels, List<Integer> pairs, int blocks, List<List<Integer>> channelPairs) {
      S5Ssm.requireStates(channelPairs);
    }

    @Override
    ModelConfig keep(ModelConfig config, States states) {
      return S5Ssm.keep(config, states);
    }

    @Override
    ModelConfig with(ModelConfig config, List<DiscreteSsm> systems) {
      return S5Ssm.with(config, systems);
    }
  },

  /** One system with one input and one output for every channel, B = 1 (multi-SISO, S4D). */
  S4D {
    @Override
    SsmBlock<?> block(ModelConfig config, int layer) {
      return new S4dSsm(config, layer);
    }

    @Override
    void requireStates(
        int channels, List<Integer> pairs, int blocks, List<List<Integer>> channelPairs) {
      S4dSsm.requireStates(channels, pairs, blocks, channelPairs);
    }

    @Override
    ModelConfig keep(ModelConfig config, States states) {
      return S4dSsm.keep(config, states);
    }

    @Override
    ModelConfig with(ModelConfig config, List<DiscreteSsm> systems) {
      return S4dSsm.with(config, systems);
    }
  };

  /** The system of a layer, without numbers. */
  abstract SsmBlock<?> block(ModelConfig config, int layer);

  /**
   * Checks what a configuration says of states, where components by themselves are right.
   *
   * @throws IllegalArgumentException naming the argument, what was expected and what came
   */
  abstract void requireStates(
      int channels, List<Integer> pairs, int blocks, List<List<Integer>> channelPairs);

  /** A configuration with the states that stay only. */
  abstract ModelConfig keep(ModelConfig config, States states);

  /** A configuration for layers with other systems. */
  abstract ModelConfig with(ModelConfig config, List<DiscreteSsm> systems);
}
