package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The state space system of a layer. As a block it maps u (L, batch, h), its steps in the order of
 * {@link Family#layout}, to y of the same shape.
 */
abstract class SsmBlock extends AbstractBlock {
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

  /** The parameters in the order of checkpoints. */
  final List<Slot> slots() {
    return Collections.unmodifiableList(slots);
  }

  /**
   * The layer as a continuous-time system; real parameters are views of or equal to the block's.
   */
  abstract DiagonalSsm system();

  /** The layer as a float64 discrete-time system. */
  abstract DiscreteSsm discreteSystem();

  /** Adds a parameter. */
  final Parameter weight(String name, int stateAxis, long... shape) {
    Parameter parameter =
        addParameter(Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT).build());
    slots.add(new Slot(parameter, new Shape(shape), stateAxis));
    return parameter;
  }

  /** Real parts of poles, those above -1e-4 replaced by it and without gradient. */
  static NDArray clipped(NDArray re) {
    try (NDArray bound = ComplexArray.number(re, LARGEST_REAL_PART)) {
      return re.minimum(bound);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }

  /** Reads parameters on the device of the input. */
  record Values(ParameterStore store, NDArray u, boolean training) {
    NDArray of(Parameter parameter) {
      return store.getValue(parameter, u.getDevice(), training);
    }
  }
}
