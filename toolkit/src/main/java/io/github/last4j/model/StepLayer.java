package io.github.last4j.model;

/**
 * A layer at evaluation, one time step after another, in plain Java: what {@link SsmLayer} is for
 * whole sequences.
 *
 * @param value W₁, or null where the activation has none
 * @param gate W₂, likewise
 */
record StepLayer(
    ModelConfig config, StepNorm norm, StepSystem system, StepProduct value, StepProduct gate) {

  /** The layer for several sequences, its states at rest. */
  Memory atRest(int sequences) {
    return new Memory(sequences);
  }

  /** Multiplications of numbers that a step of one sequence takes, those of features left out. */
  long multiplications() {
    long h = config.channels();
    long dense = (value == null ? 0 : h * h) + (gate == null ? 0 : h * h);
    return system.multiplications() + dense;
  }

  /** States, and room for what is computed. */
  final class Memory {
    private final StepSystem.Memory states;
    private final float[][] seen;
    private final float[][] response;
    private final float[][] bent;
    private final float[][] opening;
    private final float[][] valued;

    private Memory(int sequences) {
      int h = config.channels();
      states = system.atRest(sequences);
      seen = config.postNorm() ? null : new float[sequences][h];
      response = new float[sequences][h];
      bent = new float[sequences][h];
      opening = gate == null ? null : new float[sequences][h];
      valued = value == null ? null : new float[sequences][h];
    }

    /** Takes a step: features x, one array (h) a sequence, become what the layer hands on. */
    void step(float[][] x) {
      states.step(normalized(x), response);
      for (int k = 0; k < x.length; k++) {
        gelu(response[k], bent[k]);
      }
      float[][] added = gated();
      for (int k = 0; k < x.length; k++) {
        add(added[k], x[k], x[k].length);
        if (config.postNorm()) {
          norm.apply(x[k], x[k]);
        }
      }
    }

    private float[][] normalized(float[][] x) {
      if (config.postNorm()) {
        return x;
      }
      for (int k = 0; k < x.length; k++) {
        norm.apply(x[k], seen[k]);
      }
      return seen;
    }

    private float[][] gated() {
      if (gate == null) {
        return bent;
      }
      gate.apply(bent, opening);
      float[][] gated =
          switch (config.activation()) {
            case FULL_GLU -> valued;
            case HALF_GLU2 -> response;
            default -> bent;
          };
      if (value != null) {
        value.apply(bent, valued);
      }
      for (int k = 0; k < gated.length; k++) {
        StepCurves.gate(gated[k], opening[k], opening[k].length);
      }
      return gated;
    }
  }

  private void gelu(float[] x, float[] y) {
    if (config.exactGelu()) {
      StepCurves.exactGelu(x, y, y.length);
    } else {
      StepCurves.gelu(x, y, y.length);
    }
  }

  private static void add(float[] y, float[] x, int size) {
    for (int i = 0; i < size; i++) {
      x[i] += y[i];
    }
  }
}
