/** Complex tensors as pairs of real ones, and the way to decompositions of matrices. */
package io.github.last4j.complex;
