package io.github.last4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.WorstCaseInput;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.States;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets an exception that names the argument, and nothing else happens. */
class BadInputTest {
  private NDManager manager;

  // A good layer of three states, two inputs and two outputs.
  private ComplexArray lambda;
  private ComplexArray b;
  private ComplexArray c;
  private NDArray step;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    lambda = ComplexArray.of(real(-0.5, -1, -2), real(0, 1, -2));
    b = complex(3, 2);
    c = complex(2, 3);
    step = real(0.1, 0.01, 0.001);
  }

  @AfterEach
  void engineStillWorks() {
    NDArray norms = Last.hinfNorm(Last.discretize(good()));
    assertEquals(3, norms.size());
    for (double norm : norms.toDoubleArray()) {
      assertTrue(norm > 0 && Double.isFinite(norm));
    }
    manager.close();
  }

  private NDArray real(double... values) {
    return manager.create(values);
  }

  private ComplexArray complex(long... shape) {
    return ComplexArray.of(
        manager.ones(new Shape(shape), DataType.FLOAT64),
        manager.zeros(new Shape(shape), DataType.FLOAT64));
  }

  private DiagonalSsm good() {
    return DiagonalSsm.of(
        ComplexArray.of(real(-0.5, -1, -2), real(0, 1, -2)),
        complex(3, 2),
        complex(2, 3),
        real(0.1, 0.01, 0.001));
  }

  private static void assertRejected(String argument, Executable call) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, call);
    String message = String.valueOf(thrown.getMessage());
    assertTrue(
        message.toLowerCase(Locale.ROOT).contains(argument.toLowerCase(Locale.ROOT)),
        "the message should name " + argument + ": " + message);
  }

  private void assertLayerRejected(String argument) {
    assertRejected(
        argument, () -> Last.hinfNorm(Last.discretize(DiagonalSsm.of(lambda, b, c, step))));
    assertRejected(
        argument,
        () ->
            Last.lastScores(
                List.of(
                    Last.discretize(good()), Last.discretize(DiagonalSsm.of(lambda, b, c, step)))));
  }

  @Test
  void partsOfDifferentShapeOrType() {
    assertRejected("imag", () -> ComplexArray.of(real(1, 2, 3), real(1, 2)));
    assertRejected("imag", () -> ComplexArray.of(real(1, 2), real(1, 2).reshape(1, 2)));
    assertRejected(
        "imag", () -> ComplexArray.of(real(1, 2), real(1, 2).toType(DataType.FLOAT32, false)));
    assertRejected("real", () -> ComplexArray.of(manager.create(new int[2]), real(1, 2)));
    assertRejected(
        "real", () -> ComplexArray.of(manager.create(new int[2]), manager.create(new int[2])));
    assertRejected("real", () -> ComplexArray.of(null, real(1)));
    assertRejected("imag", () -> ComplexArray.of(real(1), null));
  }

  @Test
  void inputOfALayer() {
    DiscreteSsm layer = Last.discretize(good());
    for (long[] shape : new long[][] {{2}, {5, 2}, {1, 5, 3}, {1, 5, 1}, {1, 1, 5, 2}}) {
      NDArray u = manager.ones(new Shape(shape), DataType.FLOAT64);
      assertRejected("u", () -> layer.output(u));
    }
    NDArray single = manager.ones(new Shape(1, 5, 2), DataType.FLOAT32);
    assertRejected("u", () -> layer.output(single));
    DiscreteSsm wide =
        new DiscreteSsm(
            layer.lambdaBar(),
            layer.margin(),
            complex(3, 1),
            layer.c(),
            Optional.empty(),
            Optional.of(real(1, 1)));
    NDArray u = manager.ones(new Shape(1, 5, 1), DataType.FLOAT64);
    assertRejected("u", () -> wide.output(u));
    assertRejected("length", () -> WorstCaseInput.sinusoid(layer, 1, 0));
  }

  @Test
  void shapeOfB() {
    for (long[] shape : new long[][] {{2, 2}, {4, 2}, {3}, {6}, {2, 3}, {3, 2, 1}, {1, 2}}) {
      b = complex(shape);
      assertLayerRejected("b");
    }
  }

  @Test
  void shapeOfC() {
    for (long[] shape : new long[][] {{2, 2}, {2, 4}, {3}, {6}, {3, 2}, {1, 2, 3}, {2, 1}}) {
      c = complex(shape);
      assertLayerRejected("c");
    }
  }

  @Test
  void shapeOfStep() {
    for (long[] shape : new long[][] {{}, {1}, {2}, {4}, {3, 1}, {1, 3}, {0}}) {
      step = manager.ones(new Shape(shape), DataType.FLOAT64);
      assertLayerRejected("step");
    }
  }

  @Test
  void shapeOfLambda() {
    for (long[] shape : new long[][] {{}, {3, 1}, {1, 3}, {0}}) {
      NDArray minusOne = manager.ones(new Shape(shape), DataType.FLOAT64).neg();
      lambda = ComplexArray.of(minusOne, minusOne);
      assertLayerRejected("lambda");
    }
  }

  @Test
  void emptyLayer() {
    lambda = complex(0);
    b = complex(0, 2);
    c = complex(2, 0);
    step = manager.zeros(new Shape(0), DataType.FLOAT64);
    assertLayerRejected("lambda");
  }

  @Test
  void noInputsOrNoOutputs() {
    b = complex(3, 0);
    assertLayerRejected("b");
    b = complex(3, 2);
    c = complex(0, 3);
    assertLayerRejected("c");
  }

  @Test
  void nulls() {
    assertNullRejected("lambda", () -> DiagonalSsm.of(null, b, c, step));
    assertNullRejected("b", () -> DiagonalSsm.of(lambda, null, c, step));
    assertNullRejected("c", () -> DiagonalSsm.of(lambda, b, null, step));
    assertNullRejected("step", () -> DiagonalSsm.of(lambda, b, c, null));
    assertNullRejected("ssm", () -> Last.discretize(null));
    assertNullRejected("method", () -> Last.discretize(good(), null));
    assertNullRejected("ssm", () -> Last.hinfNorm(null));
    assertRejected("layers", () -> Last.lastScores(null));
    DiscreteSsm layer = Last.discretize(good());
    assertRejected("layers", () -> Last.lastScores(Arrays.asList(layer, null)));
    assertRejected("scores", () -> Last.pruneMasks(null, 0.5));
    assertRejected("scores[1]", () -> Last.pruneMasks(new NDList(step, null), 0.5));
    try (SequenceClassifier model = SequenceClassifier.create(manager, ModelConfig.s5(1, 10), 0)) {
      assertRejected("masks", () -> Last.evaluate(model, null, null));
      NDArray mask = manager.ones(new Shape(64), DataType.BOOLEAN);
      NDList masks = new NDList(mask, mask, null, mask);
      assertRejected("masks[2]", () -> Last.evaluate(model, null, masks));
      assertNullRejected("states", () -> model.keep(null));
      assertRejected("test", () -> Last.evaluate(model, null));
    }
    assertNullRejected(
        "scope",
        () -> Last.pruneMasks(ReferenceBridge.scores(manager, new double[] {1, 0.5}), 0.5, null));
  }

  /** A null is either of two exceptions, as long as the message says which argument. */
  private static void assertNullRejected(String argument, Executable call) {
    RuntimeException thrown = assertThrows(RuntimeException.class, call);
    Class<?> type = thrown.getClass();
    assertTrue(
        type == IllegalArgumentException.class || type == NullPointerException.class,
        thrown.toString());
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains(argument), "the message should name " + argument + ": " + message);
  }

  @Test
  void backwardCAndFeedthrough() {
    for (long[] shape : new long[][] {{3, 2}, {2, 2}, {1, 3}, {6}, {2}}) {
      assertRejected("backwardC", () -> good().withBackwardC(complex(shape)));
    }
    for (double[] d : new double[][] {{1}, {1, 2, 3}, {}}) {
      assertRejected("feedthrough", () -> good().withFeedthrough(manager.create(d)));
    }
    assertRejected("feedthrough", () -> good().withFeedthrough(real(1, 2).reshape(1, 2)));
    assertRejected("backwardC", () -> good().withBackwardC(complex(2, 3).toType(DataType.FLOAT32)));
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRejected(
          "backwardC", () -> Last.discretize(good().withBackwardC(complex(2, 3).mul(bad))));
      assertRejected("feedthrough", () -> Last.discretize(good().withFeedthrough(real(1, bad))));
    }
  }

  @Test
  void mixedTypes() {
    b = b.toType(DataType.FLOAT32);
    assertLayerRejected("b");
    b = complex(3, 2);
    step = step.toType(DataType.FLOAT32, false);
    assertLayerRejected("step");
    step = manager.create(new int[] {1, 1, 1});
    assertLayerRejected("step");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void numbersThatAreNone(double bad) {
    for (boolean inReal : new boolean[] {true, false}) {
      NDArray at = real(bad, 0, 0);
      NDArray good = real(-1, -1, -1);
      lambda = inReal ? ComplexArray.of(at.sub(1), good) : ComplexArray.of(good, at);
      assertLayerRejected("lambda");
      lambda = ComplexArray.of(good, good);
      NDArray matrix = real(0, 0, 0, 0, bad, 0).reshape(3, 2);
      b =
          inReal
              ? ComplexArray.of(matrix, matrix.onesLike())
              : ComplexArray.of(matrix.onesLike(), matrix);
      assertLayerRejected("b");
      b = complex(3, 2);
      matrix = matrix.reshape(2, 3);
      c =
          inReal
              ? ComplexArray.of(matrix, matrix.onesLike())
              : ComplexArray.of(matrix.onesLike(), matrix);
      assertLayerRejected("c");
      c = complex(2, 3);
    }
    step = real(0.1, bad, 0.1);
    assertLayerRejected("step");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1e-300, -0.1})
  void stepsThatAreNotPositive(double bad) {
    step = real(0.1, 0.1, bad);
    assertLayerRejected("step");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-0.0, 1", "0, 0", "1e-300, 1", "1e-9, 0", "0.1, 3", "800, 0", "1e5, 2"})
  void polesThatAreNotStable(double re, double im) {
    lambda = ComplexArray.of(real(-1, re, -1), real(0, im, 0));
    for (Discretization method : Discretization.values()) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> Last.hinfNorm(Last.discretize(DiagonalSsm.of(lambda, b, c, step), method)));
      String message = thrown.getMessage();
      assertTrue(
          message.contains("lambda") || message.contains("pole") || message.contains("stable"),
          message);
      assertTrue(message.contains("state 1"), "the message should name the state: " + message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Last.lastScores(
                List.of(
                    Last.discretize(good()), Last.discretize(DiagonalSsm.of(lambda, b, c, step)))));
  }

  /** A discrete pole on or outside the circle, given directly. */
  @ParameterizedTest
  @CsvSource({"1, 0", "0, -1", "-2, 0", "0.8, 0.6000001", "NaN, 0", "0, Infinity"})
  void discretePolesThatAreNotStable(double re, double im) {
    DiscreteSsm ssm =
        DiscreteSsm.of(
            ComplexArray.of(real(0.5, re, 0.5), real(0, im, 0)), complex(3, 2), complex(2, 3));
    assertThrows(IllegalArgumentException.class, () -> Last.hinfNorm(ssm));
    assertThrows(IllegalArgumentException.class, () -> Last.lastScores(List.of(ssm)));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        -1e-12,
        -Double.MIN_VALUE,
        1.0000000001,
        50,
        -1,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void ratiosOutOfRange(double ratio) {
    NDList scores = ReferenceBridge.scores(manager, new double[] {1, 0.5}, new double[] {1});
    assertRejected("ratio", () -> Last.pruneMasks(scores, ratio));
    for (Scope scope : Scope.values()) {
      assertRejected("ratio", () -> Last.pruneMasks(scores, ratio, scope));
    }
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void scoresThatAreNone(Scope scope) {
    assertRejected("scores", () -> Last.pruneMasks(new NDList(), 0.5, scope));
    for (NDArray bad :
        new NDArray[] {
          manager.create(new double[0]),
          real(1, Double.NaN),
          real(1, 2).reshape(1, 2),
          real(1, 2).reshape(2, 1),
          manager.create(1.0),
          manager.create(new boolean[] {true, false})
        }) {
      assertRejected("scores", () -> Last.pruneMasks(new NDList(real(1, 2), bad), 0.5, scope));
    }
  }

  @Test
  void noLayers() {
    assertRejected("layers", () -> Last.lastScores(List.of()));
  }

  /** A norm out of the range of doubles is said, not returned as an infinity. */
  @Test
  void normsOutOfRange() {
    b = b.mul(1e300);
    c = c.mul(1e300);
    assertThrows(
        IllegalArgumentException.class,
        () -> Last.hinfNorm(Last.discretize(DiagonalSsm.of(lambda, b, c, step))));
  }

  /** What the helpers were given is as it was. */
  @Test
  void argumentsStayAsTheyWere() {
    DiagonalSsm ssm = good();
    double[] before = ssm.lambda().real().toDoubleArray();
    DiscreteSsm discrete = Last.discretize(ssm);
    double[] margin = discrete.margin().toDoubleArray();
    NDList scores = Last.lastScores(List.of(discrete, discrete));
    double[] first = scores.get(0).toDoubleArray();
    Last.pruneMasks(scores, 0.5);
    Last.pruneMasks(scores, 0.5, Scope.UNIFORM);
    assertArrayEquals(first, scores.get(0).toDoubleArray());
    assertArrayEquals(margin, discrete.margin().toDoubleArray());
    assertArrayEquals(before, ssm.lambda().real().toDoubleArray());
    assertEquals(DataType.FLOAT64, ssm.lambda().dataType());
  }

  @Test
  void masksThatDoNotFit() {
    ModelConfig config = ModelConfig.s5(1, 10).with(c -> c.pairs(ModelConfig.layers(2, 4)));
    NDArray good = manager.ones(new Shape(4), DataType.BOOLEAN);
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      for (NDArray bad :
          new NDArray[] {
            manager.ones(new Shape(3), DataType.BOOLEAN),
            manager.ones(new Shape(5), DataType.BOOLEAN),
            manager.ones(new Shape(4, 1), DataType.BOOLEAN),
            manager.ones(new Shape(4), DataType.FLOAT32)
          }) {
        NDList masks = new NDList(good, bad);
        assertRejected("masks[1]", () -> Last.evaluate(model, null, masks));
      }
      NDList none = new NDList(good, manager.zeros(new Shape(4), DataType.BOOLEAN));
      assertRejected("masks", () -> Last.evaluate(model, null, none));
      assertRejected("states", () -> model.keep(States.of(none)));
      for (NDList masks : List.of(new NDList(), new NDList(good), new NDList(good, good, good))) {
        assertRejected("masks", () -> Last.evaluate(model, null, masks));
      }
      assertRejected("states", () -> model.keep(States.of(new NDList(good))));
    }
  }
}
