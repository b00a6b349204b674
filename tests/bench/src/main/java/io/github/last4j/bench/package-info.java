/**
 * The Java sides of the benchmarks. A class named Benchmark is for JMH, and a comparison: its
 * method {@code ours} is timed against its method {@code beside}. The others are programs that the
 * Python programs in this module run.
 */
package io.github.last4j.bench;
