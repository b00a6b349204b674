package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The state space system of an S4D layer: every channel has states, an input and an output of its
 * own, and B = 1 (multi-SISO, Sec. 2.2).
 *
 * <p>The states of all channels are stored one after another, so that a channel may have any number
 * of them, or none: Lambda_re and Lambda_im (n), C (n, 2) or C1 and C2 in a bidirectional layer,
 * log_step (h, 1), D (h). Real parts of Λ count as at most -1e-4, which keeps every state stable
 * whatever training does.
 */
final class S4dSsm extends SsmBlock<NDArray> {
  // What the spectrum of a block of channels takes. Larger arrays come from the system as new pages
  // each time, which takes longer than the FFT; these are used again, and much of them is cached.
  private static final long BLOCK_BYTES = 4L << 20;

  private final Discretization discretization;
  private final List<Integer> pairs;
  private final Parameter lambdaRe;
  private final Parameter lambdaIm;
  private final Parameter c;
  private final Parameter backwardC;
  private final Parameter logStep;
  private final Parameter d;

  S4dSsm(ModelConfig config, int layer) {
    discretization = config.discretization();
    pairs = config.pairsByChannel(layer);
    long n = config.pairs().get(layer);
    lambdaRe = weight("Lambda_re", 0, n);
    lambdaIm = weight("Lambda_im", 0, n);
    c = weight(config.bidirectional() ? "C1" : "C", 0, n, 2);
    backwardC = config.bidirectional() ? weight("C2", 0, n, 2) : null;
    logStep = weight("log_step", -1, config.channels(), 1);
    d = weight("D", -1, config.channels());
  }

  /** The equivalent block-diagonal system with many inputs and outputs (Sec. 5.4.2). */
  @Override
  DiagonalSsm system() {
    DiagonalSsm states = states();
    NDArray ports = ports(states.step().getDataType());
    DiagonalSsm ssm =
        DiagonalSsm.of(
            states.lambda(),
            ComplexArray.of(ports, ports.zerosLike()),
            states.c().mul(ports.transpose()),
            states.step());
    if (backwardC != null) {
      ssm = ssm.withBackwardC(states.backwardC().orElseThrow().mul(ports.transpose()));
    }
    return ssm.withFeedthrough(d.getArray());
  }

  /** The same, without the many products with zero that discretising it would take. */
  @Override
  DiscreteSsm discreteSystem() {
    DiscreteSsm states = discretization.discretize(states());
    NDArray ports = ports(DataType.FLOAT64);
    return new DiscreteSsm(
        states.lambdaBar(),
        states.margin(),
        states.bBar().mul(ports),
        states.c().mul(ports.transpose()),
        states.backwardC().map(back -> back.mul(ports.transpose())),
        Optional.of(ComplexArray.copy(d.getArray(), DataType.FLOAT64)));
  }

  /** The states of all channels between one input and one output: B (n, 1), C (1, n), no D. */
  private DiagonalSsm states() {
    NDArray re = lambdaRe.getArray();
    NDArray step = logStep.getArray().exp().reshape(-1);
    NDArray ones = re.onesLike().reshape(-1, 1);
    DiagonalSsm states =
        DiagonalSsm.of(
            ComplexArray.of(clipped(re), lambdaIm.getArray()),
            ComplexArray.of(ones, ones.zerosLike()),
            ComplexArray.ofPairs(c.getArray()).reshape(1, -1),
            step.get(new NDIndex("{}", re.getManager().create(channels()))));
    return backwardC == null
        ? states
        : states.withBackwardC(ComplexArray.ofPairs(backwardC.getArray()).reshape(1, -1));
  }

  /** Shape (n, h): one where the state belongs to the channel, zero elsewhere. */
  private NDArray ports(DataType type) {
    return lambdaRe.getArray().getManager().create(channels()).oneHot(pairs.size(), type);
  }

  /** The channel of every state. */
  private long[] channels() {
    return IntStream.range(0, pairs.size())
        .boxed()
        .flatMap(channel -> Collections.nCopies(pairs.get(channel), (long) channel).stream())
        .mapToLong(Long::longValue)
        .toArray();
  }

  @Override
  NDArray scaled(NDArray kernel, NDArray scale) {
    return kernel.mul(scale.reshape(-1, 1));
  }

  @Override
  NDList arrays(NDArray kernel) {
    return new NDList(kernel);
  }

  @Override
  NDArray output(NDArray kernel, NDArray u) {
    long[] cuts =
        cuts(kernel.getShape().get(1) * u.getShape().get(1) * u.getDataType().getNumOfBytes());
    NDList inputBlocks = u.split(cuts, 2);
    NDList kernelBlocks = kernel.split(cuts, 0);
    NDList outputs = new NDList();
    for (int i = 0; i < inputBlocks.size(); i++) {
      outputs.add(convolution(inputBlocks.get(i), kernelBlocks.get(i)));
    }
    // DJL's concatenation of one array is a copy without gradient.
    NDArray y = outputs.size() == 1 ? outputs.get(0) : NDArrays.concat(outputs, 2);
    // Made contiguous by the first reshape, since all that follows would stride through memory.
    return y.reshape(-1, pairs.size()).reshape(u.getShape());
  }

