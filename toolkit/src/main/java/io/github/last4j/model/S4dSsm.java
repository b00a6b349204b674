package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.Hippo;
import io.github.last4j.ssm.States;
import io.github.last4j.ssm.TimeLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ojalgo.scalar.ComplexNumber;

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
  private final ModelConfig config;
  private final ChannelStates channels;
  private final Parameter lambdaRe;
  private final Parameter lambdaIm;
  private final List<Parameter> outputs;
  private final Parameter logStep;
  private final Parameter d;

  S4dSsm(ModelConfig config, int layer) {
    this.config = config;
    channels = ChannelStates.of(config, layer);
    long n = config.pairs().get(layer);
    lambdaRe = weight("Lambda_re", 0, n);
    lambdaIm = weight("Lambda_im", 0, n);
    outputs = outputs(config.bidirectional(), 0, n, 2);
    logStep = weight("log_step", -1, config.channels(), 1);
    d = weight("D", -1, config.channels());
  }

  static void requireStates(
      int channels, List<Integer> pairs, int blocks, List<List<Integer>> channelPairs) {
    require(blocks == 1, "blocks: expected 1 in S4D, got %s", blocks);
    ChannelStates.requireStates(channels, pairs, channelPairs);
  }

  static ModelConfig keep(ModelConfig config, States states) {
    List<List<Integer>> channelPairs =
        IntStream.range(0, config.layers())
            .mapToObj(layer -> ChannelStates.of(config, layer).counts(states.layer(layer)))
            .toList();
    return config.with(c -> c.pairs(states.counts()).channelPairs(channelPairs));
  }

  /** In every channel the poles of HiPPO-LegS, and C complex normal with E|C|² = 1 (S4D-LegS). */
  @Override
  Map<Parameter, double[]> draw(Draws draws) {
    Map<Integer, List<ComplexNumber>> known = new HashMap<>(Map.of(0, List.of()));
    List<ComplexNumber> poles =
        channels.counts().stream()
            .flatMap(m -> known.computeIfAbsent(m, n -> Hippo.legs(2 * n).poles()).stream())
            .toList();
    Map<Parameter, double[]> values = new HashMap<>();
    values.put(lambdaRe, poles.stream().mapToDouble(ComplexNumber::getReal).toArray());
    values.put(lambdaIm, poles.stream().mapToDouble(ComplexNumber::getImaginary).toArray());
    for (Parameter output : outputs) {
      values.put(output, draws.normal(2 * poles.size(), Math.sqrt(0.5)));
    }
    values.put(d, draws.normal(config.channels(), 1));
    values.put(logStep, draws.logSteps(config.channels(), config));
    return values;
  }

  @Override
  TimeLayout layout(int length) {
    return TimeLayout.inOrder(length);
  }

  /** The equivalent block-diagonal system with many inputs and outputs (Sec. 5.4.2). */
  @Override
  DiagonalSsm system() {
    return states().withChannels(channels.ofStates()).withFeedthrough(d.getArray());
  }

  @Override
  DiscreteSsm discreteSystem() {
    return config
        .discretization()
        .discretize(states())
        .withChannels(channels.ofStates())
        .withFeedthrough(ComplexArray.copy(d.getArray(), DataType.FLOAT64));
  }

  @Override
  StepSystem step() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      DiagonalSsm states = states();
      Discretization.Poles poles = config.discretization().poles(states.lambda(), states.step());
      ComplexArray output = states.c().reshape(-1).mul(poles.gain()).mul(2);
      return S4dStep.of(
          channels.counts(),
          new S4dStep.Rank(
              StepProduct.floats(poles.lambdaBar().real()),
              StepProduct.floats(poles.lambdaBar().imag()),
              StepProduct.floats(output.real()),
              StepProduct.floats(output.imag().neg())),
          StepProduct.floats(d.getArray()));
    }
  }

  /** Of a system with B̄ and C as {@link #discreteSystem} has them, what B̄ is not counts in C. */
  @Override
  Map<Parameter, NDArray> parameters(DiscreteSsm given) {
    DiscreteSsm system = given.decoupled();
    Channels own = channels(system);
    DiscreteSsm numbers = system.withoutChannels();
    List<ComplexArray> weights = new ArrayList<>(List.of(numbers.c()));
    numbers.backwardC().ifPresent(weights::add);
    Map<Parameter, NDArray> values = new HashMap<>();
    if (!hasStatesOf(system)) {
      double[] byChannel = ComplexArray.doubles(steps(config, logStep.getArray()).reshape(-1));
      double[] steps = own.byState().mapToDouble(channel -> byChannel[channel]).toArray();
      DiagonalSsm layer = config.discretization().continuous(numbers, steps);
      values.put(lambdaRe, layer.lambda().real());
      values.put(lambdaIm, layer.lambda().imag());
      weights.replaceAll(layer.b().reshape(1, -1)::mul);
    }
    for (int i = 0; i < outputs.size(); i++) {
      values.put(outputs.get(i), weights.get(i).reshape(-1).toPairs());
    }
    system.feedthrough().ifPresent(direct -> values.put(d, direct));
    return values;
  }

  /** The channel of every state of a system whose states have one each, in order. */
  private static Channels channels(DiscreteSsm system) {
    Channels own = system.channels().orElseThrow();
    for (int i = 1; i < own.states(); i++) {
      require(
          own.of(i - 1) <= own.of(i),
          "systems: expected states in the order of their channels, got channel %s before %s",
          own.of(i - 1),
          own.of(i));
    }
    return own;
  }

  static ModelConfig with(ModelConfig config, List<DiscreteSsm> systems) {
    List<List<Integer>> channelPairs = new ArrayList<>();
    for (DiscreteSsm system : systems) {
      channelPairs.add(Arrays.stream(channels(system.decoupled()).counts()).boxed().toList());
    }
    return config.with(
        c ->
            c.pairs(systems.stream().map(DiscreteSsm::states).toList()).channelPairs(channelPairs));
  }

  /** The states of all channels between one input and one output: B (n, 1), C (1, n), no D. */
  @Override
  DiagonalSsm states() {
    NDArray re = lambdaRe.getArray();
    NDArray step = steps(config, logStep.getArray()).reshape(-1);
    NDArray ones = re.onesLike().reshape(-1, 1);
    DiagonalSsm states =
        DiagonalSsm.of(
            ComplexArray.of(clipped(re), lambdaIm.getArray()),
            ComplexArray.of(ones, ones.zerosLike()),
            ComplexArray.ofPairs(outputs.get(0).getArray()).reshape(1, -1),
            step.get(new NDIndex("{}", channels.ofStates().index(re.getManager()))));
    return config.bidirectional()
        ? states.withBackwardC(ComplexArray.ofPairs(outputs.get(1).getArray()).reshape(1, -1))
        : states;
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
    return Convolution.of(u, kernel);
  }

  /**
   * The kernel of a circular convolution that gives the first L outputs: the causal kernel with D,
   * zeros, and at the end, backwards, the kernel of the reversed sequence. Shape (h, size).
   */
  @Override
  NDArray constants(Values values, int length) {
    NDArray re = clipped(channels.padded(values.of(lambdaRe)));
    ComplexArray lambda = ComplexArray.of(re, channels.padded(values.of(lambdaIm)));
    Discretization.Poles poles =
        config.discretization().poles(lambda, steps(config, values.of(logStep)));
    Powers powers = Powers.of(poles.lambdaBar(), length);
    ComplexArray gain = poles.gain().mul(2);
    NDManager manager = re.getManager();
    int size = Convolution.size(length);
    NDArray zeros = manager.zeros(new Shape(config.channels(), size - length), re.getDataType());
    List<NDArray> kernels =
        outputs.stream()
            .map(output -> ComplexArray.ofPairs(channels.padded(values.of(output))))
            .map(weights -> powers.sum(weights.mul(gain)))
            .toList();
    NDArray forward = kernels.get(0);
    NDArray first = forward.get(":, :1").add(values.of(d).reshape(-1, 1));
    NDArray later = forward.get(":, 1:").concat(zeros, 1);
    if (config.bidirectional()) {
      NDArray backward = kernels.get(1);
      first = first.add(backward.get(":, :1"));
      later = later.add(zeros.concat(backward.get(":, 1:").flip(1), 1));
    }
    return first.concat(later, 1);
  }
}
