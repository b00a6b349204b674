/**
 * The sequence tasks as DJL datasets: inputs {@code (B, L, C)} float32, labels {@code (B)} int64,
 * and for tasks of varying length the lengths {@code (B)} int64. Some come with this project, some
 * are drawn, and some are read from public files that a user has got ({@link
 * io.github.last4j.data.PublicSet}).
 */
package io.github.last4j.data;
