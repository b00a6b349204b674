package io.github.last4j.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDManager;
import io.github.last4j.audit.RemovalOrder.Removal;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Rescaling;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RemovalOrderTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** States with the pole zero: their norms are |c|. */
  private DiscreteSsm layer(double... norms) {
    return DiscreteSsm.singleChannel(
        manager,
        Arrays.stream(norms).mapToObj(c -> new double[] {0, 0, c, 0}).toArray(double[][]::new));
  }

  @Test
  void theLowestGoFirstAndOneOfEachLayerStays() {
    RemovalOrder order =
        RemovalOrder.of(List.of(new double[] {0.2, 0.9, 0.4}, new double[] {0.3, 0.1}));
    assertEquals(
        List.of(new Removal(1, 1, 0.1), new Removal(0, 0, 0.2), new Removal(0, 2, 0.4)),
        order.removals());
    assertEquals(List.of("layer 2, rank 2", "layer 1, rank 3", "layer 1, rank 2"), order.ranks());
  }

  @Test
  void ordersAreCompared() {
    RemovalOrder order = RemovalOrder.of(List.of(new double[] {1, 2, 3, 9}));
    RemovalOrder other = RemovalOrder.of(List.of(new double[] {3, 2, 1, 9}));
    assertEquals(0, order.differences(order));
    assertEquals(2, order.differences(other));
    assertEquals(1, order.others(1, other));
    assertEquals(1, order.others(2, other));
    assertEquals(0, order.others(3, other));
  }

  /**
   * Norms (2, 1) and (1, 0.6, 0.6): with squares the lowest scores are 1/5 and 0.36/1.72, without
   * 1/3 and 0.6/2.2.
   */
  @Test
  void squaresMatterAcrossLayers() {
    List<DiscreteSsm> layers = List.of(layer(2, 1), layer(1, 0.6, 0.6));
    Criterion caption =
        new Criterion(
            "caption",
            each -> StateNorms.hinf(each).sqrt().toDoubleArray(),
            Rescaling.LAYER_ENERGY,
            Scope.GLOBAL);
    RemovalOrder squares = RemovalOrder.of(Criterion.LAST.scores(layers));
    RemovalOrder norms = RemovalOrder.of(caption.scores(layers));
    assertEquals("layer 1, rank 2", squares.ranks().get(0));
    assertEquals(Math.log(0.2), squares.removals().get(0).score(), 1e-12);
    assertEquals("layer 2, rank 3", norms.ranks().get(0));
    assertEquals(Math.log(0.6 / 2.2), norms.removals().get(0).score(), 1e-12);
    assertEquals(1, squares.others(1, norms));
  }

  /** Eq. 9 computed once is the greedy removal, and greedy by another score is not. */
  @Test
  void onceIsAnew() {
    Random random = new Random(3);
    List<DiscreteSsm> layers =
        IntStream.rangeClosed(2, 5)
            .mapToObj(n -> layer(random.doubles(n, 0.1, 10).toArray()))
            .toList();
    RemovalOrder once = RemovalOrder.of(Criterion.LAST.scores(layers));
    RemovalOrder anew = RemovalOrder.anew(layers);
    assertEquals(1 + 2 + 3 + 4, anew.removals().size());
    assertEquals(0, anew.differences(once));
    for (int k = 0; k < 10; k++) {
      assertEquals(Math.exp(once.removals().get(k).score()), anew.removals().get(k).score(), 1e-12);
    }
    assertNotEquals(0, anew.differences(RemovalOrder.of(Criterion.GLOBAL_HINF.scores(layers))));
  }
}
