package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.Models;
import io.github.last4j.prune.Criterion;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream says at every step what the model says of the steps until then. */
class SequenceStreamTest {
  // Single precision over some layers and steps.
  private static final double TOLERANCE = 1e-5;
  // Over hundreds of steps the log-probabilities of the pass itself are right to 1e-4 only.
  private static final double LONG = 1e-4;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** The features or tokens of one step. */
  private static float[][] step(SequenceStream stream, ModelConfig config, NDArray x, int time) {
    int batch = (int) x.getShape().get(0);
    int length = (int) x.getShape().get(1);
    float[] all = x.toFloatArray();
    int width = all.length / batch / length;
    int[] tokens = new int[batch];
    float[][] features = new float[batch][];
    for (int k = 0; k < batch; k++) {
      int at = (k * length + time) * width;
      features[k] = Arrays.copyOfRange(all, at, at + width);
      tokens[k] = (int) all[at];
    }
    return config.tokens() ? stream.step(tokens) : stream.step(features);
  }

  private void assertSaysOfPrefix(
      SequenceClassifier model, NDArray x, int time, float[][] said, double tolerance) {
    NDArray prefix = x.get(":, :{}", time + 1);
    DataType type = model.getParameters().valueAt(0).getArray().getDataType();
    double[] expected =
        model
            .logProbabilities(new NDList(prefix.toType(type, true)))
            .toType(DataType.FLOAT64, true)
            .toDoubleArray();
    for (int i = 0; i < expected.length; i++) {
      double got = said[i / said[0].length][i % said[0].length];
      String where = String.format(Locale.ROOT, "step %d, %s", time, model.config());
      assertEquals(Math.exp(expected[i]), Math.exp(got), TOLERANCE, where);
      assertEquals(expected[i], got, tolerance * Math.max(1, Math.abs(expected[i])), where);
    }
  }

  /** Over architectures, dtypes, states, batches and lengths. */
  @Test
  void everyStepIsAPrefix() {
    Random random = new Random(5);
    for (int trial = 0; trial < 120; trial++) {
      ModelConfig config = RandomModels.causal(random);
      DataType type = random.nextBoolean() ? DataType.FLOAT32 : DataType.FLOAT64;
      int batch = 1 + random.nextInt(3);
      int length = 1 + random.nextInt(12);
      try (NDManager scratch = manager.newSubManager();
          SequenceClassifier model = RandomModels.of(scratch, config, type, random);
          SequenceStream stream = model.stream(batch)) {
        NDArray x = RandomModels.inputs(scratch, config, batch, length, random);
        for (int time = 0; time < length; time++) {
          assertSaysOfPrefix(model, x, time, step(stream, config, x, time), TOLERANCE);
        }
        assertEquals(length, stream.steps());
      }
    }
  }

  /** Trained models, whole and pruned, over hundreds of steps and, some of them, two threads. */
  @ParameterizedTest
  @ValueSource(strings = {"smnist-s5", "psmnist-s4d", "listops-s5", "smnist14-s4d"})
  void trainedModels(String title) throws IOException {
    try (SequenceClassifier whole = Models.load(title, 0);
        NDManager parent = whole.manager().getParentManager()) {
      // Those that read in both directions are refused, and there are some.
      if (whole.config().bidirectional()) {
        assertThrows(IllegalArgumentException.class, () -> whole.stream(1));
        return;
      }
      Random random = new Random(6);
      try (SequenceClassifier pruned = Criterion.LAST.prune(whole, 0.8)) {
        for (SequenceClassifier model : new SequenceClassifier[] {whole, pruned}) {
          int length = 300;
          // What pixels can be: outside, single precision is not enough for the pass itself.
          NDArray x =
              model.config().tokens()
                  ? RandomModels.inputs(parent, model.config(), 40, length, random)
                  : parent.randomUniform(0, 1, new Shape(40, length, 1), DataType.FLOAT32);
          SequenceStream stream = model.stream(40);
          for (int time = 0; time < length; time++) {
            float[][] said = step(stream, model.config(), x, time);
            if (time % 60 == 1 || time == length - 1) {
              assertSaysOfPrefix(model, x, time, said, LONG);
            }
          }
        }
      }
    }
  }

