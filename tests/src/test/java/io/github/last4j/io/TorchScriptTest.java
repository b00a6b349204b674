package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.last4j.Models;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.RandomModels;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that was written as TorchScript says the same when the engine alone runs it. */
class TorchScriptTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  @TempDir private Path folder;

  /** A module as DJL loads any, without a class of the toolkit. */
  private static NDArray run(Path file, NDManager owner, NDList x)
      throws IOException, MalformedModelException {
    try (Model module = Model.newInstance("module", "PyTorch")) {
      module.load(file.getParent(), file.getFileName().toString());
      NDArray y =
          module.getBlock().forward(new ParameterStore(owner, false), x, false).singletonOrThrow();
      y.attach(owner);
      return y;
    }
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, true).toDoubleArray();
  }

  /** Over architectures of both directions, dtypes, states, batches, lengths and padding. */
  @Test
  void anyModel() throws IOException, MalformedModelException {
    Random random = new Random(11);
    for (int trial = 0; trial < 80; trial++) {
      ModelConfig causal = RandomModels.causal(random);
      boolean documents = random.nextInt(4) == 0;
      boolean both = random.nextBoolean();
      ModelConfig config = causal.with(c -> c.bidirectional(both).documentPairs(documents));
      DataType type = random.nextBoolean() ? DataType.FLOAT32 : DataType.FLOAT64;
      int batch = documents ? 4 : 1 + random.nextInt(3);
      int length = 1 + random.nextInt(100);
      Path file = folder.resolve("model" + trial + ".pt");
      try (NDManager scratch = manager.newSubManager();
          SequenceClassifier model = RandomModels.of(scratch, config, type, random)) {
        NDArray steps = RandomModels.inputs(scratch, config, batch, length, random);
        NDList x = new NDList(steps.toType(config.tokens() ? DataType.INT64 : type, true));
        if (config.pooling() == Pooling.MEAN && random.nextBoolean()) {
          long[] lengths = random.longs(batch, 1, length + 1L).toArray();
          x.add(scratch.create(lengths));
        }
        TorchScript.save(model, file);
        NDArray got = run(file, scratch, x);
        NDArray expected = model.logProbabilities(x);
        assertEquals(expected.getShape(), got.getShape());
        assertEquals(expected.getDataType(), got.getDataType());
        // The exact GELU has an error function that is known to 1e-7.
        double tolerance = type == DataType.FLOAT64 ? 1e-6 : 2e-5;
        assertArrayEquals(doubles(expected), doubles(got), tolerance, config.toString());
      }
    }
  }

  /** Batch and length are free: one module for all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"S5", "S4D"})
  void batchAndLengthAreFree(Family family) throws IOException, MalformedModelException {
    ModelConfig config =
        family == Family.S5
            ? ModelConfig.s5(2, 3)
            : ModelConfig.s4d(2, 3).with(c -> c.channels(96));
    Path file = folder.resolve("free.pt");
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      TorchScript.save(model, file);
      for (int[] shape : new int[][] {{1, 1}, {3, 31}, {1, 32}, {2, 33}, {1, 1000}}) {
        NDList x =
            new NDList(
                manager.randomNormal(0, 1, new Shape(shape[0], shape[1], 2), DataType.FLOAT32));
        assertArrayEquals(doubles(model.logProbabilities(x)), doubles(run(file, manager, x)), 1e-5);
      }
    }
  }

  /** Trained and pruned models, at the length of their task. */
  @ParameterizedTest
  @ValueSource(strings = {"smnist-s5", "psmnist-s4d"})
  void trainedModels(String title) throws IOException, MalformedModelException {
    Path file = folder.resolve(title + ".pt");
    try (SequenceClassifier whole = Models.load(title, 0);
        NDManager parent = whole.manager().getParentManager();
        SequenceClassifier pruned = Criterion.LAST.prune(whole, 0.7)) {
      TorchScript.save(whole, file);
      long size = Files.size(file);
      TorchScript.save(pruned, file);
      // States that are not there are not in the file.
      assertTrue(Files.size(file) < size);
      NDList x = new NDList(parent.randomUniform(0, 1, new Shape(4, 784, 1), DataType.FLOAT32));
      assertArrayEquals(doubles(pruned.logProbabilities(x)), doubles(run(file, parent, x)), 1e-4);
    }
  }

  /** The configuration lies beside, and the same model gives the same bytes. */
  @Test
  void theFileIsDetermined() throws IOException {
    ModelConfig config =
        ModelConfig.s5(1, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)));
    Path first = folder.resolve("first.pt");
    Path second = folder.resolve("second.pt");
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      TorchScript.save(model, first);
      TorchScript.save(model, second);
    }
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    try (ZipFile zip = new ZipFile(first.toFile())) {
      ZipEntry entry = zip.getEntry("archive/extra/last4j.config");
      String json = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(json.contains("\"channels\":4"), json);
    }
  }

  /** What the model refuses, the module refuses too. */
  @Test
  void lengthsWithTheLastStepAreRefused() throws IOException, MalformedModelException {
    ModelConfig config =
        ModelConfig.s5(1, 3)
            .with(c -> c.channels(4).pairs(ModelConfig.layers(1, 4)).pooling(Pooling.LAST));
    Path file = folder.resolve("last.pt");
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      TorchScript.save(model, file);
      NDArray x = manager.ones(new Shape(1, 5, 1));
      assertArrayEquals(
          doubles(model.logProbabilities(new NDList(x))),
          doubles(run(file, manager, new NDList(x))),
          1e-5);
      NDList withLengths = new NDList(x, manager.create(new long[] {3}));
      assertThrows(EngineException.class, () -> run(file, manager, withLengths));
    }
  }
}
