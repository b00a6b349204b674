package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model with more beside it, bit for bit. */
class SnapshotTest {
  @ParameterizedTest
  @EnumSource(Family.class)
  void whatIsWrittenIsRead(Family family, @TempDir Path folder) throws IOException {
    ModelConfig config =
        ModelConfig.s5(1, 3)
            .with(c -> c.family(family).channels(4).pairs(List.of(8, 4)).bidirectional(true));
    Path file = folder.resolve("snapshot");
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 3)) {
      NDArray small = manager.create(new float[] {Float.MIN_VALUE, -0f, 1e30f}, new Shape(3, 1));
      NDArray exact = manager.create(new double[] {Math.PI});
      new Snapshot(model, Map.of("a/b", small, "c", exact), Map.of("note", "é")).write(file);
      Snapshot read = Snapshot.read(manager, manager, file);
      assertEquals(config, read.model().config());
      Map<String, NDArray> before = model.parametersByName(manager);
      read.model()
          .parametersByName(manager)
          .forEach(
              (name, array) ->
                  assertArrayEquals(before.get(name).toFloatArray(), array.toFloatArray(), name));
      assertArrayEquals(small.toFloatArray(), read.arrays().get("a/b").toFloatArray());
      assertEquals(small.getShape(), read.arrays().get("a/b").getShape());
      assertEquals(Math.PI, read.arrays().get("c").getDouble());
      assertEquals(Map.of("note", "é"), read.texts());
      // A model that is none of this kind, and half a file.
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      assertThrows(IOException.class, () -> Snapshot.read(manager, manager, file));
    }
  }
}
