/**
 * The sequence tasks as DJL datasets: inputs {@code (B, L, C)} float32, labels {@code (B)} int64,
 * and for tasks of varying length the lengths {@code (B)} int64.
 */
package io.github.last4j.data;
