/** Training recipes and the training loop. */
package io.github.last4j.train;
