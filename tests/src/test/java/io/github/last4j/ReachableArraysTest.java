package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** Arrays of managers that a test can't ask, such as the trainer's own, from a heap histogram. */
class ReachableArraysTest {
  /** Arrays that Java code still reaches: what two collections in a row agree on. */
  private static long reachable() {
    long last = -1;
    for (int i = 0; i < 10; i++) {
      long now = histogram();
      if (now == last) {
        return now;
      }
      last = now;
    }
    throw new IllegalStateException("no two equal counts");
  }

  private static long histogram() {
    try {
      Object histogram =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return ((String) histogram)
          .lines()
          .map(line -> line.trim().split("\\s+"))
          .filter(words -> words.length >= 4 && words[3].endsWith(".PtNDArray"))
          .mapToLong(words -> Long.parseLong(words[1]))
          .sum();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theHistogramSeesArrays() {
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.zeros(new Shape(1));
      long before = reachable();
      for (int i = 0; i < 20; i++) {
        manager.zeros(new Shape(1));
      }
      assertEquals(before + 20, reachable());
    }
  }

  private static final ModelConfig CONFIG =
      ModelConfig.sequentialMnist().toBuilder().classes(3).channels(4).layers(2, 3).build();

  private static SequenceData data() {
    Random random = new Random(1);
    float[] inputs = new float[100 * 10];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    int[] labels = IntStream.range(0, 100).map(i -> i % 3).toArray();
    return SequenceData.of("noise", "", 10, 1, 3, inputs, labels);
  }

  @Test
  void trainingHoldsAFlatNumberInAllManagers() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, CONFIG, 1)) {
      List<Long> counts = new ArrayList<>();
      int[] steps = {0};
      Training.Listener listener =
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              if (++steps[0] % 100 == 50) {
                counts.add(reachable());
              }
            }
          };
      Recipe recipe = new Recipe(10, 1, 2, 1e-3, 1e-3, 0.01, 5);
      Training.run(model, data(), data().take(4), recipe, listener);
      assertEquals(500, steps[0]);
      assertEquals(Collections.nCopies(5, counts.get(0)), counts);
    }
  }

  /** A notebook trains one model again and again. */
  @Test
  void trainingAgainHoldsNoMore() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, CONFIG, 1)) {
      Recipe recipe = new Recipe(2, 1, 10, 1e-3, 1e-3, 0.01, 5);
      List<Integer> counts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Training.run(model, data(), data().take(4), recipe, new Training.Listener() {});
        counts.add(manager.getManagedArrays().size());
      }
      // The first training may leave what the others use again.
      assertEquals(Collections.nCopies(4, counts.get(0)), counts);
    }
  }
}
