package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.Bound;
import io.github.last4j.bound.LayerLosses;
import io.github.last4j.bound.Mixing;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.bound.PlainStack;
import io.github.last4j.bound.ResidualBound;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.TestLayers.Layer;
import io.github.last4j.prune.Loss;
import io.github.last4j.prune.LossOrder;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What norms and bounds refuse, what they leave behind, and how they stop. */
class NormFaultsTest {
  private static final Mixing MIXING = new Mixing(Nonlinearity.GELU_TANH);
  private static final double NAN = Double.NaN;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static final Layer LAYER = TestLayers.random(new RandomSsms(1), 4, 2, 2, 0.05);
  private final DiscreteSsm ssm = LAYER.ssm(manager);
  private final DiscreteSsm both =
      LAYER.withBackwardC(new RandomSsms(2).matrix(2, 4, 1)).withD(0.5, -1).ssm(manager);
  private final DiscreteSsm three =
      TestLayers.random(new RandomSsms(3), 4, 3, 3, 0.05).ssm(manager);
  private final StateSet some = StateSet.of(4, 1, 2);

  private NDArray input(double... values) {
    return manager.create(values, new Shape(1, values.length / 2, 2));
  }

  private DiscreteSsm with(double margin, DataType type) {
    return new DiscreteSsm(
        ComplexArray.of(manager.create(new double[] {0.5}), manager.create(new double[] {0})),
        manager.create(new double[] {margin}).toType(type, false),
        ComplexArray.of(
            manager.ones(new Shape(1, 1), DataType.FLOAT64),
            manager.zeros(new Shape(1, 1), DataType.FLOAT64)),
        ComplexArray.of(
            manager.ones(new Shape(1, 1), DataType.FLOAT64),
            manager.zeros(new Shape(1, 1), DataType.FLOAT64)),
        Optional.empty(),
        Optional.empty());
  }

  /** Each call, and what the message begins with. */
  private Stream<Map.Entry<String, Executable>> refused() {
    NDArray u = input(1, 2, 3, 4);
    NDArray gate = manager.create(new double[] {1, NAN, 0, 1}, new Shape(2, 2));
    double[][] wide = {{1, 2, 3}, {4, 5, 6}};
    double[][] undefined = {{1, NAN}, {0, 1}};
    Nonlinearity gelu = Nonlinearity.GELU;
    States all = new States(List.of(StateSet.all(4), StateSet.all(4)));
    return Stream.of(
        Map.entry("theta", () -> WorstCaseInput.sinusoid(ssm, NAN, 5)),
        Map.entry("theta", () -> WorstCaseInput.gainOverAllTime(ssm, NAN, 5)),
        Map.entry(
            "theta", () -> FrequencyResponse.singularValues(ssm, 1, Double.POSITIVE_INFINITY)),
        Map.entry("theta", () -> FrequencyResponse.largest(ssm, Double.NEGATIVE_INFINITY)),
        Map.entry("length", () -> WorstCaseInput.sinusoid(ssm, 1, 0)),
        Map.entry("iterations", () -> WorstCaseInput.improve(ssm, u, -1)),
        Map.entry("iterations", () -> WorstCaseInput.gainWithinSteps(ssm, 1, 5, -1)),
        Map.entry(
            "u: expected inputs with energy", () -> WorstCaseInput.improve(ssm, input(0, 0), 2)),
        Map.entry("u", () -> WorstCaseInput.improve(ssm, input(1, NAN), 2)),
        Map.entry("u", () -> WorstCaseInput.improve(three, u, 2)),
        Map.entry("u", () -> EnergyGain.overAllTime(ssm, input(NAN, 1))),
        Map.entry("u", () -> EnergyGain.withinSteps(ssm, input(NAN, 1))),
        Map.entry("u", () -> EnergyGain.withinSteps(three, u)),
        Map.entry("u", () -> EnergyGain.overAllTime(ssm, u.toType(DataType.FLOAT32, false))),
        Map.entry("u", () -> ssm.output(input(1, NAN))),
        Map.entry("u", () -> ssm.trajectories(input(1, NAN), Scan.Direction.FORWARD)),
        Map.entry("u", () -> new PlainStack(List.of(ssm), gelu).run(input(1, NAN))),
        Map.entry("u", () -> ResidualBound.removedResponse(ssm, some, input(1, NAN).get(0))),
        Map.entry("u: expected 2 inputs", () -> PairSystem.of(ssm).trajectory(0, wide)),
        Map.entry("u: expected 2 inputs", () -> PairSystem.of(ssm).response(wide, some)),
        Map.entry("u: expected finite", () -> PairSystem.of(ssm).trajectory(0, undefined)),
        Map.entry("margin", () -> SystemNorms.hinf(with(0.1, DataType.FLOAT64), 1e-6)),
        Map.entry("margin", () -> StateNorms.values(with(0.1, DataType.FLOAT64))),
        Map.entry("margin", () -> Gramians.of(with(0.9, DataType.FLOAT64))),
        Map.entry("margin", () -> PairSystem.of(with(-0.5, DataType.FLOAT64))),
        Map.entry("margin: expected dtype", () -> with(0.5, DataType.FLOAT32)),
        Map.entry("bBar: expected dtype", () -> ssm.withBBar(ssm.bBar().toType(DataType.FLOAT32))),
        Map.entry("c: expected dtype", () -> ssm.withC(ssm.c().toType(DataType.FLOAT32))),
        Map.entry(
            "feedthrough: expected dtype", () -> ssm.withFeedthrough(manager.ones(new Shape(2)))),
        Map.entry("backwardC: expected an array", () -> ssm.withBackwardC(null)),
        Map.entry("feedthrough: expected an array", () -> ssm.withFeedthrough(null)),
        Map.entry("bBar: expected an array", () -> ssm.withBBar(null)),
        Map.entry("c: expected an array", () -> ssm.withC(null)),
        Map.entry("u: expected an array", () -> ssm.output(null)),
        Map.entry("order", () -> BalancedTruncation.error(ssm, 8)),
        Map.entry("layers", () -> Bound.SHARP.model(List.of(ssm, three), all, gelu, 1)),
        Map.entry("layers", () -> Bound.PAPER.model(List.of(three, ssm), all, gelu, 1)),
        Map.entry("inputEnergy", () -> Bound.SHARP.model(List.of(ssm, ssm), all, gelu, NAN)),
        Map.entry("largest", () -> MIXING.halfGlu1(manager.create(new double[] {1, NAN}), gate)),
        Map.entry(
            "largest, gate", () -> MIXING.halfGlu1(manager.create(new double[] {1, 1}), gate)),
        Map.entry("pairs", () -> ComplexArray.ofPairs(manager.ones(new Shape(4, 3)))),
        Map.entry("pairs", () -> ComplexArray.ofPairs(manager.create(1.0))),
        Map.entry("count", () -> ssm.c().powers(0)),
        Map.entry("relativeTolerance", () -> PartNorms.of(ssm).hinfWithFeedthrough(some, NAN)));
  }

