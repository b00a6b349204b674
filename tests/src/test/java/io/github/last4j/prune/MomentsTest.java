package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/** What calibration adds up, against sums and recurrences that are written out. */
class MomentsTest {
  private static final SequenceData DATA = TinyModels.noise(6);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** x = λ̄x + B̄u step after step, forward and backward, in plain numbers. */
  private static double[][] recurrence(Part part, double[][] u) {
    int n = part.count();
    double[] re = ComplexArray.doubles(part.system().lambdaBar().real());
    double[] im = ComplexArray.doubles(part.system().lambdaBar().imag());
    double[] bRe = ComplexArray.doubles(part.system().bBar().real());
    double[] bIm = ComplexArray.doubles(part.system().bBar().imag());
    int length = u.length;
    double[][] f = new double[length][part.size()];
    for (int d = 0; d < part.directions(); d++) {
      for (int i = 0; i < n; i++) {
        double x = 0;
        double y = 0;
        for (int step = 0; step < length; step++) {
          int t = d == 0 ? step : length - 1 - step;
          double nextX = re[i] * x - im[i] * y;
          double nextY = re[i] * y + im[i] * x;
          for (int k = 0; k < u[t].length; k++) {
            nextX += bRe[i * u[t].length + k] * u[t][k];
            nextY += bIm[i * u[t].length + k] * u[t][k];
          }
          x = nextX;
          y = nextY;
          f[t][2 * d * n + i] = x;
          f[t][(2 * d + 1) * n + i] = y;
        }
      }
    }
    return f;
  }

