/**
 * System norms of discrete-time diagonal layers: of single states ({@link
 * io.github.last4j.norm.StateNorms}) and of whole layers ({@link
 * io.github.last4j.norm.SystemNorms}), Gramians, Hankel singular values and the frequency response.
 *
 * <p>The gain of a layer is G(e<sup>jθ</sup>) = D + Σ<sub>i</sub> [c<sub>i</sub>b<sub>i</sub>/(1 -
 * λ̄<sub>i</sub>e<sup>-jθ</sup>) + the conjugate pair], and in a bidirectional layer the same with
 * the backward C at -θ added: a two-sided operator on ℓ²(ℤ).
 */
package io.github.last4j.norm;
