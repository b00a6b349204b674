/** Layer-adaptive state pruning of deep diagonal state space models. */
package io.github.last4j;