  private static double[][] plain(NDArray sequence) {
    int width = (int) sequence.getShape().get(1);
    double[] values = sequence.toType(DataType.FLOAT64, true).toDoubleArray();
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < values.length; i++) {
      rows[i / width][i % width] = values[i];
    }
    return rows;
  }

  private static void assertClose(
      MatrixStore<Double> expected, MatrixStore<Double> actual, double share) {
    double largest = 0;
    for (double value : Matrices.rows(expected)) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertEquals(expected.countColumns(), actual.countColumns());
    for (int i = 0; i < expected.countRows(); i++) {
      for (int k = 0; k < expected.countColumns(); k++) {
        assertEquals(
            expected.doubleValue(i, k), actual.doubleValue(i, k), share * largest, i + ", " + k);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void momentsAreSumsOverAllSteps(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 1)) {
      List<List<Part>> parts = Moments.parts(model, manager);
      // Two batches, of four and two sequences.
      List<List<R064Store>> moments = Moments.states(model, parts, DATA.asDataset(4));
      List<LayerTrace> traces = model.trace(DATA);
      for (int l = 0; l < 2; l++) {
        for (int p = 0; p < parts.get(l).size(); p++) {
          Part part = parts.get(l).get(p);
          R064Store expected = Matrices.zeros(part.size(), part.size());
          for (int s = 0; s < DATA.size(); s++) {
            NDArray u = part.share(traces.get(l).normalized()).get(s);
            for (double[] f : recurrence(part, plain(u))) {
              for (int i = 0; i < f.length; i++) {
                for (int k = 0; k < f.length; k++) {
                  expected.add(i, k, f[i] * f[k]);
                }
              }
            }
          }
          // Traces of other batches differ in single precision.
          assertClose(expected, moments.get(l).get(p), 1e-5);
        }
      }
    }
  }

  /** y = Wf + Du is the response that the model computes. */
  @ParameterizedTest
  @CsvSource({"S5,true", "S4D,true", "S4D,false"})
  void outputsAreWeightsTimesCoordinates(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 2)) {
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      List<LayerTrace> traces = model.trace(DATA);
      for (int l = 0; l < 2; l++) {
        NDArray d = systems.get(l).feedthrough().orElseThrow();
        LayerTrace trace = traces.get(l).toType(DataType.FLOAT64);
        NDArray states = trace.response().sub(trace.normalized().mul(d));
        for (Part part : Part.of(systems.get(l))) {
          MatrixStore<Double> y =
              Matrices.of(Moments.rows(part.signals(trace.normalized()), Optional.empty()))
                  .multiply(part.weights().transpose());
          assertClose(Matrices.of(Moments.rows(part.share(states), Optional.empty())), y, 2e-5);
        }
      }
    }
  }

  /** The adjoint recursion against a difference quotient: one state is moved at one step. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,true"})
  void gradientsAreDifferenceQuotients(Family family, boolean bidirectional) {
    Random random = new Random(3);
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 3)) {
      Part part = Part.of(model.discreteSystems(manager).get(1)).get(0);
      int h = model.config().channels();
      double[] g = random.doubles(18L * h, -1, 1).toArray();
      NDArray gradient = manager.create(g, new Shape(2, 9, h));
      double[] actual = part.gradients(gradient).toDoubleArray();
      double[] re = ComplexArray.doubles(part.system().lambdaBar().real());
      double[] im = ComplexArray.doubles(part.system().lambdaBar().imag());
      double[] w = Matrices.rows(part.weights());
      double[] mine = part.share(gradient).toDoubleArray();
      int outputs = w.length / part.size();
      int n = part.count();
      for (int s = 0; s < 2; s++) {
        for (int t = 0; t < 9; t++) {
          for (int k = 0; k < part.size(); k++) {
            int d = k / (2 * n);
            double x = k / n % 2 == 0 ? 1 : 0;
            double y = 1 - x;
            double expected = 0;
            for (int step = t; step >= 0 && step < 9; step += d == 0 ? 1 : -1) {
              for (int o = 0; o < outputs; o++) {
                double response =
                    w[o * part.size() + 2 * d * n + k % n] * x
                        + w[o * part.size() + (2 * d + 1) * n + k % n] * y;
                expected += mine[(s * 9 + step) * outputs + o] * response;
              }
              double next = re[k % n] * x - im[k % n] * y;
              y = re[k % n] * y + im[k % n] * x;
              x = next;
            }
            assertEquals(expected, actual[(s * 9 + t) * part.size() + k], 1e-12);
          }
        }
      }
    }
  }

  /** d(margin)/d(response) against differences of scores, a response moved by D. */
  @ParameterizedTest
  @CsvSource({
    "S5,false,FULL_GLU",
    "S5,true,HALF_GLU1",
    "S5,false,HALF_GLU2",
    "S4D,false,GELU",
    "S4D,true,HALF_GLU2"
  })
  void marginGradientsAreFiniteDifferences(
      Family family, boolean bidirectional, Activation activation) {
    try (SequenceClassifier single =
            TinyModels.of(
                manager, family, bidirectional, 4, config -> config.activation(activation));
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      NDArray x = manager.create(new Random(5).doubles(40, -1, 1).toArray(), new Shape(1, 20, 2));
      List<NDArray> gradients = model.marginGradients(new NDList(x));
      NDArray steps = model.encode(new NDList(x));
      for (int l = 0; l < 2; l++) {
        NDArray u = model.trace(l, steps, new NDList()).normalized();
        List<DiscreteSsm> systems = model.discreteSystems(manager);
        // Moving D of a channel moves its response by what the channel sees.
        for (int channel = 0; channel < 4; channel++) {
          double expected = 0;
          for (int sign : new int[] {1, -1}) {
            double[] d = ComplexArray.doubles(systems.get(l).feedthrough().orElseThrow());
            d[channel] += sign * 1e-6;
            List<DiscreteSsm> moved = new ArrayList<>(systems);
            moved.set(l, systems.get(l).withFeedthrough(manager.create(d)));
            try (SequenceClassifier other = model.withSystems(moved)) {
              expected += sign * margin(model, other, x) / 2e-6;
            }
          }
          double actual = gradients.get(l).mul(u).get(":, :, {}", channel).sum().toDoubleArray()[0];
          // The quotient's error: 1e-12 from its second order, 1e-10 from rounding.
          assertEquals(expected, actual, 1e-7 * (1 + Math.abs(expected)));
        }
        steps = model.trace(l, steps, new NDList()).output();
      }
    }
  }

  /** The margin of another model between the classes that a model puts first. */
  private static double margin(SequenceClassifier model, SequenceClassifier other, NDArray x) {
    long[] order = model.logProbabilities(new NDList(x)).argSort(-1, false).toLongArray();
    double[] scores = other.logProbabilities(new NDList(x)).toDoubleArray();
    return scores[(int) order[0]] - scores[(int) order[1]];
  }

  /** Steps after the end of a sequence do not count. */
  @Test
  void paddingDoesNotCount() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 5)) {
      List<List<Part>> parts = Moments.parts(model, manager);
      SequenceData whole = TinyModels.noise(3);
      float[] cut = whole.inputs().clone();
      float[] padded = whole.inputs().clone();
      for (int s = 0; s < 3; s++) {
        for (int i = 25 * 2; i < 40 * 2; i++) {
          padded[s * 80 + i] = 7;
        }
      }
      float[] first = new float[3 * 25 * 2];
      for (int s = 0; s < 3; s++) {
        System.arraycopy(cut, s * 80, first, s * 50, 50);
      }
      int[] labels = whole.labels();
      SequenceData longer = SequenceData.of("padded", "", 40, 2, 5, padded, labels, 25, 25, 25);
      SequenceData shorter = SequenceData.of("cut", "", 25, 2, 5, first, labels);
      List<List<R064Store>> a = Moments.states(model, parts, longer);
      List<List<R064Store>> b = Moments.states(model, parts, shorter);
      assertClose(b.get(1).get(0), a.get(1).get(0), 1e-5);
    }
  }

  /** In closed form and as the recursion P ← APAᵀ + BBᵀ, of L steps and of many. */
  @ParameterizedTest
  @CsvSource({"S5,7", "S5,40", "S4D,13", "S4D,4000"})
  void whiteNoiseIsTheRecursionOfItsCovariance(Family family, int length) {
    try (SequenceClassifier model = TinyModels.of(manager, family, false, 6)) {
      Part part = Part.of(model.discreteSystems(manager).get(0)).get(0);
      int n = part.count();
      double[] re = ComplexArray.doubles(part.system().lambdaBar().real());
      double[] im = ComplexArray.doubles(part.system().lambdaBar().imag());
      R064Store a = Matrices.zeros(2L * n, 2L * n);
      for (int i = 0; i < n; i++) {
        a.set(i, i, re[i]);
        a.set(n + i, n + i, re[i]);
        a.set(i, n + i, -im[i]);
        a.set(n + i, i, im[i]);
      }
      R064Store b = part.inputs();
      MatrixStore<Double> p = Matrices.zeros(2L * n, 2L * n);
      MatrixStore<Double> q = Matrices.zeros(2L * n, 2L * n);
      MatrixStore<Double> w = part.weights();
      for (int step = 0; step < length; step++) {
        p = a.multiply(p).multiply(a.transpose()).add(b.multiply(b.transpose()));
        q = a.transpose().multiply(q).multiply(a).add(w.transpose().multiply(w));
      }
      OptionalInt steps = OptionalInt.of(length);
      assertClose(p, WhiteNoise.driven(part.system(), part.system(), steps), 1e-11);
      assertClose(q, WhiteNoise.observability(part.system(), part.system().c(), steps), 1e-11);
      if (length == 4000) {
        // All is forgotten by then.
        OptionalInt ever = OptionalInt.empty();
        assertClose(p, WhiteNoise.driven(part.system(), part.system(), ever), 1e-11);
        assertClose(q, WhiteNoise.observability(part.system(), part.system().c(), ever), 1e-11);
      }
    }
  }
}
