/** What make runs. */
package io.github.last4j.app;
