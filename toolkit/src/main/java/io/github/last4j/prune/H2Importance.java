package io.github.last4j.prune;

import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.OptionalInt;

/**
 * The squared H2 norm of a state, ‖Cᵢ‖²‖B̄ᵢ‖²/(1-|λ̄ᵢ|²), or within L steps that times 1-|λ̄ᵢ|²ᴸ:
 * the energy of its response to an impulse. As natural logarithms.
 *
 * @param length L, if it is finite
 */
record H2Importance(OptionalInt length) implements Importance {
  static final H2Importance H2 = new H2Importance(OptionalInt.empty());

  @Override
  public double[] of(DiscreteSsm layer) {
    double[] logs = StateNorms.logHinf(layer);
    double[] constants = layer.timeConstants();
    for (int i = 0; i < logs.length; i++) {
      // 1 - |λ̄| and 1 - |λ̄|² from ln|λ̄| = -1/τ.
      double once = -Math.expm1(-1 / constants[i]);
      double twice = -Math.expm1(-2 / constants[i]);
      logs[i] = 2 * (logs[i] + Math.log(once)) - Math.log(twice);
      if (length.isPresent()) {
        logs[i] += Math.log(-Math.expm1(-2 * length.getAsInt() / constants[i]));
      }
    }
    return logs;
  }

  @Override
  public double[] logEnergies(DiscreteSsm layer) {
    return of(layer);
  }

  @Override
  public Importance within(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("length: expected at least one step, got " + steps);
    }
    return new H2Importance(OptionalInt.of(steps));
  }
}
