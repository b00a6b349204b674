package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SingleChannelTest {
  /** 2·Re(cb·λ̄^k) of both states, by hand. */
  @Test
  void impulseResponse() {
    try (NDManager manager = NDManager.newBaseManager()) {
      DiscreteSsm layer =
          DiscreteSsm.singleChannel(
              manager, new double[] {0.5, 0, 1, 0}, new double[] {0.9, Math.PI / 2, 0, 2});
      assertEquals(7, manager.getManagedArrays().size(), "nothing but the layer is left");
      NDArray impulse = manager.zeros(new Shape(1, 4, 1), DataType.FLOAT64);
      impulse.set(new NDIndex("0, 0, 0"), 1.0);
      double[] expected = {2, 1 - 4 * 0.9, 0.5, 0.25 + 4 * 0.9 * 0.9 * 0.9};
      assertArrayEquals(expected, layer.output(impulse).toDoubleArray(), 1e-15);
      assertThrows(
          IllegalArgumentException.class,
          () -> DiscreteSsm.singleChannel(manager, new double[] {0.5, 0}));
    }
  }

  /** The numbers are the layer's own: collecting garbage frees none of their memory. */
  @Test
  void outlivesWhatItWasMadeOf() throws InterruptedException {
    try (NDManager manager = NDManager.newBaseManager()) {
      double[][] states = new double[1000][];
      Arrays.setAll(states, i -> new double[] {0.5, 0, i, -i});
      DiscreteSsm layer = DiscreteSsm.singleChannel(manager, states);
      for (int round = 0; round < 5; round++) {
        System.gc();
        // What is freed is soon someone else's.
        Thread.sleep(20);
        for (int k = 0; k < 100; k++) {
          manager.create(new double[1000]);
        }
      }
      for (int i = 0; i < 1000; i++) {
        assertEquals(i, layer.c().real().getDouble(0, i));
        assertEquals(-i, layer.c().imag().getDouble(0, i));
      }
    }
  }
}
