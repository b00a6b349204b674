package io.github.last4j.lab;

/**
 * A layer and an input, against Eq. 4 (exercise 3.2). A state is a row {pole, gain} of real
 * numbers: x(k) = pole·x(k-1) + u(k), and it adds gain·x(k) to the layer's output before the GELU.
 *
 * @param removed the states that are pruned
 * @param kept those that stay; may be empty
 * @param input one number a step
 */
public record Counterexample(double[][] removed, double[][] kept, double[] input) {}
