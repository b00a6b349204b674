package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.app.Train;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.Idx;
import io.github.last4j.data.ListOps;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Task;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.ByLoss;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.LossOrder;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Scope;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import io.github.last4j.sweep.LargestRatios;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.Card;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Each bad argument of a public entry is named, with what was expected and what came. */
class PublicEntriesTest {
  private static final int LENGTH = 6;

  @TempDir private Path folder;
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private final ModelConfig config =
      ModelConfig.s5(2, 3).with(c -> c.channels(4).pairs(ModelConfig.layers(2, 4)));
  private final SequenceClassifier model = SequenceClassifier.create(manager, config, 0);
  private final SequenceClassifier reader =
      SequenceClassifier.create(manager, config.with(c -> c.tokens(true).inputs(17)), 0);
  private final DiscreteSsm layer =
      DiscreteSsm.singleChannel(
          manager, new double[] {0.5, 0.3, 1, 0}, new double[] {0.9, 1, 0, 1});
  private final SequenceData data =
      SequenceData.of("d", "c", LENGTH, 2, 3, new float[4 * LENGTH * 2], new int[] {0, 1, 2, 0});

  private DynamicTest refused(String start, Executable call) {
    return DynamicTest.dynamicTest(
        start,
        () -> {
          RuntimeException thrown = assertThrows(RuntimeException.class, call);
          Class<?> type = thrown.getClass();
          assertTrue(
              type == IllegalArgumentException.class || type == IndexOutOfBoundsException.class,
              thrown.toString());
          assertTrue(String.valueOf(thrown.getMessage()).startsWith(start), thrown.getMessage());
        });
  }

  private NDArray ones(long... shape) {
    return manager.ones(new Shape(shape));
  }

  private Executable given(NDArray... x) {
    return () -> model.logProbabilities(new NDList(x));
  }

  private Executable read(float... tokens) {
    return () -> reader.logProbabilities(new NDList(manager.create(tokens, new Shape(1, 3))));
  }

  @TestFactory
  Stream<DynamicTest> inputsOfModels() {
    NDArray x = ones(2, LENGTH, 2);
    NDArray nan = manager.create(nan(24, 17), new Shape(2, LENGTH, 2));
    String range = "x (tokens): expected integers from 0 to 16, got ";
    return Stream.of(
        refused("x: expected sequences, got null", () -> model.logProbabilities(null)),
        refused("x: expected sequences, and lengths", given()),
        refused("x: expected sequences, and lengths", given(x, x, x)),
        refused("x: expected sequences, and lengths", given((NDArray) null)),
        refused("x: expected sequences, got null", () -> model.trace((NDList) null)),
        refused("x: expected shape (batch, L, 2), got (2, 6, 3)", given(ones(2, LENGTH, 3))),
        refused("x: expected shape (batch, L, 2), got (0, 6, 2)", given(ones(0, LENGTH, 2))),
        refused("x: expected finite values, got NaN at 17", given(nan)),
        refused("x: expected finite values", () -> model.trace(new NDList(nan))),
        refused("lengths: expected shape (2), got (3)", given(x, ones(3))),
        refused("lengths: expected integers from 1 to 6, got 0 at 1", given(x, of(6, 0))),
        refused("lengths: expected integers from 1 to 6, got 20 at 0", given(x, of(20, 1))),
        refused("lengths: expected integers from 1 to 6, got -3 at 1", given(x, of(6, -3))),
        refused("lengths: expected integers from 1 to 6, got 2.5 at 0", given(x, of(2.5f, 1))),
        refused("lengths: expected integers from 1 to 6, got NaN", given(x, of(Float.NaN, 1))),
        refused("lengths", () -> model.trace(new NDList(x, of(0, 1)))),
        refused(range + "2.7", read(1, 2, 2.7f)),
        refused(range + "17 at 0", read(17, 2, 2)),
        refused(range + "-1 at 1", read(1, -1, 2)),
        refused(range + "NaN", read(1, Float.NaN, 2)),
        refused("x: expected shape (batch, L), got (3)", () -> reader.trace(new NDList(ones(3)))));
  }

