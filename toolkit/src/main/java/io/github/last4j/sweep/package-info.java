/**
 * Many prunings of many models as one table, what it says in brief, and the paper's figures beside.
 *
 * <p>All tables share their columns' names: task, family (S5 or S4D), model, seed, method; ratio
 * (the share of states removed) and accuracy in [0, 1]; states (stored pairs kept in all layers).
 * In summaries and the paper's tables "(%)" follows the name of what is in percent or percentage
 * points there.
 */
package io.github.last4j.sweep;
