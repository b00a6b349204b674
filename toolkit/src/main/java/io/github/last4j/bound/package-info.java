/** Bounds on what pruning does to layers and models, and the ledger of the paper's claims. */
package io.github.last4j.bound;
