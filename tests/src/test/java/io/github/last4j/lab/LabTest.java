package io.github.last4j.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jdk.jshell.JShell;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lab around its checks: right answers of several forms, and answers that misbehave. */
class LabTest {
  private final Lab first = Lab.open("lab-1", "a student");

  private static void passes(Feedback feedback) {
    assertTrue(feedback.passed(), feedback.text());
    assertEquals(feedback.possible(), feedback.points(), feedback.text());
  }

  /** 3^k terms: the series of e^z - 1 after halving z so often that it is short. */
  private static double[] byHalving(double re, double im) {
    int halvings = 12;
    Complex z = new Complex(Math.scalb(re, -halvings), Math.scalb(im, -halvings));
    Complex sum = Complex.ZERO;
    for (int k = 14; k >= 1; k--) {
      sum = sum.add(1).multiply(z).divide(k);
    }
    for (int k = 0; k < halvings; k++) {
      sum = sum.multiply(sum.add(2));
    }
    return new double[] {sum.getReal(), sum.getImaginary()};
  }

  @Test
  void anotherExpm1Passes() {
    passes(first.check("1.1", (Double re, Double im) -> byHalving(re, im)));
  }

  @Test
  void theSeriesOfTheIntegralIsZeroOrderHold() {
    TriFunction<Double, Double, Double> zoh =
        (re, im, step) -> {
          Complex lambda = new Complex(re, im);
          Complex integral = Complex.ZERO;
          for (int k = 60; k >= 1; k--) {
            // ∫e^(λt)dt = Δ(1 + λΔ/2(1 + λΔ/3(...))).
            integral =
                integral.add(1).multiply(k == 1 ? new Complex(1) : lambda.multiply(step / k));
          }
          Complex gain = integral.multiply(step);
          Complex pole = lambda.multiply(gain).add(1);
          return new double[] {
            pole.getReal(), pole.getImaginary(), gain.getReal(), gain.getImaginary()
          };
        };
    passes(first.check("1.2", zoh));
  }

  @Test
  void aRealRecurrenceOfOrderTwoIsARecurrence() {
    BiFunction<double[], double[], double[]> respond =
        (pair, u) -> {
          Complex gain = new Complex(pair[2], pair[3]).multiply(new Complex(pair[4], pair[5]));
          Complex pole = new Complex(pair[0], pair[1]);
          double h0 = 2 * gain.getReal();
          double h1 = 2 * gain.multiply(pole).getReal() - 2 * pole.getReal() * h0;
          double[] y = new double[u.length];
          for (int k = 0; k < u.length; k++) {
            y[k] = h0 * u[k];
            y[k] += k > 0 ? h1 * u[k - 1] + 2 * pole.getReal() * y[k - 1] : 0;
            y[k] -= k > 1 ? Math.pow(pole.abs(), 2) * y[k - 2] : 0;
          }
          return y;
        };
    passes(first.check("1.3", respond));
  }

  @Test
  void modesThatSwapMayBeComplexBoth() {
    double step = first.numbers("1.7")[0];
    double[][] modes = {{-1 / step, 6.28 / step}, {-0.5 / step, 3 / step}};
    Feedback other = first.check("1.7", modes);
    assertFalse(other.passed());
    passes(first.check("1.7", new double[][] {{-4 / step, 0}, {-4.1 / step, 1 / step}}));
  }

  @Test
  void otherCounterexamplesProveThemselves() {
    Lab lab = Lab.open("lab-3", "a student");
    passes(lab.check("3.1", new double[][] {{1, 1}, {2, 0}, {0.5, 0.5}}));
    double steep = Math.sqrt(2);
    passes(
        lab.check(
            "3.2",
            new Counterexample(
                new double[][] {{0, 0.02}}, new double[][] {{0, steep - 0.01}}, new double[] {1})));
    Counterexample slow =
        new Counterexample(
            new double[][] {{0.5, 1}, {0.5, 1}, {0.5, 1}},
            new double[0][],
            new double[] {1, 1, 1, 1, 1, 1});
    assertEquals(2, lab.check("3.2", slow).points());
    passes(lab.check("3.3", new double[] {1.43, 1.39}));
    assertEquals(2, lab.check("3.4", new double[] {1.4, 0.02, 1.3, 1}).points());
    BiFunction<double[][], Double, Double> sharp =
        (removed, energy) -> 1.2746 * Math.pow(new Channel(removed).norm(1e-9).upper(), 2) * energy;
    passes(lab.check("3.5", sharp));
  }

  @Test
  void theSingularValueIsTheToeplitzNorm() {
    BiFunction<double[][], Integer, Double> norm =
        (channel, length) -> {
          double[] impulse = new double[length];
          impulse[0] = 1;
          double[] kernel = new Channel(channel).response(impulse);
          double[][] matrix = new double[length][length];
          IntStream.range(0, length)
              .forEach(k -> Arrays.setAll(matrix[k], l -> l <= k ? kernel[k - l] : 0));
          return new SingularValueDecomposition(new Array2DRowRealMatrix(matrix)).getNorm();
        };
    passes(Lab.open("lab-5", "a student").check("5.5", norm));
  }