  @TestFactory
  Stream<DynamicTest> badInputIsRefusedAtOnce() {
    int[] number = new int[1];
    return refused()
        .map(
            each ->
                dynamicTest(
                    ++number[0] + " " + each.getKey(),
                    () -> {
                      Exception error =
                          assertTimeoutPreemptively(
                              Duration.ofSeconds(5),
                              () -> assertThrows(IllegalArgumentException.class, each.getValue()));
                      assertTrue(error.getMessage().startsWith(each.getKey()), error::toString);
                    }));
  }

  /** Calls, with how many arrays their results have. */
  private Stream<Map.Entry<Integer, Supplier<?>>> calls() {
    NDArray u = input(1, 2, 3, 4, 5, 6);
    NDArray theta = manager.create(new double[] {0.1, 0.2, 0.3});
    ComplexArray transform = UnitCircle.transform(u.get(0), theta);
    NDArray v = u.get(0);
    NDArray scale = manager.create(new double[] {2, 3});
    NDArray gate = manager.create(new double[] {1, 2, 3, 4}, new Shape(2, 2));
    States kept = new States(List.of(some));
    return Stream.of(
        Map.entry(0, () -> SystemNorms.hinf(both, 1e-6)),
        Map.entry(0, () -> SystemNorms.h2(both)),
        Map.entry(0, () -> HamiltonianHinf.norm(both, 1e-6)),
        Map.entry(1, () -> StateNorms.hinf(both)),
        Map.entry(0, () -> StateNorms.values(both)),
        Map.entry(0, () -> StateNorms.logHinf(both)),
        Map.entry(0, () -> StateNorms.logMagnitude(both)),
        Map.entry(0, () -> Gramians.of(both)),
        Map.entry(0, () -> Gramians.backward(both)),
        Map.entry(0, () -> HankelSingularValues.of(both)),
        Map.entry(7, () -> BalancedTruncation.error(ssm, 3)),
        Map.entry(0, () -> FrequencyResponse.singularValues(both, 1, 2)),
        Map.entry(0, () -> FrequencyResponse.largest(both, 1, 2)),
        Map.entry(2, () -> FrequencyResponse.output(ssm, theta, transform)),
        Map.entry(0, () -> PartNorms.of(both).hinf(some, 1e-6)),
        Map.entry(0, () -> PairNorm.of(ssm, 1e-6)),
        Map.entry(0, () -> PairSystem.of(both)),
        Map.entry(0, () -> EnergyGain.overAllTime(both, u)),
        Map.entry(0, () -> EnergyGain.withinSteps(both, u)),
        Map.entry(1, () -> WorstCaseInput.sinusoid(both, 1, 9)),
        Map.entry(1, () -> WorstCaseInput.improve(both, u, 0)),
        Map.entry(1, () -> WorstCaseInput.improve(both, u, 3)),
        Map.entry(0, () -> WorstCaseInput.gainOverAllTime(both, 1, 9)),
        Map.entry(0, () -> WorstCaseInput.gainWithinSteps(both, 1, 9, 3)),
        Map.entry(0, () -> Signals.energy(u)),
        Map.entry(0, () -> Signals.distance(u, u)),
        Map.entry(0, () -> Signals.of(v)),
        Map.entry(1, () -> UnitCircle.upperHalf(manager, 8)),
        Map.entry(2, () -> UnitCircle.points(theta)),
        Map.entry(2, () -> UnitCircle.transform(v, theta)),
        Map.entry(0, () -> UnitCircle.energy(transform)),
        Map.entry(7, () -> ssm.channel(1)),
        Map.entry(0, () -> Bound.PAPER.layer(both, some, Nonlinearity.GELU, 1)),
        Map.entry(0, () -> Bound.VALID.layer(both, some, Nonlinearity.GELU, 1)),
        Map.entry(0, () -> Bound.SHARP.layer(both, some, Nonlinearity.GELU, 1)),
        Map.entry(0, () -> Bound.SHARP.model(List.of(both), kept, Nonlinearity.GELU, 1)),
        Map.entry(
            0,
            () ->
                Bound.SHARP.model(
                    List.of(both), new States(List.of(StateSet.none(4))), Nonlinearity.GELU, 1)),
        Map.entry(0, () -> LayerLosses.greedy(ssm, 2)),
        Map.entry(0, () -> ResidualBound.Block.of(both, some, scale)),
        Map.entry(0, () -> ResidualBound.removedResponse(ssm, some, v)),
        Map.entry(0, () -> MIXING.halfGlu1(scale, gate)),
        Map.entry(0, () -> MIXING.fullGlu(scale, gate, gate)));
  }