  /** What is a number of another type is that number. */
  @TestFactory
  Stream<DynamicTest> typesOfInputs() {
    double[] expected =
        model
            .logProbabilities(new NDList(ones(1, LENGTH, 2)))
            .toType(DataType.FLOAT64, false)
            .toDoubleArray();
    return Stream.of(DataType.FLOAT64, DataType.INT32, DataType.INT64, DataType.UINT8)
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type.toString(),
                    () -> {
                      NDList x = new NDList(ones(1, LENGTH, 2).toType(type, false), of(LENGTH));
                      NDArray y = model.logProbabilities(x).toType(DataType.FLOAT64, false);
                      assertEquals(expected[1], y.toDoubleArray()[1], 1e-6);
                    }));
  }

  private static float[] nan(int size, int at) {
    float[] values = new float[size];
    values[at] = Float.NaN;
    return values;
  }

  private NDArray of(float... values) {
    return manager.create(values);
  }

  @TestFactory
  Stream<DynamicTest> labels() {
    SequenceData more = SequenceData.of("m", "c", 1, 2, 9, new float[4], new int[] {8, 0});
    NDArray y = ones(2, 3);
    Executable none = () -> Evaluation.losses("test", y, new NDList());
    return Stream.of(
        refused(
            "test (labels): expected integers from 0 to 2, got 8",
            () -> Last.evaluate(model, more)),
        refused("test: expected one array of labels", none),
        refused("test: expected a label for each of 2", () -> losses(y, of(1))),
        refused(
            "test (labels): expected integers from 0 to 2, got 0.5", () -> losses(y, of(1, .5f))),
        refused("train: expected at most 3 classes", () -> train(more, data)),
        refused("validation: expected at most 3 classes", () -> train(data, more)));
  }

  private static void losses(NDArray y, NDArray labels) {
    Evaluation.losses("test", y, new NDList(labels));
  }

  private void train(SequenceData train, SequenceData validation) {
    Training.run(model, train, validation, Recipe.epochs(1));
  }

  @TestFactory
  Stream<DynamicTest> parameters() {
    String seq = "params/encoder/layers_1/seq/";
    return Stream.of(
        refused(
            "batch_stats/encoder/layers_1/norm/var: expected variances",
            changed("batch_stats/encoder/layers_1/norm/var", -1)),
        refused(seq + "log_step: expected time steps", changed(seq + "log_step", 200)),
        refused(seq + "log_step: expected time steps", changed(seq + "log_step", -200)),
        refused(seq + "Lambda_re, Lambda_im, log_step", changed(seq + "log_step", 88)),
        refused(
            seq + "Lambda_re: expected real parts of at most 0", changed(seq + "Lambda_re", 0.25f)),
        refused(seq + "Lambda_re: expected finite", changed(seq + "Lambda_re", Float.NaN)),
        refused(seq + "B: expected finite", changed(seq + "B", Float.POSITIVE_INFINITY)));
  }

  private Executable changed(String name, float value) {
    Map<String, NDArray> parameters = new LinkedHashMap<>(model.parametersByName(manager));
    NDArray array = parameters.get(name);
    parameters.put(name, array.zerosLike().add(value));
    if (name.endsWith("step") && value == 88) {
      parameters.computeIfPresent("params/encoder/layers_1/seq/Lambda_im", (n, a) -> a.mul(1e3));
    }
    return () -> SequenceClassifier.of(manager, config, parameters);
  }

  @TestFactory
  Stream<DynamicTest> numbers() {
    ComplexArray z = layer.lambdaBar();
    NDArray two = manager.create(new double[] {1, 1});
    NDArray single = two.toType(DataType.FLOAT32, false);
    DiagonalSsm continuous =
        DiagonalSsm.of(ComplexArray.of(two.neg(), two), layer.bBar(), layer.c(), two);
    Optional<ComplexArray> no = Optional.empty();
    ComplexArray v = ComplexArray.of(ones(1, 4, 3), ones(1, 4, 3)).toType(DataType.FLOAT64);
    NDArray u = manager.create(new double[] {1, Double.NaN}, new Shape(1, 2, 1));
    return Stream.of(
        refused("pairs: expected a last axis", () -> ComplexArray.ofPairs(ones(2, 3))),
        refused("pairs: expected a last axis", () -> ComplexArray.ofPairs(manager.create(1f))),
        refused("pairs: expected a last axis", () -> ComplexArray.ofPairs(null)),
        refused("count: expected at least 1, got 0", () -> z.powers(0)),
        refused("count: expected at least 1, got -1", () -> z.powers(-1)),
        refused("backwardC: expected an array", () -> layer.withBackwardC(null)),
        refused("feedthrough: expected an array", () -> layer.withFeedthrough(null)),
        refused("bBar: expected an array", () -> layer.withBBar(null)),
        refused("c: expected an array", () -> layer.withC(null)),
        refused("backwardC: expected an array", () -> continuous.withBackwardC(null)),
        refused("feedthrough: expected an array", () -> continuous.withFeedthrough(null)),
        refused(
            "margin: expected dtype float64",
            () -> new DiscreteSsm(z, single, layer.bBar(), layer.c(), no, Optional.empty())),
        refused(
            "margin: expected 1 - |λ̄| = 0.5",
            () -> new DiscreteSsm(z, two, layer.bBar(), layer.c(), no, Optional.empty())),
        refused("c: expected dtype", () -> layer.withC(layer.c().toType(DataType.FLOAT32))),
        refused(
            "feedthrough: expected dtype",
            () -> layer.withFeedthrough(manager.create(new float[1]))),
        refused("u: expected finite", () -> layer.output(u)),
        refused("v: expected shape", () -> Scan.chunked(z, v, Scan.Direction.FORWARD)),
        refused("v: expected shape", () -> Scan.recurrence(z, v, Scan.Direction.BACKWARD)),
        refused("layers: expected no null", () -> new States(Collections.singletonList(null))),
        refused("layers: expected no null", () -> new States(null)));
  }

  @TestFactory
  Stream<DynamicTest> choices() {
    Loss nothing = loss(Double.NaN);
    List<Trained> tiny = List.of(new Trained(Task.SMNIST, "tiny", 0, model));
    Tolerance tolerance = Tolerance.accuracy(0.1, data);
    List<Pruning> none = List.of();
    return Stream.of(
        refused("tolerance: expected at least 0", () -> LargestRatio.of(r -> r, -1, 0.1)),
        refused("step: expected one over", () -> LargestRatio.of(r -> r, 1, 1e-17)),
        refused(
            "step: expected one over", () -> LargestRatio.of(r -> r, 1, Double.POSITIVE_INFINITY)),
        refused("cost: expected a number", () -> LargestRatio.of(r -> Double.NaN, 1, 0.1)),
        refused("loss: expected a share in [0, 1]", () -> Tolerance.accuracy(50, data)),
        refused("loss: expected a share in [0, 1]", () -> Tolerance.accuracy(-1, data)),
        refused("share: expected a share in [0, 1]", () -> Tolerance.energy(50)),
        refused("limit: expected at least 0", () -> new Tolerance(-1, whole -> pruned -> 0)),
        refused(
            "test: expected a dataset",
            () -> Criterion.LAST.largest(model, Tolerance.accuracy(0, null))),
        refused("ratio: expected a number in [0, 1]", () -> Criterion.LAST.prune(model, 1.5)),
        refused("scores: expected at least one layer", () -> Scope.GLOBAL.select(null, 0.5)),
        refused(
            "scores: expected at least one layer",
            () -> Scope.UNIFORM.select(Collections.singletonList(null), 0.5)),
        refused(
            "title, orders, counts: expected one of each",
            () -> new ByLoss(null, m -> List.of(), Criterion.LAST)),
        refused("loss: expected a number, got NaN", () -> LossOrder.greedy(nothing)),
        refused(
            "inputs: expected finite",
            () -> Loss.onInputs(layer, manager.create(nan(2, 1), new Shape(1, 2, 1)))),
        refused("methods: expected at least one", () -> Sweep.of(none)),
        refused(
            "methods: expected at least one", () -> LargestRatios.run(tiny, none, tolerance, data)),
        refused(
            "methods: expected at least one",
            () -> LargestRatios.run(tiny, Arrays.asList((Pruning) null), tolerance, data)),
        refused(
            "models: expected at least one",
            () -> Sweep.of(Criterion.TABLE_6).run(List.of(), data)),
        refused(
            "task, name, model: expected one of each",
            () -> new Trained(Task.SMNIST, "tiny", 0, null)),
        refused(
            "channelPairs",
            () ->
                ModelConfig.s4d(1, 2)
                    .with(
                        c ->
                            c.channels(2)
                                .pairs(List.of(4))
                                .channelPairs(Collections.singletonList(null)))),
        refused(
            "channelPairs",
            () -> config.with(c -> c.channelPairs(Collections.singletonList(null)))));
  }

  private static Loss loss(double value) {
    return new Loss() {
      @Override
      public int states() {
        return 3;
      }

      @Override
      public double of(StateSet removed) {
        return value;
      }
    };
  }

  @TestFactory
  Stream<DynamicTest> dataAndTraining() {
    ByteBuffer bytes = ByteBuffer.allocate(2);
    Recipe recipe = Recipe.epochs(1);
    double infinite = Double.POSITIVE_INFINITY;
    return Stream.of(
        refused("sample: expected 0 to 3, got 99", () -> data.input(99)),
        refused("sample: expected 0 to 3, got -1", () -> data.input(-1)),
        refused("batchSize: expected at least 1", () -> data.asDataset(0)),
        refused("dims, bytes: expected", () -> new Idx(null, bytes)),
        refused("dims, bytes: expected", () -> new Idx(List.of(2), null)),
        refused("dims, bytes: expected", () -> new Idx(Collections.singletonList(null), bytes)),
        refused(
            "name, classes, length: expected",
            () -> new Task("t", Optional.empty(), 0, 3, "", s -> data)),
        refused("epochs, batchSize: expected positive", () -> recipe.batch(0)),
        refused("learningRate", () -> recipe.rates(infinite, 1)),
        refused("learningRate", () -> recipe.rates(1, infinite)),
        refused("learningRate", () -> recipe.decay(infinite)),
        refused("learningRate", () -> recipe.rates(Double.NaN, 1)),
        refused("json: expected a card", () -> Card.fromJson("")),
        refused("json: expected a card", () -> Card.fromJson("{}")),
        refused("json: expected a card", () -> Card.fromJson("[1")),
        refused(
            "seeds: expected whole numbers, got x",
            () -> Train.main(new String[] {"smnist-s5", "x"})),
        refused("preset: expected one of", () -> Train.main(new String[] {"x"})),
        refused(
            "preset: expected one that this program trains, got smnist-s5-full",
            () -> Train.main(new String[] {"smnist-s5-full", "0"})),
        refused("tokens: expected integers", () -> ListOps.format(new float[] {2.5f})));
  }

  @TestFactory
  Stream<DynamicTest> files() {
    return Stream.of(
        DynamicTest.dynamicTest(
            "a directory",
            () -> {
              Exception e = assertThrows(IOException.class, () -> Idx.read(folder, 1));
              assertEquals(folder + ": expected a file, got a directory", e.getMessage());
            }));
  }

  /** Numbers that leave their range on the way are said to, with the layer. */
  @TestFactory
  Stream<DynamicTest> lossesThatAreNone() {
    return Stream.of(Family.values())
        .map(
            family ->
                DynamicTest.dynamicTest(
                    family.name(),
                    () -> {
                      ModelConfig one =
                          (family == Family.S5 ? config : ModelConfig.s4d(2, 3))
                              .with(c -> c.channels(4).pairs(ModelConfig.layers(3, 8)));
                      SequenceClassifier broken = SequenceClassifier.create(manager, one, 0);
                      broken
                          .getParameters()
                          .forEach(
                              each -> {
                                if (each.getKey().contains("layers_1")
                                    && each.getKey().endsWith("D")) {
                                  each.getValue().getArray().set(nan(4, 1));
                                }
                              });
                      String message =
                          assertThrows(
                                  IllegalStateException.class, () -> Last.evaluate(broken, data))
                              .getMessage();
                      assertTrue(message.endsWith("are those of layers_1"), message);
                      message =
                          assertThrows(
                                  IllegalStateException.class,
                                  () -> Training.run(broken, data, data, Recipe.epochs(1)))
                              .getMessage();
                      assertTrue(message.contains("layers_1"), message);
                    }));
  }
}