  @Test
  void variantsAreOfTheStudent() {
    assertArrayEquals(first.numbers("1.6"), Lab.open("lab-1", " a student ").numbers("1.6"));
    double other = Lab.open("lab-1", "another").numbers("1.6")[0];
    assertNotEquals(first.numbers("1.6")[0], other);
  }

  @Test
  void whatThrowsIsFeedback() {
    Feedback feedback =
        first.check(
            "1.1",
            (Double re, Double im) -> {
              throw new IllegalStateException("not so");
            });
    assertEquals("your code throws IllegalStateException: not so", feedback.hint());
    BiFunction<Double, Double, Object> endless = LabTest::deeper;
    assertTrue(first.check("1.1", endless).hint().startsWith("StackOverflowError"));
  }

  private static Object deeper(Double a, Double b) {
    return deeper(b, a) == null ? a : b;
  }

  @Test
  void whatDoesNotEndIsStopped() {
    Exercise exercise =
        Exercise.of("9.9", 1, "", "f", (answer, draw) -> Verdict.right("" + answer.any(1)))
            .within(1);
    Trial trial = new Trial(exercise, Session.here());
    Answer sleeping =
        Answer.function(
            1,
            arguments -> {
              try {
                Thread.sleep(100_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 1;
            });
    boolean[] stop = new boolean[1];
    Answer deaf =
        Answer.function(
            1,
            arguments -> {
              long spins = 0;
              while (!stop[0] && spins < 1L << 42) {
                spins++;
                Thread.onSpinWait();
              }
              return spins;
            });
    for (Answer answer : List.of(sleeping, deaf)) {
      long start = System.nanoTime();
      Feedback feedback = trial.of(answer, Draw.of("x"));
      assertTrue(feedback.hint().startsWith("stopped after 1 seconds"), feedback.hint());
      assertTrue(System.nanoTime() - start < 20e9);
    }
    stop[0] = true;
  }

  @Test
  void aValueIsNoFunctionAndAFunctionNoValue() {
    assertTrue(first.check("1.1", 3.0).hint().contains("wants a function, and got a value"));
    assertTrue(
        first.check("1.5", (Double x) -> x).hint().contains("wants a value, and got a function"));
  }

  @Test
  void theNotebookAroundIsAsked() {
    try (JShell shell = JShell.create()) {
      shell.eval("double[] expm1(double re, double im) { return foo(re) + bar; }");
      shell.eval("double[] helper(double x) { return Last.discretize(x); } // discretise");
      shell.eval("double[] zoh(double a, double b, double c) { return helper(a); }");
      shell.eval("double[] kernel(double[] p, int n) { return null; /* respond */ }");
      Session session = Session.of(shell);
      assertEquals("[bar, foo]", session.undefined("expm1").toString());
      Lab lab = Lab.open("lab-1", "a student", session);
      TriFunction<Double, Double, Double> any = (a, b, c) -> null;
      assertEquals("this calls `discretize`, write it yourself", lab.check("1.2", any).hint());
      BiFunction<double[], Integer, Object> none = (p, n) -> null;
      assertTrue(lab.check("1.4", none).hint().startsWith("no answer yet"));
    }
  }

  @Test
  void theSummaryHasTheLatest() {
    assertEquals(0, first.summary().points());
    assertEquals(20, first.summary().possible());
    first.check("1.1", (Double re, Double im) -> byHalving(re, im));
    assertEquals(3, first.summary().points());
    first.check("1.1", 1);
    assertEquals(0, first.summary().points());
    assertTrue(first.summary().text().startsWith("lab-1: 0 of 20 points\n1.1 not yet"));
    assertTrue(first.summary().html().contains("<strong>○ 1.1 not yet, 0 of 3 points</strong>"));
  }

  @Test
  void whatIsRequiredIsSigned() throws Exception {
    assertThrows(AssertionError.class, () -> first.require("1.1", 1));
    assertEquals(3.0, first.require("1.1", (Double re, Double im) -> byHalving(re, im)));
    first.check("1.5", 1);
    String receipt = first.receipt("a key");
    assertTrue(receipt.startsWith("1.1 3.00 3.00 -\n"), receipt);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("a key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] code = mac.doFinal("1.1 3.00 3.00 -\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("1.1 3.00 3.00 -\n" + HexFormat.of().formatHex(code), receipt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab-0", "lab-7", ""})
  void otherLabsAreNamed(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Lab.open(name, "a")).getMessage();
    assertTrue(message.startsWith("name: expected one of [lab-1, "), message);
  }

  @Test
  void badArgumentsAreNamed() {
    for (Map.Entry<String, Runnable> each :
        Map.<String, Runnable>of(
                "student: expected an id", () -> Lab.open("lab-1", " "),
                "id: expected one of [1.1,", () -> first.check("2.1", 1))
            .entrySet()) {
      String message =
          assertThrows(IllegalArgumentException.class, each.getValue()::run).getMessage();
      assertTrue(message.startsWith(each.getKey()), message);
    }
  }
}
