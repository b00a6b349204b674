/** Sequence classifiers of deep diagonal state space layers. */
package io.github.last4j.model;
