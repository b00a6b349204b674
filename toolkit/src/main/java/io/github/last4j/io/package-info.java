/** Checkpoints. */
package io.github.last4j.io;
