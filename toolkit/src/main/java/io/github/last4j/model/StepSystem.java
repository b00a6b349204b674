package io.github.last4j.model;

/** The state space system of a layer as a recurrence, one time step after another. */
interface StepSystem {
  /** The states of several sequences, at rest. */
  Memory atRest(int sequences);

  /** Multiplications of numbers that a step of one sequence takes. */
  long multiplications();

  /** States between two steps. */
  interface Memory {
    /**
     * Takes a step.
     *
     * @param u what the system sees, one array (h) a sequence
     * @param y is given what it answers, likewise
     */
    void step(float[][] u, float[][] y);
  }
}
