package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.Progress;
import io.github.last4j.data.SequenceData;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces of a dataset are those of its sequences, however it is cut into batches. */
class TraceTest {
  private static final int SAMPLES = 23;

  private static SequenceClassifier model(NDManager manager, Family family, boolean bidirectional) {
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.family(family)
                        .inputs(2)
                        .channels(4)
                        .pairs(ModelConfig.layers(2, 8))
                        .bidirectional(bidirectional));
    return SequenceClassifier.create(manager, config, 3);
  }

  private static SequenceData data(int length) {
    Random random = new Random(1);
    float[] inputs = new float[SAMPLES * length * 2];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    return SequenceData.of("noise", "of seed 1", length, 2, 10, inputs, new int[SAMPLES]);
  }

  private static List<NDArray> signals(List<LayerTrace> traces) {
    return traces.stream().flatMap(trace -> trace.arrays().stream()).toList();
  }

  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void batchesDoNotMatter(Family family, boolean bidirectional) {
    SequenceData data = data(31);
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = model(manager, family, bidirectional)) {
      NDArray x;
      try (Batch batch = data.getData(manager).iterator().next()) {
        x = batch.getData().head().duplicate();
        x.attach(manager);
      }
      List<NDArray> expected = signals(model.trace(new NDList(x)));
      assertEquals(6, expected.size());
      for (Dataset dataset :
          List.of(data, data.asDataset(SAMPLES), data.asDataset(1), data.asDataset(7))) {
        List<NDArray> actual = signals(model.trace(dataset));
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < actual.size(); i++) {
          assertEquals(new Shape(SAMPLES, 31, 4), actual.get(i).getShape());
          float scale = expected.get(i).abs().max().getFloat();
          // Single precision, whose sums may be taken in another order.
          assertArrayEquals(
              expected.get(i).toFloatArray(), actual.get(i).toFloatArray(), 1e-5f * scale);
        }
      }
      List<NDArray> some = signals(model.trace(data.take(5)));
      assertEquals(new Shape(5, 31, 4), some.get(0).getShape());
    }
  }

  /** The traces are all that is left, and closing them leaves nothing. */
  @Test
  void arraysAreTheModelsUntilTheyAreClosed() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = model(manager, Family.S5, true)) {
      // What it keeps for sequences of this length is made here.
      model.trace(data(31).take(2)).forEach(LayerTrace::close);
      int before = model.manager().getManagedArrays().size();
      List<LayerTrace> traces = model.trace(data(31).asDataset(7));
      assertEquals(before + 6, model.manager().getManagedArrays().size());
      LayerTrace exact = traces.get(0).toType(DataType.FLOAT64);
      assertEquals(DataType.FLOAT64, exact.response().getDataType());
      traces.forEach(LayerTrace::close);
      // A copy outlives what it is of.
      assertTrue(Arrays.stream(exact.response().toDoubleArray()).allMatch(Double::isFinite));
      exact.close();
      assertEquals(before, model.manager().getManagedArrays().size());
    }
  }

  /** Double precision models read data of single precision, as they evaluate them. */
  @Test
  void doublePrecision() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier single = model(manager, Family.S5, false);
        SequenceClassifier exact =
            SequenceClassifier.of(
                manager,
                single.config(),
                single.parametersByName(manager).entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            e -> e.getKey(), e -> e.getValue().toType(DataType.FLOAT64, false))))) {
      List<NDArray> expected = signals(single.trace(data(20)));
      List<NDArray> actual = signals(exact.trace(data(20)));
      for (int i = 0; i < actual.size(); i++) {
        assertEquals(DataType.FLOAT64, actual.get(i).getDataType());
        double[] values = actual.get(i).toDoubleArray();
        double scale = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        float[] other = expected.get(i).toFloatArray();
        for (int k = 0; k < values.length; k++) {
          assertEquals(values[k], other[k], 1e-5 * scale);
        }
      }
      Evaluation a = Evaluation.of(single, data(20));
      assertEquals(a.loss(), Evaluation.of(exact, data(20)).loss(), 1e-5);
    }
  }

  private static void assertRejected(Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith("data: "), message);
  }

  /** Batches of several datasets, one after another. */
  private static Dataset of(SequenceData... parts) {
    return new Dataset() {
      @Override
      public Iterable<Batch> getData(NDManager manager) {
        return Arrays.stream(parts)
            .flatMap(part -> StreamSupport.stream(part.getData(manager).spliterator(), false))
            .toList();
      }

      @Override
      public void prepare(Progress progress) {}
    };
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = model(manager, Family.S5, true)) {
      assertRejected(() -> model.trace((Dataset) null));
      assertRejected(() -> model.trace(of()));
      assertRejected(() -> model.trace(of(data(20), data(21))));
      List<LayerTrace> traces = model.trace(of(data(20), data(20)));
      assertEquals(2 * SAMPLES, traces.get(0).output().getShape().get(0));
    }
  }
}