  @TestFactory
  Stream<DynamicTest> onlyResultsAreLeft() {
    int[] number = new int[1];
    return calls()
        .map(
            each ->
                dynamicTest(
                    "call " + ++number[0],
                    () -> {
                      int before = manager.getManagedArrays().size();
                      assertNotNull(each.getValue().get());
                      assertEquals(before + each.getKey(), manager.getManagedArrays().size());
                    }));
  }

  /** An interrupt that came before is seen by every loop that may be long. */
  @TestFactory
  Stream<DynamicTest> interruptsStop() {
    NDArray u = input(1, 2, 3, 4, 5, 6);
    Map<String, Executable> loops = new TreeMap<>();
    loops.put("hinf", () -> SystemNorms.hinf(both, 1e-6));
    loops.put("hamiltonian", () -> HamiltonianHinf.norm(both, 1e-6));
    loops.put("h2", () -> SystemNorms.h2(both));
    loops.put("hankel", () -> HankelSingularValues.of(both));
    loops.put("balanced", () -> BalancedTruncation.error(ssm, 3));
    loops.put("frequencies", () -> FrequencyResponse.singularValues(ssm, 1));
    loops.put("largest", () -> FrequencyResponse.largest(ssm, 1));
    loops.put("parts", () -> PartNorms.of(ssm).reached(some));
    loops.put("pairs", () -> PairNorm.of(ssm, 1e-6));
    loops.put("improve", () -> WorstCaseInput.improve(both, u, 1_000_000));
    loops.put("gain", () -> EnergyGain.overAllTime(both, u));
    loops.put("bound", () -> Bound.SHARP.layer(both, some, Nonlinearity.GELU, 1));
    loops.put("losses", () -> LayerLosses.greedy(ssm, 2));
    loops.put("order", () -> LossOrder.greedy(Loss.worstCase(ssm)));
    return loops.entrySet().stream()
        .map(
            loop ->
                dynamicTest(
                    loop.getKey(),
                    () -> {
                      Thread.currentThread().interrupt();
                      Exception stopped =
                          assertThrows(CancellationException.class, loop.getValue());
                      assertTrue(stopped.getMessage().endsWith("was interrupted"));
                      assertFalse(Thread.interrupted());
                    }));
  }

