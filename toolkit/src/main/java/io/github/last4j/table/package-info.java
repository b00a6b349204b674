/** Tables that are made row by row. */
package io.github.last4j.table;
