package io.github.last4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SequenceDataTest {
  private static final int N = 11;

  /** Sample i holds 6i, …, 6i + 5 in (3, 2), its label is i mod 4, its length 1 + i mod 3. */
  private static final SequenceData DATA = make(true);

  @Test
  void holdsWhatItWasGiven() {
    assertEquals("task", DATA.name());
    assertEquals("0123", DATA.checksum());
    assertEquals(
        List.of(N, 3, 2, 4), List.of(DATA.size(), DATA.length(), DATA.channels(), DATA.classes()));
    assertArrayEquals(new float[] {12, 13, 14, 15, 16, 17}, DATA.input(2));
    assertEquals(6 * N, DATA.inputs().length);
    assertArrayEquals(new int[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2}, DATA.labels());
    assertArrayEquals(new int[] {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2}, DATA.lengths().orElseThrow());
    assertEquals(Optional.empty(), make(false).lengths());
    assertThrows(IndexOutOfBoundsException.class, () -> DATA.input(N));
  }

  /** Sample i of five has documents 2i and 2i + 1, which say so at their three steps. */
  @Test
  void pairsOfDocuments() {
    float[] inputs = new float[5 * 2 * 3];
    for (int i = 0; i < inputs.length; i++) {
      int document = i / 3;
      inputs[i] = document;
    }
    int[] labels = {0, 1, 1, 0, 1};
    SequenceData data =
        SequenceData.ofPairs("pairs", "", 3, 1, 2, inputs, labels, lengthsOfPairs());
    assertEquals(1, DATA.documents());
    assertEquals(2, data.documents());
    assertEquals(5, data.size());
    assertEquals("pairs: 5 pairs of sequences of (3, 1), 2 classes", data.toString());
    assertArrayEquals(inputs, data.inputs());
    assertArrayEquals(new float[] {4, 4, 4, 5, 5, 5}, data.input(2));
    assertArrayEquals(lengthsOfPairs(), data.lengths().orElseThrow());

    SequenceData mixed = data.shuffled(8).take(4);
    List<Integer> seen = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Batch batch : mixed.batches(manager, 3)) {
        try (batch) {
          int size = batch.getSize();
          NDList arrays = batch.getData();
          assertEquals(new Shape(2L * size, 3, 1), arrays.get(0).getShape());
          assertEquals(new Shape(2L * size), arrays.get(1).getShape());
          float[] values = arrays.get(0).toFloatArray();
          long[] lengths = arrays.get(1).toLongArray();
          long[] classes = batch.getLabels().singletonOrThrow().toLongArray();
          assertEquals(size, classes.length);
          for (int i = 0; i < size; i++) {
            int sample = (int) values[3 * i] / 2;
            seen.add(sample);
            for (int which = 0; which < 2; which++) {
              int row = which * size + i;
              int document = 2 * sample + which;
              for (int step = 0; step < 3; step++) {
                assertEquals(document, values[3 * row + step]);
              }
              assertEquals(lengthsOfPairs()[document], lengths[row]);
            }
            assertEquals(labels[sample], classes[i]);
          }
        }
      }
    }
    assertEquals(4, seen.size());
    assertEquals(4, seen.stream().distinct().count());
    int[] expected = seen.stream().mapToInt(sample -> labels[sample]).toArray();
    assertArrayEquals(expected, mixed.labels());

    float[] tooFew = Arrays.copyOf(inputs, 15);
    assertEquals(
        "inputs: expected N·2·L·C = 5·2·3·1 values, got 15",
        assertThrows(
                IllegalArgumentException.class,
                () -> SequenceData.ofPairs("", "", 3, 1, 2, tooFew, labels, lengthsOfPairs()))
            .getMessage());
    assertEquals(
        "lengths: expected 10, got 5",
        assertThrows(
                IllegalArgumentException.class,
                () -> SequenceData.ofPairs("", "", 3, 1, 2, inputs, labels, new int[5]))
            .getMessage());
  }

  private static int[] lengthsOfPairs() {
    return new int[] {1, 2, 3, 1, 2, 3, 1, 2, 3, 1};
  }

  @Test
  void nobodyCanChangeIt() {
    float[] inputs = {1, 2};
    int[] labels = {0, 1};
    int[] lengths = {1, 1};
    SequenceData data = SequenceData.of("task", "", 1, 1, 2, inputs, labels, lengths);
    inputs[0] = 9;
    labels[0] = 1;
    lengths[0] = 0;
    data.inputs()[0] = 9;
    data.input(0)[0] = 9;
    data.labels()[0] = 1;
    data.lengths().orElseThrow()[0] = 0;

    assertArrayEquals(new float[] {1, 2}, data.inputs());
    assertArrayEquals(new int[] {0, 1}, data.labels());
    assertArrayEquals(new int[] {1, 1}, data.lengths().orElseThrow());
  }

  @Test
  void batchesHaveTheirShapesAndTypesAndTheLastIsPartial() {
    List<Integer> sizes = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Batch batch : DATA.batches(manager, 4)) {
        try (batch) {
          int size = batch.getSize();
          sizes.add(size);
          NDList data = batch.getData();
          assertEquals(2, data.size());
          assertEquals(new Shape(size, 3, 2), data.get(0).getShape());
          assertEquals(DataType.FLOAT32, data.get(0).getDataType());
          assertEquals(new Shape(size), data.get(1).getShape());
          assertEquals(DataType.INT64, data.get(1).getDataType());
          assertEquals(new Shape(size), batch.getLabels().singletonOrThrow().getShape());
          assertEquals(DataType.INT64, batch.getLabels().singletonOrThrow().getDataType());
          assertEquals(N, batch.getProgressTotal());
        }
      }
      for (Batch batch : make(false).batches(manager, 4)) {
        try (batch) {
          assertEquals(1, batch.getData().size());
        }
      }
    }
    assertEquals(List.of(4, 4, 3), sizes);
  }

  @Test
  void batchesCoverEverySampleOnceInOrder() {
    for (int batchSize : new int[] {1, 4, N, 100}) {
      assertEquals(IntStream.range(0, N).boxed().toList(), pass(DATA.asDataset(batchSize)));
    }
    List<Integer> drawn = pass(DATA.asDataset(4, 5));
    assertEquals(IntStream.range(0, N).boxed().toList(), drawn.stream().sorted().toList());
  }

  @Test
  void iterationsAreIndependentAndEnd() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Iterable<Batch> batches = DATA.batches(manager, N);
      assertEquals(first(batches), first(batches));
      Iterator<Batch> iterator = batches.iterator();
      iterator.next().close();
      assertFalse(iterator.hasNext());
      assertThrows(NoSuchElementException.class, iterator::next);
    }
  }

  @Test
  void shufflesDependOnTheSeedOnly() {
    // java.util.Random is specified, so this order is the same everywhere.
    List<Integer> expected = new ArrayList<>(IntStream.range(0, N).boxed().toList());
    Random random = new Random(42);
    for (int i = N - 1; i > 0; i--) {
      Collections.swap(expected, i, random.nextInt(i + 1));
    }

    assertEquals(expected, order(DATA.shuffled(42)));
    assertEquals(order(DATA.shuffled(42)), order(DATA.shuffled(42)));
    assertFalse(order(DATA.shuffled(42)).equals(order(DATA.shuffled(43))));
    assertEquals(IntStream.range(0, N).boxed().toList(), order(DATA));
  }

  @Test
  void takeAndShuffledKeepSamplesTogether() {
    SequenceData some = DATA.shuffled(1).take(7).shuffled(2).take(5);

    assertEquals(5, some.size());
    assertEquals(DATA.checksum(), some.checksum());
    for (int i = 0; i < 5; i++) {
      int original = (int) some.input(i)[0] / 6;
      assertArrayEquals(DATA.input(original), some.input(i));
      assertEquals(DATA.labels()[original], some.labels()[i]);
      assertEquals(DATA.lengths().orElseThrow()[original], some.lengths().orElseThrow()[i]);
    }
  }

  @Test
  void passesDifferButRunsDoNot() {
    Dataset one = DATA.asDataset(4, 7);
    Dataset two = DATA.asDataset(4, 7);
    List<Integer> firstPass = pass(one);
    List<Integer> secondPass = pass(one);

    assertEquals(order(DATA.shuffled(7)), firstPass);
    assertFalse(firstPass.equals(secondPass));
    assertEquals(firstPass, pass(two));
    assertEquals(secondPass, pass(two));
  }

  @Test
  void aPassLeavesNothingBehind() throws Exception {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDManager> closed = new ArrayList<>();
      for (Dataset dataset : List.of(DATA.asDataset(4), DATA.asDataset(4, 7))) {
        dataset.prepare();
        for (Batch batch : dataset.getData(manager)) {
          assertEquals(3, batch.getManager().getManagedArrays().size());
          closed.add(batch.getManager());
          batch.close();
        }
      }
      assertEquals(6, closed.size());
      assertTrue(closed.stream().noneMatch(NDManager::isOpen));
      assertTrue(manager.getManagedArrays().isEmpty());
    }
  }

  @Test
  void djlTrainsOnIt() throws Exception {
    // Small inputs: DJL refuses a step whose gradients are all zero, and saturated losses have
    // such.
    float[] inputs = DATA.inputs();
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] /= inputs.length;
    }
    SequenceData data = SequenceData.of("task", "", 3, 2, 4, inputs, DATA.labels());
    SequentialBlock block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(4).build());
    try (Model model = Model.newInstance("linear")) {
      model.setBlock(block);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .addTrainingListeners(TrainingListener.Defaults.basic());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(4, 3, 2));
        EasyTrain.fit(trainer, 2, data.asDataset(4, 7), data.asDataset(4));
        assertTrue(Float.isFinite(trainer.getTrainingResult().getValidateLoss()));
      }
    }
  }

  @Test
  void badArgumentsAreNamed() {
    float[] inputs = {1, 2};
    int[] labels = {0, 1};
    refused("inputs", () -> SequenceData.of("", "", 1, 2, 2, inputs, labels));
    refused("inputs", () -> SequenceData.of("", "", 1 << 30, 4, 2, inputs, labels));
    refused("inputs", () -> SequenceData.of("", "", 1, 1, 2, new float[] {1, Float.NaN}, labels));
    refused("labels", () -> SequenceData.of("", "", 1, 1, 1, inputs, labels));
    refused("labels", () -> SequenceData.of("", "", 1, 1, 2, inputs, new int[] {0, -1}));
    refused("length", () -> SequenceData.of("", "", 0, 1, 2, inputs, labels));
    refused("channels", () -> SequenceData.of("", "", 1, 0, 2, inputs, labels));
    refused("classes", () -> SequenceData.of("", "", 1, 1, 0, inputs, labels));
    refused("samples", () -> SequenceData.of("", "", 1, 1, 2, new float[0], new int[0]));
    refused("lengths", () -> SequenceData.of("", "", 1, 1, 2, inputs, labels, new int[] {1, 2}));
    refused("lengths", () -> SequenceData.of("", "", 1, 1, 2, inputs, labels, new int[] {1}));
    refused("n:", () -> DATA.take(0));
    refused("n:", () -> DATA.take(N + 1));
    refused("batchSize", () -> DATA.asDataset(0));
    refused("batchSize", () -> DATA.asDataset(-1, 3));
    try (NDManager manager = NDManager.newBaseManager()) {
      refused("batchSize", () -> DATA.batches(manager, 0));
    }
  }

  private static void refused(String argument, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(argument), message);
  }

  private static SequenceData make(boolean withLengths) {
    float[] inputs = new float[6 * N];
    int[] labels = new int[N];
    int[] lengths = new int[N];
    for (int i = 0; i < 6 * N; i++) {
      inputs[i] = i;
    }
    for (int i = 0; i < N; i++) {
      labels[i] = i % 4;
      lengths[i] = 1 + i % 3;
    }
    return withLengths
        ? SequenceData.of("task", "0123", 3, 2, 4, inputs, labels, lengths)
        : SequenceData.of("task", "0123", 3, 2, 4, inputs, labels);
  }

  /** The numbers of the samples, in the order of the data. */
  private static List<Integer> order(SequenceData data) {
    return IntStream.range(0, data.size()).mapToObj(i -> (int) data.input(i)[0] / 6).toList();
  }

  /** The numbers of the samples, in the order of the dataset's next pass. */
  private static List<Integer> pass(Dataset dataset) {
    List<Integer> result = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Batch batch : dataset.getData(manager)) {
        try (batch) {
          float[] values = batch.getData().get(0).toFloatArray();
          long[] lengths = batch.getData().get(1).toLongArray();
          long[] labels = batch.getLabels().get(0).toLongArray();
          for (int i = 0; i < batch.getSize(); i++) {
            int sample = (int) values[6 * i] / 6;
            assertArrayEquals(DATA.input(sample), Arrays.copyOfRange(values, 6 * i, 6 * i + 6));
            assertEquals(sample % 4, labels[i]);
            assertEquals(1 + sample % 3, lengths[i]);
            result.add(sample);
          }
        }
      }
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
    return result;
  }

  private static List<Float> first(Iterable<Batch> batches) {
    try (Batch batch = batches.iterator().next()) {
      float[] values = batch.getData().get(0).toFloatArray();
      return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }
  }
}
