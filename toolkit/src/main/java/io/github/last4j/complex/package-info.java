/** Complex tensors as pairs of real ones. */
package io.github.last4j.complex;
