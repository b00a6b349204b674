/** Bounds on what pruning does to layers and models. */
package io.github.last4j.bound;
