/** Figures of what the toolkit computes. */
package io.github.last4j.plot;