  /** Where blocks of channels begin, all but the first, if a channel takes that many bytes. */
  private long[] cuts(long channelBytes) {
    long width = Math.max(1, BLOCK_BYTES / channelBytes);
    return LongStream.iterate(width, cut -> cut < pairs.size(), cut -> cut + width).toArray();
  }

  /**
   * Convolves channels of inputs (L, batch, width) with their kernels (width, size). By FFT, whose
   * cost does not fall with the number of states. Chunks of matrix products, whose cost does, took
   * 1.2 times as long with 32 pairs a channel in two directions, and 0.75 times with 3.
   */
  private static NDArray convolution(NDArray u, NDArray kernel) {
    long length = u.getShape().get(0);
    long size = kernel.getShape().get(1);
    // Closed as soon as possible, so that the next block is computed in the same memory.
    try (NDArray spectrum = u.transpose(1, 2, 0).rfft(size, 2);
        NDArray product = spectrum.mul(kernel.rfft(size, 1));
        NDArray y = product.irfft(size, 2)) {
      return y.get(":, :, :{}", length).transpose(2, 0, 1);
    }
  }

  /**
   * The kernel of a circular convolution that gives the first L outputs: the causal kernel with D,
   * zeros, and at the end, backwards, the kernel of the reversed sequence. Shape (h, size).
   */
  @Override
  NDArray constants(Values values, int length) {
    NDArray re = clipped(padded(values.of(lambdaRe)));
    ComplexArray lambda = ComplexArray.of(re, padded(values.of(lambdaIm)));
    Discretization.Poles poles = discretization.poles(lambda, values.of(logStep).exp());
    Powers powers = Powers.of(poles.lambdaBar(), length);
    ComplexArray gain = poles.gain().mul(2);
    NDManager manager = re.getManager();
    int size = convolutionSize(length);
    NDArray zeros = manager.zeros(new Shape(pairs.size(), size - length), re.getDataType());
    NDArray forward = powers.sum(ComplexArray.ofPairs(padded(values.of(c))).mul(gain));
    NDArray first = forward.get(":, :1").add(values.of(d).reshape(-1, 1));
    NDArray later = forward.get(":, 1:").concat(zeros, 1);
    if (backwardC != null) {
      NDArray backward = powers.sum(ComplexArray.ofPairs(padded(values.of(backwardC))).mul(gain));
      first = first.add(backward.get(":, :1"));
      later = later.add(zeros.concat(backward.get(":, 1:").flip(1), 1));
    }
    return first.concat(later, 1);
  }

  /** States (n, …) as (h, m, …), m the most states of a channel, the others filled with zeros. */
  private NDArray padded(NDArray states) {
    int h = pairs.size();
    int most = Collections.max(pairs);
    // A copy: DJL hands out the array that the parameter's own shape is kept in.
    long[] shape = states.getShape().getShape().clone();
    long[] target = new long[shape.length + 1];
    target[0] = h;
    target[1] = most;
    System.arraycopy(shape, 1, target, 2, shape.length - 1);
    if (states.getShape().get(0) == (long) h * most) {
      return states.reshape(target);
    }
    long[] index = new long[h * most];
    Arrays.fill(index, shape[0]);
    int next = 0;
    for (int channel = 0; channel < h; channel++) {
      for (int i = 0; i < pairs.get(channel); i++) {
        index[channel * most + i] = next++;
      }
    }
    NDManager manager = states.getManager();
    shape[0] = 1;
    NDArray zero = manager.zeros(new Shape(shape), states.getDataType());
    return states.concat(zero, 0).get(new NDIndex("{}", manager.create(index))).reshape(target);
  }

  /** The smallest even number of at least 2L whose prime factors an FFT likes. */
  static int convolutionSize(int length) {
    for (int size = 2 * length; ; size += 2) {
      int rest = size;
      for (int prime : new int[] {2, 3, 5, 7}) {
        while (rest % prime == 0) {
          rest /= prime;
        }
      }
      if (rest == 1) {
        return size;
      }
    }
  }

  /**
   * Powers λ̄⁰ … λ̄^{L-1} of poles (h, m) as products of near and far ones, λ̄^{a+Tb} =
   * λ̄^a·λ̄^{Tb}, so that kernels are matrix products and all powers never exist at once.
   *
   * @param near λ̄⁰ … λ̄^{T-1}, shape (h, m, T), T about √L
   * @param far λ̄⁰, λ̄^T, λ̄^{2T} …, shape (h, m, ⌈L/T⌉)
   * @param length L
   */
  private record Powers(ComplexArray near, ComplexArray far, int length) {
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
}
