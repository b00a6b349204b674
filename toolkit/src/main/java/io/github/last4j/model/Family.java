package io.github.last4j.model;

import io.github.last4j.ssm.TimeLayout;

/** The kind of state space system that the layers of a model have. */
public enum Family {
  /** Many inputs and outputs, which share one set of states (MIMO). */
  S5 {
    @Override
    SsmBlock<?> block(ModelConfig config, int layer) {
      return new S5Ssm(config, layer);
    }

    @Override
    TimeLayout layout(int length) {
      return TimeLayout.of(length);
    }
  },

  /** One system with one input and one output for every channel, B = 1 (multi-SISO, S4D). */
  S4D {
    @Override
    SsmBlock<?> block(ModelConfig config, int layer) {
      return new S4dSsm(config, layer);
    }

    @Override
    TimeLayout layout(int length) {
      return TimeLayout.inOrder(length);
    }
  };

  /** The system of a layer, without numbers. */
  abstract SsmBlock<?> block(ModelConfig config, int layer);

  /** The order of time steps in which the systems take their inputs. */
  abstract TimeLayout layout(int length);
}
