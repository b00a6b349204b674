package io.github.last4j;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long work holds a flat number of native arrays. */
class MemoryTest {
  private static ModelConfig tiny(Family family) {
    return ModelConfig.s5(1, 3).with(c -> c.family(family).channels(4).pairs(layers(2, 8)));
  }

  private static SequenceData sequences(int count) {
    Random random = new Random(1);
    float[] inputs = new float[count * 12];
    int[] labels = new int[count];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(3);
    }
    return SequenceData.of("tiny", "none", 12, 1, 3, inputs, labels);
  }

  private static int arrays(NDManager... managers) {
    int count = 0;
    for (NDManager manager : managers) {
      count += manager.getManagedArrays().size();
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void fortyEvaluations(Family family) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, tiny(family), 0)) {
      Dataset test = sequences(20).asDataset(8);
      Set<Integer> counts = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        try (NDManager scratch = manager.newSubManager()) {
          NDList scores = Last.lastScores(model.discreteSystems(scratch));
          NDList masks = Last.pruneMasks(scores, i / 40.0);
          int before = arrays(manager, model.manager(), scratch);
          Last.evaluate(model, test, masks);
          assertEquals(before, arrays(manager, model.manager(), scratch));
        }
        counts.add(arrays(manager, model.manager()));
      }
      assertEquals(1, counts.size(), "native arrays after each evaluation: " + counts);
    }
  }

  /** The systems of a model are copies: it neither loses its parameters with them nor changes. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void systemsAreCopies(Family family) {
    ModelConfig both = tiny(family).with(c -> c.bidirectional(true));
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, both, 0)) {
      double before = Last.evaluate(model, sequences(20).asDataset(8)).loss();
      try (NDManager scratch = manager.newSubManager()) {
        for (DiagonalSsm system : model.systems(scratch)) {
          for (NDArray array : system.arrays()) {
            assertEquals(DataType.FLOAT64, array.getDataType());
            assertSame(scratch, array.getManager());
            array.muli(0);
          }
        }
      }
      assertEquals(before, Last.evaluate(model, sequences(20).asDataset(8)).loss());
    }
  }

  /** In every manager, the trainer's own included. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void fiveHundredSteps(Family family) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, tiny(family), 0)) {
      SequenceData data = sequences(100);
      List<Long> counts = new ArrayList<>();
      Training.run(
          model,
          data,
          data.take(10),
          new Recipe(50, 1, 10, 1e-3, 1e-3, 0, 0),
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              if (step == 5 && epoch % 10 == 1) {
                counts.add(reachable());
              }
            }
          });
      // The first count may include what a test before this one left to be finalised.
      assertEquals(Collections.nCopies(4, counts.get(4)), counts.subList(1, 5));
    }
  }

  /** A notebook trains one model again and again. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void trainingLeavesNothing(Family family) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, tiny(family), 0)) {
      SequenceData data = sequences(20);
      Recipe recipe = new Recipe(2, 1, 10, 1e-3, 1e-3, 0.01, 0);
      // S4D keeps the kernels of its last evaluation.
      Last.evaluate(model, data.asDataset(10));
      int before = arrays(manager, model.manager());
      for (int i = 0; i < 2; i++) {
        Training.run(model, data, data, recipe, new Training.Listener() {});
        assertEquals(before, arrays(manager, model.manager()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void helpersLeaveTheirResultsOnly(Family family) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, tiny(family), 0)) {
      List<DiscreteSsm> layers = model.discreteSystems(manager);
      int before = arrays(manager, model.manager());
      NDList scores = Last.lastScores(layers);
      NDList masks = Last.pruneMasks(scores, 0.5);
      NDList norms = new NDList(layers.stream().map(Last::hinfNorm).toList());
      assertEquals(before + 6, arrays(manager, model.manager()));
      scores.close();
      masks.close();
      norms.close();
      assertEquals(before, arrays(manager, model.manager()));
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
}
