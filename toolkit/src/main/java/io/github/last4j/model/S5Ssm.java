package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.States;
import io.github.last4j.ssm.TimeLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ojalgo.scalar.ComplexNumber;

/**
 * The state space system of an S5 layer: many inputs and outputs, one set of states.
 *
 * <p>Parameters are shaped as S5 checkpoints have them: Lambda_re, Lambda_im and log_step (n) and
 * (n, 1), B (n, h, 2), C (h, n, 2) or C1 and C2 in a bidirectional layer, D (h).
 */
final class S5Ssm extends SsmBlock<S5Ssm.Constants> {
  private final ModelConfig config;
  private final int pairs;
  private final Parameter lambdaRe;
  private final Parameter lambdaIm;
  private final Parameter b;
  private final List<Parameter> outputs;
  private final Parameter d;
  private final Parameter logStep;

  S5Ssm(ModelConfig config, int layer) {
    this.config = config;
    pairs = config.pairs().get(layer);
    long n = pairs;
    long h = config.channels();
    lambdaRe = weight("Lambda_re", 0, n);
    lambdaIm = weight("Lambda_im", 0, n);
    b = weight("B", 0, n, h, 2);
    outputs = outputs(config.bidirectional(), 1, h, n, 2);
    logStep = weight("log_step", 0, n, 1);
    d = weight("D", -1, h);
  }

  /** Checks that channels have no states of their own. */
  static void requireStates(List<List<Integer>> channelPairs) {
    require(
        channelPairs.isEmpty(),
        "channelPairs: expected none in S5, whose channels share their states, got %s layers",
        channelPairs.size());
  }

  static ModelConfig keep(ModelConfig config, States states) {
    return config.with(c -> c.pairs(states.counts()));
  }

  static ModelConfig with(ModelConfig config, List<DiscreteSsm> systems) {
    return config.with(c -> c.pairs(systems.stream().map(DiscreteSsm::states).toList()));
  }

  /** HiPPO-LegS blocks for the poles, LeCun-normal matrices B and C in their coordinates. */
  @Override
  Map<Parameter, double[]> draw(Draws draws) {
    int h = config.channels();
    HippoBlocks hippo = HippoBlocks.of(pairs, config.blocks());
    Map<Parameter, double[]> values = new HashMap<>();
    List<ComplexNumber> poles = hippo.poles();
    values.put(lambdaRe, poles.stream().mapToDouble(ComplexNumber::getReal).toArray());
    values.put(lambdaIm, poles.stream().mapToDouble(ComplexNumber::getImaginary).toArray());
    values.put(b, hippo.inputs(draws.lecunNormal(2 * pairs * h, 2 * pairs)));
    for (Parameter output : outputs) {
      values.put(output, hippo.outputs(draws.lecunNormal(h * 2 * pairs * 2, 2 * pairs)));
    }
    values.put(d, draws.normal(h, 1));
    values.put(logStep, draws.logSteps(pairs, config));
    return values;
  }

  @Override
  TimeLayout layout(int length) {
    return TimeLayout.of(length);
  }

  @Override
  DiagonalSsm system() {
    DiagonalSsm ssm =
        DiagonalSsm.of(
            ComplexArray.of(realParts(lambdaRe.getArray()), lambdaIm.getArray()),
            ComplexArray.ofPairs(b.getArray()),
            ComplexArray.ofPairs(outputs.get(0).getArray()),
            steps(config, logStep.getArray()).reshape(-1));
    if (config.bidirectional()) {
      ssm = ssm.withBackwardC(ComplexArray.ofPairs(outputs.get(1).getArray()));
    }
    return ssm.withFeedthrough(d.getArray());
  }

  @Override
  DiagonalSsm states() {
    return system();
  }

  private NDArray realParts(NDArray re) {
    return config.clipPoles() ? clipped(re) : re;
  }

  @Override
  DiscreteSsm discreteSystem() {
    return config.discretization().discretize(system());
  }

