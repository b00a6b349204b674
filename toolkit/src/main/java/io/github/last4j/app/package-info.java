/** The programs behind make. */
package io.github.last4j.app;
