package io.github.last4j.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The energies of the proof, by hand. */
class ProofOfEq4Test {
  private static final double[] HALF = {0.5, 0, 0.5, 0};

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private final NDArray ones =
      manager.ones(new Shape(3, 1)).toType(ai.djl.ndarray.types.DataType.FLOAT64, false);

  /** One pair is two states with the responses ½, ¾, ⅞ and the norm 1. */
  @Test
  void equalStatesAddUp() {
    DiscreteSsm layer = DiscreteSsm.singleChannel(manager, HALF);
    ProofOfEq4 proof = ProofOfEq4.of(layer, StateSet.none(1), Nonlinearity.IDENTITY, ones);
    double state = 0.25 + 0.5625 + 0.765625;
    assertEquals(4 * state, proof.lost(), 1e-15);
    assertEquals(4 * state, proof.response(), 1e-15);
    assertEquals(2 * state, proof.separate(), 1e-15);
    assertEquals(6, proof.allowed(), 1e-14);
    assertEquals(1, proof.a());
    assertEquals(2, proof.d(), 1e-15);
    assertEquals(state / 3, proof.f(), 1e-15);
    assertEquals(4 * state / 6, proof.all(), 1e-14);
    assertArrayEquals(new double[] {state / 3}, ProofOfEq4.ofStates(layer, ones), 1e-15);
  }

  /** What stays counts for the nonlinearity alone; the second input is twice the first. */
  @Test
  void nonlinearityAndBatches() {
    DiscreteSsm layer = DiscreteSsm.singleChannel(manager, HALF, new double[] {0, 0, -1, 0});
    NDArray inputs = ones.expandDims(0).concat(ones.mul(2).expandDims(0), 0);
    List<ProofOfEq4> proofs = ProofOfEq4.each(layer, StateSet.of(2, 0), Nonlinearity.RELU, inputs);
    // 1, 1.5, 1.75 with the second pair's -2 are negative.
    assertEquals(1 + 2.25 + 3.0625, proofs.get(0).lost(), 1e-14);
    assertEquals(12, proofs.get(0).response(), 1e-14);
    assertEquals(6, proofs.get(0).separate(), 1e-14);
    assertEquals(6, proofs.get(0).allowed(), 1e-14);
    assertEquals(4 * proofs.get(0).lost(), proofs.get(1).lost(), 1e-13);
  }

  @Test
  void oneDirectionOnly() {
    DiscreteSsm layer = DiscreteSsm.singleChannel(manager, HALF);
    DiscreteSsm both = layer.withBackwardC(layer.c());
    assertThrows(IllegalArgumentException.class, () -> ProofOfEq4.ofStates(both, ones));
    assertThrows(
        IllegalArgumentException.class,
        () -> ProofOfEq4.of(both, StateSet.none(1), Nonlinearity.IDENTITY, ones));
  }
}
