package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Long work holds a flat number of native arrays. */
class MemoryTest {
  private static final ModelConfig TINY =
      ModelConfig.sequentialMnist().toBuilder().classes(3).channels(4).layers(2, 6).build();

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

  @Test
  void fortyEvaluations() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, TINY, 0)) {
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
        counts.add(arrays(manager, model.manager(), NDManager.newBaseManager()));
      }
      assertEquals(1, counts.size(), "native arrays after each evaluation: " + counts);
    }
  }

  @Test
  void fiveHundredSteps() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, TINY, 0)) {
      SequenceData data = sequences(100);
      List<Integer> counts = new ArrayList<>();
      Training.run(
          model,
          data,
          data.take(10),
          new Recipe(50, 1, 10, 1e-3, 1e-3, 0, 0),
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              counts.add(arrays(manager, model.manager()));
            }
          });
      assertEquals(500, counts.size());
      // The optimiser makes its moments in the first step.
      assertEquals(Set.of(counts.get(1)), new HashSet<>(counts.subList(1, 500)));
    }
  }

  @Test
  void helpersLeaveTheirResultsOnly() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, TINY, 0)) {
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
}