  /** In the midst of the search that two threads share, and of one that takes minutes. */
  @TestFactory
  Stream<DynamicTest> interruptsStopInTime() {
    RandomSsms random = new RandomSsms(8);
    int h = 224;
    Layer large = TestLayers.random(random, 192, h, h, 1e-5);
    DiscreteSsm wide =
        large
            .withD(IntStream.range(0, h).mapToDouble(i -> 9 * random.normal()).toArray())
            .ssm(manager);
    Loss loss = Loss.worstCase(large.ssm(manager));
    // One decomposition takes seconds, and asks nobody.
    DiscreteSsm many = TestLayers.random(random, 500, 2, 2, 0.01).ssm(manager);
    DiscreteSsm half = many.keep(StateSet.where(500, i -> i % 2 == 0));
    Map<String, Executable> long_ =
        Map.of(
            "hankel", () -> HankelSingularValues.of(many),
            "hamiltonian", () -> HamiltonianHinf.norm(half, 1e-6),
            "feedthrough", () -> SystemNorms.hinf(wide, 1e-11),
            "order", () -> LossOrder.greedy(loss));
    return long_.entrySet().stream()
        .map(
            each ->
                dynamicTest(
                    each.getKey(),
                    () -> {
                      AtomicReference<Throwable> end = new AtomicReference<>();
                      Thread work =
                          new Thread(() -> end.set(assertThrows(Throwable.class, each.getValue())));
                      work.start();
                      Thread.sleep(500);
                      assertTrue(work.isAlive(), "too short to be interrupted");
                      work.interrupt();
                      // A second on an idle machine; other tests may share this one.
                      work.join(5000);
                      assertFalse(work.isAlive(), "goes on");
                      assertEquals(CancellationException.class, end.get().getClass());
                    }));
  }

  /** Of two pairs the second is not driven: two real states are all that there is to keep. */
  @Test
  void balancedTruncationOfUnreachableStates() {
    Layer layer =
        new Layer(
            new double[][] {
              {1 - Math.hypot(0.5, 0.4), Math.atan2(0.4, 0.5)},
              {1 - Math.hypot(0.3, 0.6), Math.atan2(0.6, 0.3)}
            },
            new Cplx[][] {{new Cplx(1, 0)}, {Cplx.ZERO}},
            new Cplx[][] {{new Cplx(1, 0), new Cplx(1, 0)}},
            null,
            null);
    DiscreteSsm given = layer.ssm(manager);
    double[] sigma = HankelSingularValues.of(given);
    assertEquals(0, sigma[2], 1e-12);
    for (int order : new int[] {2, 3}) {
      double error = SystemNorms.hinf(BalancedTruncation.error(given, order), 1e-6).upper();
      assertEquals(0, error, 1e-7);
    }
    double one = SystemNorms.hinf(BalancedTruncation.error(given, 1), 1e-6).upper();
    assertTrue(one >= sigma[1] && one <= 2 * sigma[1] * (1 + 1e-6));
  }

  /** Equal poles, and states that cancel: fewer directions than states. */
  @Test
  void balancedTruncationOfFewerDirectionsThanStates() {
    Layer one = TestLayers.scalar(0.1, 0.7, new Cplx(1, 2), new Cplx(-1, 0.5));
    DiscreteSsm four = one.select(0, 0, 0, 0).ssm(manager);
    double norm = SystemNorms.hinf(four, 1e-6).upper();
    for (int order = 2; order < 8; order++) {
      double error = SystemNorms.hinf(BalancedTruncation.error(four, order), 1e-6).upper();
      assertTrue(error <= 1e-6 * norm, order + ": " + error + " of " + norm);
    }
  }

  /** What no input makes audible stays as it was, with unit energy. */
  @Test
  void worstInputOfSilence() {
    DiscreteSsm silent = LAYER.scaleC(0).ssm(manager);
    NDArray u = WorstCaseInput.improve(silent, input(3, 4), 2);
    assertEquals(0.6, u.getDouble(0, 0, 0), 1e-15);
    assertEquals(0, EnergyGain.withinSteps(silent, u)[0]);
  }
}
