package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.github.last4j.complex.ComplexArray;

/**
 * Powers λ̄⁰ … λ̄^{L-1} of poles (h, m) as products of near and far ones, λ̄^{a+Tb} = λ̄^a·λ̄^{Tb},
 * so that kernels are matrix products and all powers never exist at once.
 *
 * @param near λ̄⁰ … λ̄^{T-1}, shape (h, m, T), T about √L
 * @param far λ̄⁰, λ̄^T, λ̄^{2T} …, shape (h, m, ⌈L/T⌉)
 * @param length L
 */
record Powers(ComplexArray near, ComplexArray far, int length) {
  static Powers of(ComplexArray lambdaBar, int length) {
    int inner = (int) Math.ceil(Math.sqrt(length));
    int outer = (length + inner - 1) / inner;
    ComplexArray near = lambdaBar.powers(inner);
    ComplexArray next = near.get(new NDIndex(":, :, -1")).mul(lambdaBar);
    return new Powers(near, next.powers(outer), length);
  }

  /** Re Σᵢ wᵢλ̄ᵢ^l for weights (h, m): shape (h, L). */
  NDArray sum(ComplexArray weights) {
    long h = weights.shape().get(0);
    ComplexArray weighted = far.mul(weights.reshape(h, -1, 1));
    NDArray left = weighted.real().concat(weighted.imag().neg(), 1).transpose(0, 2, 1);
    NDArray right = near.real().concat(near.imag(), 1);
    return left.matMul(right).reshape(h, -1).get(":, :{}", length);
  }
}
