/** System norms of discrete-time diagonal layers. */
package io.github.last4j.norm;
