/**
 * What a notebook shows: how arrays, tables and figures look in it, and progress while a cell runs.
 *
 * <p>{@link io.github.last4j.notebook.Last4jExtension} installs itself into JJava's kernel, so that
 * a notebook needs imports and nothing else.
 */
package io.github.last4j.notebook;
