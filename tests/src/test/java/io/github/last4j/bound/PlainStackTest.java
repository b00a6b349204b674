package io.github.last4j.bound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The model of the proof, in layers of one channel. */
class PlainStackTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private final DiscreteSsm sum =
      DiscreteSsm.singleChannel(manager, new double[] {0, 0, 1, 0}, new double[] {0.5, 0, 0.5, 0});
  private final DiscreteSsm negative =
      DiscreteSsm.singleChannel(manager, new double[] {0, 0, -1, 0});
  private final NDArray input =
      manager.create(new double[] {1, -2, 0}, new Shape(1, 3, 1)).toType(DataType.FLOAT64, false);

  private static void assertSignals(List<NDArray> signals, double[]... expected) {
    assertEquals(expected.length, signals.size());
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], signals.get(i).toDoubleArray(), 1e-15);
    }
  }

  /** y₁ = 2u + the sum of u(k-j)/2ʲ, and y₂ = -2 relu(y₁). */
  @Test
  void runsWithAllSignals() {
    PlainStack.Run run = new PlainStack(List.of(sum, negative), Nonlinearity.RELU).run(input);
    double[] first = {2 + 1, -4 - 1.5, -0.75};
    assertSignals(run.y(), first, new double[] {-6, 0, 0});
    assertSignals(run.x(), new double[] {1, -2, 0}, new double[] {3, 0, 0}, new double[] {0, 0, 0});
    assertArrayEquals(new double[3], run.output().toDoubleArray(), 0);
  }

  @Test
  void keepsSomeStates() {
    PlainStack stack = new PlainStack(List.of(sum, negative), Nonlinearity.IDENTITY);
    States kept = new States(List.of(StateSet.of(2, 0), StateSet.all(1)));
    assertArrayEquals(
        new double[] {-4, 8, 0}, stack.keep(kept).run(input).output().toDoubleArray(), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> stack.keep(kept.complement()));
    assertThrows(
        IllegalArgumentException.class, () -> stack.keep(new States(List.of(StateSet.all(2)))));
  }

  @Test
  void nonlinearitiesOfArrays() {
    NDArray single = manager.create(new float[] {-1.5f, 0, 2}, new Shape(3, 1));
    for (Nonlinearity nonlinearity : Nonlinearity.values()) {
      double[] expected = {nonlinearity.apply(-1.5), 0, nonlinearity.apply(2)};
      NDArray values = nonlinearity.apply(single);
      assertEquals(DataType.FLOAT64, values.getDataType());
      assertEquals(new Shape(3, 1), values.getShape());
      assertArrayEquals(expected, values.toDoubleArray(), 0);
      double[][] rows = nonlinearity.apply(new double[][] {{-1.5, 0}, {2}});
      assertArrayEquals(new double[][] {{expected[0], 0}, {expected[2]}}, rows);
    }
  }
}
