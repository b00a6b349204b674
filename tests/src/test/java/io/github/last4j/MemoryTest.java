package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Native arrays, which no garbage collector sees, are freed. */
class MemoryTest {
  private static final ModelConfig CONFIG =
      ModelConfig.sequentialMnist().toBuilder()
          .channels(4)
          .pairs(List.of(3, 5))
          .classes(3)
          .bidirectional(true)
          .activation(Activation.FULL_GLU)
          .build();

  private NDManager base;
  private SequenceClassifier model;

  @BeforeEach
  void open() {
    base = NDManager.newBaseManager();
    // One more manager between them, so that model, parent and base are three.
    model = SequenceClassifier.create(base.newSubManager(), CONFIG, 1);
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static SequenceData data(int samples) {
    Random random = new Random(samples);
    float[] inputs = new float[samples * 10];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    int[] labels = IntStream.range(0, samples).map(i -> i % 3).toArray();
    return SequenceData.of("noise", "", 10, 1, 3, inputs, labels);
  }

  /** Arrays in the model's manager, in its parent and in all managers under the base. */
  private List<Integer> counts() {
    return List.of(
        model.manager().getManagedArrays().size(),
        model.manager().getParentManager().getManagedArrays().size(),
        base.getManagedArrays().size());
  }

  /** Arrays that Java code can still reach, in whatever manager, after a garbage collection. */
  private static long reachableArrays() throws JMException {
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
  }

  @Test
  void theHistogramSeesArrays() throws JMException {
    long before = reachableArrays();
    for (int i = 0; i < 20; i++) {
      base.zeros(new ai.djl.ndarray.types.Shape(1));
    }
    assertEquals(before + 20, reachableArrays());
  }

  @Test
  void evaluationLeavesNothing() throws JMException {
    SequenceData test = data(7);
    NDList masks =
        new NDList(
            base.create(new boolean[] {true, false, true}),
            base.create(new boolean[] {false, true, false, false, true}));
    Last.evaluate(model, test.asDataset(3), masks);
    List<Integer> before = counts();
    long reachable = reachableArrays();
    for (int i = 0; i < 40; i++) {
      Last.evaluate(model, test.asDataset(3), masks);
      Last.evaluate(model, test.asDataset(3));
      assertEquals(before, counts(), "evaluation " + i);
    }
    assertEquals(reachable, reachableArrays());
  }

  @Test
  void trainingHoldsAFlatNumber() throws JMException {
    List<Integer> start = counts();
    List<List<Integer>> seen = new ArrayList<>();
    List<Long> reachable = new ArrayList<>();
    Training.Listener listener =
        new Training.Listener() {
          @Override
          public void step(int epoch, int step, int stepsPerEpoch, double loss) {
            seen.add(counts());
            if (seen.size() % 100 == 50) {
              try {
                reachable.add(reachableArrays());
              } catch (JMException e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };
    // 50 steps an epoch.
    Recipe recipe = new Recipe(10, 1, 2, 1e-3, 1e-3, 0.01, 5);
    Training.run(model, data(100), data(4), recipe, listener);
    assertEquals(500, seen.size());
    // The first step makes the optimiser's moments.
    for (int i = 1; i < seen.size(); i++) {
      assertEquals(seen.get(1), seen.get(i), "after step " + (i + 1));
    }
    assertTrue(
        reachable.stream().allMatch(reachable.get(0)::equals),
        "arrays every hundred steps: " + reachable);
    // Counted after the training: moments and gradients go with it.
    assertEquals(start.get(0), counts().get(0), "the model's own arrays after training");
  }

  @Test
  void scoresLeaveOnlyResults() {
    try (NDManager owner = base.newSubManager()) {
      List<DiagonalSsm> systems = model.systems(owner);
      int held = base.getManagedArrays().size();
      List<DiscreteSsm> discrete = systems.stream().map(Last::discretize).toList();
      held = assertGrown(held, arrays(discrete), "discretize");
      NDArray norms = Last.hinfNorm(discrete.get(0));
      held = assertGrown(held, List.of(norms), "hinfNorm");
      NDList scores = Last.lastScores(discrete);
      held = assertGrown(held, scores, "lastScores");
      NDList masks = Last.pruneMasks(scores, 0.5);
      held = assertGrown(held, masks, "pruneMasks");
      List<DiscreteSsm> again = model.discreteSystems(owner);
      assertGrown(held, arrays(again), "discreteSystems");
    }
  }

  private static List<NDArray> arrays(List<DiscreteSsm> systems) {
    return systems.stream().flatMap(each -> each.arrays().stream()).toList();
  }

  private int assertGrown(int before, List<NDArray> results, String what) {
    long distinct = results.stream().map(NDArray::getUid).distinct().count();
    int now = base.getManagedArrays().size();
    assertEquals(before + distinct, now, what);
    return now;
  }
}
