package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.TimeLayout;

/**
 * The state space system of an S5 layer: many inputs and outputs, one set of states.
 *
 * <p>Parameters are shaped as S5 checkpoints have them: Lambda_re, Lambda_im and log_step (n) and
 * (n, 1), B (n, h, 2), C (h, n, 2) or C1 and C2 in a bidirectional layer, D (h).
 */
final class S5Ssm extends SsmBlock {
  private final Discretization discretization;
  private final boolean clipPoles;
  private final Parameter lambdaRe;
  private final Parameter lambdaIm;
  private final Parameter b;
  private final Parameter c;
  private final Parameter backwardC;
  private final Parameter d;
  private final Parameter logStep;

  S5Ssm(ModelConfig config, int layer) {
    discretization = config.discretization();
    clipPoles = config.clipPoles();
    long n = config.pairs().get(layer);
    long h = config.channels();
    lambdaRe = weight("Lambda_re", 0, n);
    lambdaIm = weight("Lambda_im", 0, n);
    b = weight("B", 0, n, h, 2);
    c = weight(config.bidirectional() ? "C1" : "C", 1, h, n, 2);
    backwardC = config.bidirectional() ? weight("C2", 1, h, n, 2) : null;
    logStep = weight("log_step", 0, n, 1);
    d = weight("D", -1, h);
  }

  @Override
  DiagonalSsm system() {
    DiagonalSsm ssm =
        DiagonalSsm.of(
            ComplexArray.of(realParts(lambdaRe.getArray()), lambdaIm.getArray()),
            ComplexArray.ofPairs(b.getArray()),
            ComplexArray.ofPairs(c.getArray()),
            logStep.getArray().exp().reshape(-1));
    if (backwardC != null) {
      ssm = ssm.withBackwardC(ComplexArray.ofPairs(backwardC.getArray()));
    }
    return ssm.withFeedthrough(d.getArray());
  }

  private NDArray realParts(NDArray re) {
    return clipPoles ? clipped(re) : re;
  }

  @Override
  DiscreteSsm discreteSystem() {
    return discretization.discretize(system());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    NDArray u = inputs.singletonOrThrow();
    Values values = new Values(store, u, training);
    long batch = u.getShape().get(1);
    long channels = u.getShape().get(2);
    TimeLayout layout = TimeLayout.of((int) u.getShape().get(0));
    ComplexArray lambda = ComplexArray.of(realParts(values.of(lambdaRe)), values.of(lambdaIm));
    Discretization.Poles poles = discretization.poles(lambda, values.of(logStep).exp().reshape(-1));
    ComplexArray bBar = ComplexArray.ofPairs(values.of(b)).mul(poles.gain().reshape(-1, 1));

    // Rows of states times columns of time steps: the order in which the scan is matrix products.
    NDArray flat = u.reshape(-1, channels);
    NDArray inputRows =
        bBar.real().stack(bBar.imag(), 1).reshape(-1, channels).matMul(flat.transpose());
    NDArray y =
        output(
            values.of(c),
            Scan.rows(poles.lambdaBar(), inputRows, layout, batch, Scan.Direction.FORWARD));
    if (backwardC != null) {
      NDArray states =
          Scan.rows(poles.lambdaBar(), inputRows, layout, batch, Scan.Direction.BACKWARD);
      y = y.add(output(values.of(backwardC), states));
    }
    y = y.add(flat.mul(values.of(d)));
    return new NDList(y.reshape(u.getShape()));
  }

  /** 2·Re(Cx) of states given as rows (2n, L·batch): shape (L·batch, h). */
  private static NDArray output(NDArray c, NDArray stateRows) {
    long channels = c.getShape().get(0);
    NDArray signs = c.getManager().create(new float[] {2, -2}).toType(c.getDataType(), false);
    NDArray weights = c.mul(signs).transpose(1, 2, 0).reshape(-1, channels);
    return stateRows.transpose().matMul(weights);
  }
}
