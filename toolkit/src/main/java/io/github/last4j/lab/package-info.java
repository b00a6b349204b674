/**
 * What the labs of the course call: checks that say at once whether an answer is right, and what is
 * wrong with it.
 *
 * <p>A check tests properties and certificates, and compares with no solution: the one of ZOH asks
 * for λ̄(2Δ) = λ̄(Δ)², and a counterexample proves itself. So every right answer passes, whatever
 * it looks like, and the jar gives none away. What typical wrong answers have in common is
 * recognised and told.
 */
package io.github.last4j.lab;
