package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.TimeLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state space system of a layer. As a block it maps u (L, batch, h), its steps in the order of
 * {@link #layout}, to y of the same shape. At evaluation u may be followed by the scale s and shift
 * t (h) of a normalisation before the system, whose input then is s∘u + t.
 *
 * @param <T> what the system makes of its parameters before it sees an input
 */
abstract class SsmBlock<T> extends AbstractBlock {
  private static final double LARGEST_REAL_PART = -1e-4;

  /**
   * A parameter as checkpoints hold it.
   *
   * @param parameter where the block holds it; its name is the last part of its path
   * @param shape its shape
   * @param stateAxis its axis of states, or -1 if it has none
   */
  record Slot(Parameter parameter, Shape shape, int stateAxis) {}

  private final List<Slot> slots = new ArrayList<>();
  private final Kept<Folded<T>> kept = new Kept<>(this::arrays);

  /** The parameters in the order of checkpoints. */
  final List<Slot> slots() {
    return Collections.unmodifiableList(slots);
  }

  /** What the parameters begin with, by rows in the shapes of their slots. */
  abstract Map<Parameter, double[]> draw(Draws draws);

  /** The order of time steps in which the system takes its inputs. */
  abstract TimeLayout layout(int length);

  /**
   * The layer as a continuous-time system; real parameters are views of or equal to the block's.
   */
  abstract DiagonalSsm system();

  /** The states with their poles and steps, between as many inputs and outputs as are handy. */
  abstract DiagonalSsm states();

  /**
   * Requires states that can be computed for sequences of any length.
   *
   * @param path where the parameters are in a checkpoint, for the message
   * @throws IllegalArgumentException if a time step is not positive, a pole leaves the range of its
   *     dtype, or a state grows without end
   */
  final void requireStates(String path, Discretization method) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      DiagonalSsm states = states();
      Discretization.Poles poles = method.poles(states.lambda(), states.step());
      double[] step = ComplexArray.doubles(states.step());
      double[] re = ComplexArray.doubles(states.lambda().real());
      double[] im = ComplexArray.doubles(states.lambda().imag());
      double[] gain = ComplexArray.doubles(poles.gain().abs().add(poles.lambdaBar().abs()));
      for (int i = 0; i < step.length; i++) {
        require(
            step[i] > 0 && step[i] < Double.POSITIVE_INFINITY,
            "%slog_step: expected time steps Δ = exp(log_step) that are positive and finite in %s,"
                + " got %s at state %s",
            path,
            states.step().getDataType(),
            step[i],
            i);
        require(
            re[i] <= 0,
            "%sLambda_re: expected real parts of at most 0, since a state with a larger one grows"
                + " without end, got %s at state %s; with clipPoles in the configuration, as new"
                + " ModelImport().clip(true).load(manager, file) sets it, it counts as -1e-4",
            path,
            re[i],
            i);
        require(
            Double.isFinite(gain[i]),
            "%sLambda_re, Lambda_im, log_step: expected λΔ in the range of %s, got λ = %s and Δ ="
                + " %s at state %s",
            path,
            states.step().getDataType(),
            re[i] + " + " + im[i] + "i",
            step[i],
            i);
      }
    }
  }

  /** The layer as a float64 discrete-time system. */
  abstract DiscreteSsm discreteSystem();

  /** The system as a recurrence in single precision, which runs forward only. */
  abstract StepSystem step();

  /** Whether a system, in the form of this one, has its poles and inputs, digit for digit. */
  final boolean hasStatesOf(DiscreteSsm system) {
    DiscreteSsm mine = discreteSystem();
    return mine.states() == system.states()
        && mine.channels().equals(system.channels())
        && equal(mine.lambdaBar(), system.lambdaBar())
        && equal(mine.withoutChannels().bBar(), system.withoutChannels().bBar());
  }

  private static boolean equal(ComplexArray one, ComplexArray other) {
    return one.real().contentEquals(other.real()) && one.imag().contentEquals(other.imag());
  }

  /**
   * The parameters, in the shapes of checkpoints, with which a block with as many states would be a
   * float64 discrete-time system with this one's ports. Those left out stay as they are.
   */
  abstract Map<Parameter, NDArray> parameters(DiscreteSsm system);

  /** Adds a parameter. */
  final Parameter weight(String name, int stateAxis, long... shape) {
    Parameter parameter =
        addParameter(Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT).build());
    slots.add(new Slot(parameter, new Shape(shape), stateAxis));
    return parameter;
  }

  /** Adds C, or C1 and C2 in a bidirectional layer: one a direction, in the order of the enum. */
  final List<Parameter> outputs(boolean bidirectional, int stateAxis, long... shape) {
    List<String> names = bidirectional ? List.of("C1", "C2") : List.of("C");
    return names.stream().map(name -> weight(name, stateAxis, shape)).toList();
  }

  /** Real parts of poles, those above -1e-4 replaced by it and without gradient. */
  static NDArray clipped(NDArray re) {
    try (NDArray bound = ComplexArray.number(re, LARGEST_REAL_PART)) {
      return re.minimum(bound);
    }
  }

  /** The time steps Δ of their logarithms. */
  static NDArray steps(ModelConfig config, NDArray logarithms) {
    NDArray steps = logarithms.exp();
    return config.stepRescale() == 1 ? steps : ComplexArray.mul(steps, config.stepRescale());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }

  /** What a pass makes of the parameters, for sequences of a length; differentiable. */
  abstract T constants(Values values, int length);

  /** The system whose inputs are multiplied by numbers (h) before it. */
  abstract T scaled(T constants, NDArray scale);

  /** Its arrays. */
  abstract NDList arrays(T constants);

  /** The output of inputs (L, batch, h). */
  abstract NDArray output(T constants, NDArray u);

  @Override
  protected final NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    NDArray u = inputs.head();
    Values values = new Values(store, u, training);
    int length = (int) u.getShape().get(0);
    if (training) {
      kept.forget();
      return new NDList(output(constants(values, length), u));
    }
    NDList affine = inputs.subNDList(1);
    NDList read = new NDList(slots.stream().map(slot -> values.of(slot.parameter())).toList());
    read.addAll(affine);
    NDManager owner = slots.get(0).parameter().getArray().getManager();
    Folded<T> system = kept.get(length, read, owner, () -> folded(values, length, affine));
    NDArray y = output(system.constants, u);
    return new NDList(system.offset.map(y::addi).orElse(y));
  }

  /**
   * A system with the normalisation before it.
   *
   * @param offset what it makes of the shift, a constant input, shape (L, 1, h)
   */
  private record Folded<T>(T constants, Optional<NDArray> offset) {}

  private Folded<T> folded(Values values, int length, NDList affine) {
    T constants = constants(values, length);
    if (affine.isEmpty()) {
      return new Folded<>(constants, Optional.empty());
    }
    NDArray shift = affine.get(1);
    NDArray offset = output(constants, shift.broadcast(new Shape(length, 1, shift.size())));
    return new Folded<>(scaled(constants, affine.get(0)), Optional.of(offset));
  }

  private NDList arrays(Folded<T> folded) {
    NDList all = new NDList(arrays(folded.constants));
    folded.offset.ifPresent(all::add);
    return all;
  }

  /** Reads parameters on the device of the input. */
  record Values(ParameterStore store, NDArray u, boolean training) {
    NDArray of(Parameter parameter) {
      return store.getValue(parameter, u.getDevice(), training);
    }
  }
}
