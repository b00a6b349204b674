/** What a state is worth, which states go, and taking them out. */
package io.github.last4j.prune;
