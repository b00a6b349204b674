/** How far long computations are. */
package io.github.last4j.progress;