  /** To the last bit, however many sequences there are beside it, and on however many threads. */
  @ParameterizedTest
  @ValueSource(strings = {"S5", "S4D"})
  void sequencesDoNotSeeEachOther(Family family) {
    ModelConfig config =
        family == Family.S5
            ? ModelConfig.s5(2, 3)
            : ModelConfig.s4d(2, 3).with(c -> c.channels(96));
    Random random = new Random(7);
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 1);
        SequenceStream many = model.stream(50);
        SequenceStream one = model.stream(1)) {
      for (int time = 0; time < 5; time++) {
        float[][] x = new float[50][2];
        for (float[] each : x) {
          each[0] = random.nextFloat();
          each[1] = random.nextFloat();
        }
        float[][] said = many.step(x);
        assertArrayEquals(one.step(x[37])[0], said[37]);
        assertFalse(Arrays.equals(said[36], said[37]));
      }
    }
  }

  /** With states that are not there there is nothing to multiply. */
  @Test
  void aStepIsLinearInTheStates() {
    for (ModelConfig config : new ModelConfig[] {ModelConfig.s5(1, 4), ModelConfig.s4d(1, 4)}) {
      try (SequenceClassifier whole = SequenceClassifier.create(manager, config, 0);
          SequenceClassifier less = Criterion.LAST.prune(whole, 0.5);
          SequenceClassifier least = Criterion.LAST.prune(whole, 0.75)) {
        long all = whole.stream(1).multiplications();
        long half = less.stream(1).multiplications();
        assertEquals(2 * (half - least.stream(1).multiplications()), all - half);
        assertTrue(half < all);
      }
    }
  }

  /** A stream is one of the model as it was. */
  @Test
  void parametersAreCopies() {
    ModelConfig config =
        ModelConfig.s5(1, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    SequenceClassifier model = SequenceClassifier.create(manager, config, 2);
    SequenceStream first = model.stream(1);
    SequenceStream second = model.stream(1);
    float[][] before = first.step(new float[] {1});
    model.getParameters().forEach(each -> each.getValue().getArray().muli(2));
    model.close();
    assertArrayEquals(before[0], second.step(new float[] {1})[0]);
  }

  @Test
  void modelsThatNeedTheEndAreRefused() {
    ModelConfig small =
        ModelConfig.s5(1, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    try (SequenceClassifier both =
            SequenceClassifier.create(manager, small.with(c -> c.bidirectional(true)), 0);
        SequenceClassifier documents =
            SequenceClassifier.create(manager, small.with(c -> c.documentPairs(true)), 0);
        SequenceClassifier model = SequenceClassifier.create(manager, small, 0)) {
      assertSays(
          "bidirectional", assertThrows(IllegalArgumentException.class, () -> both.stream(1)));
      assertSays(
          "documents", assertThrows(IllegalArgumentException.class, () -> documents.stream(1)));
      assertSays("batch", assertThrows(IllegalArgumentException.class, () -> model.stream(0)));
    }
  }

  private static void assertSays(String word, Exception e) {
    assertTrue(e.getMessage().contains(word), e.getMessage());
  }

  /** And the stream goes on as if they had not been there. */
  @Test
  void inputsThatDoNotFitAreRefused() {
    ModelConfig small =
        ModelConfig.s5(2, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    try (SequenceClassifier model = SequenceClassifier.create(manager, small, 0);
        SequenceStream stream = model.stream(2);
        SequenceStream same = model.stream(2)) {
      float[] fine = {1, 2};
      stream.step(fine, fine);
      for (float[][] wrong :
          new float[][][] {
            null, {}, {fine}, {fine, fine, fine}, {fine, {1}}, {fine, null}, {{Float.NaN, 1}, fine}
          }) {
        assertSays(
            "inputs", assertThrows(IllegalArgumentException.class, () -> stream.step(wrong)));
      }
      assertSays("features", assertThrows(IllegalArgumentException.class, () -> stream.step(1, 2)));
      same.step(fine, fine);
      assertEquals(1, stream.steps());
      assertArrayEquals(same.step(fine, fine), stream.step(fine, fine));
    }
    ModelConfig words = small.with(c -> c.tokens(true));
    try (SequenceClassifier model = SequenceClassifier.create(manager, words, 0);
        SequenceStream stream = model.stream(1)) {
      for (int[] wrong : new int[][] {null, {}, {1, 1}, {-1}, {2}}) {
        assertSays(
            "tokens", assertThrows(IllegalArgumentException.class, () -> stream.step(wrong)));
      }
      assertThrows(IllegalArgumentException.class, () -> stream.step(new float[] {1, 0}));
    }
  }

  @Test
  void aClosedStreamIsRefused() {
    ModelConfig small =
        ModelConfig.s5(1, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    try (SequenceClassifier model = SequenceClassifier.create(manager, small, 0)) {
      SequenceStream stream = model.stream(1);
      stream.step(new float[] {1});
      stream.close();
      stream.close();
      assertThrows(IllegalStateException.class, () -> stream.step(new float[] {1}));
    }
  }

  @Test
  void anInterruptStopsIt() {
    ModelConfig small =
        ModelConfig.s5(1, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    try (SequenceClassifier model = SequenceClassifier.create(manager, small, 0);
        SequenceStream stream = model.stream(1)) {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> stream.step(new float[] {1}));
      assertEquals(0, stream.steps());
      stream.step(new float[] {1});
    }
  }

  /** An answer is one of probabilities: their sum is one. */
  @Test
  void probabilitiesSumToOne() {
    try (SequenceClassifier model = SequenceClassifier.create(manager, ModelConfig.s4d(1, 7), 0)) {
      float[] said = model.stream(1).step(new float[] {300})[0];
      double sum = 0;
      for (float each : said) {
        sum += Math.exp(each);
      }
      assertEquals(1, sum, 1e-6);
    }
  }
}
