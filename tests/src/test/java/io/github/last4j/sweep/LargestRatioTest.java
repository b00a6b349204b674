package io.github.last4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

/** Bisection finds what trying every ratio finds, with fewer trials. */
class LargestRatioTest {
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.1, 0.05, 0.01, 0.001})
  void itIsTheLastOneOfAGridThatMeetsTheTolerance(double step) {
    Random random = new Random(3);
    long steps = Math.round(1 / step);
    for (int trial = 0; trial < 50; trial++) {
      double limit = trial == 0 ? 0 : trial == 1 ? 1.5 : random.nextDouble();
      LargestRatio found = LargestRatio.of(ratio -> ratio * ratio, limit * limit, step);
      double expected = 0;
      for (long i = 1; i <= steps; i++) {
        double ratio = (double) i / steps;
        expected = ratio * ratio <= limit * limit ? ratio : expected;
      }
      assertEquals(expected, found.ratio());
      assertTrue(found.costs().size() <= Math.ceil(Math.log(steps + 1.0) / Math.log(2)));
      found.costs().forEach((ratio, cost) -> assertEquals(ratio * ratio, cost));
    }
  }

  @Test
  void accuracyIsThatOfThePrunedModel() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = TinySweep.models(manager, Family.S5).get(0).model();
      SequenceData data = TinySweep.data(40);
      double whole = Evaluation.of(model, data.asDataset(40)).accuracy();
      LargestRatio found =
          LargestRatio.of(Criterion.LAST, model, 0, Tolerance.accuracy(0.05, data), 0.1);
      found
          .costs()
          .forEach(
              (ratio, cost) -> {
                try (SequenceClassifier smaller = Criterion.LAST.prune(model, ratio)) {
                  double accuracy = Evaluation.of(smaller, data.asDataset(40)).accuracy();
                  // Numbers of 40 samples, divided.
                  assertEquals(whole - accuracy, cost, 1e-9);
                  assertEquals(ratio <= found.ratio(), cost <= 0.05 + 1e-9);
                }
              });
    }
  }

  /**
   * Every ratio tried: the one found meets the tolerance, the next does not, and where the cost
   * never falls it is the largest of all.
   */
  @Test
  void accuracyAgainstEveryRatio() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceData data = TinySweep.data(40);
      int steps = 20;
      int rising = 0;
      for (Family family : Family.values()) {
        for (Trained trained : TinySweep.models(manager, family)) {
          SequenceClassifier model = trained.model();
          double whole = Evaluation.of(model, data.asDataset(40)).accuracy();
          for (Criterion criterion : List.of(Criterion.LAST, Criterion.RANDOM)) {
            double[] costs = new double[steps + 1];
            for (int i = 0; i <= steps; i++) {
              double ratio = (double) i / steps;
              try (SequenceClassifier smaller = criterion.prune(model, ratio, 1)) {
                costs[i] = whole - Evaluation.of(smaller, data.asDataset(40)).accuracy();
              }
            }
            for (double tolerance : new double[] {0, 0.03, 0.06}) {
              LargestRatio found =
                  LargestRatio.of(
                      criterion, model, 1, Tolerance.accuracy(tolerance, data), 1.0 / steps);
              rising += agrees(found, costs, tolerance) ? 1 : 0;
            }
          }
        }
      }
      assertTrue(rising > 0, "no case in which the answer is the largest of all");
    }
  }

  /** Checks what was found, and says whether it is the largest that meets the tolerance. */
  private static boolean agrees(LargestRatio found, double[] costs, double tolerance) {
    int steps = costs.length - 1;
    int at = (int) Math.round(found.ratio() * steps);
    assertTrue(at == 0 || costs[at] <= tolerance + 1e-9, "ratio " + found.ratio());
    assertTrue(at == steps || costs[at + 1] > tolerance - 1e-9, "ratio " + found.ratio());
    assertTrue(found.costs().size() <= 1 + Math.log(steps + 1.0) / Math.log(2));
    int largest = 0;
    boolean rises = true;
    for (int i = 1; i <= steps; i++) {
      largest = costs[i] <= tolerance ? i : largest;
      rises &= costs[i] >= costs[i - 1] - 1e-9;
    }
    assertTrue(!rises || largest == at, "expected " + largest + ", got " + at);
    assertTrue(at <= largest);
    return largest == at;
  }

  /** A grid of 2,000 frequencies instead of certified norms, and every ratio. */
  @Test
  void energyAgainstEveryRatioOnAGrid() {
    try (NDManager manager = NDManager.newBaseManager()) {
      int steps = 20;
      for (Family family : Family.values()) {
        SequenceClassifier model = TinySweep.models(manager, family).get(1).model();
        List<DiscreteSsm> systems = model.discreteSystems(manager);
        double[] costs = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
          States kept = Criterion.LAST.select(systems, (double) i / steps);
          for (int l = 0; l < systems.size(); l++) {
            double lost = gain(systems.get(l), kept.layer(l).complement());
            double all = gain(systems.get(l), StateSet.all(systems.get(l).states()));
            costs[i] = Math.max(costs[i], lost * lost / (all * all));
          }
        }
        for (double tolerance : new double[] {1e-6, 0.01, 0.1, 0.3, 0.7}) {
          LargestRatio found =
              LargestRatio.of(Criterion.LAST, model, 0, Tolerance.energy(tolerance), 1.0 / steps);
          found
              .costs()
              .forEach(
                  // A peak lies half a step beside the grid at most; poles' margins are above 0.01.
                  (ratio, cost) ->
                      assertEquals(costs[(int) Math.round(ratio * steps)], cost, 5e-3 * cost));
          boolean near = Arrays.stream(costs).anyMatch(c -> Math.abs(c / tolerance - 1) < 5e-3);
          assertTrue(near || agrees(found, costs, tolerance) || falls(costs));
        }
      }
    }
  }

  private static boolean falls(double[] costs) {
    return IntStream.range(1, costs.length).anyMatch(i -> costs[i] < costs[i - 1]);
  }

  /** The largest gain of some states over angles from 0 to π, by the power method on G*G. */
  private static double gain(DiscreteSsm layer, StateSet states) {
    List<Integer> some = states.indices().boxed().toList();
    if (some.isEmpty()) {
      return 0;
    }
    int channels = (int) layer.bBar().shape().get(1);
    double[] re = layer.lambdaBar().real().toDoubleArray();
    double[] im = layer.lambdaBar().imag().toDoubleArray();
    double[][] b = parts(layer.bBar().real(), layer.bBar().imag());
    double[][] c = parts(layer.c().real(), layer.c().imag());
    double[][] back =
        layer.backwardC().map(x -> parts(x.real(), x.imag())).orElse(new double[2][c[0].length]);
    double largest = 0;
    for (int k = 0; k <= 2000; k++) {
      double angle = Math.PI * k / 2000;
      largest = Math.max(largest, gain(angle, some, channels, re, im, b, c, back));
    }
    return largest;
  }

  private static double[][] parts(NDArray real, NDArray imag) {
    return new double[][] {real.toDoubleArray(), imag.toDoubleArray()};
  }

  /**
   * σ of Σ over the pairs and their conjugates: c z/(z-λ̄) b forwards, and backwards the same with
   * 1/z for z.
   */
  private static double gain(
      double angle,
      List<Integer> some,
      int channels,
      double[] re,
      double[] im,
      double[][] b,
      double[][] c,
      double[][] back) {
    ComplexMatrix g = new ComplexMatrix(channels);
    int n = re.length;
    for (int i : some) {
      for (int sign = -1; sign <= 1; sign += 2) {
        // z/(z-λ̄) = 1/(1 - λ̄/z).
        for (int direction = -1; direction <= 1; direction += 2) {
          double[][] out = direction < 0 ? c : back;
          double cos = Math.cos(angle);
          double sin = direction * Math.sin(angle);
          double dr = 1 - (re[i] * cos - sign * im[i] * sin);
          double di = -(re[i] * sin + sign * im[i] * cos);
          double size = dr * dr + di * di;
          for (int p = 0; p < channels; p++) {
            double cr = out[0][p * n + i];
            double ci = sign * out[1][p * n + i];
            double fr = (cr * dr + ci * di) / size;
            double fi = (ci * dr - cr * di) / size;
            for (int q = 0; q < channels; q++) {
              double br = b[0][i * channels + q];
              double bi = sign * b[1][i * channels + q];
              g.re[p][q] += fr * br - fi * bi;
              g.im[p][q] += fr * bi + fi * br;
            }
          }
        }
      }
    }
    return g.largestSingularValue();
  }

  /** A square matrix, and the power method. */
  private static final class ComplexMatrix {
    final double[][] re;
    final double[][] im;

    ComplexMatrix(int size) {
      re = new double[size][size];
      im = new double[size][size];
    }

    double largestSingularValue() {
      int n = re.length;
      double[] x = new double[n];
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        x[i] = Math.cos(1 + i);
        y[i] = Math.sin(2 + 3 * i);
      }
      double value = 0;
      for (int step = 0; step < 60; step++) {
        double[] u = new double[n];
        double[] v = new double[n];
        for (int p = 0; p < n; p++) {
          for (int q = 0; q < n; q++) {
            u[p] += re[p][q] * x[q] - im[p][q] * y[q];
            v[p] += re[p][q] * y[q] + im[p][q] * x[q];
          }
        }
        double[] s = new double[n];
        double[] t = new double[n];
        double before = 0;
        double after = 0;
        for (int q = 0; q < n; q++) {
          for (int p = 0; p < n; p++) {
            s[q] += re[p][q] * u[p] + im[p][q] * v[p];
            t[q] += re[p][q] * v[p] - im[p][q] * u[p];
          }
          before += x[q] * x[q] + y[q] * y[q];
          after += s[q] * s[q] + t[q] * t[q];
        }
        value = Math.sqrt(Math.sqrt(after / before));
        double scale = 1 / Math.sqrt(after);
        for (int q = 0; q < n; q++) {
          x[q] = s[q] * scale;
          y[q] = t[q] * scale;
        }
      }
      return value;
    }
  }

  @Test
  void oneRowForEachModelAndMethod() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Trained> models = TinySweep.models(manager, Family.S4D);
      SequenceData data = TinySweep.data(40);
      List<Criterion> criteria = List.of(Criterion.UNIFORM_HINF, Criterion.LAST);
      Tolerance tolerance = Tolerance.accuracy(0.05, data);
      Table table = LargestRatios.run(models, criteria, tolerance, data);
      assertEquals(6, table.rowCount());
      List<LargestRatio> found = new ArrayList<>();
      for (Trained trained : models) {
        criteria.forEach(
            c -> found.add(LargestRatio.of(c, trained.model(), trained.seed(), tolerance, 0.01)));
      }
      double whole = 0;
      for (int row = 0; row < table.rowCount(); row++) {
        int at = row % 3;
        SequenceClassifier model = models.get(row / 3).model();
        assertEquals(row / 3, table.longColumn("seed").get(row));
        assertEquals("noise", table.getString(row, "task"));
        assertEquals("S4D", table.getString(row, "family"));
        double accuracy = table.doubleColumn("accuracy").get(row);
        if (at == 0) {
          whole = accuracy;
          assertEquals("Full model", table.stringColumn("method").get(row));
          assertEquals(Evaluation.of(model, data.asDataset(40)).accuracy(), accuracy);
          continue;
        }
        LargestRatio ratio = found.get(row / 3 * 2 + at - 1);
        assertEquals(criteria.get(at - 1).title(), table.stringColumn("method").get(row));
        assertEquals(ratio.ratio(), table.doubleColumn("ratio").get(row));
        assertEquals(ratio.costs().size(), table.intColumn("evaluations").get(row));
        // The test data are those of the search here.
        assertTrue(whole - accuracy <= 0.05 + 1e-9);
        int kept = criteria.get(at - 1).select(model, ratio.ratio(), row / 3).count();
        assertEquals(kept, table.intColumn("states").get(row));
      }
      Table summary = LargestRatios.summary(table);
      assertEquals(3, summary.rowCount());
      double first = 100 * found.get(1).ratio();
      double second = 100 * found.get(3).ratio();
      assertEquals(
          String.format(
              Locale.ROOT,
              "%.1f ± %.1f",
              (first + second) / 2,
              Math.abs(first - second) / Math.sqrt(2)),
          summary.stringColumn("ratio (%)").get(2));
      assertEquals("0.0 ± 0.0", summary.stringColumn("ratio (%)").get(0));
      assertThrows(
          IllegalArgumentException.class,
          () -> LargestRatios.run(List.of(), criteria, tolerance, data));
    }
  }

  @Test
  void badInputIsNamed() {
    assertTrue(message(0.3, 1).startsWith("step:"));
    assertTrue(message(0, 1).startsWith("step:"));
    assertTrue(message(2, 1).startsWith("step:"));
    assertTrue(message(Double.NaN, 1).startsWith("step:"));
    assertTrue(message(1e-17, 1).startsWith("step:"));
    assertTrue(message(-1, 1).startsWith("step:"));
    assertTrue(message(0.1, Double.NaN).startsWith("tolerance:"));
    assertTrue(message(0.1, -1).startsWith("tolerance:"));
    assertThrows(
        IllegalArgumentException.class, () -> LargestRatio.of(ratio -> Double.NaN, 1, 0.1));
  }

  private static String message(double step, double tolerance) {
    return assertThrows(
            IllegalArgumentException.class, () -> LargestRatio.of(ratio -> ratio, tolerance, step))
        .getMessage();
  }
}
