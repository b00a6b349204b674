/**
 * JMH benchmarks of the toolkit's kernels, each beside another way to the same result. A class is a
 * comparison: its method {@code ours} is timed against its method {@code beside}.
 */
package io.github.last4j.bench;