  @Override
  StepSystem step() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      DiagonalSsm ssm = system();
      Discretization.Poles poles = config.discretization().poles(ssm.lambda(), ssm.step());
      ComplexArray bar = poles.lambdaBar();
      ComplexArray input = ssm.b().mul(poles.gain().reshape(-1, 1));
      ComplexArray output = ssm.c().transpose().mul(2);
      return new S5Step(
          StepProduct.floats(bar.real().concat(bar.real())),
          StepProduct.floats(bar.imag().neg().concat(bar.imag())),
          StepProduct.of(input.real().concat(input.imag(), 0).transpose()),
          StepProduct.of(output.real().concat(output.imag().neg(), 0)),
          StepProduct.floats(d.getArray()));
    }
  }

  @Override
  Map<Parameter, NDArray> parameters(DiscreteSsm system) {
    Map<Parameter, NDArray> values = new HashMap<>();
    values.put(outputs.get(0), system.c().toPairs());
    system.backwardC().ifPresent(back -> values.put(outputs.get(1), back.toPairs()));
    system.feedthrough().ifPresent(direct -> values.put(d, direct));
    if (!hasStatesOf(system)) {
      DiagonalSsm layer = config.discretization().continuous(system);
      values.put(lambdaRe, layer.lambda().real());
      values.put(lambdaIm, layer.lambda().imag());
      values.put(b, layer.b().toPairs());
      NDArray steps = layer.step().log().sub(Math.log(config.stepRescale()));
      values.put(logStep, steps.reshape(-1, 1));
    }
    return values;
  }

  /**
   * What a pass makes of the parameters.
   *
   * @param input B̄ as rows of states, real and imaginary, shape (2n, h)
   * @param output 2·Re(Cx) of states by direction, real and imaginary, shape (n·directions·2, h)
   * @param direct D, shape (h)
   */
  record Constants(
      TimeLayout layout, NDArray input, NDArray output, NDArray direct, Scan.Matrices scan) {}

  @Override
  Constants constants(Values values, int length) {
    TimeLayout layout = layout(length);
    ComplexArray lambda = ComplexArray.of(realParts(values.of(lambdaRe)), values.of(lambdaIm));
    Discretization.Poles poles =
        config.discretization().poles(lambda, steps(config, values.of(logStep)).reshape(-1));
    ComplexArray bBar = ComplexArray.ofPairs(values.of(b)).mul(poles.gain().reshape(-1, 1));
    NDArray input = bBar.real().stack(bBar.imag(), 1).reshape(-1, bBar.shape().get(1));
    NDArray all = NDArrays.stack(new NDList(outputs.stream().map(values::of).toList()), 2);
    List<Scan.Direction> directions = List.of(Scan.Direction.values()).subList(0, outputs.size());
    NDArray signs = all.getManager().create(new float[] {2, -2}).toType(all.getDataType(), false);
    NDArray output = all.mul(signs).reshape(all.getShape().get(0), -1).transpose();
    // A view of its own: what is kept is closed, and the parameter is not.
    NDArray direct = values.of(d).reshape(-1);
    return new Constants(
        layout, input, output, direct, Scan.Matrices.of(poles.lambdaBar(), layout, directions));
  }

  @Override
  Constants scaled(Constants constants, NDArray scale) {
    return new Constants(
        constants.layout,
        constants.input.mul(scale),
        constants.output,
        constants.direct.mul(scale),
        constants.scan);
  }

  @Override
  NDList arrays(Constants constants) {
    NDList all = new NDList(constants.input, constants.output, constants.direct);
    all.addAll(constants.scan.arrays());
    return all;
  }

  @Override
  NDArray output(Constants constants, NDArray u) {
    // What is closed as soon as it is read, views too, leaves memory that is cached to the next
    // array.
    try (NDArray flat = u.reshape(-1, u.getShape().get(2));
        NDArray stateRows = stateRows(constants, flat, u.getShape().get(1));
        NDArray states = stateRows.transpose();
        NDArray y = states.matMul(constants.output);
        NDArray direct = flat.mul(constants.direct)) {
      return y.addi(direct).reshape(u.getShape());
    }
  }

  /** Rows of states times columns of time steps: the order in which a scan is matrix products. */
  private static NDArray stateRows(Constants constants, NDArray flat, long batch) {
    try (NDArray columns = flat.transpose();
        NDArray inputRows = constants.input.matMul(columns)) {
      return Scan.rows(constants.scan, constants.layout, inputRows, batch);
    }
  }
}
