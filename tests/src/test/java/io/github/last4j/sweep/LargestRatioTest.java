package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bisection finds what trying every ratio finds, with fewer trials. */
class LargestRatioTest {
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.1, 0.05, 0.01, 0.001})
  void itIsTheLastOneOfAGridThatMeetsTheTolerance(double step) {
    Random random = new Random(3);
    long steps = Math.round(1 / step);
    for (int trial = 0; trial < 50; trial++) {
      double limit = trial == 0 ? -0.1 : trial == 1 ? 1.5 : random.nextDouble();
      LargestRatio found = LargestRatio.of(ratio -> ratio * ratio, limit * Math.abs(limit), step);
      double expected = 0;
      for (long i = 1; i <= steps; i++) {
        double ratio = (double) i / steps;
        expected = ratio * ratio <= limit * Math.abs(limit) ? ratio : expected;
      }
      assertEquals(expected, found.ratio());
      assertTrue(found.costs().size() <= Math.ceil(Math.log(steps + 1.0) / Math.log(2)));
      found.costs().forEach((ratio, cost) -> assertEquals(ratio * ratio, cost));
    }
  }

  @Test
  void accuracyIsThatOfThePrunedModel() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = TinySweep.models(manager, Family.S5).get(0).model();
      SequenceData data = TinySweep.data(40);
      double whole = Evaluation.of(model, data.asDataset(40)).accuracy();
      LargestRatio found =
          LargestRatio.ofAccuracy(model, Criterion.LAST, 0, data.asDataset(40), 0.05, 0.1);
      found
          .costs()
          .forEach(
              (ratio, cost) -> {
                NDList masks = Criterion.LAST.masks(model.discreteSystems(manager), ratio, 0);
                try (SequenceClassifier smaller = model.keep(masks)) {
                  double accuracy = Evaluation.of(smaller, data.asDataset(40)).accuracy();
                  // Numbers of 40 samples, divided.
                  assertEquals(whole - accuracy, cost, 1e-9);
                  assertEquals(ratio <= found.ratio(), cost <= 0.05 + 1e-9);
                }
              });
    }
  }

  @Test
  void badInputIsNamed() {
    assertTrue(message(0.3, 1).startsWith("step:"));
    assertTrue(message(0, 1).startsWith("step:"));
    assertTrue(message(2, 1).startsWith("step:"));
    assertTrue(message(Double.NaN, 1).startsWith("step:"));
    assertTrue(message(0.1, Double.NaN).startsWith("tolerance:"));
    assertThrows(
        IllegalArgumentException.class, () -> LargestRatio.of(ratio -> Double.NaN, 1, 0.1));
  }

  private static String message(double step, double tolerance) {
    return assertThrows(
            IllegalArgumentException.class, () -> LargestRatio.of(ratio -> ratio, tolerance, step))
        .getMessage();
  }
}
