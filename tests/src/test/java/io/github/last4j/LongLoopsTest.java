package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.data.ListOps;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.data.Task;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.LossOrder;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.sweep.LargestRatios;
import io.github.last4j.sweep.Results;
import io.github.last4j.sweep.Sweep;
import io.github.last4j.sweep.Trained;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt ends what would last for hours, and what was computed before is whole. */
class LongLoopsTest {
  // Of a second, with which a loaded machine gets by too.
  private static final long MOST_MILLIS = 3000;
  private static final Task NOISE =
      new Task("noise", Optional.empty(), 3, 64, "little", split -> data(20_000));

  @TempDir private Path folder;
  @AutoClose private final NDManager manager = NDManager.newBaseManager();
  private final SequenceClassifier model =
      SequenceClassifier.create(
          manager,
          ModelConfig.s5(2, 3).with(c -> c.channels(16).pairs(ModelConfig.layers(2, 16))),
          0);

  private static SequenceData data(int samples) {
    Random random = new Random(1);
    float[] inputs = new float[samples * 64 * 2];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    int[] labels = IntStream.range(0, samples).map(i -> i % 3).toArray();
    return SequenceData.of("noise", "none", 64, 2, 3, inputs, labels);
  }

  /** A loss without a trick, of which each number takes 2 ms. */
  private static Loss slow() {
    return new Loss() {
      @Override
      public int states() {
        return 2000;
      }

      @Override
      public double of(StateSet removed) {
        long end = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        return removed.count();
      }
    };
  }

  @TestFactory
  Stream<DynamicTest> everyLongLoopStops() throws Exception {
    SequenceData data = NOISE.data(Split.TEST);
    SequenceData few = data.take(200);
    List<Trained> trained = List.of(new Trained(NOISE, "tiny", 0, model));
    List<Double> ratios = IntStream.range(0, 10_000).mapToObj(i -> i / 10_000.0).toList();
    Path file = folder.resolve("results.csv");
    Tolerance tolerance = Tolerance.accuracy(0.1, data);
    ListOps.Options many = new ListOps.Options(10, 10, 501, 1999, 20_000, 1, 1, 0);
    NDList lengthy = new NDList(manager.ones(new Shape(64, 20_000, 2)));
    return Stream.of(
        stops("evaluation", () -> repeat(() -> Evaluation.of(model, data))),
        stops("trace", () -> repeat(() -> close(model.trace(few)))),
        stops("pass", () -> repeat(() -> model.logProbabilities(lengthy).close())),
        stops("training", () -> Training.run(model, data, few, Recipe.epochs(50))),
        stops("sweep", () -> Sweep.of(List.of(Criterion.LAST), ratios).run(trained, few, file)),
        stops(
            "largest ratios", () -> LargestRatios.run(trained, Criterion.TABLE_6, tolerance, data)),
        stops("largest ratio", () -> LargestRatio.of(ratio -> slow().of(all()), 1, 1e-6), 1),
        stops("greedy", () -> LossOrder.greedy(slow())),
        stops("greedy return", () -> LossOrder.greedyReturn(slow())),
        stops("singly", () -> LossOrder.singly(slow())),
        stops("ascending", () -> LossOrder.ascending(new double[2000], slow())),
        stops("loss on inputs", () -> repeat(() -> Loss.onInputs(model, few))),
        stops("expressions", () -> ListOps.generate(Split.TRAIN, many)));
  }

  private static StateSet all() {
    return StateSet.all(2000);
  }

  private static void close(List<LayerTrace> traces) {
    traces.forEach(LayerTrace::close);
  }

  private static void repeat(Runnable body) {
    while (true) {
      body.run();
    }
  }

  private DynamicTest stops(String task, Executable body) {
    return stops(task, body, 300);
  }

  private DynamicTest stops(String task, Executable body, long millis) {
    return DynamicTest.dynamicTest(task, () -> interrupt(body, millis));
  }

  /** Runs the body on a thread of its own, which is interrupted after a while. */
  private void interrupt(Executable body, long millis) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                body.execute();
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    thread.start();
    Thread.sleep(millis);
    long start = System.nanoTime();
    thread.interrupt();
    thread.join(60_000);
    long took = (System.nanoTime() - start) / 1_000_000;
    assertFalse(thread.isAlive());
    CancellationException stopped = assertInstanceOf(CancellationException.class, thrown.get());
    assertTrue(stopped.getMessage().endsWith(" was interrupted"), stopped.getMessage());
    assertTrue(took < MOST_MILLIS, "stopped after " + took + " ms");
    // The model computes, and every number in it is one.
    assertEquals(50, Evaluation.of(model, data(50)).samples());
  }

  /** A sweep goes on where the interrupt was, to the rows that it would have had. */
  @Test
  void aSweepGoesOn() throws Exception {
    SequenceData few = data(50);
    List<Trained> trained = List.of(new Trained(NOISE, "tiny", 0, model));
    List<Double> ratios = IntStream.range(0, 400).mapToObj(i -> i / 400.0).toList();
    Sweep sweep = Sweep.of(List.of(Criterion.LAST), ratios);
    Path file = folder.resolve("on.csv");
    interrupt(() -> sweep.run(trained, few, file), 400);
    int before = Results.read(file).rowCount();
    assertTrue(before < 400, "interrupted before the end");
    assertEquals(
        sweep.run(trained, few).doubleColumn("loss").asList(),
        sweep.run(trained, few, file).doubleColumn("loss").asList());
  }

  /** Threads of a pool that work for an interrupted one do not go on without it. */
  @Test
  void noWorkerGoesOn() throws Exception {
    interrupt(() -> LossOrder.singly(slow()), 200);
    assertTrue(ForkJoinPool.commonPool().awaitQuiescence(1, TimeUnit.SECONDS));
  }
}
